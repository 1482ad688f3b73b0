package reporters

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// view is what every comparison shows, in the order in which it matters.
type view struct {
	// rows are the functions that a reviewer should look at, worst first.
	rows []reviewed
	// quiet are those that stayed as they were, or nearly, by ID.
	quiet   []reviewed
	removed []FunctionDelta
}

// reviewed is one function with what there is to say about it.
type reviewed struct {
	Function
	delta   FunctionDelta
	verdict *Verdict // the worst about this function's size, nil without a budget
}

func newView(r Report) view {
	var v view
	deltas := map[string]FunctionDelta{}
	if r.Delta != nil {
		for _, d := range r.Delta.Functions {
			deltas[d.ID] = d
			if d.Status == StatusRemoved {
				v.removed = append(v.removed, d)
			}
		}
	}
	worst := map[string]*Verdict{}
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
		pressing := one.verdict != nil && one.verdict.Outcome != OutcomePass && one.verdict.Outcome != OutcomeUnmeasured
		same := one.delta.Status == StatusSame || one.delta.Negligible() && one.delta.Status == StatusChanged
		if same && !pressing && f.Artifact != nil {
			v.quiet = append(v.quiet, one)
		} else {
			v.rows = append(v.rows, one)
		}
	}
	slices.SortStableFunc(v.rows, func(a, b reviewed) int {
		return cmp.Or(cmp.Compare(a.urgency(), b.urgency()), cmp.Compare(b.delta.Zip.By(), a.delta.Zip.By()), cmp.Compare(a.ID, b.ID))
	})
	return v
}

// worse orders verdicts about one function. Among those that pass, the one
// with the least room left counts.
func worse(a, b Verdict) bool {
	if a.Outcome != OutcomePass || b.Outcome != OutcomePass {
		return severityOf(a) < severityOf(b)
	}
	used := func(v Verdict) float64 {
		if v.Kind != "max" || v.Most <= 0 {
			return -1
		}
		return float64(v.Value) / float64(v.Most)
	}
	return used(a) > used(b)
}

// urgency is 0 for what must not be overlooked.
func (f reviewed) urgency() int {
	switch {
	case f.Artifact == nil:
		return 0
	case f.verdict != nil && f.verdict.Outcome != OutcomePass:
		return 1 + severityOf(*f.verdict)
	}
	return 10
}

// mark is the function's state as a word; signs stand for it elsewhere.
func (f reviewed) mark() string {
	switch {
	case f.Artifact == nil:
		return StatusFailed
	case f.verdict != nil:
		return f.verdict.Outcome
	}
	return ""
}

// changeOfZip is the change of the zip in bytes and in percent. It never makes
// a percentage of nothing.
func changeOfZip(d FunctionDelta) (bytes, percent string) {
	switch {
	case d.Status == "" || d.Status == StatusFailed:
		return "", ""
	case d.Status == StatusNoBaseline:
		return "no baseline", ""
	case d.Status == StatusNew:
		return "new", ""
	case d.Status == StatusRemoved:
		return "removed", ""
	case d.Negligible():
		return "~", ""
	case d.Zip.By() == 0:
		return "+0 B", ""
	}
	return signedSize(d.Zip.By()), change(d.Zip.Before, d.Zip.After)
}

// budgetOf is what a verdict allows and how much of it is used.
func budgetOf(f reviewed) string {
	v := f.verdict
	switch {
	case v == nil:
		return ""
	case v.Outcome == OutcomeUnmeasured:
		return "unmeasured"
	case v.Metric == metricForbid:
		return "forbids " + v.Kind
	case v.Metric == metricDuplicates && v.Outcome == OutcomePass:
		return ""
	case v.Metric == metricDuplicates:
		return "duplicates " + v.Kind
	}
	text := v.Limit
	if v.Kind == "grow" {
		text = "+" + text
	} else if strings.Contains(text, "%") { // of a limit
		text = v.shown(v.Most)
	}
	if v.Metric != metricZip {
		text += " " + v.Metric
	}
	switch v.Outcome {
	case OutcomeAccepted:
		text += ", accepted"
	case OutcomePass:
		if v.Kind == "max" && v.Most > 0 {
			text = share(v.Value, v.Most) + " of " + text
		}
	default:
		text += " over"
	}
	return text
}

// headline is the comparison in one sentence.
func headline(r Report) string {
	var fails, warns, unmeasured []Verdict
	for _, v := range findings(r.Verdicts) {
		switch v.Outcome {
		case OutcomeFail:
			fails = append(fails, v)
		case OutcomeWarn:
			warns = append(warns, v)
		case OutcomeUnmeasured:
			unmeasured = append(unmeasured, v)
		}
	}
	text := ""
	switch {
	case r.Totals.Failed > 0:
		text = plural(r.Totals.Failed, "function was", "functions were") + " not built"
	case len(fails) == 1:
		text = fails[0].Message
	case len(fails) > 1:
		text = count(len(fails)) + " budgets are broken, first of all: " + fails[0].Message
	case len(unmeasured) > 0:
		text = plural(len(unmeasured), "budget", "budgets") + " could not be judged: " + unmeasured[0].Message
	case len(warns) == 1:
		text = warns[0].Message
	case len(warns) > 1:
		text = count(len(warns)) + " warnings, first of all: " + warns[0].Message
	}
	if text != "" {
		return text
	}
	d := r.Delta
	if d == nil || d.Baseline.Missing != "" {
		return plural(r.Totals.Functions, "function", "functions") + ", " + size(r.Totals.ZipBytes) + " zipped"
	}
	n := changed(d)
	switch {
	case n == 0 && len(d.Redeploy) == 0:
		return "no function changed"
	case n == 0:
		return "no size changed to speak of"
	case d.Zip.By() == 0:
		return fmt.Sprintf("%s of %s changed", count(n), plural(len(d.Functions), "function", "functions"))
	}
	return fmt.Sprintf("%s of %s changed, %s zipped", count(n), plural(len(d.Functions), "function", "functions"), signedSize(d.Zip.By()))
}

// changed counts the functions whose size changed to speak of, and those that
// came or went.
func changed(d *Delta) int {
	n := 0
	for _, f := range d.Functions {
		switch f.Status {
		case StatusNew, StatusRemoved, StatusRenamed:
			n++
		case StatusChanged:
			if !f.Negligible() {
				n++
			}
		}
	}
	return n
}

// against says what the comparison is with.
func against(d *Delta) string {
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
func builtOtherwise(d *Delta) []string {
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

// chainText is an import chain with its places.
func chainText(chain []Link, arrow string) string {
	var steps []string
	for _, l := range chain {
		step := l.Path
		if l.Package != "" {
			step = strings.TrimSuffix(l.Package+"@"+l.Version, "@")
		} else if l.Line > 0 {
			step = l.Position.String()
		}
		if len(steps) == 0 || steps[len(steps)-1] != step { // a package's own files are one step
			steps = append(steps, step)
		}
	}
	return strings.Join(steps, arrow)
}

// asked is the place that a cause leads back to.
func asked(c Cause) string {
	if c.Kind == KindCode || c.Position.File == "" {
		return ""
	}
	return c.Position.String()
}

// inFunctions names up to three functions and counts the rest.
func inFunctions(ids []string) string {
	text := strings.Join(ids[:min(3, len(ids))], ", ")
	if n := len(ids) - 3; n > 0 {
		text += " and " + count(n) + " more"
	}
	return text
}
