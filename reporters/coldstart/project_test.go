package coldstart

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// heavy and light are a Node function before and after 1 MB of source went.
var (
	heavy = Side{ZipBytes: 800_000, UnzippedBytes: 2_000_000, Files: 40, LoadedBytes: 2_000_000, LoadedFiles: 40}
	light = Side{ZipBytes: 300_000, UnzippedBytes: 800_000, Files: 1, LoadedBytes: 1_000_000, LoadedFiles: 1}
)

func change(edit func(*Input)) Input {
	in := Input{
		Family: "node", Runtime: "nodejs22.x", Architecture: "x86_64", MemoryMB: 512, Before: heavy, After: light,
	}
	if edit != nil {
		edit(&in)
	}
	return in
}

func pairs(n int, before, after float64) *Load {
	l := &Load{}
	for i := range n {
		drift := float64(i%5) * 0.3 // what else the machine does meets both
		l.Before, l.After = append(l.Before, before+drift), append(l.After, after+drift+float64(i%3)*0.2)
	}
	return l
}

func TestProjectedLines(t *testing.T) {
	for _, test := range []struct {
		name string
		in   Input
	}{
		{"less code", change(nil)},
		{"more code costs as much", change(func(in *Input) { in.Before, in.After = light, heavy })},
		{"arm64 loads faster", change(func(in *Input) { in.Architecture = "arm64" })},
		{"measured", change(func(in *Input) { in.Measured = pairs(20, 160, 128) })},
		{"nothing to speak of", change(func(in *Input) { in.Before = light; in.Before.LoadedBytes += 100_000 })},
		{"a Go binary's bytes", change(func(in *Input) {
			in.Family, in.Runtime = "go", "provided.al2023"
			in.Before = Side{ZipBytes: 4e6, UnzippedBytes: 9e6, Files: 1}
			in.After = Side{ZipBytes: 2e6, UnzippedBytes: 6e6, Files: 1}
		})},
		{"Go measured", change(func(in *Input) {
			in.Family, in.Runtime = "go", "provided.al2023"
			in.Before = Side{ZipBytes: 2e6, UnzippedBytes: 6e6, Files: 1}
			in.After = in.Before
			in.Measured = pairs(15, 38, 2)
		})},
		{"snapshots", change(func(in *Input) { in.SnapStart = true })},
		{"provisioned concurrency", change(func(in *Input) { in.Provisioned = true })},
		{"more than anybody measured", change(func(in *Input) {
			in.Before.LoadedBytes, in.Before.LoadedFiles = 40e6, 1
		})},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := Project(test.in)
			if diff := cmp.Diff(textOf("projected.txtar", test.name), p.String()); diff != "" {
				t.Error(diff)
			}
			if p.Refused == "" && p.Notes[0] != notBilled {
				t.Errorf("the notes begin with %q", p.Notes[0])
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for name, edit := range map[string]func(*Input){
		"another runtime":      func(in *Input) { in.Family = "python" },
		"another architecture": func(in *Input) { in.Architecture = "riscv64" },
		"an unknown size":      func(in *Input) { in.Before.ZipBytes = 0 },
		"a negative size":      func(in *Input) { in.After.LoadedBytes = -1 },
		"an absurd size":       func(in *Input) { in.After.UnzippedBytes = math.MaxInt64 },
		"negative memory":      func(in *Input) { in.MemoryMB = -1 },
		"unknown modules":      func(in *Input) { in.Before.LoadedBytes = 0 },
		"both beyond the cap":  func(in *Input) { in.Before.LoadedBytes, in.After.LoadedBytes = 40e6, 20e6 },
		"the SDK on one side":  func(in *Input) { in.Before.RuntimeSDK = true },
	} {
		p := Project(change(edit))
		if p.Refused == "" || p.Total != (Range{}) {
			t.Errorf("%s: refused %q, total %s", name, p.Refused, p.Total)
		}
	}
	for name, edit := range map[string]func(*Input){
		"unknown modules":     func(in *Input) { in.Before.LoadedBytes = 0 },
		"both beyond the cap": func(in *Input) { in.Before.LoadedBytes, in.After.LoadedBytes = 40e6, 20e6 },
		"the SDK on one side": func(in *Input) { in.Before.RuntimeSDK = true },
	} {
		p := Project(change(func(in *Input) { edit(in); in.Measured = pairs(15, 160, 120) }))
		if p.Refused != "" || !p.LoadMeasured || p.AtLeast {
			t.Errorf("%s, but measured: refused %q", name, p.Refused)
		}
	}
}

// TestMinifyingSavesBytesOnly checks that equal source has no load part, whatever
// the zip's size.
func TestMinifyingSavesBytesOnly(t *testing.T) {
	for _, zip := range []int64{1_000, 300_000, 30_000_000} {
		p := Project(change(func(in *Input) {
			in.Before, in.After = heavy, heavy
			in.After.ZipBytes, in.After.UnzippedBytes = zip, zip*3
		}))
		if p.Load != (Range{}) {
			t.Errorf("%d B: load %s", zip, p.Load)
		}
		if !strings.Contains(strings.Join(p.Notes, "\n"), "save only download and extract") {
			t.Errorf("%d B: the notes do not say so: %q", zip, p.Notes)
		}
	}
}

// TestFewerFilesOfTheSameCode checks that fewer files change the load, without the
// note that the load is unchanged.
func TestFewerFilesOfTheSameCode(t *testing.T) {
	p := Project(
		change(func(in *Input) { in.After.LoadedBytes, in.After.LazyBytes = in.Before.LoadedBytes, fewLazyBytes-1 }),
	)
	if len(p.Notes) != 1 || p.Load.Central <= 0 {
		t.Errorf("load %s, notes %q", p.Load, p.Notes)
	}
}

// TestBytesAndTimeInOppositeDirections lists cases where bytes and time change in opposite directions.
func TestBytesAndTimeInOppositeDirections(t *testing.T) {
	for _, test := range []struct {
		name string
		edit func(*Input)
		note string
		more bool // it costs time
	}{
		{"maps that are read", func(in *Input) { in.Before, in.After = light, light; in.After.MapBytes = 2_000_000 },
			"--enable-source-maps reads source maps at start: the change in their size costs a projected 24 (10..56) ms of the load", true},
		{"maps no longer read", func(in *Input) { in.Before, in.After = light, light; in.Before.MapBytes = 2_000_000 },
			"--enable-source-maps reads source maps at start: the change in their size saves a projected 24 (10..56) ms of the load", false},
		{"maps that are not read", func(in *Input) { in.Before, in.After = light, light; in.After.MapsUnread = 2_000_000 },
			"with --enable-source-maps they would cost 24 (10..56) ms", false},
		{"work moved to the handler", func(in *Input) { in.MemoryMB = 128; in.After.LazyBytes = 1_000_000 },
			"1.00 MB more load only at an import(): the first invocation that needs them waits, so the work has moved " +
				"but not gone away, and with 128 MB of memory it runs about 14x slower in the handler than at init", false},
		{"the runtime's SDK", func(in *Input) { in.Before.RuntimeSDK, in.After.RuntimeSDK = true, true },
			"bundling it makes the zip larger and the start shorter", false},
	} {
		p := Project(change(test.edit))
		if !strings.Contains(strings.Join(p.Notes, "\n"), test.note) {
			t.Errorf("%s: the notes are %q", test.name, p.Notes)
		}
		if p.Refused != "" || p.Total.Central < 0 != test.more {
			t.Errorf("%s: %s", test.name, p)
		}
	}
}

// TestMeasuredIsNeverProjected checks that a load is either measured or projected,
// and labelled so.
func TestMeasuredIsNeverProjected(t *testing.T) {
	for _, test := range []struct {
		name     string
		load     *Load
		measured bool
		note     string
	}{
		{"fifteen pairs", pairs(15, 160, 120), true, ""},
		{"eight pairs", pairs(8, 160, 120), true, "measured in 8 pairs; 15 give a fair interval"},
		{"two pairs", pairs(2, 160, 120), false, "2 measured pairs are too few"},
		{"no pairs", &Load{Before: make([]float64, 15), After: make([]float64, 14)}, false, "are not pairs"},
		{
			"not a number", &Load{Before: []float64{1, 2, 3, 4, 5, math.NaN()}, After: make([]float64, 6)}, false,
			"out of range",
		},
		{"negative", &Load{Before: []float64{1, 2, 3, 4, 5, -6}, After: make([]float64, 6)}, false, "out of range"},
	} {
		p := Project(change(func(in *Input) { in.Measured = test.load }))
		if p.LoadMeasured != test.measured || strings.Contains(p.Label, "load measured") != test.measured ||
			strings.Contains(p.Label, "projected") == test.measured || p.Local != nil != test.measured {
			t.Errorf("%s: measured %t, label %q", test.name, p.LoadMeasured, p.Label)
		}
		if !strings.Contains(strings.Join(p.Notes, "\n"), test.note) {
			t.Errorf("%s: the notes are %q", test.name, p.Notes)
		}
	}
}

func TestMemoryWidensTheFarEndOnly(t *testing.T) {
	at := func(zip int64, memoryMB int, back bool) Range {
		return Project(change(func(in *Input) {
			in.MemoryMB, in.Before.ZipBytes = memoryMB, zip
			if back {
				in.Before, in.After = in.After, in.Before
			}
		})).Load
	}
	plain := at(13e6, 128, false)
	for _, test := range []struct {
		zip      int64
		memoryMB int
		high     float64
	}{{13e6, 128, 1}, {14e6, 128, 1.15}, {14e6, 1769, 1}, {35e6, 512, 1.27}, {35e6, 3008, 1}} {
		want := Range{plain.Low, plain.Central, plain.High * test.high}
		if got := at(test.zip, test.memoryMB, false); got != want {
			t.Errorf("%d B at %d MB: %v, want %v", test.zip, test.memoryMB, got, want)
		}
		if got := at(test.zip, test.memoryMB, true); got != want.negated() {
			t.Errorf("%d B at %d MB as a cost: %v, want %v", test.zip, test.memoryMB, got, want.negated())
		}
	}
	if got := at(14e6, 0, false).High; got != plain.High*1.15 {
		t.Errorf("no memory size is not Lambda's 128 MB: %v", got)
	}
}

// TestProjectedZipWidensDownload projects from a zip size that is itself projected.
func TestProjectedZipWidensDownload(t *testing.T) {
	p := Project(change(func(in *Input) {
		in.Before.ZipBytes, in.Before.ZipLow, in.Before.ZipHigh = 11_500_000, 10_100_000, 13_000_000
	}))
	if want := (Range{3 * (10.1 - 5), 6 * (11.5 - 3), 11 * (13 - 1)}); !near(p.Download, want) {
		t.Errorf("download %v, want %v", p.Download, want)
	}
}

func near(a, b Range) bool {
	return math.Abs(a.Low-b.Low) < 1e-9 && math.Abs(a.Central-b.Central) < 1e-9 && math.Abs(a.High-b.High) < 1e-9
}

func FuzzProject(f *testing.F) {
	f.Add(
		int64(800_000), int64(2_000_000), int64(300_000), int64(800_000), int64(2_000_000), int64(1_000_000), int64(0),
		128, true,
	)
	f.Add(int64(1), int64(1), int64(1)<<40, int64(1)<<40, int64(1), int64(1)<<40, int64(1), 0, false)
	f.Fuzz(func(t *testing.T, zipA, rawA, zipB, rawB, loadA, loadB, maps int64, memoryMB int, isNode bool) {
		defer inputtest.Bound(t)()
		in := Input{Family: "go", Runtime: "provided.al2023", Architecture: "arm64", MemoryMB: memoryMB,
			Before: Side{
				ZipBytes: zipA, UnzippedBytes: rawA, LoadedBytes: loadA, MapBytes: maps,
			}, After: Side{ZipBytes: zipB, UnzippedBytes: rawB, LoadedBytes: loadB}}
		if isNode {
			in.Family, in.Runtime = "node", "nodejs24.x"
		}
		p := Project(in)
		for _, r := range []Range{p.Download, p.Extract, p.Load, p.Total} {
			if !r.finite() || !r.ordered() {
				t.Fatalf("%+v: %v", in, r)
			}
		}
		back := in
		back.Before, back.After = in.After, in.Before
		if q := Project(back); p.Refused == "" && q.Refused == "" && !near2(q.Total, p.Total.negated()) {
			t.Fatalf("there %v, back %v", p.Total, q.Total)
		}
		if strings.Contains(p.String(), "-0") {
			t.Fatal(p.String())
		}
	})
}

func near2(a, b Range) bool {
	scale := 1e-6 * max(1, math.Abs(a.High), math.Abs(a.Low))
	return math.Abs(a.Low-b.Low) < scale && math.Abs(a.Central-b.Central) < scale && math.Abs(a.High-b.High) < scale
}

// Compiled code lowers what source costs, in the same share on both sides.
func TestCompiledCode(t *testing.T) {
	plain := Project(change(nil)).Load
	compiled := Project(change(func(in *Input) { in.After.Compiled = true })).Load
	both := Project(change(func(in *Input) { in.Before.Compiled, in.After.Compiled = true, true })).Load
	same := Project(change(func(in *Input) { in.After = in.Before; in.After.Compiled = true })).Load
	if compiled.Central <= plain.Central || compiled.Low < plain.Low || compiled.High < plain.High {
		t.Errorf("plain %s, compiled %s", plain, compiled)
	}
	if both.Central >= plain.Central || both.Low >= plain.Low {
		t.Errorf("plain %s, both compiled %s", plain, both)
	}
	if same.Low <= 0 {
		t.Errorf("the same code, compiled: %s", same)
	}
}
