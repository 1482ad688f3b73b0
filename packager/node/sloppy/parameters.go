package sloppy

import (
	"slices"
	"strconv"

	"github.com/featherpack/featherpack/analyzer/js"
)

// function reads a function's parameters and what it does with arguments.
func (m *module) function(f *js.Node) {
	index := map[string]int{}
	simple := true
	for i, p := range f.List {
		if p.Kind != js.Name {
			simple = false
			continue
		}
		if _, twice := index[p.Name]; twice {
			m.lost(p, "two parameters of one name")
		}
		index[p.Name] = i
	}
	if simple && len(index) > 0 {
		m.mirrored(f, index)
	}
	m.receives(f)
}

// mirrored reads a function whose parameters and arguments are the same variables, as they
// are in sloppy functions without patterns, defaults and rests. The pass "sloppy code"
// writes a parameter that is assigned in the function itself, by = or a logical
// assignment, into arguments too. Everything else that changes one of them loses.
func (m *module) mirrored(f *js.Node, index map[string]int) {
	var uses []*js.Node
	eachOwn(f, func(n *js.Node) {
		if n.Kind == js.Name && n.Name == "arguments" && n.Scope.Find("arguments") == nil {
			uses = append(uses, n)
		}
	})
	if len(uses) == 0 {
		return
	}
	read, all := map[int]bool{}, false
	for _, n := range uses {
		switch p := n.Parent; {
		case p.Kind == js.Member && p.X == n: // length, callee
		case p.Kind == js.Index && p.X == n:
			if m.parametersUsed(f, index) && isWritten(p) {
				m.lost(p, "an argument that is assigned, beside its parameter")
			}
			if i, err := strconv.Atoi(p.Y.Name); err == nil && p.Y.Kind == js.Number {
				read[i] = true
			} else {
				all = true
			}
		case handedOn(n):
			all = true
		default:
			if m.parametersUsed(f, index) {
				m.lost(n, "arguments that other code may change, beside their parameters")
			}
			all = true
		}
	}
	for name, i := range index {
		b := f.Scope.Own(name)
		if b == nil || !all && !read[i] {
			continue
		}
		if b.Function != nil && b.Function != f {
			m.lost(b.Function, "a function with the name of a parameter, beside arguments")
		}
		for _, ref := range b.Refs {
			if changes(ref) && !mirroredByPass(ref, f) {
				m.lost(ref, "a parameter that is assigned, beside arguments")
			}
		}
	}
}

// parametersUsed reports whether a function reads or writes a parameter.
func (m *module) parametersUsed(f *js.Node, index map[string]int) bool {
	for name := range index {
		if b := f.Scope.Own(name); b != nil && slices.ContainsFunc(b.Refs, func(n *js.Node) bool { return n.Parent != f }) {
			return true
		}
	}
	return false
}

// handedOn reports whether arguments are only read by what they are given to:
// f.apply(this, arguments), f(...arguments), slice.call(arguments), Array.from(arguments).
func handedOn(n *js.Node) bool {
	p := n.Parent
	if p.Kind == js.Spread {
		return true
	}
	if p.Kind != js.Call || p.X == n {
		return false
	}
	callee := p.X
	if callee.Kind != js.Member {
		return false
	}
	switch callee.Name {
	case "apply":
		return len(p.List) > 1 && p.List[1] == n
	case "from", "isArray", "keys", "__spread", "__read":
		return len(p.List) > 0 && p.List[0] == n
	case "call":
		x := callee.X
		return x.Kind == js.Member && reads[x.Name] || x.Kind == js.Name && reads[x.Name]
	}
	return false
}

// reads are methods of arrays that change neither the array nor what they are called on.
var reads = map[string]bool{
	"slice": true, "concat": true, "map": true, "filter": true, "join": true, "indexOf": true, "forEach": true, "some": true, "every": true,
	"reduce": true, "toString": true, "hasOwnProperty": true, "arraySlice": true, "slice_": true, "_slice": true, "__slice": true,
}

// changes reports whether a name is assigned here.
func changes(n *js.Node) bool {
	p := n.Parent
	return p != nil && (p.Kind == js.Update || p.Kind == js.Assign && p.X == n || n.IsTarget() && p.Kind != js.Function && p.Kind != js.Arrow &&
		!(p.Kind == js.Declare && p.Y == nil && p.Parent.Parent.Kind != js.ForIn))
}

// mirroredByPass reports whether the pass "sloppy code" writes an assignment into
// arguments.
func mirroredByPass(n, f *js.Node) bool {
	p := n.Parent
	if p.Kind != js.Assign || p.X != n || p.Op != js.OpAssign && p.Op != js.OpLogicAssign {
		return false
	}
	if p.Parent.Kind == js.Property || p.Parent.Kind == js.Array { // perhaps a default in a pattern
		return false
	}
	c := p.Parent
	for c != nil && c.Kind != js.Function {
		c = c.Parent
	}
	return c == f
}

// isWritten reports whether a member or an index is assigned, counted or deleted.
func isWritten(n *js.Node) bool {
	p := n.Parent
	switch p.Kind {
	case js.Assign, js.Update, js.ForIn:
		return p.X == n
	case js.Unary:
		return p.Name == "delete"
	}
	return n.IsTarget()
}
