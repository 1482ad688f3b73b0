package budget

import (
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// over sets the outcome and cause of an exceeded budget, and applies the acceptances.
func (j *judge) over(v *reporters.Verdict, functions []reporters.Function) {
	v.Outcome = reporters.OutcomeFail
	if v.Level == reporters.LevelWarn {
		v.Outcome = reporters.OutcomeWarn
	}
	j.because(v, functions)
	for _, a := range j.o.Accepted {
		if !a.concerns(*v, j.names) {
			continue
		}
		v.Until = a.Until
		if !a.holds(j.o.Today) {
			v.Message += "; its acceptance expired on " + a.Until
			continue
		}
		most, err := parseAmount(a.UpTo, v.Metric, false)
		if a.UpTo != "" && (err != nil || v.Value > most.units) {
			v.Message += "; it was accepted up to " + a.UpTo
			continue
		}
		v.Outcome, v.Reason = reporters.OutcomeAccepted, a.Reason
		return
	}
}

// unusedAcceptances warns about acceptances that concern no verdict. After a build of some
// functions only, they may concern the others.
func (j *judge) unusedAcceptances() {
	if j.o.Partial {
		return
	}
	for _, a := range j.o.Accepted {
		if slices.ContainsFunc(j.verdicts, func(v reporters.Verdict) bool { return a.concerns(v, j.names) }) {
			continue
		}
		about := reporters.Quoted(a.Function)
		if a.Package != "" {
			about = reporters.Quoted(a.Package) + " in " + about
		}
		j.diagnostics = append(j.diagnostics, analyzer.Diagnostic{
			Code: "unused-acceptance", Severity: analyzer.Warning, Position: a.Position,
			Message: fmt.Sprintf("no %s budget concerns %s, so this acceptance has no effect", a.Metric, about),
			Hint:    "correct its function, budget or package, or remove it",
		})
	}
}

// because finds the code that exceeded a budget: the import that made the functions grow,
// or the one that adds the largest package.
func (j *judge) because(v *reporters.Verdict, functions []reporters.Function) {
	name := strings.TrimPrefix(v.Metric, reporters.PackageMetric)
	aboutPackage := name != v.Metric
	if j.r.Delta != nil {
		for _, c := range j.r.Delta.Causes {
			if c.Unzipped <= 0 || !slices.ContainsFunc(c.Functions, func(id string) bool { return slices.Contains(v.Functions, id) }) {
				continue
			}
			if aboutPackage && c.Package != name {
				continue
			}
			v.Hint = fmt.Sprintf("the largest growth is %s with %s unzipped", reporters.Quoted(c.Name()), reporters.SignedSize(c.Most))
			if c.Position.File != "" {
				v.Position = c.Position
			}
			return
		}
	}
	if len(functions) != 1 {
		return
	}
	f := functions[0]
	if !aboutPackage {
		name = reporters.LargestPackage(f)
	}
	if name == "" {
		return
	}
	v.Hint = fmt.Sprintf("featherpack why %s %s", f.ID, name)
	if at := j.way.Site(f, name); at.File != "" {
		v.Position = at
	}
}
