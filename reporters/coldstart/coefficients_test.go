package coldstart

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// TestEveryConstantHasASource checks that every constant names a source or is
// marked as a guess.
func TestEveryConstantHasASource(t *testing.T) {
	c := Default()
	if c.Date == "" {
		t.Error("the constants have no date")
	}
	for name, e := range c.named() {
		if len(e.Source) < 20 {
			t.Errorf("%s has no source", name)
		}
	}
	for _, runtime := range []string{"nodejs24.x", "nodejs22.x", "nodejs20.x", "provided.al2023"} {
		for _, architecture := range []string{"x86_64", "arm64"} {
			if _, ok := c.HelloOf(runtime, architecture); !ok {
				t.Errorf("no empty function of %s %s", runtime, architecture)
			}
		}
	}
}

func TestOwnCoefficientsReplaceDefaults(t *testing.T) {
	own := `{"schema": 1, "extract": {"perMB": {"central": 2, "low": 1, "high": 3}}, "calibrations": [{
		"runtime": "nodejs22.x", "architecture": "arm64", "memoryMB": 512, "date": "2026-10-01",
		"factor": {"central": 1.8, "low": 1.5, "high": 2.1}, "base": {"low": 130, "central": 130, "high": 130},
		"method": "Theil-Sen line", "artifacts": 4, "colds": 200}]}`
	c, err := ReadCoefficients(strings.NewReader(own))
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	if c.Extract.PerMB.Range != (Range{1, 2, 3}) {
		t.Errorf("what the file says does not count: %v", c.Extract.PerMB.Range)
	}
	if diff := cmp.Diff(want.Download, c.Download); diff != "" || len(c.Hello) != len(want.Hello) ||
		c.Extract.PerFile.Range != want.Extract.PerFile.Range {
		t.Errorf("what the file leaves out changed: %s", diff)
	}
	in := change(func(in *Input) { in.Architecture, in.Measured = "arm64", pairs(20, 160, 128) })
	p := c.Project(in)
	const label = "load measured locally (CPU) x1.8, calibrated with logs of 2026-10-01; nodejs22.x arm64"
	if p.Label != label {
		t.Errorf("label %q, want %q", p.Label, label)
	}
	if want := p.Local.Saving.Central * 1.8; p.Load.Central != want {
		t.Errorf("load %v, want %v", p.Load.Central, want)
	}
	in.Architecture = "x86_64"
	if p := c.Project(in); !strings.Contains(p.Label, "not calibrated") {
		t.Errorf("another architecture took the calibration: %q", p.Label)
	}

	var written bytes.Buffer
	if err := c.Write(&written); err != nil {
		t.Fatal(err)
	}
	again, err := ReadCoefficients(&written)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.Calibrations, again.Calibrations); diff != "" {
		t.Error(diff)
	}
}

func TestBrokenCoefficients(t *testing.T) {
	for _, test := range []struct{ file, message string }{
		{``, "it ends too early"},
		{`{`, "it ends too early"},
		{`{"schema": 1`, "it ends too early"},
		{`nonsense`, "it is not JSON at byte 2"},
		{`[]`, "the top level has the wrong type: array"},
		{`{}`, "has version 0"},
		{`{"schema": 2}`, "has version 2; this featherpack reads version 1"},
		{`{"schema": 1, "downlaod": {}}`, `unknown field "downlaod"`},
		{`{"schema": 1} {}`, "has content after its JSON object"},
		{`{"schema": 1, "node": {"factor": {"central": "2"}}}`, "has the wrong type: string"},
		{`{"schema": 1, "node": {"factor": {"central": 1e300}}}`, "node.factor does not satisfy low <= central <= high"},
		{`{"schema": 1, "node": {"factor": {"low": -1}}}`, "node.factor is below 0"},
		{`{"schema": 1, "node": {"factor": {"low": 1, "central": 2, "high": 1e7}}}`, "node.factor is out of range"},
		{`{"schema": 1, "calibrations": [{"runtime": "nodejs22.x"}]}`, "has no runtime, no architecture, no factor"},
		{
			`{"schema": 1, "calibrations": [{"runtime": "nodejs22.x", "architecture": "arm64", "date": "soon", ` +
				`"factor": {"low": 1, "central": 1, "high": 1}}]}`,
			"date is not YYYY-MM-DD",
		},
	} {
		_, err := ReadCoefficients(strings.NewReader(test.file))
		var d analyzer.Diagnostic
		if !errors.As(err, &d) || !strings.Contains(d.Message, test.message) || d.Hint == "" {
			t.Errorf("%s\n gives %v, want %q", test.file, err, test.message)
		}
	}
}

func FuzzReadCoefficients(f *testing.F) {
	f.Add(string(embedded))
	f.Add(`{"schema": 1, "memory": [{"zipMB": 1, "high": 2}]}`)
	f.Fuzz(func(t *testing.T, file string) {
		defer inputtest.Bound(t)()
		c, err := ReadCoefficients(strings.NewReader(file))
		if err != nil {
			return
		}
		p := c.Project(change(func(in *Input) { in.Measured = pairs(6, 160, 128) }))
		if !p.Total.finite() || !p.Total.ordered() {
			t.Fatalf("%v", p.Total)
		}
	})
}
