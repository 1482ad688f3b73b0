package history

import (
	"maps"
	"slices"

	"github.com/featherpack/featherpack/reporters"
)

// Line is one function over time.
type Line struct {
	ID string
	// Steps are the commits at which it has another size than before, and the first and
	// the last.
	Steps []Step
	// Moved is the index of the step that changed the zip most, 0 if none did.
	Moved int
}

// Step is a function at one commit.
type Step struct {
	Point *reporters.Recorded
	Size  reporters.RecordedSize
	// By is the change of the zip since the step before, in bytes.
	By int64
}

// Lines arranges points by function, sorted by ID.
func Lines(points []reporters.Recorded) []Line {
	lines := map[string]*Line{}
	for i := range points {
		p := &points[i]
		for id, size := range p.Functions.All() {
			l := lines[id]
			if l == nil {
				l = &Line{ID: id}
				lines[id] = l
			}
			l.add(p, size)
		}
	}
	var sorted []Line
	for _, id := range slices.Sorted(maps.Keys(lines)) {
		l := lines[id]
		for i, s := range l.Steps {
			if magnitude(s.By) > magnitude(l.Steps[l.Moved].By) {
				l.Moved = i
			}
		}
		sorted = append(sorted, *l)
	}
	return sorted
}

func magnitude(n int64) int64 { return max(n, -n) }

// add adds a point. Between two changes only the last point of a size is kept, so that
// the end of the line is there.
func (l *Line) add(p *reporters.Recorded, size reporters.RecordedSize) {
	n := len(l.Steps)
	s := Step{Point: p, Size: size}
	if n > 0 {
		s.By = size.Zip - l.Steps[n-1].Size.Zip
	}
	if n > 1 && s.By == 0 && l.Steps[n-1].By == 0 {
		l.Steps[n-1] = s
		return
	}
	l.Steps = append(l.Steps, s)
}

// bars are the eight heights of a sparkline.
var bars = []rune("▁▂▃▄▅▆▇█")

// Sparkline draws the zip over the steps, at most width characters: the last of them.
// The lowest is the smallest size, the highest the largest.
func (l Line) Sparkline(width int) string {
	steps := l.Steps[max(0, len(l.Steps)-width):]
	low, high := steps[0].Size.Zip, steps[0].Size.Zip
	for _, s := range steps {
		low, high = min(low, s.Size.Zip), max(high, s.Size.Zip)
	}
	drawn := make([]rune, len(steps))
	for i, s := range steps {
		height := int64(0)
		if high > low {
			height = (s.Size.Zip - low) * int64(len(bars)-1) / (high - low)
		}
		drawn[i] = bars[height]
	}
	return string(drawn)
}
