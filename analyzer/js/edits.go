package js

import (
	"cmp"
	"slices"
	"strings"
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
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int {
		inserts := func(e Edit) int {
			if e.End == e.Start {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(inserts(a), inserts(b)), cmp.Compare(b.End, a.End))
	})
	var out strings.Builder
	at := 0
	for _, e := range edits {
		if e.Start < at || e.End < e.Start || e.End > len(text) {
			continue
		}
		out.Write(text[at:e.Start])
		out.WriteString(e.Text)
		at = e.End
	}
	out.Write(text[at:])
	return out.String()
}
