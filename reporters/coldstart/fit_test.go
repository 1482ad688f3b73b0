package coldstart

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart/logs"
)

// account is a made-up one: an empty function starts in 130 ms, and a local ms
// takes 1.8 ms. A local process needs 60 ms before it loads anything.
func account(function string, load float64, colds int) (logs.Group, Started) {
	g := logs.Group{
		Function: function, Version: "3", RuntimeVersion: "nodejs:22.v98", MemoryMB: 512,
		Newest: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC),
	}
	for i := range colds {
		g.Inits = append(g.Inits, 130+1.8*load+float64(i*7%11)-5)
	}
	s := Started{Function: function, Name: function, Family: "node", Runtime: "nodejs22.x", Architecture: "arm64"}
	for i := range 15 {
		s.LocalMillis = append(s.LocalMillis, 60+load+float64(i*3%7)*0.2-0.6)
	}
	return g, s
}

func several(colds int, loads ...float64) (groups []logs.Group, started []Started) {
	for i, load := range loads {
		g, s := account(fmt.Sprintf("f%d", i), load, colds)
		groups, started = append(groups, g), append(started, s)
	}
	return groups, started
}

func TestFitALine(t *testing.T) {
	groups, started := several(40, 5, 20, 60, 110)
	fits, said := Fit(groups, started, Default(), FitOptions{})
	if len(fits) != 1 || len(said) != 0 {
		t.Fatalf("%+v, %v", fits, said)
	}
	f := fits[0]
	if f.Runtime != "nodejs22.x" || f.Architecture != "arm64" || f.MemoryMB != 512 || f.Method != "Theil-Sen line" ||
		f.Artifacts != 4 || f.Colds != 160 || f.Date != "2026-08-01" {
		t.Errorf("%+v", f)
	}
	if !f.Factor.Holds(1.8) || math.Abs(f.Factor.Central-1.8) > 0.05 || f.Factor.Low == f.Factor.High ||
		!f.Factor.ordered() {
		t.Errorf("the factor is %.3f (%.3f..%.3f), and 1.8 in truth", f.Factor.Central, f.Factor.Low, f.Factor.High)
	}
	if f.Base != (Range{}) {
		t.Errorf("what an empty function takes is not known, and said to be %v", f.Base)
	}
	based, _ := Fit(groups, started, Default(), FitOptions{LocalBase: 60})
	if math.Abs(based[0].Base.Central-130) > 4 {
		t.Errorf("an empty function lies at %v on the line, and at 130 ms in truth", based[0].Base)
	}
	again, _ := Fit(slices.Clone(groups), started, Default(), FitOptions{})
	if again[0].Factor.Range != f.Factor.Range {
		t.Errorf("not the same twice: %v, %v", f.Factor.Range, again[0].Factor.Range)
	}
}

func TestFitToOne(t *testing.T) {
	groups, started := several(12, 40)
	fits, said := Fit(groups, started, Default(), FitOptions{LocalBase: 60, Base: 130})
	if len(fits) != 1 || len(said) != 0 {
		t.Fatalf("%+v, %v", fits, said)
	}
	f := fits[0]
	if f.Method != "single artifact" || f.Artifacts != 1 || f.Colds != 12 || math.Abs(f.Factor.Central-1.8) > 0.1 {
		t.Errorf("%+v", f)
	}
	if f.Factor.Low != f.Factor.Central/1.5 || f.Factor.High != f.Factor.Central*1.5 {
		t.Errorf("the doubt is not x1.5 either way: %v", f.Factor.Range)
	}
	published, _ := Fit(groups, started, Default(), FitOptions{LocalBase: 60})
	if len(published) != 1 || published[0].Base != (Range{128, 129, 130}) {
		t.Errorf("the published empty function is not the base: %+v", published)
	}
}

func TestFitRefuses(t *testing.T) {
	falling, startedFalling := several(40, 5, 20, 60)
	slices.Reverse(startedFalling)
	for i := range startedFalling {
		startedFalling[i].Function, startedFalling[i].Name = fmt.Sprintf("f%d", i), ""
	}
	crowded, startedCrowded := several(40, 20, 20.1, 20.2)
	one, startedOne := several(12, 40)
	slow := slices.Clone(startedOne)
	slow[0].LocalMillis = slow[0].LocalMillis[:3]
	refused := slices.Clone(one)
	refused[0].Refused = "9 cold starts are fewer than 10"
	other := slices.Clone(one)
	other[0].RuntimeVersion = "nodejs:20.v70"
	mixed := append(slices.Clone(one), one[0])
	mixed[1].Version = "4"
	stranger := slices.Clone(one)
	stranger[0].Function = "payments"
	unknown := slices.Clone(startedOne)
	unknown[0].Runtime = "nodejs99.x"
	otherUnknown := slices.Clone(one)
	otherUnknown[0].RuntimeVersion = ""
	full := FitOptions{LocalBase: 60, Base: 130}
	for _, test := range []struct {
		name    string
		groups  []logs.Group
		started []Started
		options FitOptions
		want    string
	}{
		{"a falling line", falling, startedFalling, full, "the fitted slope is not positive"},
		{"loads that are all alike", crowded, startedCrowded, full, "less than 3 times their noise"},
		{
			"one artifact, no local base", one, startedOne, FitOptions{},
			"needs the local start of an empty function",
		},
		{
			"one artifact, no published base", otherUnknown, unknown, FitOptions{LocalBase: 60},
			"needs the Init Duration of an empty function of this runtime",
		},
		{
			"faster than nothing", one, startedOne, FitOptions{LocalBase: 60, Base: 900},
			"starts in 202 ms, no slower than an empty function in 900 ms",
		},
		{"within the noise", one, startedOne, FitOptions{LocalBase: 99.9, Base: 130}, "within the noise"},
		{"three local samples", one, slow, full, "was started only 3 times"},
		{"a refused group", refused, startedOne, full, ""},
		{"another runtime", other, startedOne, full, "the logs are of nodejs20.x but the artifact is for nodejs22.x"},
		{"two versions", mixed, startedOne, full, "the logs mix the versions 3, 4"},
		{"a function the report does not know", stranger, startedOne, full, "no measured start of this function"},
	} {
		fits, said := Fit(test.groups, test.started, Default(), test.options)
		if len(fits) != 0 {
			t.Errorf("%s: fitted %+v", test.name, fits)
			continue
		}
		if test.want == "" {
			if len(said) != 0 {
				t.Errorf("%s: %v", test.name, said)
			}
			continue
		}
		if len(said) != 1 || !strings.Contains(said[0].Message, test.want) || said[0].Hint == "" ||
			said[0].Severity != analyzer.Warning {
			t.Errorf("%s: %v, want %q", test.name, said, test.want)
		}
	}
}

// TestFitTakesTheLargerOfTwoRuntimeVersions checks which group counts while AWS
// rolls out a patch.
func TestFitTakesTheLargerOfTwoRuntimeVersions(t *testing.T) {
	few, s := account("orders", 40, 12)
	many, _ := account("orders", 40, 25)
	many.RuntimeVersion = "nodejs:22.v99"
	fits, said := Fit([]logs.Group{few, many}, []Started{s}, Default(), FitOptions{LocalBase: 60, Base: 130})
	if len(fits) != 1 || len(said) != 0 || fits[0].Colds != 25 {
		t.Errorf("%+v, %v", fits, said)
	}
}

func TestArtifactOf(t *testing.T) {
	started := []Started{
		{Function: "shop/orders", Name: "orders"}, {Function: "new-orders", Name: "new-orders"},
		{Function: "users", Name: "users"},
	}
	for function, want := range map[string]string{
		"shop/orders": "shop/orders", "orders": "shop/orders", "shop-prod-orders": "shop/orders",
		"shop-prod-new-orders": "new-orders",
		"users":                "users", "shopusers": "", "payments": "", "": "",
	} {
		s, ok := artifactOf(logs.Group{Function: function}, started)
		if s.Function != want || ok != (want != "") {
			t.Errorf("%q is %q, want %q", function, s.Function, want)
		}
	}
	if s, ok := artifactOf(logs.Group{}, started[:1]); !ok || s.Name != "orders" {
		t.Error("logs without a name are not of the only artifact")
	}
	twins := []Started{{Function: "a/orders", Name: "orders"}, {Function: "b/orders", Name: "orders"}}
	if s, ok := artifactOf(logs.Group{Function: "x-orders"}, twins); ok {
		t.Errorf("two functions end alike, and %s was chosen", s.Function)
	}
}

func TestStartedOf(t *testing.T) {
	function := func(id string, family analyzer.Family, boot *packager.Boot) reporters.Function {
		return reporters.Function{Function: analyzer.Function{ID: id, Name: id, Family: family}, Boot: boot}
	}
	boot := &packager.Boot{CPUMillis: []float64{60}, LoadMillis: []float64{90}}
	got := StartedOf(reporters.Report{Functions: []reporters.Function{
		function("n", analyzer.Node, boot), function("g", analyzer.Go, boot),
		function("unstarted", analyzer.Node, nil), function("failed", analyzer.Node, &packager.Boot{Status: "failed"}),
	}})
	if len(got) != 2 || got[0].Function != "g" || got[0].LocalMillis[0] != 90 || got[1].LocalMillis[0] != 60 {
		t.Errorf("%+v", got)
	}
}
