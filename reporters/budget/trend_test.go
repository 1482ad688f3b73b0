package budget_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/budget"
)

// TestTrend judges two functions, of 120 and 50 bytes, against records of days ago.
func TestTrend(t *testing.T) {
	today := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	built := func(id string, zip int64, load ...float64) reporters.Function {
		f := reporters.Function{Status: reporters.StatusBuilt, Artifact: &packager.Artifact{ZipBytes: zip, UnzippedBytes: 2 * zip}}
		f.ID = id
		f.Boot = &packager.Boot{LoadMillis: load}
		return f
	}
	report := reporters.Report{Functions: []reporters.Function{built("a", 120, 30), built("b", 50)}}
	at := func(days int, sizes map[string]reporters.RecordedSize) reporters.Recorded {
		return reporters.Recorded{
			Commit: "0123456789abcdef", Subject: "one", Time: today.AddDate(0, 0, -days), Functions: reporters.NewSizes(sizes, reporters.Sizes{}),
		}
	}
	type sizes = map[string]reporters.RecordedSize
	rule := func(match, group, metric, grow string) analyzer.BudgetRule {
		return analyzer.BudgetRule{Match: match, Group: group, Limits: limitOf(metric, "", grow)}
	}
	long := []reporters.Recorded{
		at(50, sizes{"a": {Zip: 90}, "b": {Zip: 50}}), at(40, sizes{"a": {Zip: 100, Load: 20_000}, "b": {Zip: 50}, "gone": {Zip: 40}}),
		at(20, sizes{"a": {Zip: 118, Load: 29_000}, "b": {Zip: 50}}), at(0, sizes{"a": {Zip: 120}, "b": {Zip: 50}}),
	}
	const most = "most of it, +18 B, came with 0123456789 one; featherpack history a lists the commits"
	for name, test := range map[string]struct {
		history []reporters.Recorded
		rule    analyzer.BudgetRule
		want    []string
	}{
		"the last before the span": {long, rule("*", "", "zip", "19% in 30d"), []string{
			`fail: "a" grew its zip by 20 B (+20.0%) since 0123456789 of 2026-10-18, and 19% in 30d is allowed | ` + most,
			`pass: "b" has a zip of 50 B, of 59 B allowed since 0123456789 of 2026-10-18 | `,
		}},
		"allowed": {long, rule("a", "", "zip", "20 B in 30d"), []string{
			`pass: "a" has a zip of 120 B, of 120 B allowed since 0123456789 of 2026-10-18 | `,
		}},
		"a shorter span": {long, rule("a", "", "zip", "5% in 2w"), []string{
			`pass: "a" has a zip of 120 B, of 123 B allowed since 0123456789 of 2026-11-07 | `,
		}},
		"on the day": {long, rule("a", "", "zip", "1% in 20d"), []string{
			`fail: "a" grew its zip by 2 B (+1.7%) since 0123456789 of 2026-11-07, and 1% in 20d is allowed | ` +
				`most of it, +2 B, came with 0123456789 one; featherpack history a lists the commits`,
		}},
		"the history begins later": {long[2:], rule("a", "", "zip", "1% in 30d"), []string{
			`fail: "a" grew its zip by 2 B (+1.7%) since 0123456789 of 2026-11-07, the first record, and 1% in 30d is allowed | ` +
				`most of it, +2 B, came with 0123456789 one; featherpack history a lists the commits`,
		}},
		"load": {long, rule("a", "", "load", "5 ms in 30d"), []string{
			`fail: "a" grew its load time by 10 ms (+50.0%) since 0123456789 of 2026-10-18, and 5 ms in 30d is allowed | ` +
				`most of it, +9 ms, came with 0123456789 one; featherpack history a lists the commits`,
		}},
		"load that was never recorded": {long[:1], rule("a", "", "load", "5 ms in 30d"), []string{
			`pass: the load time of "a" is not in the history yet, so there is nothing that it has grown from | `,
		}},
		"load that was not measured now": {long, rule("b", "", "load", "5 ms in 30d"), []string{
			`unmeasured: the load time of "b" is unknown: "b" was not started | add --boot, which starts every artifact`,
		}},
		"a new function": {[]reporters.Recorded{at(40, sizes{"a": {Zip: 120}})}, rule("b", "", "zip", "1% in 30d"), []string{
			`pass: the zip of "b" is not in the history yet, so there is nothing that it has grown from | `,
		}},
		"a function of within the span": {
			[]reporters.Recorded{at(40, sizes{"a": {Zip: 120}}), at(10, sizes{"b": {Zip: 40}})}, rule("b", "", "zip", "1% in 30d"),
			[]string{`fail: "b" grew its zip by 10 B (+25.0%) since 0123456789 of 2026-11-17, the first record, and 1% in 30d is allowed | ` +
				`most of it, +10 B, came with this change; featherpack history b lists the commits`},
		},
		"all together, with those that are gone": {long, rule("", "all", "zip", "1% in 30d"), []string{
			`pass: the group "all" has a zip of 170 B, of 191 B allowed since 0123456789 of 2026-10-18 | `,
		}},
		"a new one is growth of a group": {
			[]reporters.Recorded{at(40, sizes{"a": {Zip: 120}})}, rule("", "all", "zip", "1% in 30d"),
			[]string{`fail: the group "all" grew its zip by 50 B (+41.7%) since 0123456789 of 2026-10-18, and 1% in 30d is allowed | ` +
				`featherpack history shows which functions and commits it was`},
		},
		"nothing recorded": {[]reporters.Recorded{}, rule("*", "", "zip", "1% in 30d"), []string{
			`unmeasured: growth of the zip by 1% in 30d is not checked for 2 functions: nothing is recorded yet | ` +
				`each check with --history records its commit; git fetch origin refs/notes/featherpack:refs/notes/featherpack brings what others recorded`,
		}},
		"no history": {nil, rule("*", "", "zip", "1% in 30d"), []string{
			`unmeasured: growth of the zip by 1% in 30d is not checked for 2 functions: no history is given | ` +
				`add --history notes, or --history FILE with a file that the CI cache keeps`,
		}},
	} {
		r := budget.Judge(report, []analyzer.BudgetRule{test.rule}, budget.Options{Today: today, History: test.history})
		var got []string
		failed := false
		for _, v := range r.Verdicts {
			got = append(got, v.Outcome+": "+v.Message+" | "+v.Hint)
			failed = failed || v.Outcome == reporters.OutcomeFail
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if status := budget.Status(r); status == 1 != failed || status == 2 != (name == "load that was not measured now") {
			t.Errorf("%s: exit status %d", name, status)
		}
	}
	for _, bad := range []string{"5% in 0d", "5% in 366d", "5% in 3m", "5% in d", "x in 30d"} {
		r := budget.Judge(report, []analyzer.BudgetRule{rule("a", "", "zip", bad)}, budget.Options{Today: today, History: long})
		if len(r.Diagnostics) != 1 || budget.Status(r) != 2 {
			t.Errorf("%q is taken: %v", bad, r.Verdicts)
		}
	}
}
