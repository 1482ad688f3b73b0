package boot

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/scratch"
)

// Subject is a function and what is started of it: its artifact, or its source tree.
type Subject struct {
	ZipPath string
	// Tree is nil for an artifact.
	Tree     *Tree
	Function analyzer.Function
}

// Paired holds load times of two subjects. Before[i] and After[i] come from two
// new processes that ran one right after the other, so other load on the machine
// affects both. Earlier pairs have warmed the machine's caches.
type Paired struct {
	Before, After Measured
	// Reason is a clause: why there are no pairs. It is "" if there are pairs.
	Reason string
}

// Pairs loads two subjects in turn (before, after, before, after) in the given
// number of pairs of new processes. One more pair runs first and is not counted.
// An artifact is unpacked once. The processes are only loaded: no event is
// sent. Run nothing else meanwhile, because other work changes the measured times.
func Pairs(ctx context.Context, before, after Subject, pairs int, o Options) Paired {
	o.Event = nil
	var sides [2]*check
	var results [2]Result
	for i, s := range []Subject{before, after} {
		folder, err := scratch.New("", "boot")
		if err != nil {
			return Paired{Reason: "cannot make a temporary folder to unpack to: " + analyzer.WithoutPath(err).Error()}
		}
		defer folder.Close()
		sides[i] = &check{f: s.Function, o: o, work: folder.Path, tree: s.Tree, task: filepath.Join(folder.Path, "task")}
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
	return p
}

func unpaired(c *check, i int, r Result) Paired {
	c.clean(&r)
	what := [...]string{"baseline's artifact", "artifact"}[i]
	if c.tree != nil {
		what = "source"
	}
	return Paired{Reason: fmt.Sprintf("the %s %s", what, r.Reason)}
}

func (m *Measured) add(one Measured) {
	m.LoadMillis = append(m.LoadMillis, one.LoadMillis...)
	m.CPUMillis = append(m.CPUMillis, one.CPUMillis...)
	m.HandlerMillis = append(m.HandlerMillis, one.HandlerMillis...)
	m.PeakMemoryBytes = max(m.PeakMemoryBytes, one.PeakMemoryBytes)
}
