package render

import (
	"fmt"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
)

// worstAdvice is how much advice is shown where a reader did not ask for it.
const worstAdvice = 3

// advice writes the worst advice, or of a comparison the worst that the change brings.
func (p *printer) advice(r reporters.Report) {
	list := r.AdviceShown()
	if len(list) == 0 {
		return
	}
	p.Line("")
	p.Line(p.Paint(columns.Bold, adviceTitle(r, "ADVICE", "ADVICE ABOUT THIS CHANGE")))
	shown := list
	if !p.verbose {
		shown = list[:min(worstAdvice, len(list))]
	}
	for _, a := range shown {
		p.Wrap(columns.Plain, "  ", "    ", columns.Clean(adviceText(a)))
		if cost := a.CostText(); cost != "" {
			p.Wrap(columns.Dim, "    ", "      ", columns.Clean("cost: "+cost))
		}
		p.Wrap(columns.Plain, "    ", "      ", columns.Clean("do: "+a.Hint))
		if p.verbose {
			p.Wrap(columns.Plain, "    ", "      ", columns.Clean(a.BehaviourText()))
			if a.Link != "" {
				p.Wrap(columns.Dim, "    ", "      ", columns.Clean("see: "+a.Link))
			}
		}
	}
	more := "featherpack advise measures what it saves"
	if n := len(list) - len(shown); n > 0 {
		more = fmt.Sprintf("%s more; featherpack advise lists all and measures what it saves", reporters.Count(n))
	}
	p.Wrap(columns.Dim, "  ", "    ", more)
}

// adviceTitle is about all advice, or about that which a change brings.
func adviceTitle(r reporters.Report, all, brought string) string {
	if r.Delta != nil && r.Delta.AdviceCompared {
		return brought
	}
	return all
}

// adviceText is advice with its place, its functions and its code, without what to do.
func adviceText(a reporters.Advice) string {
	text := a.Message + " [" + a.Code + "]: " + inFunctions(a.Functions)
	if at := a.Position.String(); at != "" {
		text = at + ": " + text
	}
	return text
}
