package reporters

import (
	"fmt"
	"slices"
	"strings"
)

// warnings are what a reader must know before believing the figures.
func (p *page) warnings(r Report) {
	var rows []string
	if r.Delta != nil && r.Delta.Baseline.Missing != "" {
		rows = append(rows, "> **No baseline**: "+prose(r.Delta.Baseline.Missing)+"\n")
	}
	if r.Delta != nil {
		if differs := builtOtherwise(r.Delta); len(differs) > 0 {
			rows = append(rows, "> The baseline was built otherwise: "+code(strings.Join(differs, "; "), false)+"\n")
		}
	}
	for _, l := range r.Loosened {
		rows = append(rows, "> ⚠️ "+code(toldLoosened(l), false)+"\n")
	}
	p.block("", "\n", rows)
}

func (p *page) table(v view, compared bool) {
	open := "| | Function | Zip | Budget | Of 250 MiB |\n|---|---|---:|---|---:|\n"
	if compared {
		open = "| | Function | Zip | Change | Budget | Of 250 MiB |\n|---|---|---:|---:|---|---:|\n"
	}
	starts := slices.ContainsFunc(v.rows, func(f reviewed) bool { return f.ColdStart != nil })
	if starts {
		open = strings.ReplaceAll(strings.Replace(open, "250 MiB |\n", "250 MiB | Cold start |\n", 1), "---:|\n", "---:|---|\n")
	}
	signs := map[string]string{StatusFailed: "❌", OutcomeFail: "❌", OutcomeWarn: "⚠️", OutcomeUnmeasured: "❔", OutcomeAccepted: "☑️"}
	var rows []string
	for _, f := range v.rows {
		cells := []string{signs[f.mark()], code(f.ID, true), "not built"}
		if f.delta.From != "" {
			cells[1] += " was " + code(f.delta.From, true)
		}
		of := ""
		if f.Artifact != nil {
			cells[2] = size(f.Artifact.ZipBytes)
			of = ofLimit(f.Function)
		}
		if compared {
			cells = append(cells, changeCell(f.delta))
		}
		budget := budgetOf(f)
		if budget != "" && f.verdict.Outcome != OutcomeUnmeasured && f.verdict.Metric != metricZip && f.verdict.Metric != metricUnzipped {
			budget = code(budget, true)
		}
		cells = append(cells, budget, of)
		if starts {
			cells = append(cells, startCell(f))
		}
		rows = append(rows, "| "+strings.Join(cells, " | ")+" |\n")
	}
	for _, d := range v.removed {
		row := fmt.Sprintf("| | %s | - | removed, was %s | | |", code(d.ID, true), size(d.Zip.Before))
		if starts {
			row += " |"
		}
		rows = append(rows, row+"\n")
	}
	p.block(open, "\n", rows)
}

func changeCell(d FunctionDelta) string {
	bytes, percent := changeOfZip(d)
	if percent != "" {
		return bytes + " (" + percent + ")"
	}
	return bytes
}

// startCell is what a change does to a start, or without one what the artifact
// adds to it, and how that is known.
func startCell(f reviewed) string {
	c := f.ColdStart
	switch {
	case c == nil:
		return ""
	case c.Refused != "" || c.Against == AgainstBaseline && c.Change == nil:
		return "not projected"
	case c.Against == AgainstBaseline && c.Change.LoadSource == LoadMeasured:
		return c.Change.said() + ", load measured"
	case c.Against == AgainstBaseline:
		return c.Change.said() + ", projected"
	}
	return "adds " + c.Head.Total.time() + ", projected"
}

// starts says what the change does to the starts of the functions, phase by
// phase, and what a reader must know to not misread that.
func (p *page) starts(r Report, v view) {
	list := startsToShow(v, false)
	var rows []string
	for _, f := range list {
		c := f.ColdStart
		rows = append(rows, "- "+code(f.ID, false)+": "+code(toldStart(c), false)+"\n")
		if c.Money != nil {
			rows = append(rows, "  - "+code(c.Money.Line, false)+"\n")
		}
	}
	if len(rows) == 0 {
		return
	}
	for _, note := range startNotes(r, list) {
		rows = append(rows, "- "+code(note, false)+"\n")
	}
	p.block("<details><summary>Cold start</summary>\n\n", "\n</details>\n\n", rows)
}

// ofLimit is a function's share of the limit on its unzipped size.
func ofLimit(f Function) string {
	for _, l := range f.Limits {
		if l.Name == limitUnzipped {
			text := share(l.Bytes, l.Max)
			if l.LayersUnknown {
				text += " + layers"
			}
			return text
		}
	}
	return ""
}

// topCauses is how many causes are shown without unfolding.
const topCauses = 5

func (p *page) causes(r Report) {
	if r.Delta == nil {
		return
	}
	var rows []string
	for _, c := range notable(r.Delta.Causes) {
		row := "- " + code(nameOfCause(c), false) + strings.TrimPrefix(told(c), nameOfCause(c))
		row += c.zippedToo() + ", in " + code(inFunctions(c.Functions), false)
		if at := asked(c); at != "" {
			was := ""
			if c.Kind == KindRemoved {
				was = "was "
			}
			row += ", " + was + "asked for at " + code(at, false)
		}
		if len(c.With) > 0 {
			var with []string
			for _, w := range c.With[:min(3, len(c.With))] {
				with = append(with, w.Name)
			}
			text := strings.Join(with, ", ")
			if n := len(c.With) - len(with); n > 0 {
				text += " and " + count(n) + " more"
			}
			row += ", with " + code(text, false)
		}
		rows = append(rows, row+"\n")
	}
	p.block("**Why**\n\n", "\n", rows[:min(len(rows), topCauses)])
	if len(rows) > topCauses {
		p.block(fmt.Sprintf("<details><summary>%s more causes</summary>\n\n", count(len(rows)-topCauses)), "\n</details>\n\n", rows[topCauses:])
	}
}

// notable are the causes above the noise, growth first: packages that came,
// went or moved, and of all else what weighs something.
func notable(causes []Cause) []Cause {
	var list []Cause
	for _, c := range causes {
		switch c.Kind {
		case KindGrew, KindShrank, KindCode:
			if c.Unzipped < 512 && c.Unzipped > -512 {
				continue
			}
		}
		list = append(list, c)
	}
	return list
}

func (p *page) verdicts(r Report) {
	var rows []string
	for _, v := range findings(r.Verdicts) {
		word := map[string]string{OutcomeFail: "❌ over budget", OutcomeWarn: "⚠️ over budget", OutcomeUnmeasured: "❔ unmeasured", OutcomeAccepted: "☑️ accepted"}[v.Outcome]
		if word == "" {
			continue
		}
		row := "- " + word + ": " + prose(v.Message)
		if v.Outcome == OutcomeAccepted {
			row += ", until " + code(v.Until, false) + ": " + code(v.Reason, false)
		} else if v.Hint != "" {
			row += " (" + hint(v.Hint) + ")"
		}
		rows = append(rows, row+"\n")
	}
	p.block("**Budgets**\n\n", "\n", rows)
}

// hint is a remedy; commands are code.
func hint(s string) string {
	if strings.HasPrefix(s, "featherpack ") {
		return code(s, false)
	}
	return prose(s)
}

func (p *page) chains(r Report) {
	if r.Delta == nil {
		return
	}
	var rows []string
	for _, c := range notable(r.Delta.Causes) {
		if len(c.Chain) > 1 && c.Kind != KindCode {
			rows = append(rows, "- "+code(chainText(c.Chain, " → "), false)+"\n")
		}
	}
	p.block("<details><summary>Import chains</summary>\n\n", "\n</details>\n\n", rows)
}

func (p *page) quiet(quiet []reviewed) {
	var rows []string
	for _, f := range quiet {
		row := "| " + code(f.ID, true) + " | " + size(f.Artifact.ZipBytes) + " | "
		if f.delta.Status == StatusSame {
			row += "same bytes"
		} else {
			row += "~"
		}
		rows = append(rows, row+" |\n")
	}
	p.block(fmt.Sprintf("<details><summary>%s unchanged</summary>\n\n| Function | Zip | |\n|---|---:|---|\n", count(len(quiet))), "\n</details>\n\n", rows)
}

func (p *page) repeats(r Report) {
	duplicates, title := r.Duplicates, "held more than once"
	if r.Delta != nil && r.Delta.Baseline.Missing == "" {
		duplicates, title = r.Delta.NewDuplicates, "now held more than once"
	}
	all := repeatedPackages(duplicates)
	var rows []string
	for _, d := range all {
		row := fmt.Sprintf("- %s, %s unzipped in %s", code(d.name+" "+strings.Join(d.versions, " and "), false), size(d.bytes), plural(d.functions, "function", "functions"))
		if len(d.askedBy) > 0 {
			row += ", asked for by " + code(inFunctions(d.askedBy), false)
		}
		rows = append(rows, row+"\n")
	}
	p.block(fmt.Sprintf("<details><summary>%s %s</summary>\n\n", plural(len(all), "package", "packages"), title), "\n</details>\n\n", rows)
}

// footer is what to deploy and what it was compared with.
func footer(r Report) string {
	var parts []string
	if d := r.Delta; d != nil && d.Baseline.Missing == "" {
		parts = append(parts, fmt.Sprintf("Redeploys %s of %s", count(len(d.Redeploy)), count(r.Totals.Functions)), "against "+code(clipped(against(d)), false))
	} else if d != nil {
		parts = append(parts, "no baseline")
	}
	return strings.Join(append(parts, "featherpack "+code(clipped(r.Tool.Version), false)), " · ") + "\n"
}

// clipped bounds a text that has a fixed place.
func clipped(s string) string { return shorten(clean(s), 200) }
