package coldstart

import (
	"fmt"
	"math"

	"github.com/featherpack/featherpack/reporters"
)

// Load are local loads before and after a change, in ms: processor time of
// fresh Node processes, or the time to a Go process' first poll. Before[i] and
// After[i] ran next to each other, so that what else the machine did meets both.
// Samples of two separate runs are no pairs and must not be given.
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
	// Saving is the median of the pairs' differences with its 95% interval.
	Saving Range `json:"saving"`
}

const (
	// fewestPairs is where the interval of a median stops being all samples.
	fewestPairs = 6
	fairPairs   = 15
)

// saving compares the pairs. Samples that cannot be used are no measurement
// and the reason is said.
func (l *Load) saving() (*LocalLoad, string) {
	switch {
	case l == nil:
		return nil, ""
	case len(l.Before) != len(l.After):
		return nil, fmt.Sprintf("the load was measured %d times before and %d times after, which makes no pairs, and is projected instead", len(l.Before), len(l.After))
	case len(l.Before) < fewestPairs:
		return nil, fmt.Sprintf("%d measured pairs say too little, so the load is projected instead; %d make a fair interval", len(l.Before), fairPairs)
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
	local := &LocalLoad{Pairs: len(differences), Before: reporters.Median(l.Before), After: reporters.Median(l.After), Saving: bootstrapMedian(differences)}
	if local.Pairs < fairPairs {
		return local, fmt.Sprintf("measured in %d pairs; %d make a fair interval", local.Pairs, fairPairs)
	}
	return local, ""
}
