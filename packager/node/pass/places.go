package pass

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// places are offsets of a code, sorted. A walk that looks for what begins there leaves out
// the nodes without any: most of a bundle has nothing that a pass looks for.
type places []int32

// placesOf are the offsets of texts, and of the escapes that a name can be written with.
func placesOf(source string, texts ...string) (found places) {
	for _, text := range append(texts, `\u`) {
		for from := 0; ; {
			at := strings.Index(source[from:], text)
			if at < 0 {
				break
			}
			found = append(found, int32(from+at))
			from += at + len(text)
		}
	}
	slices.Sort(found)
	return found
}

// in reports whether a node may hold one of the places. The parser leaves the end of some
// nodes open.
func (p places) in(n *js.Node) bool {
	if n.End == 0 {
		return len(p) > 0
	}
	i, _ := slices.BinarySearch(p, n.Start)
	return i < len(p) && p[i] < n.End
}

// around calls f for a node and all below that hold one of the places, and sets their parents.
func (p places) around(n *js.Node, f func(*js.Node)) {
	f(n)
	n.Each(func(child *js.Node) {
		if p.in(child) {
			child.Parent = n
			p.around(child, f)
		}
	})
}
