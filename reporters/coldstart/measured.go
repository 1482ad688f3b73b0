package coldstart

import (
	"fmt"
	"math"

	"github.com/featherpack/featherpack/reporters"
)

// Load holds local loads before and after a change, in ms: processor time of fresh
// Node processes, with or without what starting Node took in both, or the time to a Go process's first poll. Before[i] and After[i]
// must have run next to each other, so that other work on the machine affects both.
// Samples of two separate runs are not pairs and must not be used.
type Load struct {
	Before []float64 `json:"before"`
	After  []float64 `json:"after"`
}

// LocalLoad is a paired comparison on the measuring machine.
type LocalLoad struct {
	Pairs int `json:"pairs"`
	// Before and After are medians in ms, of whole processes.
	Before float64 `json:"before"`
	After  float64 `json:"after"`
	// Saving is the median of the pairs' differences, with its 95% interval.
	Saving Range `json:"saving"`
}

const (
	// FewestPairs is the fewest pairs whose median has an interval narrower than
	// the range of all samples.
	FewestPairs = 6
	fairPairs   = 15
)

// saving compares the pairs. It returns nil and the reason if the samples cannot be
// used.
func (l *Load) saving() (*LocalLoad, string) {
	switch {
	case l == nil:
		return nil, ""
	case len(l.Before) != len(l.After):
		return nil, fmt.Sprintf("the load was measured %d times before and %d times after, so the measurements are not pairs, and the load is projected instead", len(l.Before), len(l.After))
	case len(l.Before) < FewestPairs:
		return nil, fmt.Sprintf("%d measured pairs are too few, so the load is projected instead; %d give a fair interval", len(l.Before), fairPairs)
	}
	differences := make([]float64, len(l.Before))
	for i := range differences {
		for _, v := range []float64{l.Before[i], l.After[i]} {
			if math.IsNaN(v) || v < 0 || v > 1e7 {
				return nil, "a measured load is out of range, so the load is projected instead"
			}
		}
		differences[i] = l.Before[i] - l.After[i]
	}
	local := &LocalLoad{Pairs: len(differences), Before: reporters.Median(l.Before), After: reporters.Median(l.After), Saving: MedianRange(differences)}
	if local.Pairs < fairPairs {
		return local, fmt.Sprintf("measured in %d pairs; %d give a fair interval", local.Pairs, fairPairs)
	}
	return local, ""
}
