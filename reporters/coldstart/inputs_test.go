package coldstart

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

// shop is a report of one function. Its entry point imports a library: one of its
// modules is removed by tree shaking, and another is reached only through import().
func shop() reporters.Report {
	return reporters.Report{
		Inputs: []analyzer.Input{
			{
				Path: "node_modules/big/index.js", Package: "big", Bytes: 500_000, Format: "cjs",
				Imports: []analyzer.Import{{To: 1, Kind: "require"}},
			},
			{Path: "node_modules/big/part.js", Package: "big", Bytes: 100_000, Format: "cjs"},
			{Path: "node_modules/kept/index.js", Package: "kept", Bytes: 30_000, Format: "cjs"},
			{Path: "node_modules/late/index.js", Package: "late", Bytes: 70_000, Format: "esm"},
			{Path: "node_modules/shaken/index.js", Package: "shaken", Bytes: 9_000, Format: "esm"},
			{Path: "src/a.txt", Bytes: 1_000_000, Format: "asset"},
			{Path: "src/orders.ts", Bytes: 2_000, Format: "esm", Imports: []analyzer.Import{
				{To: 0, Kind: "import"}, {To: 2, Kind: "require"}, {To: 3, Kind: "dynamic-import"},
				{To: 4, Kind: "import"}, {To: 5, Kind: "asset"}}},
		},
		Functions: []reporters.Function{{
			Status: "built", EntryInput: 6,
			Function: analyzer.Function{
				ID: "orders", Name: "orders", Family: analyzer.Node, Runtime: "nodejs22.x", Architecture: "arm64", MemoryMB: 512,
			},
			Artifact: &packager.Artifact{ZipBytes: 400_000, UnzippedBytes: 1_300_000, Entries: []packager.Entry{
				{Name: "node_modules/kept/index.js", Bytes: 30_000}, {Name: "src/a.txt", Bytes: 1_000_000},
				{Name: "src/orders.js", Bytes: 240_000}, {Name: "src/orders.js.map", Bytes: 900_000},
			}},
			Inputs: []reporters.InputBytes{
				{Input: 0, Unzipped: 200_000}, {Input: 1, Unzipped: 30_000}, {Input: 2, Unzipped: 30_000},
				{Input: 3, Unzipped: 9_000}, {Input: 5, Unzipped: 1_000_000}, {Input: 6, Unzipped: 1_000},
			},
			Unbundled: &packager.Unbundled{
				Files: 2310, Bytes: 48_000_000, ZipBytes: 11_500_000, ZipLow: 10_100_000, ZipHigh: 13_000_000,
			},
		}},
	}
}

func TestForReport(t *testing.T) {
	built := Side{
		ZipBytes: 400_000, UnzippedBytes: 1_300_000, Files: 4, LoadedBytes: 632_000, LoadedFiles: 2, LazyBytes: 70_000,
		MapsUnread: 900_000,
	}
	unbundled := Side{
		ZipBytes: 11_500_000, ZipLow: 10_100_000, ZipHigh: 13_000_000, UnzippedBytes: 48_000_000, Files: 2310,
		LoadedBytes: 641_000, LoadedFiles: 5, ESFiles: 2, LazyBytes: 70_000, Unbundled: true,
	}
	input := Input{Family: "node", Runtime: "nodejs22.x", Architecture: "arm64", MemoryMB: 512}

	want := input
	want.Before, want.After = unbundled, built
	all := []Compared{{ID: "orders", Before: "unbundled", Input: want}}
	if diff := cmp.Diff(all, ForReport(nil, shop(), nil)); diff != "" {
		t.Errorf("against unbundled: %s", diff)
	}

	base, head := shop(), shop()
	base.Functions[0].ID = "old-orders"
	head.Delta = &reporters.Delta{Functions: []reporters.FunctionDelta{{ID: "orders", From: "old-orders"}}}
	head.Functions[0].Build.SDK = "runtime"
	base.Functions[0].EnableSourceMaps, head.Functions[0].EnableSourceMaps = true, true
	head.Functions[0].SnapStart = true
	measured := pairs(15, 2, 1)
	got := ForReport(&base, head, map[string]*Load{"orders": measured})
	want = input
	want.SnapStart, want.Measured = true, measured
	want.Before = built.with(func(s *Side) { s.MapBytes, s.MapsUnread = s.MapsUnread, 0 })
	want.After = want.Before.with(func(s *Side) { s.RuntimeSDK = true })
	if diff := cmp.Diff([]Compared{{ID: "orders", Before: "baseline", Input: want}}, got); diff != "" {
		t.Errorf("against a renamed baseline: %s", diff)
	}
}

// The handler's file may load others, which hold the program.
func TestFilesOfTheBundle(t *testing.T) {
	kept := 1 // a package
	for name, test := range map[string]struct {
		edit  func(f *reporters.Function)
		files int
	}{
		"one file":      {func(*reporters.Function) {}, 1},
		"own code only": {func(f *reporters.Function) { f.Packages = []reporters.PackageBytes{{Name: "(own code)"}} }, 1},
		"a short file, since Node 24": {func(f *reporters.Function) {
			f.Packages = []reporters.PackageBytes{{Name: "(own code)"}, {Name: packager.RowNames}}
		}, 2},
		"compiled code": {func(f *reporters.Function) { f.Settings = []packager.Setting{{Name: "codeCache"}} }, 3},
	} {
		r := shop()
		test.edit(&r.Functions[0])
		if got := SideOf(r.Functions[0], r.Inputs).LoadedFiles; got != test.files+kept {
			t.Errorf("%s: %d files, want %d", name, got, test.files+kept)
		}
	}
}

// A module that is a file of the zip, and that only computed names lead to, is beside the
// bundle, not late code in it. Its format is that of its name.
func TestModulesBesideTheBundle(t *testing.T) {
	for name, test := range map[string]struct {
		entry      string // of the zip
		edge       string
		kept, late int64
	}{
		"in the bundle, late":       {"", "dynamic-import", 0, 90_000},
		"beside it":                 {"node_modules/plugin/index.js", "asset", 20_000, 0},
		"beside it, loaded late":    {"node_modules/plugin/index.js", "dynamic-import", 20_000, 0},
		"beside it, loaded at init": {"node_modules/plugin/index.js", "require", 0, 0},
	} {
		r := shop()
		r.Inputs = append(r.Inputs, analyzer.Input{Path: "node_modules/plugin/index.js", Package: "plugin", Bytes: 90_000})
		r.Inputs[6].Imports = append(r.Inputs[6].Imports, analyzer.Import{To: 7, Kind: test.edge})
		f := &r.Functions[0]
		f.Inputs = append(f.Inputs, reporters.InputBytes{Input: 7, Unzipped: 20_000})
		if test.entry != "" {
			f.Artifact.Entries = append(f.Artifact.Entries, packager.Entry{Name: test.entry, Bytes: 20_000})
		}
		const late = 70_000 // of the shop
		got := SideOf(*f, r.Inputs)
		if got.KeptBytes != test.kept || got.LazyBytes != test.late+late {
			t.Errorf("%s: %d bytes beside the bundle and %d late, want %d and %d", name, got.KeptBytes, got.LazyBytes, test.kept, test.late+late)
		}
		before, _ := UnbundledSide(*f, r.Inputs)
		if before.KeptBytes != test.kept {
			t.Errorf("%s: %d bytes beside without featherpack, want %d", name, before.KeptBytes, test.kept)
		}
	}
}

// TestNothingToCompare checks that no projection is made if a side is missing.
func TestNothingToCompare(t *testing.T) {
	for name, edit := range map[string]func(base, head *reporters.Report){
		"failed now":  func(_, head *reporters.Report) { head.Functions[0].Artifact = nil },
		"failed then": func(base, _ *reporters.Report) { base.Functions[0].Artifact = nil },
		"new":         func(base, _ *reporters.Report) { base.Functions = nil },
		"removed":     func(_, head *reporters.Report) { head.Functions = nil },
	} {
		base, head := shop(), shop()
		edit(&base, &head)
		if got := ForReport(&base, head, nil); len(got) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	head := shop()
	head.Functions[0].Unbundled = nil
	if got := ForReport(nil, head, nil); len(got) != 0 {
		t.Errorf("unbundled is not known: %+v", got)
	}
}

// TestLoadsOfTwoRunsAreNoPairs checks that loads of two reports, which were not
// measured next to each other, do not count as a measured load.
func TestLoadsOfTwoRunsAreNoPairs(t *testing.T) {
	base, head := shop(), shop()
	for _, r := range []*reporters.Report{&base, &head} {
		r.Functions[0].Boot = &packager.Boot{
			Status: "loads", CPUMillis: make([]float64, 15), LoadMillis: make([]float64, 15),
		}
	}
	for _, c := range ForReport(&base, head, nil) {
		if p := Project(c.Input); p.LoadMeasured || p.Refused != "" {
			t.Errorf("%s", p)
		}
	}
}

// The zip's names do not depend on where the service lies in the repository.
func TestServiceInAFolder(t *testing.T) {
	want := ForReport(nil, shop(), nil)[0].Input
	for _, where := range []struct{ name, packages, sources, code string }{
		{"all of it", "services/shop/", "services/shop/", "services/shop"},
		{"packages of the repository", "", "services/shop/", "services/shop"},
	} {
		r := shop()
		r.Functions[0].CodeDir = where.code
		for i, in := range r.Inputs {
			folder := where.sources
			if in.Package != "" {
				folder = where.packages
			}
			r.Inputs[i].Path = folder + in.Path
		}
		if diff := cmp.Diff(want, ForReport(nil, r, nil)[0].Input); diff != "" {
			t.Errorf("%s: %s", where.name, diff)
		}
	}
}
