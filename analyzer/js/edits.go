package js

import (
	"cmp"
	"slices"
)

// Edit replaces the bytes of a text from Start to End.
type Edit struct {
	Start, End int
	Text       string
}

// Apply applies edits to a text, in any order. If two edits start at the same
// place, it applies the longer one, and before it those that only insert. It skips an
// edit that starts inside another.
func Apply(text []byte, edits []Edit) string {
	return string(ApplyBytes(text, edits))
}

// ApplyBytes is [Apply] for who needs bytes: a bundle is too large to be copied for nothing.
func ApplyBytes(text []byte, edits []Edit) []byte {
	edits, size := ordered(text, edits)
	out := make([]byte, 0, size)
	at := 0
	for _, e := range edits {
		if e.applies(text, at) {
			out = append(out, text[at:e.Start]...)
			out = append(out, e.Text...)
			at = e.End
		}
	}
	return append(out, text[at:]...)
}

// ordered are the edits in the order in which they apply, and the size of the result, unless
// some are skipped.
func ordered(text []byte, edits []Edit) (_ []Edit, size int) {
	order := func(a, b Edit) int {
		inserts := func(e Edit) int {
			if e.End == e.Start {
				return 0
			}
			return 1
		}
		if a.Start != b.Start {
			return cmp.Compare(a.Start, b.Start)
		}
		return cmp.Or(cmp.Compare(inserts(a), inserts(b)), cmp.Compare(b.End, a.End))
	}
	if !slices.IsSortedFunc(edits, order) {
		edits = slices.Clone(edits)
		slices.SortStableFunc(edits, order)
	}
	size = len(text)
	for _, e := range edits {
		size += len(e.Text) - (e.End - e.Start)
	}
	return edits, max(size, 0)
}

// applies reports whether an edit lies in a text, behind what those before it have replaced.
func (e Edit) applies(text []byte, at int) bool {
	return e.Start >= at && e.End >= e.Start && e.End <= len(text)
}
