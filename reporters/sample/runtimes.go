package sample

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// WithRuntimes gives functions every result on another runtime that there is.
func WithRuntimes(r reporters.Report) reporters.Report {
	place := func(file string, line, column int) analyzer.Position {
		return analyzer.Position{File: file, Line: line, Column: column}
	}
	results := []reporters.OnRuntime{
		{Runtime: "nodejs24.x", Verdict: reporters.RuntimeSame, Node: "24.20.0", OwnMillis: 20.4, LoadMillis: 23.12, Starts: 5},
		{
			Runtime: "nodejs26.x", Verdict: reporters.RuntimeFails, Node: "26.12.1", At: place("src/orders.js", 1, 812), Source: place("src/orders.ts", 2, 9),
			Reason: "failed while loading (TypeError: e.isNumber is not a function)",
		},
		{Runtime: "nodejs26.x", Verdict: reporters.RuntimeDiffers, Node: "26.12.1", OwnMillis: 20.4, LoadMillis: 19.96, Starts: 5},
		{Runtime: "nodejs26.x", Verdict: reporters.RuntimeVaries, Node: "26.12.1", OwnMillis: 1, LoadMillis: 1.27, Starts: 5},
		{
			Runtime: "nodejs26.x", Verdict: reporters.RuntimeFails, Node: "26.12.1", At: place("lib/late.js", 3, 4),
			Reason: "failed while loading (Error: require() of ES Module /var/task/lib/late.mjs)", NotBuilt: "cannot resolve late",
		},
		{Runtime: "nodejs28.x", Verdict: reporters.RuntimeUnknown, Node: "26.12.1", Reason: "featherpack has no Node of this runtime; Node 26.12.1 ran"},
		{Runtime: "nodejs26.x", Verdict: reporters.RuntimeLoads, Node: "26.12.1", OwnMillis: 30, LoadMillis: 30, Starts: 5},
		{
			Runtime: "go1.25.3", Verdict: reporters.RuntimeFails, Source: place("cmd/newer/main.go", 12, 21),
			Reason: "cannot be built: undefined: errors.AsType", NotBuilt: "undefined: errors.AsType",
		},
		{Runtime: "go1.25.3", Verdict: reporters.RuntimeFails, At: place("example.com/other/a.go", 7, 0), Reason: "exited with status 2 before it was ready"},
	}
	n := 0
	for i := range r.Functions {
		f := &r.Functions[i]
		if f.Artifact == nil {
			continue
		}
		o := results[n%len(results)]
		if n++; o.NotBuilt == "" {
			o.BuiltBytes = f.Artifact.ZipBytes + int64([]int{0, 2_345, -17}[n%3])
		}
		f.Runtimes = append(f.Runtimes, o)
	}
	return r
}
