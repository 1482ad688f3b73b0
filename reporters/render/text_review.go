package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
)

// review writes a report that was compared or judged.
func (p *printer) review(r reporters.Report) {
	v := newView(r)
	text := headline(r)
	if r.Delta != nil {
		text += p.Mark(" · ", "; ") + against(r.Delta)
	}
	p.Wrap(columns.Bold, "", "  ", columns.Clean(text))
	if r.Delta != nil {
		if differs := builtOtherwise(r.Delta); len(differs) > 0 {
			p.Wrap(columns.Amber, p.Mark("⚠ ", "! "), "  ", columns.Clean("the baseline was built differently: "+strings.Join(differs, "; ")))
		}
	}
	for _, l := range r.Loosened {
		p.Wrap(columns.Amber, p.Mark("⚠ ", "! "), "  ", columns.Clean(loosenedText(l)))
	}
	p.reviewed(r, v)
	if p.verbose {
		for _, f := range bySize(r.Functions) {
			p.details(r, f)
		}
	}
	p.booted(r)
	p.causes(r)
	p.startChanges(r, v)
	if r.Delta != nil && r.Delta.Baseline.Missing != "" {
		p.starts(r)
	}
	if r.Delta != nil && r.Delta.Baseline.Missing == "" {
		p.duplicates("NEWLY DUPLICATED PACKAGES", r.Delta.NewDuplicates)
	}
	p.runtimes(r)
	p.advice(r)
	p.verdicts(r)
	p.failed(r)
	p.closing(r, nextAfterReview(r, v))
}

// signs maps each outcome to a symbol and its ASCII form.
var signs = map[string][2]string{
	reporters.StatusFailed: {"✗", "x"}, reporters.OutcomeFail: {"✗", "x"}, reporters.OutcomeWarn: {"⚠", "!"}, reporters.OutcomeUnmeasured: {"?", "?"},
	reporters.OutcomeAccepted: {"✓", "a"}, reporters.OutcomePass: {"", ""},
}

var signStyles = map[string]columns.Style{reporters.StatusFailed: columns.Red, reporters.OutcomeFail: columns.Red, reporters.OutcomeWarn: columns.Amber, reporters.OutcomeUnmeasured: columns.Amber}

// reviewed is the table of functions that changed or exceed a budget.
func (p *printer) reviewed(r reporters.Report, v view) {
	t := table{head: []column{
		{rank: 1}, {title: "FUNCTION"}, {title: "ZIP", right: true, rank: 2}, {title: "CHANGE", right: true, rank: 3}, {right: true, rank: 5},
		{title: "BUDGET", rank: 4}, {title: "OF 250 MiB", right: true, rank: 6}, {rank: 7},
	}}
	rows := v.rows
	if p.verbose {
		rows = append(slices.Clone(rows), v.quiet...)
		v.quiet = nil
	}
	more, moreBytes := 0, int64(0)
	for _, f := range rows {
		if len(t.rows) == maxRows && !p.allRows {
			more++
			moreBytes += f.delta.Zip.By()
			continue
		}
		t.rows = append(t.rows, p.reviewedRow(f))
	}
	for _, d := range v.removed {
		bytes, _ := changeOfZip(d)
		t.rows = append(t.rows, []cell{{}, {columns.Clean(d.ID), columns.Plain}, {}, {bytes, columns.Plain}, {}, {}, {}, {}})
	}
	if len(t.rows) > 0 {
		p.Line("")
		t.write(p, "")
	}
	if more > 0 {
		p.Line(p.Paint(columns.Dim, fmt.Sprintf("%s more, %s together; --verbose shows them", reporters.Count(more), reporters.SignedSize(moreBytes))))
	}
	if n := len(v.quiet); n > 0 {
		var by int64
		for _, f := range v.quiet {
			by += f.delta.Zip.By()
		}
		text := "~ " + reporters.Plural(n, "function", "functions") + " unchanged"
		if by != 0 {
			text += ", " + reporters.SignedSize(by) + " together"
		}
		p.Line(p.Paint(columns.Dim, text))
	}
	if r.Delta != nil && r.Delta.Baseline.Missing == "" && r.Totals.Functions > 0 {
		p.Line(p.Paint(columns.Dim, fmt.Sprintf("a deployment uploads %s of %s", reporters.Count(len(r.Delta.Redeploy)), reporters.Plural(r.Totals.Functions, "function", "functions"))))
	}
}

func (p *printer) reviewedRow(f reviewed) []cell {
	mark := signs[f.mark()]
	bytes, percent := changeOfZip(f.delta)
	if bytes == "~" && p.verbose && f.delta.Zip.By() != 0 {
		bytes = "~ " + reporters.SignedSize(f.delta.Zip.By())
	}
	how := columns.Plain
	switch by := f.delta.Zip.By(); {
	case !f.delta.Compared() || f.delta.Negligible():
	case by > 0:
		how = columns.Amber
	case by < 0:
		how = columns.Green
	}
	name := columns.Clean(f.ID)
	if f.delta.Was() != "" {
		name += " (was " + columns.Clean(f.delta.Was()) + ")"
	}
	zip, of, share_ := "not built", "", ""
	if f.Artifact != nil {
		zip, of = reporters.Size(f.Artifact.ZipBytes), ofLimit(f.Function)
		if p.Unicode {
			share_ = bar(f.Artifact.UnzippedBytes, reporters.MaxUnzipped, 10)
		}
	}
	return []cell{
		{p.Mark(mark[0], mark[1]), signStyles[f.mark()]}, {name, columns.Plain}, {zip, columns.Bold}, {bytes, how}, {percent, how},
		{columns.Clean(budgetOf(f)), signStyles[f.mark()]}, {of, columns.Plain}, {share_, columns.Dim},
	}
}

// causes writes what changed the sizes, and the line of the import.
func (p *printer) causes(r reporters.Report) {
	if r.Delta == nil {
		return
	}
	list := notable(r.Delta.Causes)
	if len(list) == 0 {
		return
	}
	p.Line("")
	p.Line(p.Paint(columns.Bold, "WHY"))
	for i, c := range list {
		if p.shortened(i, len(list)) {
			break
		}
		how := columns.Amber
		if c.Unzipped < 0 {
			how = columns.Green
		}
		text := causeText(c) + zippedToo(c)
		p.Wrap(how, "  ", "    ", columns.Clean(text+": "+inFunctions(c.Functions)))
		if len(c.With) > 0 {
			var with []string
			for _, w := range c.With {
				with = append(with, w.Name)
			}
			p.Wrap(columns.Dim, "    ", "      ", columns.Clean("with "+inFunctions(with)))
		}
		if len(c.Chain) > 1 && c.Kind != reporters.KindCode {
			p.Wrap(columns.Plain, "    ", "      ", columns.Clean(reporters.ChainText(c.Chain, p.Mark(" → ", " > "))))
		}
	}
}

func (p *printer) verdicts(r reporters.Report) {
	first := true
	list := findings(r.Verdicts)
	if p.verbose {
		list = r.Verdicts
	}
	for _, v := range list {
		if first {
			p.Line("")
			p.Line(p.Paint(columns.Bold, "BUDGETS"))
			first = false
		}
		word := map[string]string{reporters.OutcomeFail: "over", reporters.OutcomeWarn: "warning", reporters.OutcomeUnmeasured: "unmeasured", reporters.OutcomeAccepted: "accepted", reporters.OutcomePass: "good"}[v.Outcome]
		text := cmp.Or(word, v.Outcome) + ": " + v.Message
		if v.Outcome == reporters.OutcomeAccepted {
			text += "; until " + v.Until + ": " + v.Reason
		}
		p.Wrap(signStyles[v.Outcome], "  ", "    ", columns.Clean(text))
		if v.Hint != "" && v.Outcome != reporters.OutcomePass && v.Outcome != reporters.OutcomeAccepted {
			p.Wrap(columns.Plain, "    ", "      ", columns.Clean("hint: "+v.Hint))
		}
	}
}

// nextAfterReview is the next step for the worst problem.
func nextAfterReview(r reporters.Report, v view) string {
	if r.Totals.Failed+r.Broken() > 0 {
		return next(r)
	}
	for _, verdict := range r.Verdicts {
		if verdict.Outcome == reporters.OutcomePass || verdict.Outcome == reporters.OutcomeAccepted {
			continue
		}
		if verdict.Outcome == reporters.OutcomeUnmeasured {
			return columns.Clean(verdict.Hint)
		}
		if c, ok := causeOf(r, verdict.Functions); ok {
			return columns.Clean(c)
		}
		return columns.Clean(cmp.Or(verdict.Hint, "make the function smaller, or raise its budget"))
	}
	if r.Delta != nil {
		if r.Delta.Baseline.Missing != "" {
			return "name a baseline with --compare-to FILE or --compare-ref REF"
		}
		for _, c := range r.Delta.Causes {
			if c.Unzipped >= worthANote && c.Package != "" {
				return columns.Clean(fmt.Sprintf("featherpack why %s %s", c.Functions[0], c.Package))
			}
		}
		if n := len(r.Delta.Redeploy); n > 0 {
			return fmt.Sprintf("deploy %s", reporters.Plural(n, "function", "functions"))
		}
		if slices.ContainsFunc(r.Delta.Functions, func(f reporters.FunctionDelta) bool { return f.Status == reporters.StatusRemoved }) {
			return "check that the removed functions are no longer needed"
		}
		return "nothing: the deployed bytes are the same"
	}
	return next(r)
}

// causeOf is the why command for the package that made one of the functions grow most.
func causeOf(r reporters.Report, functions []string) (string, bool) {
	if r.Delta == nil {
		return "", false
	}
	for _, c := range r.Delta.Causes {
		if c.Unzipped <= 0 || c.Package == "" || reporters.IsRow(c.Package) {
			continue
		}
		for _, id := range c.Functions {
			if slices.Contains(functions, id) {
				return fmt.Sprintf("featherpack why %s %s", id, c.Package), true
			}
		}
	}
	return "", false
}
