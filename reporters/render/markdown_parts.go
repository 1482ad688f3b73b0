package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
)

// warnings are what a reader must know to interpret the figures.
func (p *comment) warnings(r reporters.Report) {
	var rows []string
	if r.Delta != nil && r.Delta.Baseline.Missing != "" {
		rows = append(rows, "> **No baseline**: "+prose(r.Delta.Baseline.Missing)+"\n")
	}
	if r.Delta != nil {
		if differs := builtOtherwise(r.Delta); len(differs) > 0 {
			rows = append(rows, "> The baseline was built differently: "+code(strings.Join(differs, "; "), false)+"\n")
		}
	}
	for _, l := range r.Loosened {
		rows = append(rows, "> ⚠️ "+code(loosenedText(l), false)+"\n")
	}
	p.block("", "\n", rows)
}

func (p *comment) table(v view, compared bool) {
	open := "| | Function | Zip | Budget | Of 250 MiB |\n|---|---|---:|---|---:|\n"
	if compared {
		open = "| | Function | Zip | Change | Budget | Of 250 MiB |\n|---|---|---:|---:|---|---:|\n"
	}
	budgets := slices.ContainsFunc(v.rows, func(f reviewed) bool { return budgetOf(f) != "" })
	if !budgets {
		open = strings.Replace(strings.Replace(open, " Budget |", "", 1), "---:|---|---:|\n", "---:|---:|\n", 1)
	}
	starts := slices.ContainsFunc(v.rows, func(f reviewed) bool { return f.ColdStart != nil })
	if starts {
		open = strings.ReplaceAll(strings.Replace(open, "250 MiB |\n", "250 MiB | Cold start |\n", 1), "---:|\n", "---:|---|\n")
	}
	signs := map[string]string{reporters.StatusFailed: "❌", reporters.OutcomeFail: "❌", reporters.OutcomeWarn: "⚠️", reporters.OutcomeUnmeasured: "❔", reporters.OutcomeAccepted: "☑️"}
	var rows []string
	for _, f := range v.rows {
		cells := []string{signs[f.mark()], code(f.ID, true), "not built"}
		if f.delta.Was() != "" {
			cells[1] += " was " + code(f.delta.Was(), true)
		}
		of := ""
		if f.Artifact != nil {
			cells[2] = reporters.Size(f.Artifact.ZipBytes)
			of = ofLimit(f.Function)
		}
		if compared {
			cells = append(cells, changeCell(f.delta))
		}
		budget := budgetOf(f)
		if budget != "" && f.verdict.Outcome != reporters.OutcomeUnmeasured && f.verdict.Metric != reporters.MetricZip && f.verdict.Metric != reporters.MetricUnzipped {
			budget = code(budget, true)
		}
		if budgets {
			cells = append(cells, budget)
		}
		cells = append(cells, of)
		if starts {
			cells = append(cells, startCell(f))
		}
		rows = append(rows, "| "+strings.Join(cells, " | ")+" |\n")
	}
	for _, d := range v.removed {
		row := fmt.Sprintf("| | %s | - | removed, was %s | |", code(d.ID, true), reporters.Size(d.Zip.Before))
		if budgets {
			row += " |"
		}
		if starts {
			row += " |"
		}
		rows = append(rows, row+"\n")
	}
	p.block(open, "\n", rows)
}

func changeCell(d reporters.FunctionDelta) string {
	bytes, percent := changeOfZip(d)
	if percent != "" {
		return bytes + " (" + percent + ")"
	}
	return bytes
}

// startCell is the change of a cold start, or without a comparison what the artifact adds to
// it, and whether it is measured or projected.
func startCell(f reviewed) string {
	c := f.ColdStart
	switch {
	case c == nil:
		return ""
	case c.Refused != "" || c.Against == reporters.AgainstBaseline && c.Change == nil:
		return "not projected"
	case c.Against == reporters.AgainstBaseline && c.Change.LoadSource == reporters.LoadMeasured:
		return changeText(*c.Change) + ", load measured"
	case c.Against == reporters.AgainstBaseline:
		return changeText(*c.Change) + ", projected"
	}
	if c.Measured != nil {
		return "load " + loadsOf([]reporters.MeasuredLoad{*c.Measured}) + ", measured"
	}
	return "adds " + rangeOf(c.Head.Total) + ", projected"
}

// starts lists the changes of the functions' cold starts by phase, with notes that explain
// them.
func (p *comment) starts(r reporters.Report, v view) {
	list := startsToShow(v, false)
	var rows []string
	for _, f := range list {
		c := f.ColdStart
		rows = append(rows, "- "+code(f.ID, false)+": "+code(startText(c), false)+"\n")
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

// ofLimit is a function's unzipped size in percent of Lambda's limit.
func ofLimit(f reporters.Function) string {
	for _, l := range f.Limits {
		if l.Name == reporters.LimitUnzipped {
			text := reporters.Share(l.Bytes, l.Max)
			if l.LayersUnknown {
				text += " + layers"
			}
			return text
		}
	}
	return ""
}

// topCauses is the number of causes that are visible without unfolding.
const topCauses = 5

func (p *comment) causes(r reporters.Report) {
	if r.Delta == nil {
		return
	}
	var rows []string
	for _, c := range notable(r.Delta.Causes) {
		row := "- " + code(c.Name(), false) + strings.TrimPrefix(causeText(c), c.Name())
		row += zippedToo(c) + ", in " + code(inFunctions(c.Functions), false)
		if at := asked(c); at != "" {
			was := ""
			if c.Kind == reporters.KindRemoved {
				was = "was "
			}
			row += ", " + was + "imported at " + code(at, false)
		}
		if len(c.With) > 0 {
			var with []string
			for _, w := range c.With[:min(3, len(c.With))] {
				with = append(with, w.Name)
			}
			text := strings.Join(with, ", ")
			if n := len(c.With) - len(with); n > 0 {
				text += " and " + reporters.Count(n) + " more"
			}
			row += ", with " + code(text, false)
		}
		rows = append(rows, row+"\n")
	}
	p.block("**Why**\n\n", "\n", rows[:min(len(rows), topCauses)])
	if len(rows) > topCauses {
		p.block(fmt.Sprintf("<details><summary>%s more causes</summary>\n\n", reporters.Count(len(rows)-topCauses)), "\n</details>\n\n", rows[topCauses:])
	}
}

// notable returns the causes to show, growth first: added, removed and updated packages, and any
// other change that is not negligible.
func notable(causes []reporters.Cause) []reporters.Cause {
	var list []reporters.Cause
	for _, c := range causes {
		switch c.Kind {
		case reporters.KindGrew, reporters.KindShrank, reporters.KindCode:
			if c.Unzipped < 512 && c.Unzipped > -512 {
				continue
			}
		}
		list = append(list, c)
	}
	return list
}

func (p *comment) verdicts(r reporters.Report) {
	var rows []string
	for _, v := range findings(r.Verdicts) {
		word := map[string]string{reporters.OutcomeFail: "❌ over budget", reporters.OutcomeWarn: "⚠️ over budget", reporters.OutcomeUnmeasured: "❔ unmeasured", reporters.OutcomeAccepted: "☑️ accepted"}[v.Outcome]
		if word == "" {
			continue
		}
		row := "- " + word + ": " + prose(v.Message)
		if v.Outcome == reporters.OutcomeAccepted {
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

func (p *comment) chains(r reporters.Report) {
	if r.Delta == nil {
		return
	}
	var rows []string
	for _, c := range notable(r.Delta.Causes) {
		if len(c.Chain) > 1 && c.Kind != reporters.KindCode {
			rows = append(rows, "- "+code(reporters.ChainText(c.Chain, " → "), false)+"\n")
		}
	}
	p.block("<details><summary>Import chains</summary>\n\n", "\n</details>\n\n", rows)
}

func (p *comment) quiet(quiet []reviewed) {
	var rows []string
	for _, f := range quiet {
		row := "| " + code(f.ID, true) + " | " + reporters.Size(f.Artifact.ZipBytes) + " | "
		if f.delta.Status == reporters.StatusSame {
			row += "same bytes"
		} else {
			row += "~"
		}
		rows = append(rows, row+" |\n")
	}
	p.block(fmt.Sprintf("<details><summary>%s unchanged</summary>\n\n| Function | Zip | |\n|---|---:|---|\n", reporters.Count(len(quiet))), "\n</details>\n\n", rows)
}

func (p *comment) repeats(r reporters.Report) {
	duplicates, title := r.Duplicates, "duplicated"
	if r.Delta != nil && r.Delta.Baseline.Missing == "" {
		duplicates, title = r.Delta.NewDuplicates, "newly duplicated"
	}
	all := repeatedPackages(duplicates)
	var rows []string
	for _, d := range all {
		row := fmt.Sprintf("- %s, %s unzipped in %s", code(d.name+" "+strings.Join(d.versions, " and "), false), reporters.Size(d.bytes), reporters.Plural(d.functions, "function", "functions"))
		if len(d.askedBy) > 0 {
			row += ", imported by " + code(inFunctions(d.askedBy), false)
		}
		rows = append(rows, row+"\n")
	}
	p.block(fmt.Sprintf("<details><summary>%s %s</summary>\n\n", reporters.Plural(len(all), "package", "packages"), title), "\n</details>\n\n", rows)
}

// footer is what to deploy and what it was compared with.
func footer(r reporters.Report) string {
	var parts []string
	if d := r.Delta; d != nil && d.Baseline.Missing == "" {
		parts = append(parts, fmt.Sprintf("Redeploys %s of %s", reporters.Count(len(d.Redeploy)), reporters.Count(r.Totals.Functions)), "against "+code(clipped(against(d)), false))
	} else if d != nil {
		parts = append(parts, "no baseline")
	}
	return strings.Join(append(parts, "featherpack "+code(clipped(r.Tool.Version), false)), " · ") + "\n"
}

// clipped limits the length of a text.
func clipped(s string) string { return columns.Shorten(columns.Clean(s), 200) }

// runtimes is a table of the results on other runtimes.
func (p *comment) runtimes(r reporters.Report) {
	var rows []string
	how := ""
	for _, row := range reporters.RuntimeRows(r) {
		mark := ""
		if row.Breaks() {
			mark = "⚠️"
		}
		load, built := row.Load(), row.Built()
		if why := row.WhyNotBuilt(); why != "" {
			built += ": " + code(why, true)
		}
		if load != "" {
			how = " Loads are processor time, the median of " + reporters.Plural(row.Starts, "start", "starts") + " each."
		}
		rows = append(rows, "| "+strings.Join([]string{
			mark, code(row.ID, true), code(row.Runtime, true), code(row.Result(), true), load, built,
		}, " | ")+" |\n")
	}
	p.block("#### On other runtimes\n\n| | Function | Runtime | Result | Load | Zip built for it |\n|---|---|---|---|---|---|\n", "\n", rows)
	if how != "" {
		p.add(strings.TrimSpace(how) + "\n\n")
	}
}
