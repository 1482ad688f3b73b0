package coldstart

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/featherpack/featherpack/reporters"
)

// loaded is a function of testdata/apps/packages, measured by the boot check: its source
// and its zip in turn, in 6 pairs of fresh processes with Node 20.20.2, on 27 November
// 2026. source and bundle hold what else is known of the two when they are built; the
// model does not use it yet.
type loaded struct {
	Function      string `json:"function"`
	Before, After Side
	SourceMillis  []float64 `json:"sourceMillis"`
	HandlerMillis []float64 `json:"handlerMillis"`
}

// TestMeasuredLoads compares the projected loads with the clock, before and after
// bundling, and prints every residual. It asserts the outcome as found, including the
// misses: whoever changes the model or the data writes down what became of it. A local
// ms counts as the model's central factor says.
func TestMeasuredLoads(t *testing.T) {
	text, err := os.ReadFile("testdata/loads.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []loaded
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	type tally struct{ Functions, Source, Bundle, Change, Said, Wrong, Refused int }
	got := tally{Functions: len(all)}
	c := Default()
	factor := c.Node.Factor.Central
	for _, f := range all {
		in := Input{
			Family: "node", Runtime: "nodejs20.x", Architecture: "x86_64", MemoryMB: 1024, Before: f.Before, After: f.After,
		}
		in.Before.Unbundled = true
		source, bundle := factor*reporters.Median(f.SourceMillis), factor*reporters.Median(f.HandlerMillis)
		paired, _ := (&Load{f.SourceMillis, f.HandlerMillis}).saving()
		saved := paired.Saving.times(exactly(factor))
		was := in
		was.After = f.Before
		before, after, p := c.Adds(was), c.Adds(in), c.Project(in)
		if before.Refused != "" || after.Refused != "" || p.Refused != "" {
			got.Refused++
			t.Logf("%-24s refused: %s%.60s", f.Function, before.Refused, p.Refused)
			continue
		}
		inside := func(r Range, v float64, n *int) bool {
			if r.Holds(v) {
				*n++
			}
			return r.Holds(v)
		}
		s, b, d := inside(before.Load, source, &got.Source), inside(after.Load, bundle, &got.Bundle), inside(p.Load, saved.Central, &got.Change)
		// A range that holds 0 claims no sign, nor do pairs that differ by less than their noise.
		same := p.NoChange || p.Load.holdsZero()
		if !same {
			got.Said++
		}
		clear := !saved.holdsZero() && math.Abs(saved.Central) >= c.Node.Threshold.Central
		wrong := !same && clear && p.Load.Central*saved.Central < 0
		if wrong {
			got.Wrong++
		}
		t.Logf("%-24s source %4.0f of %s %t, bundle %4.0f of %s %t, saved %4.0f of %s %t, said %t, sign wrong %t",
			f.Function, source, before.Load, s, bundle, after.Load, b, saved.Central, p.Load, d, !same, wrong)
	}
	if want := (tally{Functions: 142, Source: 72, Bundle: 67, Change: 85, Said: 64}); got != want {
		t.Errorf("found %+v, recorded %+v", got, want)
	}
}

// TestBundlingIsInDoubt only between files and a bundle, and the same in both directions.
func TestBundlingIsInDoubt(t *testing.T) {
	plain := Project(change(nil)).Load
	files := change(func(in *Input) { in.Before.Unbundled = true })
	bundled := Project(files).Load
	if !(bundled.Low < plain.Low && bundled.High > plain.High && bundled.Central == plain.Central) {
		t.Errorf("files to a bundle %v, else %v", bundled, plain)
	}
	files.Before, files.After = files.After, files.Before
	if back := Project(files).Load; !near(back, bundled.negated()) {
		t.Errorf("there %v, back %v", bundled, back)
	}
	both := change(func(in *Input) { in.Before.Unbundled, in.After.Unbundled = true, true })
	if got := Project(both).Load; got != plain {
		t.Errorf("files to files %v, else %v", got, plain)
	}
	data := change(func(in *Input) { in.Before.Unbundled, in.After.LazyBytes = true, 9_000_000 })
	if got := Project(data).Load; got.Low >= bundled.Low {
		t.Errorf("what loads late is parsed too: %v", got)
	}
}
