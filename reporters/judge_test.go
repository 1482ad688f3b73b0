package reporters

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

func limitOf(metric, max, grow string) map[string]analyzer.BudgetLimit {
	return map[string]analyzer.BudgetLimit{metric: {Max: max, Grow: grow}}
}

// outcomesOf is every verdict as "functions metric kind: outcome".
func outcomesOf(r Report) []string {
	var list []string
	for _, v := range r.Verdicts {
		list = append(list, fmt.Sprintf("%s %s %s: %s", strings.Join(v.Functions, "+"), v.Metric, v.Kind, v.Outcome))
	}
	return list
}

func TestBudgets(t *testing.T) {
	base, head := platform(t, nil), platform(t, heavyImport)
	compared := Compare(base, head, CompareOptions{})
	ping := find(t, head, "ping")
	started := func(r Report, millis ...float64) Report {
		r.Functions = append([]Function{}, r.Functions...)
		for i := range r.Functions {
			r.Functions[i].Boot = &packager.Boot{Status: "loads", LoadMillis: millis}
		}
		return r
	}
	paired := func(r Report) Report {
		r.PutLoads("api-03", []float64{20, 21, 22}, []float64{30, 31, 32}, []float64{25, 26, 27})
		return r
	}
	exact := fmt.Sprint(ping.Artifact.ZipBytes)
	for name, test := range map[string]struct {
		report Report
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
		"growth, no baseline":       {NoBaseline(head, "none"), analyzer.BudgetRule{Match: "ping", Limits: limitOf("zip", "", "5%")}, []string{"ping zip grow: unmeasured"}, 2},
		"a package's bytes":         {head, analyzer.BudgetRule{Match: "api-03", Limits: limitOf("package:googleapis", "48000", "")}, []string{"api-03 package:googleapis max: pass"}, 0},
		"a package's growth":        {compared, analyzer.BudgetRule{Match: "api-03", Limits: limitOf("package:googleapis", "", "1 KiB")}, []string{"api-03 package:googleapis grow: fail"}, 1},
		"a package not there":       {head, analyzer.BudgetRule{Match: "ping", Limits: limitOf("package:moment", "0", "")}, []string{"ping package:moment max: pass"}, 0},
		"a group":                   {head, analyzer.BudgetRule{Group: "all", Match: "api-0[01]", Limits: limitOf("zip", "20 KiB", "")}, []string{"api-00+api-01 zip max: fail"}, 1},
		"a group that is a service": {head, analyzer.BudgetRule{Group: "shop", Limits: limitOf("zip", "1 GiB", "")}, nil, 0},
		"load, not started":         {head, analyzer.BudgetRule{Match: "ping", Limits: limitOf("load", "250 ms", "")}, []string{"ping load max: unmeasured"}, 2},
		"load, measured":            {started(head, 90, 10, 20), analyzer.BudgetRule{Match: "ping", Limits: limitOf("load", "20 ms", "")}, []string{"ping load max: pass"}, 0},
		"load, too long":            {started(head, 90, 10, 20.1), analyzer.BudgetRule{Match: "ping", Limits: limitOf("load", "20 ms", "")}, []string{"ping load max: fail"}, 1},
		"load grows":                {Compare(started(base, 10), started(head, 12), CompareOptions{}), analyzer.BudgetRule{Match: "api-03", Limits: limitOf("load", "", "10%")}, []string{"api-03 load grow: fail"}, 1},
		"equal bytes load alike":    {Compare(started(base, 10), started(head, 12), CompareOptions{}), analyzer.BudgetRule{Match: "ping", Limits: limitOf("load", "", "10%")}, []string{"ping load grow: pass"}, 0},
		"load grows in pairs":       {paired(Compare(started(base, 10), started(head, 10), CompareOptions{})), analyzer.BudgetRule{Match: "api-03", Limits: limitOf("load", "", "10%")}, []string{"api-03 load grow: fail"}, 1},
		"load before not known":     {Compare(base, started(head, 12), CompareOptions{}), analyzer.BudgetRule{Match: "ping", Limits: limitOf("load", "", "10%")}, []string{"ping load grow: unmeasured"}, 2},
		"forbidden":                 {head, analyzer.BudgetRule{Match: "*", Forbid: []string{"googleapis", "moment"}}, nil, 1},
		"forbidden by glob":         {head, analyzer.BudgetRule{Match: "ping", Forbid: []string{"@aws-sdk/*"}}, []string{" forbid @aws-sdk/*: pass"}, 0},
		"new duplicates":            {Compare(base, platform(t, versionMove), CompareOptions{}), analyzer.BudgetRule{Match: "report", NoNewDuplicates: true}, []string{"report duplicates tslib: fail"}, 1},
		"duplicates elsewhere":      {Compare(base, platform(t, versionMove), CompareOptions{}), analyzer.BudgetRule{Match: "ping", NoNewDuplicates: true}, []string{" duplicates *: pass"}, 0},
		"duplicates, no baseline":   {head, analyzer.BudgetRule{Match: "ping", NoNewDuplicates: true}, []string{" duplicates *: unmeasured"}, 2},
		"a glob of nothing":         {head, analyzer.BudgetRule{Match: "order-*", Limits: limitOf("zip", "1 MiB", "")}, []string{" match max: unmeasured"}, 2},
		"not a glob":                {head, analyzer.BudgetRule{Match: "[", Limits: limitOf("zip", "1 MiB", "")}, []string{" match max: unmeasured"}, 2},
		"not an amount":             {head, analyzer.BudgetRule{Match: "ping", Limits: limitOf("zip", "big", "")}, []string{" zip max: unmeasured"}, 2},
		"not a metric":              {head, analyzer.BudgetRule{Match: "ping", Limits: limitOf("zap", "1 MiB", "")}, []string{"ping zap max: unmeasured"}, 2},
		"another folder":            {head, analyzer.BudgetRule{Match: "ping", Under: "services/a", Limits: limitOf("zip", "1 B", "")}, []string{" match max: unmeasured"}, 2},
	} {
		r := Judge(test.report, []analyzer.BudgetRule{test.rule}, JudgeOptions{})
		if test.want != nil {
			if diff := cmp.Diff(test.want, outcomesOf(r)); diff != "" {
				t.Errorf("%s: %s%s", name, diff, r.Verdicts[0].Message)
			}
		}
		if got := BudgetStatus(r); got != test.status || len(r.Verdicts) == 0 {
			t.Errorf("%s: status %d, want %d: %v", name, got, test.status, outcomesOf(r))
		}
	}
}

func TestWarningsDoNotFail(t *testing.T) {
	head := platform(t, nil)
	for _, limit := range []analyzer.BudgetLimit{{Max: "1 B", Level: "warn"}, {Grow: "1 B", Level: "warn"}} {
		r := Judge(head, []analyzer.BudgetRule{{Match: "ping", Limits: map[string]analyzer.BudgetLimit{"zip": limit}}}, JudgeOptions{})
		if got := r.Verdicts[0].Outcome; BudgetStatus(r) != 0 || got != OutcomeWarn && got != OutcomeUnmeasured {
			t.Errorf("%+v: %+v", limit, r.Verdicts)
		}
	}
}

func TestFailedFunctionsPassNoBudget(t *testing.T) {
	s := newService(t)
	s.failing("a", "no", analyzer.Position{})
	r := Judge(s.report(), []analyzer.BudgetRule{{Match: "*", Limits: limitOf("zip", "1 GiB", ""), Forbid: []string{"moment"}}}, JudgeOptions{})
	if diff := cmp.Diff([]string{"a zip max: unmeasured", "a forbid moment: unmeasured"}, outcomesOf(r)); diff != "" {
		t.Error(diff)
	}
}

func TestNewFunctionsHaveNothingToGrowFrom(t *testing.T) {
	base := small(t, nil, "a")
	head := Compare(base, small(t, func(s *service) { s.module("src/b.ts", 9000) }, "a", "b"), CompareOptions{})
	r := Judge(head, []analyzer.BudgetRule{
		{Match: "*", Limits: limitOf("zip", "", "0%")},
		{Group: "all", Limits: limitOf("zip", "", "1 KiB")},
	}, JudgeOptions{})
	want := []string{"a+b zip grow: fail", "a zip grow: pass", "b zip grow: pass"}
	if diff := cmp.Diff(want, outcomesOf(r)); diff != "" {
		t.Error(diff)
	}
	gone := Compare(small(t, func(s *service) { s.module("src/b.ts", 9000) }, "a", "b"), small(t, func(s *service) { s.module("src/c.ts", 9000) }, "a", "c"), CompareOptions{})
	r = Judge(gone, []analyzer.BudgetRule{{Group: "all", Limits: limitOf("zip", "", "1 KiB")}}, JudgeOptions{})
	if diff := cmp.Diff([]string{"a+c zip grow: pass"}, outcomesOf(r)); diff != "" {
		t.Error(diff)
	}
}

func TestRulesOfOneFolder(t *testing.T) {
	head := platform(t, nil)
	for i := range head.Functions {
		if head.Functions[i].ID == "ping" {
			head.Functions[i].ServiceDir = "services/a/deep"
		}
	}
	r := Judge(head, []analyzer.BudgetRule{{Match: "*", Under: "services/a", Limits: limitOf("zip", "1 GiB", "")}}, JudgeOptions{})
	if diff := cmp.Diff([]string{"ping zip max: pass"}, outcomesOf(r)); diff != "" {
		t.Error(diff)
	}
}

func TestAcceptances(t *testing.T) {
	head := platform(t, heavyImport)
	rules := []analyzer.BudgetRule{{Match: "api-03", Limits: limitOf("zip", "10 KiB", ""), Forbid: []string{"googleapis"}}}
	day := time.Date(2027, 3, 1, 23, 0, 0, 0, time.UTC)
	good := Acceptance{Function: "api-*", Metric: "zip", Reason: "until the move", Until: "2027-03-01"}
	with := func(edit func(*Acceptance)) Acceptance {
		a := good
		edit(&a)
		return a
	}
	for name, test := range map[string]struct {
		accepted Acceptance
		zip      string
		forbid   string
	}{
		"holds on its last day":  {good, OutcomeAccepted, OutcomeFail},
		"ran out":                {with(func(a *Acceptance) { a.Until = "2027-02-28" }), OutcomeFail, OutcomeFail},
		"no day":                 {with(func(a *Acceptance) { a.Until = "" }), OutcomeFail, OutcomeFail},
		"no reason":              {with(func(a *Acceptance) { a.Reason = "" }), OutcomeFail, OutcomeFail},
		"another function":       {with(func(a *Acceptance) { a.Function = "api-04" }), OutcomeFail, OutcomeFail},
		"another metric":         {with(func(a *Acceptance) { a.Metric = "unzipped" }), OutcomeFail, OutcomeFail},
		"up to enough":           {with(func(a *Acceptance) { a.UpTo = "20 KiB" }), OutcomeAccepted, OutcomeFail},
		"up to less":             {with(func(a *Acceptance) { a.UpTo = "11 KiB" }), OutcomeFail, OutcomeFail},
		"a forbidden package":    {with(func(a *Acceptance) { a.Metric = "forbid" }), OutcomeFail, OutcomeAccepted},
		"this forbidden package": {with(func(a *Acceptance) { a.Metric, a.Package = "forbid", "googleapis" }), OutcomeFail, OutcomeAccepted},
		"that forbidden package": {with(func(a *Acceptance) { a.Metric, a.Package = "forbid", "moment" }), OutcomeFail, OutcomeFail},
	} {
		r := Judge(head, rules, JudgeOptions{Accepted: []Acceptance{test.accepted}, Today: day})
		got := map[string]string{}
		for _, v := range r.Verdicts {
			got[v.Metric] = v.Outcome
		}
		if got["zip"] != test.zip || got["forbid"] != test.forbid {
			t.Errorf("%s: %v", name, got)
		}
	}
	unbuilt := newService(t)
	unbuilt.failing("api-03", "no", analyzer.Position{})
	r := Judge(unbuilt.report(), rules[:1], JudgeOptions{Accepted: []Acceptance{good}, Today: day})
	if r.Verdicts[0].Outcome != OutcomeUnmeasured {
		t.Errorf("what was not measured is %s", r.Verdicts[0].Outcome)
	}
}

func TestLoosenedBudgetsAreShown(t *testing.T) {
	rule := func(match, max, level string) []analyzer.BudgetRule {
		return []analyzer.BudgetRule{{Match: match, Limits: map[string]analyzer.BudgetLimit{"zip": {Max: max, Level: level}}}}
	}
	for name, test := range map[string]struct {
		before, after []analyzer.BudgetRule
		want          []Loosened
	}{
		"same":             {rule("a", "1 MiB", ""), rule("a", "1024 KiB", "error"), nil},
		"stricter":         {rule("a", "1 MiB", "warn"), rule("a", "1 MB", "error"), nil},
		"more":             {rule("a", "1 MiB", ""), rule("a", "2 MiB", ""), []Loosened{{Budget: "a zip max", Before: "1 MiB", After: "2 MiB"}}},
		"only a warning":   {rule("a", "1 MiB", ""), rule("a", "1 MiB", "warn"), []Loosened{{Budget: "a zip max", Before: "1 MiB (error)", After: "1 MiB (warn)"}}},
		"gone":             {rule("a", "1 MiB", ""), nil, []Loosened{{Budget: "a zip max", Before: "1 MiB"}}},
		"one more, laxer":  {rule("a", "1 MiB", ""), append(rule("a", "9 MiB", ""), rule("a", "1 MiB", "")...), nil},
		"for others now":   {rule("a*", "1 MiB", ""), rule("ab*", "1 MiB", ""), []Loosened{{Budget: "a* zip max", Before: "1 MiB"}}},
		"allowed again":    {[]analyzer.BudgetRule{{Match: "*", Forbid: []string{"moment"}, NoNewDuplicates: true}}, nil, []Loosened{{Budget: "* forbid moment", Before: "forbidden"}, {Budget: "* noNewDuplicates", Before: "true"}}},
		"percent to bytes": {[]analyzer.BudgetRule{{Match: "a", Limits: limitOf("zip", "", "2%")}}, []analyzer.BudgetRule{{Match: "a", Limits: limitOf("zip", "", "1 B")}}, []Loosened{{Budget: "a zip grow", Before: "2%", After: "1 B"}}},
	} {
		if diff := cmp.Diff(test.want, loosened(test.before, test.after)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	r := Judge(platform(t, nil), rule("ping", "2 MiB", ""), JudgeOptions{Before: rule("ping", "1 MiB", "")})
	if text := textOf(t, r, TextOptions{}); !strings.Contains(text, "loosens the budget ping zip max: 2 MiB, was 1 MiB") {
		t.Error(text)
	}
}

func TestAmounts(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "1024": 1024, "5 B": 5, "1 kB": 1000, "1 KB": 1000, "1.5 MB": 1_500_000, "1 KiB": 1024, "1.2 MiB": 1_258_291, "1MiB": 1 << 20, "2 GiB": 2 << 30,
		"90% of lambda-unzipped": 235_929_600, "50 % of lambda-zip": 26_214_400, " 7 B ": 7,
	} {
		if a, err := parseAmount(text, "zip", false); err != nil || a.units != want {
			t.Errorf("%q is %d, %v", text, a.units, err)
		}
	}
	for text, want := range map[string]int64{"250 ms": 250_000, "1.5 s": 1_500_000, "0.5ms": 500} {
		if a, err := parseAmount(text, "load", false); err != nil || a.units != want {
			t.Errorf("%q is %d, %v", text, a.units, err)
		}
	}
	for _, text := range []string{"", "big", "-1", "1 mib", "1 XB", "2%", "2% of lambda", "1e9", "1 MiB or so", "99999 GiB", "999999999999999999999999", "١ MiB", "1 ms"} {
		if a, err := parseAmount(text, "zip", false); err == nil {
			t.Errorf("%q is %+v", text, a)
		}
	}
	for _, text := range []string{"1 MiB", "90% of lambda-zip", "5"} {
		if a, err := parseAmount(text, "load", false); err == nil {
			t.Errorf("%q is a time: %+v", text, a)
		}
	}
	if a, err := parseAmount("2%", "zip", true); err != nil || !a.isPercent || a.percent != 2 {
		t.Errorf("%+v, %v", a, err)
	}
}

func FuzzAmount(f *testing.F) {
	for _, seed := range []string{"1.2 MiB", "90% of lambda-unzipped", "2%", "250 ms", "1 kB"} {
		f.Add(seed, "zip", true)
		f.Add(seed, "load", false)
	}
	f.Fuzz(func(t *testing.T, text, metric string, growth bool) {
		a, err := parseAmount(text, metric, growth)
		if err == nil && (a.units < 0 || a.units > maxSize*10 || a.percent < 0) {
			t.Errorf("%q is %+v", text, a)
		}
	})
}
