package render

import (
	"fmt"
	"strings"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
)

// advice writes the worst advice, or of a comparison the worst that the change brings, with
// the change where it is one of text.
func (p *comment) advice(r reporters.Report) {
	list := r.AdviceShown()
	var rows []string
	for _, a := range list[:min(worstAdvice, len(list))] {
		row := "- " + code(a.Message, false)
		if at := a.Position.String(); at != "" {
			row += " at " + code(at, false)
		}
		row += " in " + code(inFunctions(a.Functions), false) + " (" + code(a.Code, false) + ")\n"
		if cost := a.CostText(); cost != "" {
			row += "  - Cost: " + code(cost, false) + "\n"
		}
		row += "  - Do: " + code(a.Hint, false) + "\n"
		if a.Behaviour == "" {
			row += "  - Safe: nothing behaves differently\n"
		} else {
			row += "  - Changes behaviour: " + code(a.Behaviour, false) + "\n"
		}
		if link := reporters.SafeLink(a.Link); link != "" {
			row += "  - See: " + code(link, false) + "\n"
		}
		rows = append(rows, row+fenced(a))
	}
	end := "\n"
	if n := len(list) - worstAdvice; n > 0 {
		end = fmt.Sprintf("\n%s more; `featherpack advise` lists all and measures what it saves.\n\n", reporters.Count(n))
	}
	p.block("**"+adviceTitle(r, "Advice", "Advice about this change")+"**\n\n", end, rows)
}

// maxFenced is the number of lines of a change that a comment shows.
const maxFenced = 20

// fenced is a change in a fence that it cannot close.
func fenced(a reporters.Advice) string {
	lines := strings.Split(strings.TrimRight(a.Change, "\n"), "\n")
	if a.Change == "" || len(lines) > maxFenced {
		return ""
	}
	fence := "```"
	for strings.Contains(a.Change, fence) {
		fence += "`"
	}
	language := ""
	if strings.HasPrefix(a.Change, "--- ") {
		language = "diff"
	}
	text := "\n  " + fence + language + "\n"
	for _, line := range lines {
		text += "  " + columns.Clean(strings.ReplaceAll(line, "\t", "    ")) + "\n"
	}
	return text + "  " + fence + "\n"
}
