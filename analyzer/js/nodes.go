package js

// Nodes is memory for the nodes of large trees that are not needed for long. The nodes of
// bundles were a quarter of all memory that a build of 100 functions allocated. The zero
// value works. It is for one goroutine.
type Nodes struct {
	slabs [][]Node
	used  int
}

// slabSize is how many nodes are allocated at a time.
const slabSize = 64

// Parse is [Parse] with a tree whose nodes lie in the memory. No node of it may be used after
// [Nodes.Reuse].
func (m *Nodes) Parse(src []byte) (*Tree, error) { return parseIn(src, m) }

// Reuse makes the memory of all trees free for the next.
func (m *Nodes) Reuse() {
	for _, slab := range m.slabs[:m.used] {
		clear(slab)
	}
	m.used = 0
}

// Free gives the memory back.
func (m *Nodes) Free() { *m = Nodes{} }

// slab returns empty nodes: new ones where m is nil.
func (m *Nodes) slab() []Node {
	if m == nil {
		return make([]Node, slabSize)
	}
	if m.used == len(m.slabs) {
		m.slabs = append(m.slabs, make([]Node, slabSize))
	}
	m.used++
	return m.slabs[m.used-1]
}
