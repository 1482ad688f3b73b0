package budget_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/budget"
	"github.com/featherpack/featherpack/reporters/render"
	"github.com/featherpack/featherpack/reporters/sample"
)

func limitOf(metric, max, grow string) map[string]analyzer.BudgetLimit {
	return map[string]analyzer.BudgetLimit{metric: {Max: max, Grow: grow}}
}

// outcomesOf is every verdict as "functions metric kind: outcome".
func outcomesOf(r reporters.Report) []string {
	var list []string
	for _, v := range r.Verdicts {
		list = append(list, fmt.Sprintf("%s %s %s: %s", strings.Join(v.Functions, "+"), v.Metric, v.Kind, v.Outcome))
	}
	return list
}

func TestBudgets(t *testing.T) {
	base, head := sample.Platform(t, nil), sample.Platform(t, sample.HeavyImport)
	compare := func(base, head reporters.Report) reporters.Report {
		return reporters.Compare(base, head, reporters.CompareOptions{})
	}
	compared, moved := compare(base, head), compare(base, sample.Platform(t, sample.VersionMove))
	ping := sample.Find(t, head, "ping")
	started := func(r reporters.Report, millis ...float64) reporters.Report {
		r.Functions = append([]reporters.Function{}, r.Functions...)
		for i := range r.Functions {
			r.Functions[i].Boot = &packager.Boot{Status: "loads", LoadMillis: millis}
		}
		return r
	}
	paired := func(r reporters.Report) reporters.Report {
		r.PutLoads("api-03", []float64{20, 21, 22}, []float64{30, 31, 32}, []float64{25, 26, 27}, []float64{15, 16, 17})
		return r
	}
	type rule = analyzer.BudgetRule
	none := reporters.NoBaseline(head, "none")
	most := func(match, metric, amount string) analyzer.BudgetRule {
		return analyzer.BudgetRule{Match: match, Limits: limitOf(metric, amount, "")}
	}
	grow := func(match, metric, amount string) analyzer.BudgetRule {
		return analyzer.BudgetRule{Match: match, Limits: limitOf(metric, "", amount)}
	}
	exact, less := fmt.Sprint(ping.Artifact.ZipBytes), fmt.Sprint(ping.Artifact.ZipBytes-1)
	for name, test := range map[string]struct {
		report reporters.Report
		rule   analyzer.BudgetRule
		want   string // "" for any
		status int
	}{
		"exactly at the limit": {head, most("ping", "zip", exact), "ping zip max: pass", 0},
		"one byte over":        {head, most("ping", "zip", less), "ping zip max: fail", 1},
		"a share of the limit": {
			head, most("ping", "unzipped", "0.0001% of lambda-unzipped"), "ping unzipped max: fail", 1,
		},
		"no growth":            {compared, grow("ping", "zip", "0%"), "ping zip grow: pass", 0},
		"growth in percent":    {compared, grow("api-03", "zip", "5%"), "api-03 zip grow: fail", 1},
		"growth in bytes":      {compared, grow("api-03", "zip", "1 MiB"), "api-03 zip grow: pass", 0},
		"growth, not compared": {head, grow("ping", "zip", "5%"), "ping zip grow: unmeasured", 2},
		"growth, no baseline":  {none, grow("ping", "zip", "5%"), "ping zip grow: unmeasured", 2},
		"a package's bytes": {
			head, most("api-03", "package:googleapis", "48000"), "api-03 package:googleapis max: pass", 0,
		},
		"a package's growth": {
			compared, grow("api-03", "package:googleapis", "1 KiB"), "api-03 package:googleapis grow: fail", 1,
		},
		"a package not there": {head, most("ping", "package:moment", "0"), "ping package:moment max: pass", 0},
		"a group": {
			head, rule{Group: "all", Match: "api-0[01]", Limits: limitOf("zip", "20 KiB", "")},
			"api-00+api-01 zip max: fail", 1,
		},
		"a group that is a service": {head, rule{Group: "shop", Limits: limitOf("zip", "1 GiB", "")}, "", 0},
		"load, not started":         {head, most("ping", "load", "250 ms"), "ping load max: unmeasured", 2},
		"load, measured": {
			started(head, 90, 10, 20), most("ping", "load", "20 ms"), "ping load max: pass", 0,
		},
		"load, too long": {
			started(head, 90, 10, 20.1), most("ping", "load", "20 ms"), "ping load max: fail", 1,
		},
		"load grows": {
			compare(started(base, 10), started(head, 12)), grow("api-03", "load", "10%"), "api-03 load grow: fail", 1,
		},
		"equal bytes load alike": {
			compare(started(base, 10), started(head, 12)), grow("ping", "load", "10%"), "ping load grow: pass", 0,
		},
		"load grows in pairs": {
			paired(compare(started(base, 10), started(head, 10))), grow("api-03", "load", "10%"),
			"api-03 load grow: fail", 1,
		},
		"load before not known": {
			compare(base, started(head, 12)), grow("ping", "load", "10%"), "ping load grow: unmeasured", 2,
		},
		"forbidden": {head, rule{Match: "*", Forbid: []string{"googleapis", "moment"}}, "", 1},
		"forbidden by glob": {
			head, rule{Match: "ping", Forbid: []string{"@aws-sdk/*"}}, " forbid @aws-sdk/*: pass", 0,
		},
		"new duplicates": {
			moved, rule{Match: "report", NoNewDuplicates: true}, "report duplicates tslib: fail", 1,
		},
		"duplicates elsewhere":    {moved, rule{Match: "ping", NoNewDuplicates: true}, " duplicates *: pass", 0},
		"duplicates, no baseline": {head, rule{Match: "ping", NoNewDuplicates: true}, " duplicates *: unmeasured", 2},
		"a glob of nothing":       {head, most("order-*", "zip", "1 MiB"), " match max: unmeasured", 2},
		"not a glob":              {head, most("[", "zip", "1 MiB"), " match max: unmeasured", 2},
		"not an amount":           {head, most("ping", "zip", "big"), " zip max: unmeasured", 2},
		"not a metric":            {head, most("ping", "zap", "1 MiB"), "ping zap max: unmeasured", 2},
		"another folder": {
			head, rule{Match: "ping", Under: "services/a", Limits: limitOf("zip", "1 B", "")}, " match max: unmeasured",
			2,
		},
	} {
		r := budget.Judge(test.report, []analyzer.BudgetRule{test.rule}, budget.Options{})
		if got := strings.Join(outcomesOf(r), ", "); test.want != "" && got != test.want {
			t.Errorf("%s: %s, want %s: %s", name, got, test.want, r.Verdicts[0].Message)
		}
		if got := budget.Status(r); got != test.status || len(r.Verdicts) == 0 {
			t.Errorf("%s: status %d, want %d: %v", name, got, test.status, outcomesOf(r))
		}
	}
}

func TestWarningsDoNotFail(t *testing.T) {
	head := sample.Platform(t, nil)
	for _, limit := range []analyzer.BudgetLimit{{Max: "1 B", Level: "warn"}, {Grow: "1 B", Level: "warn"}} {
		r := budget.Judge(head, []analyzer.BudgetRule{
			{Match: "ping", Limits: map[string]analyzer.BudgetLimit{"zip": limit}},
		}, budget.Options{})
		if got := r.Verdicts[0].Outcome; budget.Status(r) != 0 ||
			got != reporters.OutcomeWarn && got != reporters.OutcomeUnmeasured {
			t.Errorf("%+v: %+v", limit, r.Verdicts)
		}
	}
}

func TestFailedFunctionsPassNoBudget(t *testing.T) {
	s := sample.NewService(t)
	s.Failing("a", "no", analyzer.Position{})
	r := budget.Judge(s.Report(), []analyzer.BudgetRule{
		{Match: "*", Limits: limitOf("zip", "1 GiB", ""), Forbid: []string{"moment"}},
	}, budget.Options{})
	if diff := cmp.Diff([]string{"a zip max: unmeasured", "a forbid moment: unmeasured"}, outcomesOf(r)); diff != "" {
		t.Error(diff)
	}
}

func TestNewFunctionsHaveNoGrowth(t *testing.T) {
	base := sample.Small(t, nil, "a")
	head := reporters.Compare(
		base, sample.Small(t, func(s *sample.Service) { s.Module("src/b.ts", 9000) }, "a", "b"),
		reporters.CompareOptions{},
	)
	r := budget.Judge(head, []analyzer.BudgetRule{
		{Match: "*", Limits: limitOf("zip", "", "0%")},
		{Group: "all", Limits: limitOf("zip", "", "1 KiB")},
	}, budget.Options{})
	want := []string{"a+b zip grow: fail", "a zip grow: pass", "b zip grow: pass"}
	if diff := cmp.Diff(want, outcomesOf(r)); diff != "" {
		t.Error(diff)
	}
	gone := reporters.Compare(
		sample.Small(t, func(s *sample.Service) { s.Module("src/b.ts", 9000) }, "a", "b"),
		sample.Small(t, func(s *sample.Service) { s.Module("src/c.ts", 9000) }, "a", "c"), reporters.CompareOptions{},
	)
	r = budget.Judge(gone, []analyzer.BudgetRule{{Group: "all", Limits: limitOf("zip", "", "1 KiB")}}, budget.Options{})
	if diff := cmp.Diff([]string{"a+c zip grow: pass"}, outcomesOf(r)); diff != "" {
		t.Error(diff)
	}
}

func TestRulesOfOneFolder(t *testing.T) {
	head := sample.Platform(t, nil)
	for i := range head.Functions {
		if head.Functions[i].ID == "ping" {
			head.Functions[i].ServiceDir = "services/a/deep"
		}
	}
	r := budget.Judge(head, []analyzer.BudgetRule{
		{Match: "*", Under: "services/a", Limits: limitOf("zip", "1 GiB", "")},
	}, budget.Options{})
	if diff := cmp.Diff([]string{"ping zip max: pass"}, outcomesOf(r)); diff != "" {
		t.Error(diff)
	}
}

func TestAcceptances(t *testing.T) {
	head := sample.Platform(t, sample.HeavyImport)
	rules := []analyzer.BudgetRule{
		{Match: "api-03", Limits: limitOf("zip", "10 KiB", ""), Forbid: []string{"googleapis"}},
	}
	day := time.Date(2027, 3, 1, 23, 0, 0, 0, time.UTC)
	good := budget.Acceptance{Function: "api-*", Metric: "zip", Reason: "until the move", Until: "2027-03-01"}
	with := func(edit func(*budget.Acceptance)) budget.Acceptance {
		a := good
		edit(&a)
		return a
	}
	for name, test := range map[string]struct {
		accepted budget.Acceptance
		zip      string
		forbid   string
	}{
		"holds on its last day": {good, reporters.OutcomeAccepted, reporters.OutcomeFail},
		"ran out": {
			with(func(a *budget.Acceptance) { a.Until = "2027-02-28" }), reporters.OutcomeFail, reporters.OutcomeFail,
		},
		"no day": {
			with(func(a *budget.Acceptance) { a.Until = "" }), reporters.OutcomeFail, reporters.OutcomeFail,
		},
		"no reason": {
			with(func(a *budget.Acceptance) { a.Reason = "" }), reporters.OutcomeFail, reporters.OutcomeFail,
		},
		"another function": {
			with(func(a *budget.Acceptance) { a.Function = "api-04" }), reporters.OutcomeFail, reporters.OutcomeFail,
		},
		"another metric": {
			with(func(a *budget.Acceptance) { a.Metric = "unzipped" }), reporters.OutcomeFail, reporters.OutcomeFail,
		},
		"up to enough": {
			with(func(a *budget.Acceptance) { a.UpTo = "20 KiB" }), reporters.OutcomeAccepted, reporters.OutcomeFail,
		},
		"up to less": {
			with(func(a *budget.Acceptance) { a.UpTo = "11 KiB" }), reporters.OutcomeFail, reporters.OutcomeFail,
		},
		"a forbidden package": {
			with(func(a *budget.Acceptance) { a.Metric = "forbid" }), reporters.OutcomeFail, reporters.OutcomeAccepted,
		},
		"this forbidden package": {
			with(func(a *budget.Acceptance) { a.Metric, a.Package = "forbid", "googleapis" }), reporters.OutcomeFail,
			reporters.OutcomeAccepted,
		},
		"that forbidden package": {
			with(func(a *budget.Acceptance) { a.Metric, a.Package = "forbid", "moment" }), reporters.OutcomeFail,
			reporters.OutcomeFail,
		},
	} {
		r := budget.Judge(head, rules, budget.Options{Accepted: []budget.Acceptance{test.accepted}, Today: day})
		got := map[string]string{}
		for _, v := range r.Verdicts {
			got[v.Metric] = v.Outcome
		}
		if got["zip"] != test.zip || got["forbid"] != test.forbid {
			t.Errorf("%s: %v", name, got)
		}
	}
	unbuilt := sample.NewService(t)
	unbuilt.Failing("api-03", "no", analyzer.Position{})
	r := budget.Judge(unbuilt.Report(), rules[:1], budget.Options{Accepted: []budget.Acceptance{good}, Today: day})
	if r.Verdicts[0].Outcome != reporters.OutcomeUnmeasured {
		t.Errorf("what was not measured is %s", r.Verdicts[0].Outcome)
	}
}

func TestLoosenedBudgetsAreReported(t *testing.T) {
	rule := func(max string) []analyzer.BudgetRule {
		return []analyzer.BudgetRule{{Match: "ping", Limits: limitOf("zip", max, "")}}
	}
	r := budget.Judge(sample.Platform(t, nil), rule("2 MiB"), budget.Options{Before: rule("1 MiB")})
	var b strings.Builder
	if err := render.Text(&b, r, render.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); !strings.Contains(text, "loosens the budget ping zip max: 2 MiB, was 1 MiB") {
		t.Error(text)
	}
}
