package reporters

import (
	"slices"

	"github.com/featherpack/featherpack/packager"
)

// PutLoads replaces a function's load times by those of fresh processes of the baseline
// and the head that ran in turn: ms until ready on both sides, and the head's processor
// time, of which handler is the part that loads the handler. It does nothing without samples.
func (r *Report) PutLoads(id string, before, after, cpu, handler []float64) {
	if r.Delta == nil {
		return
	}
	for i := range r.Functions {
		f := &r.Functions[i]
		if f.ID != id || f.Boot == nil {
			continue
		}
		b := *f.Boot
		b.LoadMillis, b.CPUMillis, b.HandlerMillis = after, cpu, handler
		is, ok := LoadTime(Function{Boot: &b})
		was, known := LoadTime(Function{Boot: &packager.Boot{LoadMillis: before}})
		if !ok || !known {
			return
		}
		f.Boot = &b
		for j := range r.Delta.Functions {
			if r.Delta.Functions[j].ID == id {
				r.Delta.Functions[j].Load = &Change{was, is}
			}
		}
	}
}

// LoadTime is the median of the measured load times, in microseconds.
func LoadTime(f Function) (micros int64, ok bool) {
	if f.Boot == nil || len(f.Boot.LoadMillis) == 0 {
		return 0, false
	}
	middle := Median(f.Boot.LoadMillis)
	if !(middle >= 0 && middle < 1e9) {
		return 0, false
	}
	return int64(middle * 1000), true
}

// Median is the middle value, or the mean of the two middle values; 0 without values.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
