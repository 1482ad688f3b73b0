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
// 2026. testdata/bench/loads.py measures them: 78 on that evening, without files beside the
// bundle that may be loaded, and the others earlier.
type loaded struct {
	Function      string `json:"function"`
	Before, After Side
	SourceMillis  []float64 `json:"sourceMillis"`
	HandlerMillis []float64 `json:"handlerMillis"`
}

func readLoads(t *testing.T) (all []loaded) {
	t.Helper()
	text, err := os.ReadFile("testdata/loads.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// tally counts measured loads inside the projected range.
type tally struct{ Functions, Source, Bundle, Change, Said, Wrong, Refused int }

// TestMeasuredLoads compares the projected loads with the clock, before and after
// bundling, and prints every residual. It asserts the outcome as found, including the
// misses: whoever changes the model or the data writes down what became of it. A local
// ms counts as the model's central factor says.
func TestMeasuredLoads(t *testing.T) {
	got := compareLoads(t, Default(), readLoads(t), t.Logf)
	if want := (tally{Functions: 142, Source: 130, Bundle: 131, Change: 136, Said: 49}); got != want {
		t.Errorf("found %+v, recorded %+v", got, want)
	}
}

// compareLoads projects every function, and logs the residuals. The median widths of the
// ranges go with them.
func compareLoads(t *testing.T, c Coefficients, all []loaded, logf func(string, ...any)) tally {
	t.Helper()
	got := tally{Functions: len(all)}
	var widths, changeWidths []float64
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
			logf("%-24s refused: %s%.60s", f.Function, before.Refused, p.Refused)
			continue
		}
		inside := func(r Range, v float64, n *int) bool {
			if r.Holds(v) {
				*n++
			}
			return r.Holds(v)
		}
		s, b, d := inside(before.Load, source, &got.Source), inside(after.Load, bundle, &got.Bundle), inside(p.Load, saved.Central, &got.Change)
		widths = append(widths, before.Load.High-before.Load.Low, after.Load.High-after.Load.Low)
		changeWidths = append(changeWidths, p.Load.High-p.Load.Low)
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
		logf("%-24s source %4.0f of %s %t, bundle %4.0f of %s %t, saved %4.0f of %s %t, said %t, sign wrong %t",
			f.Function, source, before.Load, s, bundle, after.Load, b, saved.Central, p.Load, d, !same, wrong)
	}
	logf("the ranges are %.0f ms wide for loads and %.0f ms for changes, by the median", reporters.Median(widths), reporters.Median(changeWidths))
	return got
}

// TestLoadsOfTheOtherHalf fits the constants to every second function and tests them on the
// others, so that no function judges constants that it has made.
func TestLoadsOfTheOtherHalf(t *testing.T) {
	var halves [2][]loaded
	for i, f := range readLoads(t) {
		halves[i%2] = append(halves[i%2], f)
	}
	var sum tally
	for i, want := range []tally{
		{Functions: 71, Source: 65, Bundle: 64, Change: 68, Said: 32},
		{Functions: 71, Source: 64, Bundle: 63, Change: 68, Said: 20},
	} {
		c := fitted(Default(), halves[i])
		got := compareLoads(t, c, halves[1-i], func(string, ...any) {})
		t.Logf("fitted to half %d, the other has %+v", i+1, got)
		if got != want {
			t.Errorf("found %+v, recorded %+v", got, want)
		}
		sum.Source, sum.Change, sum.Wrong = sum.Source+got.Source+got.Bundle, sum.Change+got.Change, sum.Wrong+got.Wrong
	}
	if sum.Source < 284*9/10 || sum.Change < 142*9/10 || sum.Wrong > 0 {
		t.Errorf("of 284 loads %d and of 142 changes %d are inside, %d signs wrong", sum.Source, sum.Change, sum.Wrong)
	}
}

// fitted are constants that fit loads best: least squares of the relative errors, of which
// large ones count less, without negative constants. What too few functions have to tell
// stays as it is: JSON and bundles cost the same, and what loads late, addons,
// built-in modules and the handler itself cost what they do by Default.
func fitted(c Coefficients, all []loaded) Coefficients {
	free := []*Estimate{&c.Node.PerMB, &c.Node.PerMBInFiles, nil, &c.Node.PerFile, &c.Node.PerESFile, &c.Node.PerOtherBuild, &c.Node.PerKeptMB,
		nil, nil, nil}
	type row struct {
		parts  []part
		millis float64
	}
	var rows []row
	for _, f := range all {
		f.Before.Unbundled = true
		rows = append(rows,
			row{c.parts(f.Before, "nodejs20.x"), c.Node.Factor.Central * reporters.Median(f.SourceMillis)},
			row{c.parts(f.After, "nodejs20.x"), c.Node.Factor.Central * reporters.Median(f.HandlerMillis)})
	}
	x := make([]float64, len(free))
	for i, p := range rows[0].parts {
		x[i] = p.per.Central
	}
	cost := func(r row) (sum float64) {
		for i, p := range r.parts {
			sum += x[i] * p.amount.Central
		}
		return sum
	}
	for range 300 {
		for i, e := range free {
			if e == nil {
				continue
			}
			var up, down float64
			for _, r := range rows {
				amount, sum := r.parts[i].amount.Central, cost(r)
				weight := 1 / (sum + 10) / (sum + 10) / max(1, math.Abs(math.Log((r.millis+6)/(sum+6)))/0.3)
				up += weight * amount * (r.millis - sum + x[i]*amount)
				down += weight * amount * amount
			}
			if down > 0 {
				x[i] = max(0, up/down)
			}
		}
	}
	for i, e := range free {
		if e != nil {
			e.Range = Range{x[i] * 0.4, x[i], x[i] * 2.5}
		}
	}
	return c
}

// TestBundlingIsInDoubt only between files and a bundle, and the same in both directions.
func TestBundlingIsInDoubt(t *testing.T) {
	plain := Project(change(nil)).Load
	files := change(func(in *Input) { in.Before.Unbundled = true })
	bundled := Project(files).Load
	if !(bundled.Low < bundled.Central-plain.Central/2 && bundled.High > plain.High) {
		t.Errorf("files to a bundle %v, else %v", bundled, plain)
	}
	files.Before, files.After = files.After, files.Before
	if back := Project(files).Load; !near(back, bundled.negated()) {
		t.Errorf("there %v, back %v", bundled, back)
	}
	both := change(func(in *Input) { in.Before.Unbundled, in.After.Unbundled = true, true })
	perMB, code := Default().Node.PerMBInFiles, float64(heavy.LoadedBytes-light.LoadedBytes)/megabyte
	inFiles := exactly(code).times(perMB.Range).add(exactly(float64(heavy.LoadedFiles - light.LoadedFiles)).times(Default().Node.PerFile.Range))
	if got := Project(both).Load; !near(got, inFiles) {
		t.Errorf("files to files %v, want %v", got, inFiles)
	}
	data := change(func(in *Input) { in.Before.Unbundled, in.After.LazyBytes = true, 9_000_000 })
	if got := Project(data).Load; got.Low >= bundled.Low {
		t.Errorf("what loads late is parsed too: %v", got)
	}
}
