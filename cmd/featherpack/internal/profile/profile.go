package profile

import (
	"cmp"
	"context"
	"math/rand/v2"
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
	// much more that is than Load, as a share of it, OffLow to OffHigh its 95% interval. All
	// are 0 for Go.
	Sum     Figure  `json:"sum,omitzero"`
	Off     float64 `json:"off,omitzero"`
	OffLow  float64 `json:"offLow,omitzero"`
	OffHigh float64 `json:"offHigh,omitzero"`
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

// resamplings is how often the runs are drawn anew for an interval.
const resamplings = 200

// chosen are the runs that count, and those that would count in each resampling of the runs.
type chosen struct {
	runs      []int
	resampled [][]int
}

// typical chooses the runs with the middle half of some totals, all of them if they are few.
// What else the machine does makes some runs slower. What is taken of these same runs adds up.
// The resamplings are the same for all totals of as many runs, so that figures of pairs of runs
// can be compared.
func typical(totals []float64) (c chosen) {
	half := func(order []int) []int {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(totals[a], totals[b]) })
		cut := len(order) / 4
		return order[cut : len(order)-cut]
	}
	all := make([]int, len(totals))
	for i := range all {
		all[i] = i
	}
	draw := rand.New(rand.NewPCG(1, 2))
	for range resamplings {
		drawn := make([]int, len(totals))
		for i := range drawn {
			drawn[i] = draw.IntN(len(totals))
		}
		c.resampled = append(c.resampled, half(drawn))
	}
	c.runs = half(all)
	return c
}

// figureOf is the mean of the samples of the chosen runs, and its 95% interval by bootstrap.
// Source: B. Efron, Bootstrap Methods: Another Look at the Jackknife, Annals of Statistics 7 (1979).
func figureOf(samples []float64, c chosen) Figure {
	if len(samples) == 0 || len(c.runs) == 0 {
		return Figure{}
	}
	mean := meanOf(samples, c.runs)
	means := make([]float64, len(c.resampled))
	for n, runs := range c.resampled {
		means[n] = meanOf(samples, runs)
	}
	low, high := middle95(means)
	return Figure{mean, min(low, mean), max(high, mean)}
}

func meanOf(samples []float64, runs []int) (mean float64) {
	for _, i := range runs {
		mean += samples[i] / float64(len(runs))
	}
	return mean
}

// middle95 is where the middle 95% of some values begin and end.
func middle95(values []float64) (low, high float64) {
	slices.Sort(values)
	cut := len(values) / 40
	return values[cut], values[len(values)-1-cut]
}

func sortRows(rows []Row) {
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(b.Self.Millis, a.Self.Millis), cmp.Compare(a.Name, b.Name))
	})
}
