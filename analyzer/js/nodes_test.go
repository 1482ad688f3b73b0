package js

import (
	"reflect"
	"strings"
	"testing"
)

// A tree in used memory is the same as one in new memory, whatever lay there before.
func TestNodesAreEmptyAgain(t *testing.T) {
	texts := []string{
		"class A extends B { static x = `a${1}b`; get y() { return this.#z } }; export { A as default }" + strings.Repeat(";f(a, ...b)", 200),
		"with (a) { b = /c/g } for (const [x, { y = 1 }] of z) label: while (x) break label",
		"let a",
		"var a, b, c, d, e, f, g, h, i, j, k, l, m, n, o; function p(a, b = 1, ...c) { a = b; return { a, c } }",
		"var m, n; for (var o of p) m += o; (q => q.a)(n)",
		"let { b, d, f, h, j, l, n, p, r, t, v, x, z: [a, c] } = e; function s() { return a ? x : z }",
	}
	var nodes Nodes
	for range 2 {
		for _, text := range texts {
			nodes.Reuse()
			reused, err := nodes.Parse([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			fresh, err := Parse([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			reused.Bind()
			fresh.Bind()
			nodes.withoutSpares(reused)
			if !reflect.DeepEqual(reused, fresh) {
				t.Errorf("%.20q: the trees differ", text)
			}
		}
	}
	if slabs := len(nodes.nodes); slabs == 0 || slabs > 40 {
		t.Errorf("%d slabs for one tree at a time", slabs)
	}
	nodes.Free()
	if len(nodes.nodes) != 0 {
		t.Error("the memory is kept")
	}
}

// withoutSpares takes the room for later trees out of a tree.
func (m *Nodes) withoutSpares(t *Tree) {
	t.Scope.tree.memory = nil
	m.scopes.each(func(s *Scope) {
		s.spare = nil
		if len(s.bindings) == 0 {
			s.bindings = nil
		}
	})
	m.bindings.each(func(b *Binding) {
		if len(b.Writes) == 0 {
			b.Writes = nil
		}
		if len(b.Refs) == 0 {
			b.Refs = nil
		}
	})
}
