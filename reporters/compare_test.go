package reporters

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

func statuses(d *Delta) map[string]string {
	all := map[string]string{}
	for _, f := range d.Functions {
		all[f.ID] = f.Status
		if f.From != "" {
			all[f.ID] += " from " + f.From
		}
	}
	return all
}

// small is a service of the functions named, each with a module of its own.
func small(t *testing.T, edit func(*service), names ...string) Report {
	s := newService(t)
	s.module("src/shared.ts", 800)
	for _, name := range names {
		s.module("src/"+name+".ts", 400, "src/shared.ts")
	}
	if edit != nil {
		edit(s)
	}
	for _, name := range names {
		s.function(name, "src/"+name+".ts")
	}
	return s.report()
}

func TestWhatBecameOfFunctions(t *testing.T) {
	base := small(t, nil, "a", "b", "c")
	for name, test := range map[string]struct {
		head     Report
		partial  bool
		want     map[string]string
		redeploy []string
	}{
		"nothing": {small(t, nil, "a", "b", "c"), false, map[string]string{"a": "same", "b": "same", "c": "same"}, nil},
		"changed": {
			small(t, func(s *service) { s.module("src/b.ts", 500, "src/shared.ts") }, "a", "b", "c"), false,
			map[string]string{"a": "same", "b": "changed", "c": "same"}, []string{"b"},
		},
		"new and removed": {
			small(t, func(s *service) { s.module("src/d.ts", 3000) }, "a", "b", "d"), false,
			map[string]string{"a": "same", "b": "same", "c": "removed", "d": "new"}, []string{"d"},
		},
		"a choice only": {small(t, nil, "a"), true, map[string]string{"a": "same"}, nil},
	} {
		d := Compare(base, test.head, CompareOptions{Partial: test.partial}).Delta
		if diff := cmp.Diff(test.want, statuses(d)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if diff := cmp.Diff(test.redeploy, d.Redeploy); diff != "" {
			t.Errorf("%s redeploys: %s", name, diff)
		}
	}
}

func TestRenamedFunctionsAreFound(t *testing.T) {
	base := small(t, nil, "a", "b")
	rename := func(r Report, from, to string) Report {
		r.Functions = slices.Clone(r.Functions)
		for i := range r.Functions {
			if r.Functions[i].ID == from {
				r.Functions[i].ID, r.Functions[i].Name = to, to
			}
		}
		return r
	}
	otherFile := rename(small(t, nil, "a", "b"), "b", "c")
	for i := range otherFile.Functions {
		a := *otherFile.Functions[i].Artifact
		a.SHA256 = fmt.Sprintf("%064d", i)
		otherFile.Functions[i].Artifact = &a
		otherFile.Functions[i].Entry = "moved.ts"
	}
	for name, test := range map[string]struct{ head Report }{
		"same zip":     {rename(base, "b", "c")},
		"same content": {otherFile},
		"same entry":   {rename(small(t, func(s *service) { s.module("src/b.ts", 900) }, "a", "b"), "b", "c")},
	} {
		d := Compare(base, test.head, CompareOptions{}).Delta
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
	if got := statuses(Compare(base, twins, CompareOptions{}).Delta); got["x"] != "new" || got["y"] != "new" {
		t.Errorf("two that could be the same one are %v", got)
	}
}

func TestFailuresAreNotSavings(t *testing.T) {
	built := small(t, nil, "a")
	s := newService(t)
	s.failing("a", "no", analyzer.Position{})
	broken := s.report()
	d := Compare(built, broken, CompareOptions{}).Delta
	if statuses(d)["a"] != "failed" || d.Zip != (Change{}) || len(d.Redeploy) != 0 {
		t.Errorf("%+v", d)
	}
	d = Compare(broken, built, CompareOptions{}).Delta
	if statuses(d)["a"] != "no-baseline" || d.Zip != (Change{}) {
		t.Errorf("%+v", d)
	}
	if bytes, percent := changeOfZip(d.Functions[0]); bytes != "no baseline" || percent != "" {
		t.Errorf("it shows as %q %q", bytes, percent)
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
		if got := (Change{test.before, test.after}).Negligible(); got != test.want {
			t.Errorf("from %d to %d: %v", test.before, test.after, got)
		}
	}
}

func TestOtherBuildsAreSaid(t *testing.T) {
	base, head := small(t, nil, "a"), small(t, nil, "a")
	base.Tool.Version = "0.9.0"
	base.Settings = []packager.Setting{{Name: "compress", Value: "best"}, {Name: "stage", Value: "prod"}}
	base.Functions[0].Architecture = "x86_64"
	base.Functions[0].Artifact.SHA256 = "other"
	d := Compare(base, head, CompareOptions{}).Delta
	want := []string{"featherpack 0.9.0, now 1.0.0", "compress best, now fast", "stage prod, now not set"}
	if diff := cmp.Diff(want, d.Baseline.Differs); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"architecture x86_64, now arm64"}, d.Functions[0].Differs); diff != "" {
		t.Error(diff)
	}
	const said = "featherpack 0.9.0, now 1.0.0; compress best, now fast; stage prod, now not set; architecture x86_64, now arm64 for a"
	r := Compare(base, head, CompareOptions{})
	if text := strings.Join(strings.Fields(textOf(t, r, TextOptions{})), " "); !strings.Contains(text, "the baseline was built otherwise: "+said) {
		t.Error(text)
	}
	if text := rendered(t, "markdown", r); !strings.Contains(text, "The baseline was built otherwise: `"+said+"`") {
		t.Error(text)
	}
}

func TestOneCauseInManyFunctionsIsOneFinding(t *testing.T) {
	small, heavy := platform(t, nil), platform(t, heavyImport)
	causes := Compare(small, heavy, CompareOptions{Locate: locate}).Delta.Causes
	c := causes[0]
	if c.Kind != KindNew || c.Package != "googleapis" || c.To != "173.0.0" || len(c.Functions) != 14 || len(causes) != 3 {
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
	if got := chainText(c.Chain, " "); got != "src/api/f00.ts:7:1 src/lib/shared.ts:7:1 src/lib/sheets.ts:7:1 googleapis@173.0.0" {
		t.Error(got)
	}

	back := Compare(heavy, small, CompareOptions{}).Delta.Causes
	if got := back[0]; got.Kind != KindRemoved || got.Package != "googleapis" || got.Unzipped != -14*57_000 || len(got.Chain) != 4 {
		t.Errorf("%+v", got)
	}
}

func TestVersionMovesAndNewDuplicates(t *testing.T) {
	d := Compare(platform(t, nil), platform(t, versionMove), CompareOptions{}).Delta
	if c := d.Causes[0]; c.Kind != KindMoved || c.Package != "zod" || c.From != "3.23.8" || c.To != "3.24.1" || c.Most != 3_000 {
		t.Errorf("%+v", c)
	}
	if c := d.Causes[1]; c.Kind != KindNew || c.Package != "uuid" || c.With[0] != (PackageBytes{Name: "tslib", Version: "1.14.1", Unzipped: 6_000, Zipped: c.With[0].Zipped}) {
		t.Errorf("%+v", c)
	}
	if len(d.NewDuplicates) != 1 || d.NewDuplicates[0].Package != "tslib" || d.NewDuplicates[0].Function != "report" || d.NewDuplicates[0].Bytes != 5_000 {
		t.Errorf("%+v", d.NewDuplicates)
	}
	for _, p := range d.Functions[len(d.Functions)-1].Packages {
		if p.Name == "tslib" && p.Kind != KindDuplicate {
			t.Errorf("%+v", p)
		}
	}
	again := Compare(platform(t, versionMove), platform(t, versionMove), CompareOptions{}).Delta
	if len(again.NewDuplicates) != 0 || len(again.Causes) != 0 || len(again.Redeploy) != 0 {
		t.Errorf("what was there before is new: %+v", again)
	}
}

func TestVersionPairs(t *testing.T) {
	rows := func(versions ...string) (list []PackageBytes) {
		for i, v := range versions {
			list = append(list, PackageBytes{Name: "x", Version: v, Unzipped: int64(100 + i), Zipped: 10})
		}
		return list
	}
	for name, test := range map[string]struct {
		before, after []PackageBytes
		want          []string
	}{
		"new":        {nil, rows("1"), []string{"new -1"}},
		"gone":       {rows("1"), nil, []string{"removed 1-"}},
		"same":       {rows("1"), rows("1"), nil},
		"moved":      {rows("1"), rows("2"), []string{"moved 1-2"}},
		"one more":   {rows("1"), rows("1", "2"), []string{"duplicate -2"}},
		"one less":   {rows("1", "2"), rows("1"), []string{"removed 2-"}},
		"two to one": {rows("1", "2"), rows("3"), []string{"moved 1-3", "removed 2-"}},
		"both moved": {rows("1", "2"), rows("3", "4"), []string{"moved 1-3", "moved 2-4"}},
		"one of two": {rows("1", "2"), rows("1", "3"), []string{"moved 2-3"}},
		"two new":    {nil, rows("1", "2"), []string{"duplicate -2", "new -1"}},
	} {
		var got []string
		for _, d := range comparePackages(test.before, test.after) {
			got = append(got, d.Kind+" "+d.From+"-"+d.To)
		}
		slices.Sort(got)
		slices.Sort(test.want)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestGoChainsNameNoFiles(t *testing.T) {
	build := func(more bool) Report {
		s := newService(t)
		add := func(path, pkg string, size int, imports ...string) {
			s.module(path, size, imports...)
			at := s.graph.Intern(path)
			s.graph.Inputs[at].Package, s.graph.Inputs[at].Format = pkg, "go"
		}
		add("example.com/app/store", "", 900, "github.com/lib/pq")
		add("github.com/lib/pq", "github.com/lib/pq", 40_000)
		if more {
			add("example.com/app", "", 500, "example.com/app/store")
		} else {
			add("example.com/app", "", 500)
		}
		s.function("app", "example.com/app")
		return s.report()
	}
	c := Compare(build(false), build(true), CompareOptions{}).Delta.Causes[0]
	if c.Package != "github.com/lib/pq" || c.Position != (analyzer.Position{}) {
		t.Errorf("%+v", c)
	}
	if got := chainText(c.Chain, " "); got != "example.com/app example.com/app/store github.com/lib/pq" {
		t.Error(got)
	}
}
