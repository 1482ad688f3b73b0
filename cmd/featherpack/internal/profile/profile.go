package profile

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
)

// Profile is where the load time of one function goes, in ms of processor time on this
// machine. The rows of Packages, and those of Modules, add up to Sum, or for Go to Load.
type Profile struct {
	Function string `json:"function"`
	// Load is the load of the artifact as it ships, for Go until its first request for an event.
	Load Figure `json:"load"`
	// Instrumented is the load of the build that was measured from within, nil for Go.
	Instrumented *Figure `json:"instrumented,omitempty"`
	// Sum is what was measured from within, without what reading the clock took. Off is how
	// much more that is than Load, as a share of it. Both are 0 for Go.
	Sum Figure  `json:"sum,omitzero"`
	Off float64 `json:"off,omitzero"`
	// Runs is the number of new processes for each figure.
	Runs int `json:"runs"`
	// Node is the version that ran. StoodIn is set if it is not the runtime's.
	Node    string `json:"node,omitempty"`
	StoodIn bool   `json:"stoodIn,omitempty"`
	// Packages and Modules are sorted by Self, largest first.
	Packages []Row    `json:"packages"`
	Modules  []Row    `json:"modules,omitempty"`
	Notes    []string `json:"notes,omitempty"`
}

// Figure is the mean of the typical runs with its 95% interval.
type Figure struct {
	Millis float64 `json:"millis"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

// Row is the time of one package or module. Names in parentheses are not of modules.
type Row struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	// Package is the package of a module.
	Package string `json:"package,omitempty"`
	// Self is the time of its own modules. Total adds the modules that only it leads to.
	Self  Figure  `json:"self"`
	Total float64 `json:"total"`
	// Chain is the shortest import chain to it from the entry point.
	Chain []string `json:"chain,omitempty"`
}

// Ask profiles a function in a number of runs, as many as it takes if that is 0.
func Ask(ctx context.Context, q trial.Question, runs int) (Profile, error) {
	ask, err := trial.ForFamily(map[analyzer.Family]func(context.Context, trial.Question, int) (Profile, error){
		analyzer.Node: profileNode, analyzer.Go: profileGo,
	}, q.Function)
	if err != nil {
		return Profile{}, err
	}
	return ask(ctx, q, runs)
}

// typical are the runs with the middle half of some totals, all of them if they are few. What
// else the machine does makes some runs slower. What is taken of these same runs adds up.
func typical(totals []float64) []int {
	order := make([]int, len(totals))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(totals[a], totals[b]) })
	cut := len(order) / 4
	return order[cut : len(order)-cut]
}

// figureOf is the mean of the samples of some runs, and the 95% interval of a mean without
// the lowest and the highest quarter, by the normal approximation.
// Source: J. Tukey and D. McLaughlin, Less Vulnerable Confidence and Significance Procedures
// for Location Based on a Single Sample, Sankhya A 25 (1963).
func figureOf(samples []float64, runs []int) Figure {
	if len(samples) == 0 || len(runs) == 0 {
		return Figure{}
	}
	mean := 0.0
	for _, i := range runs {
		mean += samples[i] / float64(len(runs))
	}
	n, spread := len(samples), 0.0
	for _, i := range runs {
		spread += (samples[i] - mean) * (samples[i] - mean)
	}
	if n < 2 {
		return Figure{mean, mean, mean}
	}
	sorted := slices.Sorted(slices.Values(samples))
	low, high := sorted[n/4], sorted[n-1-n/4]
	center, squares := 0.0, 0.0
	for _, v := range sorted {
		center += min(max(v, low), high) / float64(n)
	}
	for _, v := range sorted {
		v = min(max(v, low), high) - center
		squares += v * v
	}
	off := 1.96 * math.Sqrt(squares/float64(n-1)) * math.Sqrt(float64(n)) / float64(n-2*(n/4))
	if m := float64(len(runs)); m > 1 { // these runs need not be the middle half of these samples
		off = max(off, 1.96*math.Sqrt(spread/(m-1)/m))
	}
	return Figure{mean, mean - off, mean + off}
}

func sortRows(rows []Row) {
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(b.Self.Millis, a.Self.Millis), cmp.Compare(a.Name, b.Name))
	})
}
