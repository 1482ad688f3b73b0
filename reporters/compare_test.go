package reporters_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render"
	"github.com/featherpack/featherpack/reporters/sample"
)

func statuses(d *reporters.Delta) map[string]string {
	all := map[string]string{}
	for _, f := range d.Functions {
		all[f.ID] = f.Status
		if f.From != "" {
			all[f.ID] += " from " + f.From
		}
	}
	return all
}

func TestFunctionStatus(t *testing.T) {
	base := sample.Small(t, nil, "a", "b", "c")
	for name, test := range map[string]struct {
		head     reporters.Report
		partial  bool
		want     map[string]string
		redeploy []string
	}{
		"nothing": {
			sample.Small(t, nil, "a", "b", "c"), false, map[string]string{"a": "same", "b": "same", "c": "same"}, nil,
		},
		"changed": {
			sample.Small(
				t, func(s *sample.Service) { s.Module("src/b.ts", 500, "src/shared.ts") }, "a", "b", "c",
			), false,
			map[string]string{"a": "same", "b": "changed", "c": "same"}, []string{"b"},
		},
		"new and removed": {
			sample.Small(t, func(s *sample.Service) { s.Module("src/d.ts", 3000) }, "a", "b", "d"), false,
			map[string]string{"a": "same", "b": "same", "c": "removed", "d": "new"}, []string{"d"},
		},
		"a choice only": {sample.Small(t, nil, "a"), true, map[string]string{"a": "same"}, nil},
	} {
		d := reporters.Compare(base, test.head, reporters.CompareOptions{Partial: test.partial}).Delta
		if diff := cmp.Diff(test.want, statuses(d)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if diff := cmp.Diff(test.redeploy, d.Redeploy); diff != "" {
			t.Errorf("%s redeploys: %s", name, diff)
		}
	}
}

func TestRenamedFunctionsAreFound(t *testing.T) {
	base := sample.Small(t, nil, "a", "b")
	rename := func(r reporters.Report, from, to string) reporters.Report {
		r.Functions = slices.Clone(r.Functions)
		for i := range r.Functions {
			if r.Functions[i].ID == from {
				r.Functions[i].ID, r.Functions[i].Name = to, to
			}
		}
		return r
	}
	otherFile := rename(sample.Small(t, nil, "a", "b"), "b", "c")
	for i := range otherFile.Functions {
		a := *otherFile.Functions[i].Artifact
		a.SHA256 = fmt.Sprintf("%064d", i)
		otherFile.Functions[i].Artifact = &a
		otherFile.Functions[i].Entry = "moved.ts"
	}
	for name, test := range map[string]struct{ head reporters.Report }{
		"same zip":     {rename(base, "b", "c")},
		"same content": {otherFile},
		"same entry": {
			rename(sample.Small(t, func(s *sample.Service) { s.Module("src/b.ts", 900) }, "a", "b"), "b", "c"),
		},
	} {
		d := reporters.Compare(base, test.head, reporters.CompareOptions{}).Delta
		if got := statuses(d)["c"]; got != "renamed from b" || len(d.Functions) != 2 {
			t.Errorf("%s: %v", name, statuses(d))
		}
		if !slices.Contains(d.Redeploy, "c") {
			t.Errorf("%s: what has another name is to be deployed", name)
		}
	}
	twins := rename(rename(base, "a", "x"), "b", "y")
	for i := range twins.Functions {
		twins.Functions[i].Artifact = base.Functions[0].Artifact
		twins.Functions[i].Entry = ""
	}
	if got := statuses(reporters.Compare(base, twins, reporters.CompareOptions{}).Delta); got["x"] != "new" ||
		got["y"] != "new" {
		t.Errorf("two that could be the same one are %v", got)
	}
}

func TestFailuresAreNotSavings(t *testing.T) {
	built := sample.Small(t, nil, "a")
	s := sample.NewService(t)
	s.Failing("a", "no", analyzer.Position{})
	broken := s.Report()
	d := reporters.Compare(built, broken, reporters.CompareOptions{}).Delta
	if statuses(d)["a"] != "failed" || d.Zip != (reporters.Change{}) || len(d.Redeploy) != 0 {
		t.Errorf("%+v", d)
	}
	d = reporters.Compare(broken, built, reporters.CompareOptions{}).Delta
	if statuses(d)["a"] != "no-baseline" || d.Zip != (reporters.Change{}) {
		t.Errorf("%+v", d)
	}
}

func TestNegligible(t *testing.T) {
	for _, test := range []struct {
		before, after int64
		want          bool
	}{
		{1_000_000, 1_000_000, true}, {1_000_000, 1_000_511, true}, {1_000_000, 999_489, true},
		{1_000_000, 1_000_512, false}, {1_000_000, 999_488, false},
		{100_000, 100_199, true}, {100_000, 100_200, false}, {1_000, 1_003, false}, {0, 1, false}, {0, 0, true},
	} {
		if got := (reporters.Change{test.before, test.after}).Negligible(); got != test.want {
			t.Errorf("from %d to %d: %v", test.before, test.after, got)
		}
	}
}

func TestDifferentBuildOptionsAreReported(t *testing.T) {
	base, head := sample.Small(t, nil, "a"), sample.Small(t, nil, "a")
	base.Tool.Version = "0.9.0"
	base.Settings = []packager.Setting{{Name: "compress", Value: "best"}, {Name: "stage", Value: "prod"}}
	base.Functions[0].Architecture = "x86_64"
	base.Functions[0].Artifact.SHA256 = "other"
	d := reporters.Compare(base, head, reporters.CompareOptions{}).Delta
	want := []string{"featherpack 0.9.0, now 1.0.0", "compress best, now fast", "stage prod, now not set"}
	if diff := cmp.Diff(want, d.Baseline.Differs); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"architecture x86_64, now arm64"}, d.Functions[0].Differs); diff != "" {
		t.Error(diff)
	}
	const said = "featherpack 0.9.0, now 1.0.0; compress best, now fast; stage prod, now not set; " +
		"architecture x86_64, now arm64 for a"
	r := reporters.Compare(base, head, reporters.CompareOptions{})
	text := strings.Join(strings.Fields(formatted(t, "text", r)), " ")
	if !strings.Contains(text, "the baseline was built differently: "+said) {
		t.Error(text)
	}
	if text := formatted(t, "markdown", r); !strings.Contains(text, "The baseline was built differently: `"+said+"`") {
		t.Error(text)
	}
}

func TestOneCauseInManyFunctionsIsOneFinding(t *testing.T) {
	small, heavy := sample.Platform(t, nil), sample.Platform(t, sample.HeavyImport)
	causes := reporters.Compare(small, heavy, reporters.CompareOptions{Locate: sample.Locate}).Delta.Causes
	c := causes[0]
	if c.Kind != reporters.KindNew || c.Package != "googleapis" || c.To != "173.0.0" || len(c.Functions) != 14 ||
		len(causes) != 3 {
		t.Errorf("%+v", causes)
	}
	// 48,000 B of its own and 9,000 B of what only it asks for, in each of them.
	if c.Unzipped != 14*57_000 || c.Most != 57_000 {
		t.Errorf("it grew them by %d, and one by %d", c.Unzipped, c.Most)
	}
	if len(c.With) != 1 || c.With[0].Name != "gaxios" || c.With[0].Unzipped != 14*9_000 {
		t.Errorf("it came with %+v", c.With)
	}
	if want := (analyzer.Position{File: "src/lib/sheets.ts", Line: 7, Column: 1}); c.Position != want {
		t.Errorf("it is asked for at %v", c.Position)
	}
	const chain = "src/api/f00.ts:7:1 src/lib/shared.ts:7:1 src/lib/sheets.ts:7:1 googleapis@173.0.0"
	if got := reporters.ChainText(c.Chain, " "); got != chain {
		t.Error(got)
	}

	back := reporters.Compare(heavy, small, reporters.CompareOptions{}).Delta.Causes
	if got := back[0]; got.Kind != reporters.KindRemoved || got.Package != "googleapis" ||
		got.Unzipped != -14*57_000 || len(got.Chain) != 4 {
		t.Errorf("%+v", got)
	}
}

func TestVersionMovesAndNewDuplicates(t *testing.T) {
	d := reporters.Compare(
		sample.Platform(t, nil), sample.Platform(t, sample.VersionMove), reporters.CompareOptions{},
	).Delta
	if c := d.Causes[0]; c.Kind != reporters.KindMoved || c.Package != "zod" || c.From != "3.23.8" ||
		c.To != "3.24.1" || c.Most != 3_000 {
		t.Errorf("%+v", c)
	}
	if c := d.Causes[1]; c.Kind != reporters.KindNew || c.Package != "uuid" ||
		c.With[0] != (reporters.PackageBytes{
			Name: "tslib", Version: "1.14.1", Unzipped: 6_000, Zipped: c.With[0].Zipped,
		}) {
		t.Errorf("%+v", c)
	}
	if len(d.NewDuplicates) != 1 || d.NewDuplicates[0].Package != "tslib" || d.NewDuplicates[0].Function != "report" ||
		d.NewDuplicates[0].Bytes != 5_000 {
		t.Errorf("%+v", d.NewDuplicates)
	}
	for _, p := range d.Functions[len(d.Functions)-1].Packages {
		if p.Name == "tslib" && p.Kind != reporters.KindDuplicate {
			t.Errorf("%+v", p)
		}
	}
	again := reporters.Compare(
		sample.Platform(t, sample.VersionMove), sample.Platform(t, sample.VersionMove), reporters.CompareOptions{},
	).Delta
	if len(again.NewDuplicates) != 0 || len(again.Causes) != 0 || len(again.Redeploy) != 0 {
		t.Errorf("what was there before is new: %+v", again)
	}
}

func TestGoChainsNameNoFiles(t *testing.T) {
	build := func(more bool) reporters.Report {
		s := sample.NewService(t)
		add := func(path, pkg string, size int, imports ...string) {
			s.Module(path, size, imports...)
			at := s.Graph.Intern(path)
			s.Graph.Inputs[at].Package, s.Graph.Inputs[at].Format = pkg, "go"
		}
		add("example.com/app/store", "", 900, "github.com/lib/pq")
		add("github.com/lib/pq", "github.com/lib/pq", 40_000)
		if more {
			add("example.com/app", "", 500, "example.com/app/store")
		} else {
			add("example.com/app", "", 500)
		}
		s.Function("app", "example.com/app")
		return s.Report()
	}
	c := reporters.Compare(build(false), build(true), reporters.CompareOptions{}).Delta.Causes[0]
	if c.Package != "github.com/lib/pq" || c.Position != (analyzer.Position{}) {
		t.Errorf("%+v", c)
	}
	if got := reporters.ChainText(c.Chain, " "); got != "example.com/app example.com/app/store github.com/lib/pq" {
		t.Error(got)
	}
}

func formatted(t *testing.T, format string, r reporters.Report) string {
	t.Helper()
	var b strings.Builder
	if err := render.Formats[format](&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
