package profile

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
)

func TestReadInitTrace(t *testing.T) {
	log := `init internal/bytealg @0.008 ms, 0 ms clock, 0 bytes, 0 allocs
init main @1.2 ms, 0.35 ms clock, 4096 bytes, 12 allocs
the function's own: init main @1 ms, 2 ms clock, 3 bytes, 4 allocs
init broken @x ms, 1 ms clock, 0 bytes, 0 allocs
{"level":"info","msg":"init"}
init example.org/svc/internal/page @2e+01 ms, 12 ms clock, 1 bytes, 1 allocs
`
	want := []PackageInit{{"internal/bytealg", 0}, {"main", 0.35}, {"example.org/svc/internal/page", 12}}
	if got := readInitTrace(log); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A module is entered at its comment, or where its wrapper runs; text that only looks like a
// comment of a module is left alone.
func TestInstrument(t *testing.T) {
	const bundle = `"use strict";
var __commonJS = (cb, mod) => function __require() {};

// a.js
var require_a = __commonJS({
  "a.js"(exports) {
  }
});

// other.js is no module
// b.js
var text = 1;
`
	got, err := instrument(bundle, map[string]int{"a.js": 3, "b.js": 7})
	if err != nil {
		t.Fatal(err)
	}
	want := `
__commonJS = __featherpack_profile.wrap(__commonJS);
__featherpack_profile.at(3);
`
	for _, part := range []string{"// a.js\n__commonJS = ", "at(3);\nvar require_a", "__commonJS({\n  \"3\"(exports)", "// other.js is no module\n// b.js\n__featherpack_profile.at(7);\nvar text = 1;\n\n__featherpack_profile.end();\n"} {
		if !strings.Contains(got, part) {
			t.Errorf("%s\n\nhas no %q", got, part)
		}
	}
	if _, after, _ := strings.Cut(got, "// a.js"); !strings.HasPrefix(after, want) || !strings.HasPrefix(got, "\"use strict\";\nvar __featherpack_profile") {
		t.Error(got)
	}
	if _, err := instrument("1\n", nil); err == nil {
		t.Error("a bundle without modules was instrumented")
	}
}

func TestReadTimes(t *testing.T) {
	got, ok := readTimes("noise\nfeatherpack-profile 0:a 1z:rs rest:1 whole:rz\nmore")
	if want := (recorded{map[int]float64{0: 0.01, 71: 1}, 0.001, 1.007}); !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
	if _, ok := readTimes("no line of it"); ok {
		t.Error("times of nothing")
	}
	if _, ok := readTimes("featherpack-profile 0:a rest:1\n"); ok {
		t.Error("times that are cut short")
	}
}

// The rows add up to what was measured from within, and are not made to fit the load of the
// artifact: what they are off is said.
func TestSumIsHeldAgainstTheLoad(t *testing.T) {
	times := []recorded{{map[int]float64{0: 30}, 5, 36}, {map[int]float64{0: 34}, 5, 40}}
	g := chains.Graph{Inputs: []analyzer.Input{{Path: "a.js"}}}
	p := Profile{Load: Figure{50, 49, 51}}
	p.fill(g, times, []float64{56, 58})
	p.judgeSum()
	sum := 0.0
	for _, r := range p.Modules {
		sum += r.Self.Millis
	}
	if p.Sum.Millis != 56 || sum != 56 || math.Abs(p.Off-0.12) > 1e-9 || len(p.Notes) != 1 || !strings.Contains(p.Notes[0], "12.0% more") {
		t.Errorf("the rows add up to %v, the sum is %v, off by %v: %v", sum, p.Sum, p.Off, p.Notes)
	}
	p = Profile{Load: Figure{60, 59, 61}}
	p.fill(g, times, []float64{56, 58})
	if p.judgeSum(); len(p.Notes) != 0 || offText(p.Off) != "6.7% less" {
		t.Error(p.Off, p.Notes)
	}
}

func TestFigureOf(t *testing.T) {
	got := figureOf([]float64{9, 10, 11})
	if got.Millis != 10 || math.Abs(got.High-11.13) > 0.01 || math.Abs(got.Low-8.87) > 0.01 {
		t.Errorf("%v", got)
	}
}
