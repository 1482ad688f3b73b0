package boot

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/featherpack/featherpack/analyzer"
)

// Subject is an artifact and the function that it is of.
type Subject struct {
	ZipPath  string
	Function analyzer.Function
}

// Paired are loads of two artifacts. Before[i] and After[i] are of fresh
// processes that ran one right after the other, so that what else the machine
// did meets both; the pairs that went before them warmed its caches.
type Paired struct {
	Before, After Measured
	// Reason is a clause that says why there are no pairs, "" where there are.
	Reason string
	// StoodIn and Uncontained are as in [Result], of either.
	StoodIn     bool
	Uncontained []string
}

// Pairs loads two artifacts in turn, before, after, before, after, in so many
// pairs of fresh processes; a first pair is not counted. Each is unpacked once.
// Nothing is asked of them but to be ready. Run it by itself: what runs beside
// it is measured too.
func Pairs(ctx context.Context, before, after Subject, pairs int, o Options) Paired {
	o.Event = nil
	var sides [2]*check
	var results [2]Result
	for i, s := range []Subject{before, after} {
		work, err := os.MkdirTemp("", "featherpack-boot-")
		if err != nil {
			return Paired{Reason: "there is no place to unpack to: " + analyzer.WithoutPath(err).Error()}
		}
		defer os.RemoveAll(work)
		sides[i] = &check{f: s.Function, o: o, work: work, task: filepath.Join(work, "task")}
		r, ready := sides[i].prepare(ctx, s.ZipPath)
		if !ready {
			return unpaired(sides[i], i, r)
		}
		results[i] = r
	}
	var p Paired
	for n := range min(pairs, maxRuns) + 1 {
		var pair [2]Result
		for i, side := range sides {
			one, started := side.fresh(ctx, &results[i], nil)
			if !started || one.Status != Loads {
				return unpaired(side, i, one)
			}
			pair[i] = one
		}
		if n > 0 {
			p.Before.add(pair[0].Measured)
			p.After.add(pair[1].Measured)
		}
	}
	p.StoodIn = results[0].StoodIn || results[1].StoodIn
	p.Uncontained = results[1].Uncontained
	return p
}

func unpaired(c *check, i int, r Result) Paired {
	c.clean(&r)
	return Paired{Reason: fmt.Sprintf("the %s %s", [...]string{"baseline's artifact", "artifact"}[i], r.Reason)}
}

func (m *Measured) add(one Measured) {
	m.LoadMillis = append(m.LoadMillis, one.LoadMillis...)
	m.CPUMillis = append(m.CPUMillis, one.CPUMillis...)
	m.PeakMemoryBytes = max(m.PeakMemoryBytes, one.PeakMemoryBytes)
}
