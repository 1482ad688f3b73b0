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
	compared := reporters.Compare(base, head, reporters.CompareOptions{})
	ping := sample.Find(t, head, "ping")
	started := func(r reporters.Report, millis ...float64) reporters.Report {
		r.Functions = append([]reporters.Function{}, r.Functions...)
		for i := range r.Functions {
			r.Functions[i].Boot = &packager.Boot{Status: "loads", LoadMillis: millis}
		}
		return r
	}
	paired := func(r reporters.Report) reporters.Report {
		r.PutLoads("api-03", []float64{20, 21, 22}, []float64{30, 31, 32}, []float64{25, 26, 27})
		return r
	}
	exact := fmt.Sprint(ping.Artifact.ZipBytes)
	for name, test := range map[string]struct {
		report reporters.Report
		rule   analyzer.BudgetRule
		want   []string
		status int
	}{
		"exactly at the limit":      {head, analyzer.BudgetRule{Match: "ping", Limits: limitOf("zip", exact, "")}, []string{"ping zip max: pass"}, 0},
		"one byte over":             {head, analyzer.BudgetRule{Match: "ping", Limits: limitOf("zip", fmt.Sprint(ping.Artifact.ZipBytes-1), "")}, []string{"ping zip max: fail"}, 1},
		"a share of the limit":      {head, analyzer.BudgetRule{Match: "ping", Limits: limitOf("unzipped", "0.0001% of lambda-unzipped", "")}, []string{"ping unzipped max: fail"}, 1},
		"no growth":                 {compared, analyzer.BudgetRule{Match: "ping", Limits: limitOf("zip", "", "0%")}, []string{"ping zip grow: pass"}, 0},
		"growth in percent":         {compared, analyzer.BudgetRule{Match: "api-03", Limits: limitOf("zip", "", "5%")}, []string{"api-03 zip grow: fail"}, 1},
		"growth in bytes":           {compared, analyzer.BudgetRule{Match: "api-03", Limits: limitOf("zip", "", "1 MiB")}, []string{"api-03 zip grow: pass"}, 0},
		"growth, not compared":      {head, analyzer.BudgetRule{Match: "ping", Limits: limitOf("zip", "", "5%")}, []string{"ping zip grow: unmeasured"}, 2},
		"growth, no baseline":       {reporters.NoBaseline(head, "none"), analyzer.BudgetRule{Match: "ping", Limits: limitOf("zip", "", "5%")}, []string{"ping zip grow: unmeasured"}, 2},
		"a package's bytes":         {head, analyzer.BudgetRule{Match: "api-03", Limits: limitOf("package:googleapis", "48000", "")}, []string{"api-03 package:googleapis max: pass"}, 0},
		"a package's growth":        {compared, analyzer.BudgetRule{Match: "api-03", Limits: limitOf("package:googleapis", "", "1 KiB")}, []string{"api-03 package:googleapis grow: fail"}, 1},
		"a package not there":       {head, analyzer.BudgetRule{Match: "ping", Limits: limitOf("package:moment", "0", "")}, []string{"ping package:moment max: pass"}, 0},
		"a group":                   {head, analyzer.BudgetRule{Group: "all", Match: "api-0[01]", Limits: limitOf("zip", "20 KiB", "")}, []string{"api-00+api-01 zip max: fail"}, 1},
		"a group that is a service": {head, analyzer.BudgetRule{Group: "shop", Limits: limitOf("zip", "1 GiB", "")}, nil, 0},
		"load, not started":         {head, analyzer.BudgetRule{Match: "ping", Limits: limitOf("load", "250 ms", "")}, []string{"ping load max: unmeasured"}, 2},
		"load, measured":            {started(head, 90, 10, 20), analyzer.BudgetRule{Match: "ping", Limits: limitOf("load", "20 ms", "")}, []string{"ping load max: pass"}, 0},
		"load, too long":            {started(head, 90, 10, 20.1), analyzer.BudgetRule{Match: "ping", Limits: limitOf("load", "20 ms", "")}, []string{"ping load max: fail"}, 1},
		"load grows":                {reporters.Compare(started(base, 10), started(head, 12), reporters.CompareOptions{}), analyzer.BudgetRule{Match: "api-03", Limits: limitOf("load", "", "10%")}, []string{"api-03 load grow: fail"}, 1},
		"equal bytes load alike":    {reporters.Compare(started(base, 10), started(head, 12), reporters.CompareOptions{}), analyzer.BudgetRule{Match: "ping", Limits: limitOf("load", "", "10%")}, []string{"ping load grow: pass"}, 0},
		"load grows in pairs":       {paired(reporters.Compare(started(base, 10), started(head, 10), reporters.CompareOptions{})), analyzer.BudgetRule{Match: "api-03", Limits: limitOf("load", "", "10%")}, []string{"api-03 load grow: fail"}, 1},
		"load before not known":     {reporters.Compare(base, started(head, 12), reporters.CompareOptions{}), analyzer.BudgetRule{Match: "ping", Limits: limitOf("load", "", "10%")}, []string{"ping load grow: unmeasured"}, 2},
		"forbidden":                 {head, analyzer.BudgetRule{Match: "*", Forbid: []string{"googleapis", "moment"}}, nil, 1},
		"forbidden by glob":         {head, analyzer.BudgetRule{Match: "ping", Forbid: []string{"@aws-sdk/*"}}, []string{" forbid @aws-sdk/*: pass"}, 0},
		"new duplicates":            {reporters.Compare(base, sample.Platform(t, sample.VersionMove), reporters.CompareOptions{}), analyzer.BudgetRule{Match: "report", NoNewDuplicates: true}, []string{"report duplicates tslib: fail"}, 1},
		"duplicates elsewhere":      {reporters.Compare(base, sample.Platform(t, sample.VersionMove), reporters.CompareOptions{}), analyzer.BudgetRule{Match: "ping", NoNewDuplicates: true}, []string{" duplicates *: pass"}, 0},
		"duplicates, no baseline":   {head, analyzer.BudgetRule{Match: "ping", NoNewDuplicates: true}, []string{" duplicates *: unmeasured"}, 2},
		"a glob of nothing":         {head, analyzer.BudgetRule{Match: "order-*", Limits: limitOf("zip", "1 MiB", "")}, []string{" match max: unmeasured"}, 2},
		"not a glob":                {head, analyzer.BudgetRule{Match: "[", Limits: limitOf("zip", "1 MiB", "")}, []string{" match max: unmeasured"}, 2},
		"not an amount":             {head, analyzer.BudgetRule{Match: "ping", Limits: limitOf("zip", "big", "")}, []string{" zip max: unmeasured"}, 2},
		"not a metric":              {head, analyzer.BudgetRule{Match: "ping", Limits: limitOf("zap", "1 MiB", "")}, []string{"ping zap max: unmeasured"}, 2},
		"another folder":            {head, analyzer.BudgetRule{Match: "ping", Under: "services/a", Limits: limitOf("zip", "1 B", "")}, []string{" match max: unmeasured"}, 2},
	} {
		r := budget.Judge(test.report, []analyzer.BudgetRule{test.rule}, budget.Options{})
		if test.want != nil {
			if diff := cmp.Diff(test.want, outcomesOf(r)); diff != "" {
				t.Errorf("%s: %s%s", name, diff, r.Verdicts[0].Message)
			}
		}
		if got := budget.Status(r); got != test.status || len(r.Verdicts) == 0 {
			t.Errorf("%s: status %d, want %d: %v", name, got, test.status, outcomesOf(r))
		}
	}
}

func TestWarningsDoNotFail(t *testing.T) {
	head := sample.Platform(t, nil)
	for _, limit := range []analyzer.BudgetLimit{{Max: "1 B", Level: "warn"}, {Grow: "1 B", Level: "warn"}} {
		r := budget.Judge(head, []analyzer.BudgetRule{{Match: "ping", Limits: map[string]analyzer.BudgetLimit{"zip": limit}}}, budget.Options{})
		if got := r.Verdicts[0].Outcome; budget.Status(r) != 0 || got != reporters.OutcomeWarn && got != reporters.OutcomeUnmeasured {
			t.Errorf("%+v: %+v", limit, r.Verdicts)
		}
	}
}

func TestFailedFunctionsPassNoBudget(t *testing.T) {
	s := sample.NewService(t)
	s.Failing("a", "no", analyzer.Position{})
	r := budget.Judge(s.Report(), []analyzer.BudgetRule{{Match: "*", Limits: limitOf("zip", "1 GiB", ""), Forbid: []string{"moment"}}}, budget.Options{})
	if diff := cmp.Diff([]string{"a zip max: unmeasured", "a forbid moment: unmeasured"}, outcomesOf(r)); diff != "" {
		t.Error(diff)
	}
}

func TestNewFunctionsHaveNothingToGrowFrom(t *testing.T) {
	base := sample.Small(t, nil, "a")
	head := reporters.Compare(base, sample.Small(t, func(s *sample.Service) { s.Module("src/b.ts", 9000) }, "a", "b"), reporters.CompareOptions{})
	r := budget.Judge(head, []analyzer.BudgetRule{
		{Match: "*", Limits: limitOf("zip", "", "0%")},
		{Group: "all", Limits: limitOf("zip", "", "1 KiB")},
	}, budget.Options{})
	want := []string{"a+b zip grow: fail", "a zip grow: pass", "b zip grow: pass"}
	if diff := cmp.Diff(want, outcomesOf(r)); diff != "" {
		t.Error(diff)
	}
	gone := reporters.Compare(sample.Small(t, func(s *sample.Service) { s.Module("src/b.ts", 9000) }, "a", "b"), sample.Small(t, func(s *sample.Service) { s.Module("src/c.ts", 9000) }, "a", "c"), reporters.CompareOptions{})
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
	r := budget.Judge(head, []analyzer.BudgetRule{{Match: "*", Under: "services/a", Limits: limitOf("zip", "1 GiB", "")}}, budget.Options{})
	if diff := cmp.Diff([]string{"ping zip max: pass"}, outcomesOf(r)); diff != "" {
		t.Error(diff)
	}
}

func TestAcceptances(t *testing.T) {
	head := sample.Platform(t, sample.HeavyImport)
	rules := []analyzer.BudgetRule{{Match: "api-03", Limits: limitOf("zip", "10 KiB", ""), Forbid: []string{"googleapis"}}}
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
		"holds on its last day":  {good, reporters.OutcomeAccepted, reporters.OutcomeFail},
		"ran out":                {with(func(a *budget.Acceptance) { a.Until = "2027-02-28" }), reporters.OutcomeFail, reporters.OutcomeFail},
		"no day":                 {with(func(a *budget.Acceptance) { a.Until = "" }), reporters.OutcomeFail, reporters.OutcomeFail},
		"no reason":              {with(func(a *budget.Acceptance) { a.Reason = "" }), reporters.OutcomeFail, reporters.OutcomeFail},
		"another function":       {with(func(a *budget.Acceptance) { a.Function = "api-04" }), reporters.OutcomeFail, reporters.OutcomeFail},
		"another metric":         {with(func(a *budget.Acceptance) { a.Metric = "unzipped" }), reporters.OutcomeFail, reporters.OutcomeFail},
		"up to enough":           {with(func(a *budget.Acceptance) { a.UpTo = "20 KiB" }), reporters.OutcomeAccepted, reporters.OutcomeFail},
		"up to less":             {with(func(a *budget.Acceptance) { a.UpTo = "11 KiB" }), reporters.OutcomeFail, reporters.OutcomeFail},
		"a forbidden package":    {with(func(a *budget.Acceptance) { a.Metric = "forbid" }), reporters.OutcomeFail, reporters.OutcomeAccepted},
		"this forbidden package": {with(func(a *budget.Acceptance) { a.Metric, a.Package = "forbid", "googleapis" }), reporters.OutcomeFail, reporters.OutcomeAccepted},
		"that forbidden package": {with(func(a *budget.Acceptance) { a.Metric, a.Package = "forbid", "moment" }), reporters.OutcomeFail, reporters.OutcomeFail},
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

func TestLoosenedBudgetsAreToldInTheReport(t *testing.T) {
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
