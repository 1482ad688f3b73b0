package node

import (
	"maps"
	"slices"

	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// noteReached remembers which of the project's own modules a function holds, under each
// plan: an earlier plan decides on the next.
func (b *builder) noteReached(l *linked) {
	if b.Files.Recorded() == nil {
		return
	}
	if l.job.read == nil {
		l.job.read = map[string]bool{l.f.Entry: true}
	}
	l.job.readsAll = l.job.readsAll || len(l.Errors) > 0
	for _, input := range l.Reached {
		if installed.PackageDir(input) == "" {
			l.job.read[input] = true
		}
	}
}

// reads say what the function's bundle depends on, nil if that is not known.
func (b *builder) reads(s *settled) *packager.Reads {
	if b.Files.Recorded() == nil {
		return nil
	}
	if len(s.tree.Apart()) > 0 {
		return nil // what those modules hold is not known here
	}
	s.resolution.ReadFor(s.job.read)
	return &packager.Reads{Modules: slices.Sorted(maps.Keys(s.job.read)), All: s.job.readsAll, Inputs: s.nodes, Copied: s.assets}
}
