package advise

import (
	"maps"
	"slices"
	"testing"

	"github.com/featherpack/featherpack/analyzer/lint"
)

// What claims bytes or load time says what its figures come from, or quotes none.
func TestFiguresAreMeasured(t *testing.T) {
	left := maps.Clone(measuredBy)
	for _, r := range lint.Rules() {
		_, listed := left[r.Code]
		if claims := r.Kind == lint.Size || r.Kind == lint.Load; claims != listed {
			t.Errorf("%s costs %s, listed: %v", r.Code, r.Kind, listed)
		}
		delete(left, r.Code)
	}
	if len(left) > 0 {
		t.Errorf("no rules: %v", slices.Sorted(maps.Keys(left)))
	}
}
