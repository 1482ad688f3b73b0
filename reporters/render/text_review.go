package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/reporters"
)

// review is the text of a report that was compared or judged.
func (p *printer) review(r reporters.Report) {
	v := newView(r)
	text := headline(r)
	if r.Delta != nil {
		text += p.mark(" · ", "; ") + against(r.Delta)
	}
	p.wrap(bold, "", "  ", clean(text))
	if r.Delta != nil {
		if differs := builtOtherwise(r.Delta); len(differs) > 0 {
			p.wrap(amber, p.mark("⚠ ", "! "), "  ", clean("the baseline was built otherwise: "+strings.Join(differs, "; ")))
		}
	}
	for _, l := range r.Loosened {
		p.wrap(amber, p.mark("⚠ ", "! "), "  ", clean(loosenedText(l)))
	}
	p.reviewed(r, v)
	if p.Verbose {
		for _, f := range bySize(r.Functions) {
			p.details(r, f)
		}
	}
	p.causes(r)
	p.startChanges(r, v)
	if r.Delta != nil && r.Delta.Baseline.Missing != "" {
		p.starts(r)
	}
	if r.Delta != nil && r.Delta.Baseline.Missing == "" {
		p.duplicates("NOW HELD MORE THAN ONCE", r.Delta.NewDuplicates)
	}
	p.verdicts(r)
	p.failed(r)
	p.closing(r, nextAfterReview(r, v))
}

// signs are a mark and its ASCII form for each outcome.
var signs = map[string][2]string{
	reporters.StatusFailed: {"✗", "x"}, reporters.OutcomeFail: {"✗", "x"}, reporters.OutcomeWarn: {"⚠", "!"}, reporters.OutcomeUnmeasured: {"?", "?"},
	reporters.OutcomeAccepted: {"✓", "a"}, reporters.OutcomePass: {"", ""},
}

var signStyles = map[string]style{reporters.StatusFailed: red, reporters.OutcomeFail: red, reporters.OutcomeWarn: amber, reporters.OutcomeUnmeasured: amber}

// reviewed is the table of the functions that changed or broke something.
func (p *printer) reviewed(r reporters.Report, v view) {
	t := table{head: []column{
		{rank: 1}, {title: "FUNCTION"}, {title: "ZIP", right: true, rank: 2}, {title: "CHANGE", right: true, rank: 3}, {right: true, rank: 5},
		{title: "BUDGET", rank: 4}, {title: "OF 250 MiB", right: true, rank: 6}, {rank: 7},
	}}
	rows := v.rows
	if p.Verbose {
		rows = append(slices.Clone(rows), v.quiet...)
		v.quiet = nil
	}
	more, moreBytes := 0, int64(0)
	for _, f := range rows {
		if len(t.rows) == maxRows && !p.Verbose {
			more++
			moreBytes += f.delta.Zip.By()
			continue
		}
		t.rows = append(t.rows, p.reviewedRow(f))
	}
	for _, d := range v.removed {
		bytes, _ := changeOfZip(d)
		t.rows = append(t.rows, []cell{{}, {clean(d.ID), plain}, {}, {bytes, plain}, {}, {}, {}, {}})
	}
	if len(t.rows) > 0 {
		p.line("")
		t.write(p, "")
	}
	if more > 0 {
		p.line(p.paint(dim, fmt.Sprintf("%s more, %s together; --verbose shows them", reporters.Count(more), reporters.SignedSize(moreBytes))))
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
		p.line(p.paint(dim, text))
	}
	if r.Delta != nil && r.Delta.Baseline.Missing == "" && r.Totals.Functions > 0 {
		p.line(p.paint(dim, fmt.Sprintf("a deployment sends %s of %s", reporters.Count(len(r.Delta.Redeploy)), reporters.Plural(r.Totals.Functions, "function", "functions"))))
	}
}

func (p *printer) reviewedRow(f reviewed) []cell {
	mark := signs[f.mark()]
	bytes, percent := changeOfZip(f.delta)
	if bytes == "~" && p.Verbose && f.delta.Zip.By() != 0 {
		bytes = "~ " + reporters.SignedSize(f.delta.Zip.By())
	}
	how := plain
	switch by := f.delta.Zip.By(); {
	case !f.delta.Compared() || f.delta.Negligible():
	case by > 0:
		how = amber
	case by < 0:
		how = green
	}
	name := clean(f.ID)
	if f.delta.Was() != "" {
		name += " (was " + clean(f.delta.Was()) + ")"
	}
	zip, of, share_ := "not built", "", ""
	if f.Artifact != nil {
		zip, of = reporters.Size(f.Artifact.ZipBytes), ofLimit(f.Function)
		if p.Unicode {
			share_ = bar(f.Artifact.UnzippedBytes, reporters.MaxUnzipped, 10)
		}
	}
	return []cell{
		{p.mark(mark[0], mark[1]), signStyles[f.mark()]}, {name, plain}, {zip, bold}, {bytes, how}, {percent, how},
		{clean(budgetOf(f)), signStyles[f.mark()]}, {of, plain}, {share_, dim},
	}
}

// causes says what made the sizes change, and which line asked for it.
func (p *printer) causes(r reporters.Report) {
	if r.Delta == nil {
		return
	}
	list := notable(r.Delta.Causes)
	if len(list) == 0 {
		return
	}
	p.line("")
	p.line(p.paint(bold, "WHY"))
	for i, c := range list {
		if i == topPackages && !p.Verbose && len(list) > topPackages+1 {
			p.line(p.paint(dim, "  "+reporters.Count(len(list)-i)+" more; --verbose shows them"))
			break
		}
		how := amber
		if c.Unzipped < 0 {
			how = green
		}
		text := causeText(c) + zippedToo(c)
		p.wrap(how, "  ", "    ", clean(text+": "+inFunctions(c.Functions)))
		if len(c.With) > 0 {
			var with []string
			for _, w := range c.With {
				with = append(with, w.Name)
			}
			p.wrap(dim, "    ", "      ", clean("with "+inFunctions(with)))
		}
		if len(c.Chain) > 1 && c.Kind != reporters.KindCode {
			p.wrap(plain, "    ", "      ", clean(reporters.ChainText(c.Chain, p.mark(" → ", " > "))))
		}
	}
}

func (p *printer) verdicts(r reporters.Report) {
	first := true
	list := findings(r.Verdicts)
	if p.Verbose {
		list = r.Verdicts
	}
	for _, v := range list {
		if first {
			p.line("")
			p.line(p.paint(bold, "BUDGETS"))
			first = false
		}
		word := map[string]string{reporters.OutcomeFail: "over", reporters.OutcomeWarn: "warning", reporters.OutcomeUnmeasured: "unmeasured", reporters.OutcomeAccepted: "accepted", reporters.OutcomePass: "good"}[v.Outcome]
		text := cmp.Or(word, v.Outcome) + ": " + v.Message
		if v.Outcome == reporters.OutcomeAccepted {
			text += "; until " + v.Until + ": " + v.Reason
		}
		p.wrap(signStyles[v.Outcome], "  ", "    ", clean(text))
		if v.Hint != "" && v.Outcome != reporters.OutcomePass && v.Outcome != reporters.OutcomeAccepted {
			p.wrap(plain, "    ", "      ", clean("hint: "+v.Hint))
		}
	}
}

// nextAfterReview is the one thing to do about the worst.
func nextAfterReview(r reporters.Report, v view) string {
	if r.Totals.Failed > 0 {
		return next(r)
	}
	for _, verdict := range r.Verdicts {
		if verdict.Outcome == reporters.OutcomePass || verdict.Outcome == reporters.OutcomeAccepted {
			continue
		}
		if verdict.Outcome == reporters.OutcomeUnmeasured {
			return clean(verdict.Hint)
		}
		if c, ok := causeOf(r, verdict.Functions); ok {
			return clean(c)
		}
		return clean(verdict.Hint)
	}
	if r.Delta != nil {
		if r.Delta.Baseline.Missing != "" {
			return "give a baseline with --compare-to FILE or --compare-ref REF"
		}
		for _, c := range r.Delta.Causes {
			if c.Unzipped >= worthANote && c.Package != "" {
				return clean(fmt.Sprintf("featherpack why %s %s", c.Functions[0], c.Package))
			}
		}
		if n := len(r.Delta.Redeploy); n > 0 {
			return fmt.Sprintf("deploy %s", reporters.Plural(n, "function", "functions"))
		}
		if slices.ContainsFunc(r.Delta.Functions, func(f reporters.FunctionDelta) bool { return f.Status == reporters.StatusRemoved }) {
			return "see that what is removed is meant to be"
		}
		return "nothing: the deployed bytes are these"
	}
	return next(r)
}

// causeOf asks about the package that made one of the functions grow most.
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
