package render

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
)

// addsToStart is what an artifact takes to load, if that was measured, else what it is
// projected to add to the start of an empty function, for a table.
func addsToStart(f reporters.Function) string {
	c := f.ColdStart
	switch {
	case c == nil:
		return ""
	case c.Head == nil:
		return "not projected"
	}
	if m := c.Measured; m != nil {
		return reporters.WholeMillis(m.Millis) + " ms, measured"
	}
	text := rangeOf(c.Head.Total)
	if c.Head.AtLeast {
		text = ">= " + text
	}
	return text + ", projected"
}

// starts is one line about the starts of all functions, below their table.
func (p *printer) starts(r reporters.Report) {
	var projected []reporters.Millis
	var measured []reporters.MeasuredLoad
	refused := 0
	for _, f := range r.Functions {
		if f.ColdStart == nil {
			continue
		}
		head := f.ColdStart.Head
		if head == nil {
			refused++
			continue
		}
		if m := f.ColdStart.Measured; m != nil {
			measured = append(measured, *m)
		} else {
			projected = append(projected, head.Total)
		}
	}
	var parts []string
	if n := len(measured); n > 0 {
		parts = append(parts, fmt.Sprintf("%s in %s, measured (%s)",
			reporters.Plural(n, "function loads", "functions load"), loadsOf(measured), conditionsOf(measured)))
	}
	if n := len(projected); n > 0 {
		all := projected[0]
		for _, m := range projected {
			all.Low, all.High = min(all.Low, m.Low), max(all.High, m.High)
		}
		parts = append(parts, fmt.Sprintf("%s projected to add %s to the start of an empty function",
			reporters.Plural(n, "artifact is", "artifacts are"), rangeOf(all)))
	}
	if refused > 0 {
		parts = append(parts, reporters.Plural(refused, "function is", "functions are")+" not projected")
	}
	if len(parts) > 0 {
		p.Wrap(columns.Dim, "cold start: ", "  ", columns.Clean(strings.Join(parts, "; ")+"; --verbose shows more"))
	}
}

// loadsOf is the shortest and the longest of measured loads, as "12 to 212 ms of CPU".
func loadsOf(list []reporters.MeasuredLoad) string {
	byTime := func(a, b reporters.MeasuredLoad) int { return cmp.Compare(a.Millis, b.Millis) }
	text := reporters.WholeMillis(slices.MaxFunc(list, byTime).Millis) + " ms"
	if least := reporters.WholeMillis(slices.MinFunc(list, byTime).Millis); least+" ms" != text {
		text = least + " to " + text
	}
	what := kindsOf(list, func(m reporters.MeasuredLoad) string { return m.What })
	if what == "first poll" {
		return text + " to the first poll"
	}
	return text + " of " + what
}

// conditionsOf says how loads were measured, as "Node 22.23.3, 128 to 512 MB, 1 run each".
func conditionsOf(list []reporters.MeasuredLoad) string {
	parts := []string{}
	if node := kindsOf(list, nodeOf); node != "" {
		parts = append(parts, node)
	}
	byMemory := func(a, b reporters.MeasuredLoad) int { return cmp.Compare(a.MemoryMB, b.MemoryMB) }
	least, most := slices.MinFunc(list, byMemory).MemoryMB, slices.MaxFunc(list, byMemory).MemoryMB
	if least == most {
		parts = append(parts, fmt.Sprintf("%d MB", most))
	} else {
		parts = append(parts, fmt.Sprintf("%d to %d MB", least, most))
	}
	runs := slices.MinFunc(list, func(a, b reporters.MeasuredLoad) int { return cmp.Compare(a.Runs, b.Runs) }).Runs
	text := reporters.Plural(runs, "run", "runs")
	if runs > 1 {
		text = "median of " + text
	}
	if len(list) > 1 {
		text += " each"
	}
	return strings.Join(append(parts, text), ", ")
}

// nodeOf is the Node that ran, "" for a program that needs none.
func nodeOf(m reporters.MeasuredLoad) string {
	switch {
	case m.Node == "":
		return ""
	case m.StoodIn:
		return "Node " + m.Node + " in place of the runtime's"
	}
	return "Node " + m.Node
}

// kindsOf lists what is not empty, each once, sorted.
func kindsOf(list []reporters.MeasuredLoad, of func(reporters.MeasuredLoad) string) string {
	var kinds []string
	for _, m := range list {
		if kind := of(m); kind != "" {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return strings.Join(slices.Compact(kinds), " and ")
}

// measuredText is one measured load: "load 58 ms of CPU, measured (Node 22.23.3, 512 MB,
// median of 15 runs)".
func measuredText(m reporters.MeasuredLoad) string {
	one := []reporters.MeasuredLoad{m}
	return fmt.Sprintf("load %s, measured (%s)", loadsOf(one), conditionsOf(one))
}

// start writes the phases of one function's cold start.
func (p *printer) start(f reporters.Function) {
	c := f.ColdStart
	if c == nil {
		return
	}
	if c.Refused != "" {
		p.Wrap(columns.Dim, "  ", "    ", columns.Clean("cold start: not projected: "+c.Refused))
		return
	}
	empty := "an empty function"
	if c.Empty != nil {
		empty = fmt.Sprintf("an empty function's init of %s ms", spanText(*c.Empty))
	}
	least := ""
	if c.Head.AtLeast {
		least = "at least "
	}
	projected := fmt.Sprintf("%s%s on top of %s = %s", least, timeOf(c.Head.Total), empty, phases(*c.Head))
	if m := c.Measured; m != nil {
		p.Wrap(columns.Plain, "  ", "    ", columns.Clean(fmt.Sprintf("cold start: %s; projected for Lambda, load %s: %s", measuredText(*m), m.Scale, projected)))
	} else {
		p.Wrap(columns.Plain, "  ", "    ", columns.Clean("cold start, projected: "+projected))
	}
	if c.Against == reporters.AgainstUnbundled {
		p.Wrap(columns.Plain, "    ", "      ", columns.Clean("against unbundled: "+startText(c)))
	}
	if c.Against != reporters.AgainstBaseline {
		p.startNotes(c, "    ")
	}
}

// startNotes are the assumptions and limits of the figures.
func (p *printer) startNotes(c *reporters.ColdStart, indent string) {
	for _, note := range c.Notes {
		p.Wrap(columns.Dim, indent, indent+"  ", columns.Clean(note))
	}
	if c.Money != nil {
		p.Wrap(columns.Plain, indent, indent+"  ", columns.Clean(c.Money.Line))
	}
}

// startText is what is known of a start: the change with its phases and how its
// load is known, without anything to compare with the artifact alone.
func startText(c *reporters.ColdStart) string {
	switch {
	case c.Refused != "" || c.ChangeRefused != "":
		return "not projected: " + c.Refused + c.ChangeRefused
	case c.Change == nil && c.Measured != nil:
		return fmt.Sprintf("new, %s; projected for Lambda, load %s: %s on top of an empty function", measuredText(*c.Measured), c.Measured.Scale, timeOf(c.Head.Total))
	case c.Change == nil:
		return fmt.Sprintf("new, projected: %s on top of an empty function = %s", timeOf(c.Head.Total), phases(*c.Head))
	}
	text := changeText(*c.Change) + " = " + phases(c.Change.Start) + "; " + c.Change.Label
	if l := c.Change.Local; l != nil {
		text = localText(*l) + "; " + text
	}
	return text
}

// startChanges lists the changes of cold starts, largest cost first.
func (p *printer) startChanges(r reporters.Report, v view) {
	var list []reviewed
	var quiet []string
	for _, f := range startsToShow(v, p.verbose) {
		c := f.ColdStart
		if c.Change != nil && c.Change.NoChange && c.Change.LoadSource == reporters.LoadProjected {
			quiet = append(quiet, f.ID)
			continue
		}
		list = append(list, f)
	}
	if len(list) == 0 && len(quiet) == 0 {
		return
	}
	p.Line("")
	p.Line(p.Paint(columns.Bold, "COLD START"))
	for i, f := range list {
		if p.shortened(i, len(list)) {
			break
		}
		p.startChange(f)
	}
	if len(quiet) > 0 {
		p.Wrap(columns.Dim, "  ", "    ", columns.Clean("no measurable change, projected: "+inFunctions(quiet)))
	}
	for _, note := range startNotes(r, slices.Concat(list, named(v, quiet))) {
		p.Wrap(columns.Dim, "  ", "    ", columns.Clean(note))
	}
}

// named returns the functions with the given IDs.
func named(v view, ids []string) []reviewed {
	return slices.DeleteFunc(slices.Concat(v.rows, v.quiet), func(f reviewed) bool { return !slices.Contains(ids, f.ID) })
}

// startNotes are what must be said about some functions' starts, once each, and
// about every start.
func startNotes(r reporters.Report, list []reviewed) []string {
	var notes []string
	about := map[string][]string{}
	for _, f := range list {
		for _, note := range f.ColdStart.Notes {
			if about[note] == nil {
				notes = append(notes, note)
			}
			about[note] = append(about[note], f.ID)
		}
	}
	for i, note := range notes {
		notes[i] = inFunctions(about[note]) + ": " + note
	}
	if r.ColdStart != nil {
		notes = append(notes, r.ColdStart.Notes...)
	}
	return notes
}

func (p *printer) startChange(f reviewed) {
	c := f.ColdStart
	how := columns.Plain
	switch {
	case c.Change == nil || c.Change.NoChange:
	case c.Change.Total.Central > 0:
		how = columns.Amber
	default:
		how = columns.Green
	}
	p.Wrap(how, "  ", "    ", columns.Clean(f.ID+": "+startText(c)))
	if c.Money != nil {
		p.Wrap(columns.Plain, "    ", "      ", columns.Clean(c.Money.Line))
	}
}

// startsToShow are the functions whose bytes a change touched, by what it does
// to their start: the largest cost first, what cannot be told last. all takes
// in those that stayed as they were.
func startsToShow(v view, all bool) []reviewed {
	var list []reviewed
	for _, f := range slices.Concat(v.rows, v.quiet) {
		if f.ColdStart == nil || f.delta.Status == reporters.StatusNoBaseline || f.delta.Status == "" {
			continue
		}
		if all || f.delta.Status != reporters.StatusSame {
			list = append(list, f)
		}
	}
	cost := func(f reviewed) float64 {
		switch c := f.ColdStart; {
		case c.Change != nil:
			return c.Change.Total.Central
		case c.Head != nil && c.ChangeRefused == "": // new
			return 0
		}
		return -1e15
	}
	slices.SortStableFunc(list, func(a, b reviewed) int {
		switch x, y := cost(a), cost(b); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list
}

// signedTime is "+12 ms (4..33)", in whole ms, of a change.
func signedTime(m reporters.Millis) string {
	sign := ""
	if math.Round(m.Central) > 0 {
		sign = "+"
	}
	return fmt.Sprintf("%s%s ms (%s..%s)", sign, reporters.WholeMillis(m.Central), reporters.WholeMillis(m.Low), reporters.WholeMillis(m.High))
}

// timeOf formats a time that is not a change, as "12 ms (4..33)".
func timeOf(m reporters.Millis) string {
	return fmt.Sprintf("%s ms (%s..%s)", reporters.WholeMillis(m.Central), reporters.WholeMillis(m.Low), reporters.WholeMillis(m.High))
}

// rangeOf formats what is projected, as "4 to 33 ms".
func rangeOf(m reporters.Millis) string {
	return fmt.Sprintf("%s to %s ms", reporters.WholeMillis(m.Low), reporters.WholeMillis(m.High))
}

// spanText formats a time without its unit, as "12 (4..33)".
func spanText(m reporters.Millis) string {
	if reporters.WholeMillis(m.Low) == reporters.WholeMillis(m.High) {
		return reporters.WholeMillis(m.Central)
	}
	return fmt.Sprintf("%s (%s..%s)", reporters.WholeMillis(m.Central), reporters.WholeMillis(m.Low), reporters.WholeMillis(m.High))
}

func phases(s reporters.Start) string {
	return fmt.Sprintf("download %s + extract %s + load %s", spanText(s.Download), spanText(s.Extract), spanText(s.Load))
}

// changeText is the change in a few words: "+12 ms (4..33)", "no measurable change",
// "at least +64 ms (30..140)".
func changeText(c reporters.StartChange) string {
	switch {
	case c.NoChange:
		return "no measurable change"
	case c.AtLeast:
		return "at least " + signedTime(c.Total)
	}
	return signedTime(c.Total)
}

// localText is the change of the load on the measuring machine.
func localText(l reporters.LocalLoad) string {
	before, after := reporters.Median(times(l.Before)), reporters.Median(times(l.After))
	text := fmt.Sprintf("%s %.1f ms, now %.1f ms on this machine", l.What, before, after)
	pairs := reporters.Plural(len(l.Before), "pair", "pairs")
	if l.Change.Low <= 0 && l.Change.High >= 0 || before <= 0 {
		return fmt.Sprintf("load unchanged within the noise, measured in %s (%s)", pairs, text)
	}
	if percent := l.Change.Central / before * 100; percent < 1000 {
		return fmt.Sprintf("load %+.0f%%, measured in %s (%s)", percent, pairs, text)
	}
	return fmt.Sprintf("load %+.0f ms, measured in %s (%s)", l.Change.Central, pairs, text)
}

// times returns the samples that are valid times in ms.
func times(samples []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(samples), func(v float64) bool { return !(v >= 0 && v < 1e9) })
}
