package budget

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// forbid gives one verdict for each forbidden package, listing the functions that contain
// it.
func (j *judge) forbid(rule analyzer.BudgetRule, glob string, functions []reporters.Function) {
	in := map[string][]reporters.Function{}
	unbuilt := []string{}
	for _, f := range functions {
		if f.Artifact == nil {
			unbuilt = append(unbuilt, f.ID)
		}
		last := ""
		for _, p := range slices.SortedFunc(slices.Values(f.Packages), func(a, b reporters.PackageBytes) int { return cmp.Compare(a.Name, b.Name) }) {
			if ok, err := doublestar.Match(glob, p.Name); p.Name != last && !reporters.IsRow(p.Name) && (p.Name == glob || ok && err == nil) {
				in[p.Name] = append(in[p.Name], f)
				last = p.Name
			}
		}
	}
	v := reporters.Verdict{Level: reporters.LevelError, Metric: reporters.MetricForbid, Limit: glob, Kind: glob, Rule: rule.Position, Match: rule.Match, Group: rule.Group}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		v := v
		v.Kind, v.Value = name, int64(len(in[name]))
		var bytes int64
		for _, f := range in[name] {
			v.Functions = append(v.Functions, f.ID)
			_, n := packageSize(f, reporters.FunctionDelta{}, name)
			bytes += n
		}
		v.Position = j.way.Site(in[name][0], name)
		if v.Position.File == "" {
			v.Position = in[name][0].Position
		}
		v.Message = fmt.Sprintf("%s is forbidden and is in %s, with %s unzipped", reporters.Quoted(name), reporters.Plural(len(in[name]), "function", "functions"), reporters.Size(bytes))
		v.Hint = fmt.Sprintf("featherpack why %s %s", v.Functions[0], name)
		j.outcome(&v)
		j.verdicts = append(j.verdicts, v)
	}
	if len(unbuilt) > 0 {
		v.Outcome, v.Functions = reporters.OutcomeUnmeasured, unbuilt
		v.Message = fmt.Sprintf("unknown whether %s is in %s: %s", reporters.Quoted(glob), reporters.Plural(len(unbuilt), "function", "functions"), "not built")
		j.verdicts = append(j.verdicts, v)
	} else if len(in) == 0 {
		v.Outcome, v.Message = reporters.OutcomePass, fmt.Sprintf("%s is in none of %s", reporters.Quoted(glob), reporters.Plural(len(functions), "function", "functions"))
		j.verdicts = append(j.verdicts, v)
	}
}

// outcome sets the outcome of a budget that has no amount.
func (j *judge) outcome(v *reporters.Verdict) {
	hint, at := v.Hint, v.Position
	j.over(v, nil)
	v.Hint, v.Position = cmp.Or(hint, v.Hint), at
}

// duplicates gives one verdict for each package with new copies, listing the functions.
func (j *judge) duplicates(rule analyzer.BudgetRule, functions []reporters.Function) {
	v := reporters.Verdict{Level: reporters.LevelError, Metric: reporters.MetricDuplicates, Kind: "*", Rule: rule.Position, Position: rule.Position, Match: rule.Match, Group: rule.Group}
	if j.r.Delta == nil || j.r.Delta.Baseline.Missing != "" {
		v.Outcome, v.Message = reporters.OutcomeUnmeasured, "unknown whether there are new duplicates: "+noBaseline
		v.Hint = "name a baseline with --compare-to FILE or --compare-ref REF"
		j.verdicts = append(j.verdicts, v)
		return
	}
	among := map[string]reporters.Function{}
	for _, f := range functions {
		among[f.ID] = f
	}
	found := map[string][]reporters.Duplicate{}
	for _, d := range j.r.Delta.NewDuplicates {
		if _, ok := among[d.Function]; ok {
			found[d.Package] = append(found[d.Package], d)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		v := v
		v.Kind = name
		var bytes int64
		for _, d := range found[name] {
			v.Functions = append(v.Functions, d.Function)
			bytes += d.Bytes
			v.Value = max(v.Value, int64(len(d.Copies)))
		}
		v.Most = 1
		v.Message = fmt.Sprintf("%s now has several copies in %s, %s unzipped", reporters.Quoted(name), reporters.Plural(len(v.Functions), "function", "functions"), reporters.Size(bytes))
		v.Hint = fmt.Sprintf("featherpack why %s %s", v.Functions[0], name)
		if at := j.way.Site(among[v.Functions[0]], name); at.File != "" {
			v.Position = at
		}
		j.outcome(&v)
		j.verdicts = append(j.verdicts, v)
	}
	if len(found) == 0 {
		v.Outcome, v.Message = reporters.OutcomePass, "no package has more copies than at the baseline"
		j.verdicts = append(j.verdicts, v)
	}
}
