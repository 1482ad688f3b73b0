package js

// Nodes is memory for the nodes, scopes and bindings of large trees that are not needed for
// long. Those of bundles were more than a quarter of all memory that a build of 100 functions
// allocated. The zero value works. It is for one goroutine.
type Nodes struct {
	nodes    [][]Node // slabs, of which the first ones are used
	used     int
	scopes   slabs[Scope]
	bindings slabs[Binding]
}

// slabSize is how many nodes, scopes or bindings are allocated at a time. So many nodes, of 120
// bytes, fill what Go allocates for them: 8 KiB.
const slabSize = 68

// slabs are values of which the first ones are used.
type slabs[T any] struct {
	all  [][]T
	used int // values
}

// next is the next value that is not used, empty or as it was last.
func (s *slabs[T]) next() *T {
	if s.used == len(s.all)*slabSize {
		s.all = append(s.all, make([]T, slabSize))
	}
	s.used++
	return &s.all[(s.used-1)/slabSize][(s.used-1)%slabSize]
}

// each calls f with every used value.
func (s *slabs[T]) each(f func(*T)) {
	for i := range s.used {
		f(&s.all[i/slabSize][i%slabSize])
	}
}

// Parse is [Parse] with a tree whose nodes lie in the memory. No node of it may be used after
// [Nodes.Reuse].
func (m *Nodes) Parse(src []byte) (*Tree, error) { return parseIn(src, m) }

// Reuse makes the memory of all trees free for the next.
func (m *Nodes) Reuse() {
	for _, slab := range m.nodes[:m.used] {
		clear(slab)
	}
	m.used = 0
	m.scopes.each(func(s *Scope) {
		clear(s.bindings)
		if s.index != nil {
			clear(s.index)
			s.spare = s.index
		}
		*s = Scope{bindings: s.bindings[:0], spare: s.spare}
	})
	m.bindings.each(func(b *Binding) {
		clear(b.Writes)
		clear(b.Refs)
		*b = Binding{Writes: b.Writes[:0], Refs: b.Refs[:0]}
	})
	m.scopes.used, m.bindings.used = 0, 0
}

// Free gives the memory back.
func (m *Nodes) Free() { *m = Nodes{} }

// scope returns an empty scope: a new one where m is nil.
func (m *Nodes) scope() *Scope {
	if m == nil {
		return &Scope{}
	}
	return m.scopes.next()
}

// binding returns an empty binding: a new one where m is nil.
func (m *Nodes) binding() *Binding {
	if m == nil {
		return &Binding{}
	}
	return m.bindings.next()
}

// slab returns empty nodes: new ones where m is nil.
func (m *Nodes) slab() []Node {
	if m == nil {
		return make([]Node, slabSize)
	}
	if m.used == len(m.nodes) {
		m.nodes = append(m.nodes, make([]Node, slabSize))
	}
	m.used++
	return m.nodes[m.used-1]
}
