package coldstart

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

func terms() Terms { return Terms{Constants: Default(), Prices: DefaultPrices()} }

// filled is the cold start of shop's one function after changes to both sides.
func filled(t *testing.T, terms Terms, change func(base, head *reporters.Report)) *reporters.ColdStart {
	t.Helper()
	base, head := shop(), shop()
	head.Delta = &reporters.Delta{}
	if change != nil {
		change(&base, &head)
	}
	r := Fill(&base, head, terms)
	if r.ColdStart == nil || r.ColdStart.Constants != Default().Date ||
		!slices.Equal(r.ColdStart.Notes, []string{notBilled}) {
		t.Errorf("the report's terms: %+v", r.ColdStart)
	}
	return r.Functions[0].ColdStart
}

func TestFillABuild(t *testing.T) {
	c := Fill(nil, shop(), terms()).Functions[0].ColdStart
	if c.Refused != "" || c.Against != reporters.AgainstUnbundled || c.Money != nil {
		t.Fatalf("%+v", c)
	}
	// 0.632 MB of source at 60 (24..150) ms, one file beside it at 0.44 (0.18..1.1), 0.07 MB of
	// late source at 10 (4..25), and 2 (0..16) for a handler, on arm64.
	if want := (reporters.Millis{Low: 14.38, Central: 37.78, High: 104.56}); c.Head.Load != want {
		t.Errorf("head %+v, want %+v", c.Head.Load, want)
	}
	if c.Head.Download != (reporters.Millis{}) {
		t.Errorf("a zip below the knee downloads in %+v", c.Head.Download)
	}
	if c.Empty == nil || c.Empty.Central != 129 {
		t.Errorf("empty function %+v", c.Empty)
	}
	if !(c.Change.Total.Central < 0 && c.Change.Download.Central < 0) ||
		c.Change.LoadSource != reporters.LoadProjected {
		t.Errorf("change %+v", c.Change)
	}
	if !(c.Base.Total.Central > c.Head.Total.Central) || c.Given.Before.ZipLow == 0 {
		t.Errorf("base %+v given %+v", c.Base, c.Given)
	}
}

// TestFillNotesWhatItCannotProject checks refusals and their reasons, and that there is no
// change without a version to compare with.
func TestFillNotesWhatItCannotProject(t *testing.T) {
	snap := filled(t, terms(), func(_, head *reporters.Report) { head.Functions[0].SnapStart = true })
	if !strings.Contains(snap.Refused, "SnapStart") || snap.Head != nil || snap.Change != nil {
		t.Errorf("%+v", snap)
	}
	ready := filled(t, terms(), func(_, head *reporters.Report) { head.Functions[0].ProvisionedConcurrency = true })
	if !strings.Contains(ready.Refused, "provisioned concurrency") {
		t.Errorf("%+v", ready)
	}
	sdk := filled(t, terms(), func(_, head *reporters.Report) { head.Functions[0].Build.SDK = "runtime" })
	if sdk.Change != nil || !strings.Contains(sdk.ChangeRefused, "opposite directions") || !sdk.Head.AtLeast ||
		sdk.Base.AtLeast {
		t.Errorf("%+v", sdk)
	}
	missing := shop()
	missing.Delta = &reporters.Delta{Baseline: reporters.Baseline{Missing: "no commit"}}
	if c := Fill(nil, missing, terms()).Functions[0].ColdStart; c.Against != "" || c.Change != nil || c.Head == nil {
		t.Errorf("without a baseline: %+v", c)
	}
	failed := shop()
	failed.Functions[0].Artifact = nil
	if r := Fill(nil, failed, terms()); r.ColdStart != nil || r.Functions[0].ColdStart != nil {
		t.Errorf("of what was not built: %+v", r.ColdStart)
	}
	unknown := shop()
	unknown.Functions[0].Inputs = nil
	if c := Fill(nil, unknown, terms()).Functions[0].ColdStart; c.Refused != "the amount of code the function loads is not known" {
		t.Errorf("nothing is known of what it loads: %+v", c)
	}
}

// TestFillMinifyingSavesNoLoad compares the same modules in fewer bytes.
func TestFillMinifyingSavesNoLoad(t *testing.T) {
	c := filled(t, terms(), func(base, head *reporters.Report) {
		half := *head.Functions[0].Artifact
		half.ZipBytes, half.UnzippedBytes = half.ZipBytes/2, half.UnzippedBytes/2
		head.Functions[0].Artifact = &half
	})
	if c.Change.Load != (reporters.Millis{}) || !c.Change.NoChange ||
		!slices.ContainsFunc(
			c.Notes, func(n string) bool { return strings.HasPrefix(n, "the same code is evaluated") },
		) {
		t.Errorf("%+v %q", c.Change, c.Notes)
	}
}

// TestFillNotesWhereSizeAndTimeDiffer checks the notes on source maps that
// NODE_OPTIONS makes Node read, and on code that moved behind import().
func TestFillNotesWhereSizeAndTimeDiffer(t *testing.T) {
	maps := filled(t, terms(), func(_, head *reporters.Report) { head.Functions[0].EnableSourceMaps = true })
	const read = "--enable-source-maps reads source maps at start: the change in their size costs a projected 11 (5..25) ms"
	if !strings.Contains(strings.Join(maps.Notes, "\n"), read) {
		t.Errorf("%q", maps.Notes)
	}
	cached := filled(t, terms(), func(_, head *reporters.Report) { head.Functions[0].CompileCache = true })
	if !strings.Contains(strings.Join(cached.Notes, "\n"), "NODE_COMPILE_CACHE is not counted as a saving") || cached.Head == nil {
		t.Errorf("%q", cached.Notes)
	}
	if strings.Contains(strings.Join(maps.Notes, "\n"), "NODE_COMPILE_CACHE") {
		t.Errorf("%q", maps.Notes)
	}
	both := filled(t, terms(), func(base, head *reporters.Report) {
		base.Functions[0].EnableSourceMaps, head.Functions[0].EnableSourceMaps = true, true
	})
	if !strings.Contains(strings.Join(both.Notes, "\n"), "reads 0.9 MB of source maps at start") {
		t.Errorf("%q", both.Notes)
	}
	lazy := filled(t, terms(), func(_, head *reporters.Report) {
		head.Inputs = slices.Clone(head.Inputs)
		entry := head.Inputs[6]
		entry.Imports = slices.Clone(entry.Imports)
		entry.Imports[0].Kind = "dynamic-import"
		head.Inputs[6] = entry
	})
	if !(lazy.Change.Load.Central < 0) ||
		!strings.Contains(strings.Join(lazy.Notes, "\n"), "the work has moved but not gone away, and with 512 MB of memory") {
		t.Errorf("%+v %q", lazy.Change, lazy.Notes)
	}
}

func TestFillMeasured(t *testing.T) {
	on := terms()
	on.Measured = map[string]*Load{"orders": pairs(15, 100, 80)}
	on.Usage = func(f reporters.Function) Usage {
		return Usage{
			Region: "eu-west-1", Architecture: f.Architecture, MemoryMB: 1024, Invocations: 1e7, ColdShare: 0.01,
		}
	}
	c := filled(t, on, nil)
	if c.Change.LoadSource != reporters.LoadMeasured || c.Change.Local == nil || len(c.Change.Local.Before) != 15 ||
		c.Change.Local.What != "CPU" {
		t.Fatalf("%+v", c.Change)
	}
	if l := c.Change.Local.Change; !(l.Central < -15 && l.Central > -25 && c.Change.Load.Central < 0 &&
		c.Change.Load.Low < c.Change.Load.Central) {
		t.Errorf("local %+v, load %+v", l, c.Change.Load)
	}
	if c.Money == nil || !(c.Money.Central < 0) || !strings.Contains(c.Money.Line, "1024 MB arm64 in eu-west-1") {
		t.Errorf("%+v", c.Money)
	}
	failed := terms()
	failed.Unpaired = map[string]string{"orders": "the artifact was not ready"}
	if c := filled(t, failed, nil); c.Change.LoadSource != reporters.LoadProjected ||
		c.Notes[len(c.Notes)-1] != "the load was not measured and is projected: the artifact was not ready" {
		t.Errorf("%+v %q", c.Change, c.Notes)
	}
}

// TestFillMeasuredLoad: where the artifact was started, its load is the measured one. The
// change is measured too only if the source was started next to it.
func TestFillMeasuredLoad(t *testing.T) {
	head := shop()
	f := &head.Functions[0]
	f.Boot = &packager.Boot{Status: "loads", Node: "22.23.3", CPUMillis: []float64{150}, HandlerMillis: []float64{90, 100, 80}}
	c := Fill(nil, head, terms()).Functions[0].ColdStart
	want := &reporters.MeasuredLoad{
		What: "CPU", Millis: 90, Runs: 3, Node: "22.23.3", MemoryMB: 512, Scale: "x2.0, not calibrated",
	}
	if diff := cmp.Diff(want, c.Measured); diff != "" {
		t.Error(diff)
	}
	// 90 ms, twice that (1.2 to 3.5 times) on Lambda, on arm64.
	if load := (reporters.Millis{Low: 99.36, Central: 165.6, High: 289.8}); c.Head.Load != load {
		t.Errorf("load %+v, want %+v", c.Head.Load, load)
	}
	if c.Change.LoadSource != reporters.LoadProjected ||
		!slices.ContainsFunc(c.Notes, func(n string) bool { return strings.HasPrefix(n, "the source was not measured") }) {
		t.Errorf("%+v %q", c.Change, c.Notes)
	}

	both := pairs(15, 100, 80)
	f.Boot.SourceMillis, f.Boot.HandlerMillis = both.Before, both.After
	saved := Fill(nil, head, terms())
	c = saved.Functions[0].ColdStart
	if c.Change.LoadSource != reporters.LoadMeasured || !(c.Change.Load.Central < 0) || !(c.Base.Load.Central > c.Head.Load.Central) {
		t.Errorf("head %+v base %+v change %+v", c.Head, c.Base, c.Change)
	}
	if diff := cmp.Diff(saved, Refill(saved, terms())); diff != "" {
		t.Error(diff)
	}

	f.SnapStart = true
	if c := Fill(nil, head, terms()).Functions[0].ColdStart; c.Measured != nil || c.Refused == "" {
		t.Errorf("a snapshot that loads nothing: %+v", c)
	}
	f.SnapStart, f.Boot = false, &packager.Boot{Status: "not-run"}
	if c := Fill(nil, head, terms()).Functions[0].ColdStart; c.Measured != nil {
		t.Errorf("what was not started: %+v", c.Measured)
	}
}

// TestFillGo checks a Go program, which has no modules to count and no unbundled
// size.
func TestFillGo(t *testing.T) {
	head := shop()
	f := &head.Functions[0]
	f.Family, f.Runtime, f.Unbundled, f.Inputs = analyzer.Go, "provided.al2023", nil, nil
	f.Artifact = &packager.Artifact{ZipBytes: 5e6, UnzippedBytes: 12e6, Entries: make([]packager.Entry, 1)}
	c := Fill(nil, head, terms()).Functions[0].ColdStart
	if c.Refused != "" || c.Change != nil || c.Head.Load.Central != 0 || c.Head.Download.Central != 12 ||
		c.Empty.Central != 42.5 {
		t.Errorf("%+v", c)
	}
	if !slices.ContainsFunc(c.Notes, func(n string) bool { return strings.Contains(n, "init()") }) {
		t.Errorf("%q", c.Notes)
	}
}

// TestRefill checks that a saved report gives the same result with the same
// constants, measured loads included, and another result with others.
func TestRefill(t *testing.T) {
	on := terms()
	on.Measured = map[string]*Load{"orders": pairs(15, 100, 80)}
	base, head := shop(), shop()
	head.Delta = &reporters.Delta{}
	for name, saved := range map[string]reporters.Report{
		"a build": Fill(nil, shop(), terms()), "a check": Fill(&base, head, on),
	} {
		if diff := cmp.Diff(saved, Refill(saved, terms())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		other := terms()
		other.Constants.Node.PerMB.Range = Range{100, 200, 300}
		if cmp.Equal(saved.Functions[0].ColdStart.Head, Refill(saved, other).Functions[0].ColdStart.Head) {
			t.Errorf("%s: other constants change nothing", name)
		}
	}
}
