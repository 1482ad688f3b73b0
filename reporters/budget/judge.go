package budget

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// Options are the inputs of [Judge] other than the report. The zero value works.
type Options struct {
	// Before are the baseline's rules, nil if they are not known.
	Before []analyzer.BudgetRule
	// Accepted are the acceptances. Today determines which ones apply.
	Accepted []Acceptance
	Today    time.Time
	// History is what was recorded for earlier commits, oldest first; nil if none was given.
	History []reporters.Recorded
	// Locate is as in [reporters.CompareOptions].
	Locate func(from analyzer.Input, im analyzer.Import) analyzer.Position
	// Partial is set if the report contains only some of the functions. Rules that match
	// none of them are then skipped.
	Partial bool
}

// Judge returns the report with a [reporters.Verdict] for every budget and each function
// it applies to. Growth is judged by the report's [reporters.Delta]. A rule that is not
// valid also gives a diagnostic.
func Judge(r reporters.Report, rules []analyzer.BudgetRule, o Options) reporters.Report {
	j := &judge{r: r, o: o, deltas: map[string]reporters.FunctionDelta{}, names: map[string][]string{}, way: reporters.NewChains(r.Inputs, o.Locate)}
	if r.Delta != nil {
		for _, d := range r.Delta.Functions {
			j.deltas[d.ID] = d
		}
	}
	for _, f := range r.Functions {
		j.names[f.ID] = f.Globbed()
	}
	for _, rule := range rules {
		j.rule(rule)
	}
	j.unusedAcceptances()
	slices.SortStableFunc(j.verdicts, func(a, b reporters.Verdict) int {
		return cmp.Or(cmp.Compare(a.Severity(), b.Severity()), cmp.Compare(a.Level, b.Level), cmp.Compare(b.Value-b.Most, a.Value-a.Most), cmp.Compare(a.Message, b.Message))
	})
	r.Verdicts = j.verdicts
	r.Diagnostics = analyzer.SortDiagnostics(append(slices.Clone(r.Diagnostics), j.diagnostics...))
	if o.Before != nil {
		r.Loosened = loosened(o.Before, rules)
	}
	return r
}

type judge struct {
	r           reporters.Report
	o           Options
	deltas      map[string]reporters.FunctionDelta
	names       map[string][]string // of functions, by ID
	way         *reporters.Chains
	verdicts    []reporters.Verdict
	diagnostics []analyzer.Diagnostic
}

func (j *judge) rule(rule analyzer.BudgetRule) {
	functions, problem := j.concerned(rule)
	if len(functions) == 0 {
		if j.o.Partial && problem == "" {
			return
		}
		v := reporters.Verdict{Outcome: reporters.OutcomeUnmeasured, Level: reporters.LevelError, Metric: "match", Kind: "max", Match: rule.Match, Group: rule.Group, Limit: cmp.Or(rule.Match, rule.Group), Rule: rule.Position, Position: rule.Position}
		v.Message = cmp.Or(problem, fmt.Sprintf("the budget for %q matches no function", cmp.Or(rule.Match, rule.Group)))
		v.Hint = "featherpack discover lists the functions"
		j.verdicts = append(j.verdicts, v)
		return
	}
	for _, metric := range slices.Sorted(maps.Keys(rule.Limits)) {
		limit := rule.Limits[metric]
		for _, kind := range []string{"max", "grow"} {
			text := limit.Max
			if kind == "grow" {
				text = limit.Grow
			}
			if text == "" {
				continue
			}
			v := reporters.Verdict{Level: cmp.Or(limit.Level, reporters.LevelError), Metric: metric, Kind: kind, Limit: text, Rule: limit.Position, Match: rule.Match, Group: rule.Group}
			if v.Rule.File == "" {
				v.Rule = rule.Position
			}
			j.limit(v, functions, j.removed(rule))
		}
	}
	for _, name := range rule.Forbid {
		j.forbid(rule, name, functions)
	}
	if rule.NoNewDuplicates {
		j.duplicates(rule, functions)
	}
}

// concerned returns the functions a rule applies to. A group is "all" or the name of a
// service, unless the rule also has a glob.
func (j *judge) concerned(rule analyzer.BudgetRule) ([]reporters.Function, string) {
	glob := rule.Match
	service := ""
	if glob == "" {
		glob = "**"
		if rule.Group != "" && rule.Group != "all" {
			service = rule.Group
		}
	}
	if !doublestar.ValidatePattern(glob) {
		return nil, fmt.Sprintf("%q is not a glob", glob)
	}
	var functions []reporters.Function
	for _, f := range j.r.Functions {
		if rule.Under != "" && rule.Under != "." && f.ServiceDir != rule.Under && !strings.HasPrefix(f.ServiceDir, rule.Under+"/") {
			continue
		}
		if service != "" && f.Service != service {
			continue
		}
		if matches(glob, f.Globbed()) {
			functions = append(functions, f)
		}
	}
	return functions, ""
}

// removed returns the removed functions that count against a group's growth. A group that is
// a service has none, because the service of a removed function is not known.
func (j *judge) removed(rule analyzer.BudgetRule) []reporters.FunctionDelta {
	if j.r.Delta == nil || rule.Group == "" || rule.Match == "" && rule.Group != "all" {
		return nil
	}
	var list []reporters.FunctionDelta
	for _, d := range j.r.Delta.Functions {
		if d.Status == reporters.StatusRemoved && matches(cmp.Or(rule.Match, "**"), d.Globbed) {
			list = append(list, d)
		}
	}
	return list
}

// matches reports whether a valid glob matches one of a function's names.
func matches(glob string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return doublestar.MatchUnvalidated(glob, name) })
}

// limit judges one amount, for each function or for their sum.
func (j *judge) limit(v reporters.Verdict, functions []reporters.Function, removed []reporters.FunctionDelta) {
	a, err := parseAmount(v.Limit, v.Metric, v.Kind == "grow")
	if err != nil {
		var d analyzer.Diagnostic
		errors.As(err, &d)
		d.Position = v.Rule
		j.diagnostics = append(j.diagnostics, d)
		v.Outcome, v.Message, v.Hint, v.Position = reporters.OutcomeUnmeasured, d.Message, d.Hint, v.Rule
		j.verdicts = append(j.verdicts, v)
		return
	}
	if a.days > 0 {
		v.Kind = growIn(a.days)
		j.verdicts = append(j.verdicts, j.trend(v, a, functions)...)
		return
	}
	if v.Group != "" {
		j.verdicts = append(j.verdicts, j.compare(v, a, functions, removed))
		return
	}
	for _, f := range functions {
		j.verdicts = append(j.verdicts, j.compare(v, a, []reporters.Function{f}, nil))
	}
}

// compare compares the sum of a metric over functions with an amount. New functions count
// as growth of a group. A new function by itself has no growth.
func (j *judge) compare(v reporters.Verdict, a amount, functions []reporters.Function, removed []reporters.FunctionDelta) reporters.Verdict {
	for _, f := range functions {
		v.Functions = append(v.Functions, f.ID)
	}
	who := reporters.Quoted(v.Functions[0])
	v.Position = functions[0].Position
	if v.Group != "" {
		who = "the group " + reporters.Quoted(v.Group)
		v.Position = v.Rule
	}
	var before, after int64
	for _, d := range removed {
		switch v.Metric {
		case reporters.MetricZip:
			before += d.Zip.Before
		case reporters.MetricUnzipped:
			before += d.Unzipped.Before
		}
	}
	for _, f := range functions {
		b, n, unknown := j.measure(f, v.Metric, v.Kind == "grow")
		if unknown == noGrowth && v.Group == "" {
			v.Outcome, v.Message = reporters.OutcomePass, who+" is new and has no earlier size"
			return v
		}
		if unknown != "" && unknown != noGrowth {
			v.Outcome, v.Message, v.Hint = reporters.OutcomeUnmeasured, fmt.Sprintf("the %s of %s is unknown: %s", nameOfMetric(v.Metric), who, unknown), "a budget that cannot be measured does not pass"
			if unknown == noBaseline {
				v.Hint = "name a baseline with --compare-to FILE or --compare-ref REF"
			} else if v.Metric == reporters.MetricLoad {
				v.Hint = "add --boot, which starts every artifact"
			}
			return v
		}
		before, after = before+b, after+n
	}
	v.Value = after
	ok := false
	if v.Kind == "grow" {
		ok, v.Most = a.allows(before, after)
	} else {
		v.Most = a.units
		ok = after <= a.units
	}
	what := nameOfMetric(v.Metric)
	switch {
	case ok:
		v.Outcome = reporters.OutcomePass
		v.Message = fmt.Sprintf("%s has %s of %s, of %s allowed", who, withArticle(what), v.Shown(after), v.Shown(v.Most))
	case v.Kind == "grow":
		v.Message = fmt.Sprintf("%s grew its %s by %s (%s), and %s is allowed", who, what, v.Shown(after-before), cmp.Or(reporters.PercentChange(before, after), "from nothing"), v.Limit)
	default:
		v.Message = fmt.Sprintf("%s is %s over its %s budget of %s", who, v.Shown(after-v.Most), what, v.Limit)
	}
	if !ok {
		j.over(&v, functions)
	}
	return v
}

const (
	noGrowth   = "it is new"
	noBaseline = "there is no baseline"
)

// measure returns a metric of a function and, for growth, its value at the baseline.
// unknown is a clause that says why there is no value.
func (j *judge) measure(f reporters.Function, metric string, growth bool) (before, after int64, unknown string) {
	if f.Artifact == nil {
		return 0, 0, reporters.Quoted(f.ID) + " was not built"
	}
	d, ok := j.deltas[f.ID]
	if growth {
		switch {
		case !ok || j.r.Delta.Baseline.Missing != "":
			return 0, 0, noBaseline
		case d.Status == reporters.StatusNoBaseline:
			return 0, 0, reporters.Quoted(f.ID) + " was not built at the baseline"
		}
	}
	switch {
	case metric == reporters.MetricZip:
		before, after = d.Zip.Before, f.Artifact.ZipBytes
	case metric == reporters.MetricUnzipped:
		before, after = d.Unzipped.Before, f.Artifact.UnzippedBytes
	case metric == reporters.MetricLoad:
		if after, ok = reporters.LoadTime(f); !ok {
			return 0, 0, reporters.Quoted(f.ID) + " was not started"
		}
		if d.Load != nil {
			before = d.Load.Before
		} else if growth && d.Status != reporters.StatusNew {
			return 0, 0, reporters.Quoted(f.ID) + " was not started at the baseline"
		}
	case strings.HasPrefix(metric, reporters.PackageMetric):
		before, after = packageSize(f, d, strings.TrimPrefix(metric, reporters.PackageMetric))
	default:
		return 0, 0, "there is no such metric"
	}
	if growth && d.Status == reporters.StatusNew {
		return 0, after, noGrowth
	}
	return before, after, ""
}

// packageSize is the exact unzipped size of all versions of a package.
func packageSize(f reporters.Function, d reporters.FunctionDelta, name string) (before, after int64) {
	for _, p := range f.Packages {
		if p.Name == name {
			after += p.Unzipped
		}
	}
	before = after
	for _, p := range d.Packages {
		if p.Name == name {
			before -= p.Unzipped.By()
		}
	}
	return before, after
}

func nameOfMetric(metric string) string {
	switch {
	case metric == reporters.MetricUnzipped:
		return "unzipped size"
	case metric == reporters.MetricLoad:
		return "load time"
	case strings.HasPrefix(metric, reporters.PackageMetric):
		return "share of " + reporters.Quoted(strings.TrimPrefix(metric, reporters.PackageMetric))
	}
	return "zip"
}

func withArticle(noun string) string {
	if strings.HasPrefix(noun, "u") {
		return "an " + noun
	}
	return "a " + noun
}
