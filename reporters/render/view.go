package render

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/reporters"
)

// causeText is a cause in one clause, which begins with [Cause.Name].
func causeText(c reporters.Cause) string {
	how := ""
	switch c.Kind {
	case reporters.KindNew:
		how = ", new"
	case reporters.KindDuplicate:
		how = ", additional version"
	case reporters.KindRemoved:
		how = ", removed"
	}
	text := c.Name() + how + ": " + reporters.SignedSize(c.Unzipped) + " unzipped"
	if len(c.Functions) > 1 {
		text += " in total, " + reporters.SignedSize(c.Most) + " in one function"
	}
	return text
}

// zippedToo is the change of the zip, if it is meaningful. Apportioned bytes change with their
// neighbours and can even change in the opposite direction.
func zippedToo(c reporters.Cause) string {
	if c.Zipped == 0 || (c.Zipped > 0) != (c.Unzipped > 0) || max(c.Zipped, -c.Zipped) > max(c.Unzipped, -c.Unzipped) {
		return ""
	}
	return ", about " + reporters.SignedSize(c.Zipped) + " zipped"
}

// view is the content of every comparison, most important first.
type view struct {
	// rows are the functions that a reviewer should check, worst first.
	rows []reviewed
	// quiet lists the IDs of functions without a significant change.
	quiet   []reviewed
	removed []reporters.FunctionDelta
}

// reviewed is one function with its change and verdict.
type reviewed struct {
	reporters.Function
	delta   reporters.FunctionDelta
	verdict *reporters.Verdict // the worst about this function's size, nil without a budget
}

func newView(r reporters.Report) view {
	var v view
	deltas := map[string]reporters.FunctionDelta{}
	if r.Delta != nil {
		for _, d := range r.Delta.Functions {
			deltas[d.ID] = d
			if d.Status == reporters.StatusRemoved {
				v.removed = append(v.removed, d)
			}
		}
	}
	worst := map[string]*reporters.Verdict{}
	for i := range r.Verdicts {
		about := &r.Verdicts[i]
		if about.Group != "" { // about none of them by itself
			continue
		}
		for _, id := range about.Functions {
			if known := worst[id]; known == nil || worse(*about, *known) {
				worst[id] = about
			}
		}
	}
	for _, f := range r.Functions {
		one := reviewed{f, deltas[f.ID], worst[f.ID]}
		pressing := one.verdict != nil && one.verdict.Outcome != reporters.OutcomePass && one.verdict.Outcome != reporters.OutcomeUnmeasured
		same := one.delta.Status == reporters.StatusSame || one.delta.Negligible() && one.delta.Status == reporters.StatusChanged
		if _, failed := f.Failed(); same && !pressing && !failed {
			v.quiet = append(v.quiet, one)
		} else {
			v.rows = append(v.rows, one)
		}
	}
	slices.SortStableFunc(v.rows, func(a, b reviewed) int {
		order := cmp.Or(cmp.Compare(a.urgency(), b.urgency()), cmp.Compare(b.delta.Zip.By(), a.delta.Zip.By()))
		if r.Delta == nil { // nothing grew: the largest first
			order = cmp.Or(order, cmp.Compare(b.zip(), a.zip()))
		}
		return cmp.Or(order, cmp.Compare(a.ID, b.ID))
	})
	return v
}

// zip is the size of the function's zip in bytes, 0 if it was not built.
func (f reviewed) zip() int64 {
	if f.Artifact == nil {
		return 0
	}
	return f.Artifact.ZipBytes
}

// worse compares verdicts of one function. Among passing ones, the one closest to its limit is
// worse.
func worse(a, b reporters.Verdict) bool {
	if a.Outcome != reporters.OutcomePass || b.Outcome != reporters.OutcomePass {
		return a.Severity() < b.Severity()
	}
	used := func(v reporters.Verdict) float64 {
		if v.Kind != "max" || v.Most <= 0 {
			return -1
		}
		return float64(v.Value) / float64(v.Most)
	}
	return used(a) > used(b)
}

// urgency is 0 for the most urgent.
func (f reviewed) urgency() int {
	_, failed := f.Failed()
	switch {
	case failed:
		return 0
	case f.verdict != nil && f.verdict.Outcome != reporters.OutcomePass:
		return 1 + f.verdict.Severity()
	}
	return 10
}

// mark is the function's state as a word; signs stand for it elsewhere.
func (f reviewed) mark() string {
	_, failed := f.Failed()
	switch {
	case failed:
		return reporters.StatusFailed
	case f.verdict != nil:
		return f.verdict.Outcome
	}
	return ""
}

// changeOfZip is the change of the zip in bytes and in percent. It never makes
// a percentage of nothing.
func changeOfZip(d reporters.FunctionDelta) (bytes, percent string) {
	switch {
	case d.Status == "" || d.Status == reporters.StatusFailed:
		return "", ""
	case d.Status == reporters.StatusNoBaseline:
		return "no baseline", ""
	case d.Status == reporters.StatusNew:
		return "new", ""
	case d.Status == reporters.StatusRemoved:
		return "removed", ""
	case d.Negligible():
		return "~", ""
	case d.Zip.By() == 0:
		return "+0 B", ""
	}
	return reporters.SignedSize(d.Zip.By()), reporters.PercentChange(d.Zip.Before, d.Zip.After)
}

// budgetOf is what a verdict allows and how much of it is used.
func budgetOf(f reviewed) string {
	v := f.verdict
	switch {
	case v == nil:
		return ""
	case v.Outcome == reporters.OutcomeUnmeasured:
		return "unmeasured"
	case v.Metric == reporters.MetricForbid:
		return "forbids " + v.Kind
	case v.Metric == reporters.MetricDuplicates && v.Outcome == reporters.OutcomePass:
		return ""
	case v.Metric == reporters.MetricDuplicates:
		return "duplicates " + v.Kind
	}
	text := v.Limit
	if strings.HasPrefix(v.Kind, "grow") {
		text = "+" + text
	} else if strings.Contains(text, "%") { // of a limit
		text = v.Shown(v.Most)
	}
	if v.Metric != reporters.MetricZip {
		text += " " + v.Metric
	}
	switch v.Outcome {
	case reporters.OutcomeAccepted:
		text += ", accepted"
	case reporters.OutcomePass:
		if v.Kind == "max" && v.Most > 0 {
			text = reporters.Share(v.Value, v.Most) + " of " + text
		}
	default:
		text += " over"
	}
	return text
}

// headline is the comparison in one sentence.
func headline(r reporters.Report) string {
	var fails, warns, unmeasured []reporters.Verdict
	for _, v := range findings(r.Verdicts) {
		switch v.Outcome {
		case reporters.OutcomeFail:
			fails = append(fails, v)
		case reporters.OutcomeWarn:
			warns = append(warns, v)
		case reporters.OutcomeUnmeasured:
			unmeasured = append(unmeasured, v)
		}
	}
	text := ""
	switch {
	case r.Totals.Failed > 0:
		text = reporters.Plural(r.Totals.Failed, "function was", "functions were") + " not built"
	case r.Broken() > 0:
		text = reporters.Plural(r.Broken(), "function", "functions") + " failed the boot check"
	case len(fails) == 1:
		text = fails[0].Message
	case len(fails) > 1:
		text = reporters.Count(len(fails)) + " budgets are broken; the first: " + fails[0].Message
	case len(unmeasured) > 0:
		text = reporters.Plural(len(unmeasured), "budget", "budgets") + " could not be judged: " + unmeasured[0].Message
	case len(warns) == 1:
		text = warns[0].Message
	case len(warns) > 1:
		text = reporters.Count(len(warns)) + " warnings; the first: " + warns[0].Message
	}
	if n := len(unmeasured); n > 0 && len(fails) > 0 && text != "" {
		text += "; " + reporters.Plural(n, "other budget", "other budgets") + " could not be judged"
	}
	if text != "" {
		return text
	}
	d := r.Delta
	if d == nil || d.Baseline.Missing != "" {
		return reporters.Plural(r.Totals.Functions, "function", "functions") + ", " + reporters.Size(r.Totals.ZipBytes) + " zipped"
	}
	n := changed(d)
	switch {
	case n == 0 && len(d.Redeploy) == 0:
		return "no function changed"
	case n == 0:
		return "all changes in size are negligible"
	case d.Zip.By() == 0:
		return fmt.Sprintf("%s of %s changed", reporters.Count(n), reporters.Plural(len(d.Functions), "function", "functions"))
	}
	return fmt.Sprintf("%s of %s changed, %s zipped", reporters.Count(n), reporters.Plural(len(d.Functions), "function", "functions"), reporters.SignedSize(d.Zip.By()))
}

// changed counts the functions whose size changed to speak of, and those that
// came or went.
func changed(d *reporters.Delta) int {
	n := 0
	for _, f := range d.Functions {
		switch f.Status {
		case reporters.StatusNew, reporters.StatusRemoved, reporters.StatusRenamed:
			n++
		case reporters.StatusChanged:
			if !f.Negligible() {
				n++
			}
		}
	}
	return n
}

// against says what the comparison is with.
func against(d *reporters.Delta) string {
	b := d.Baseline
	if b.Missing != "" {
		return "no baseline: " + b.Missing
	}
	text := "base " + cmp.Or(b.Ref, "unnamed")
	if b.Method != "" {
		text += " (" + b.Method + ")"
	}
	return text
}

// builtOtherwise are clauses about baselines that were not built as the head is:
// for all functions, and for those that have another architecture, runtime or
// setting now.
func builtOtherwise(d *reporters.Delta) []string {
	list := slices.Clone(d.Baseline.Differs)
	in := map[string][]string{}
	for _, f := range d.Functions {
		for _, clause := range f.Differs {
			in[clause] = append(in[clause], f.ID)
		}
	}
	for _, clause := range slices.Sorted(maps.Keys(in)) {
		list = append(list, clause+" for "+inFunctions(in[clause]))
	}
	return list
}

// asked is the place that a cause leads back to.
func asked(c reporters.Cause) string {
	if c.Kind == reporters.KindCode || c.Position.File == "" {
		return ""
	}
	return c.Position.String()
}

// inFunctions names up to three functions and counts the rest.
func inFunctions(ids []string) string {
	text := strings.Join(ids[:min(3, len(ids))], ", ")
	if n := len(ids) - 3; n > 0 {
		text += " and " + reporters.Count(n) + " more"
	}
	return text
}
