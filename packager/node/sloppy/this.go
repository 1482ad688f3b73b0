package sloppy

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// A sloppy function that is called without a receiver has the global object as this, and a
// text or a number becomes an object there. In strict mode this is what the caller gives:
// nothing, or the text.

// receives reads a function that counts on it, by where it is written.
func (m *module) receives(f *js.Node) {
	p := f.Parent
	switch {
	case p == nil:
	case p.Kind == js.Assign && p.Y == f && (ofPrimitives(p.X) || m.isExports(p.X) || p.X.Kind == js.Member && m.isExports(p.X.X)):
		m.box(f)
	case p.Kind == js.Call && p.X != f && givesNone(p):
		m.box(f)
	case p.Kind == js.Property && p.Y == f && m.ofPrimitiveDescriptor(p):
		m.box(f)
	case m.taken(f):
		m.box(f)
	}
}

// receiver reads a call that gives a function of this module no receiver, or one that
// becomes an object.
func (m *module) receiver(n *js.Node) {
	callee := n.X
	if callee.Kind == js.Member && (callee.Name == "call" || callee.Name == "apply" || callee.Name == "bind") {
		if len(n.List) > 0 && !isNothing(n.List[0]) && !isPrimitive(n.List[0]) {
			return
		}
		callee = callee.X
	} else if callee.Kind == js.Function {
		return // called where it stands: the pass "sloppy code" knows its this
	}
	m.box(m.called(callee))
	for _, a := range n.List {
		if a.Kind == js.Name && givesNone(n) {
			m.box(m.called(a))
		}
	}
}

// given reads a function that is given to a constructor.
func (m *module) given(n *js.Node) {
	if n.X.IsGlobal("Promise") && len(n.List) > 0 {
		m.box(m.called(n.List[0]))
	}
}

// box makes this what it is in a sloppy function, whoever calls it.
func (m *module) box(f *js.Node) {
	if f == nil || m.boxed[f] || !m.readsThis(f) {
		return
	}
	m.boxed[f] = true
	if f.Scope.Find("globalThis") != nil {
		m.lost(f, "this in a function that is called without a receiver")
		return
	}
	eachOwn(f, func(n *js.Node) {
		if n.Kind == js.Literal && n.Name == "this" {
			m.these = append(m.these, n)
		}
	})
}

// boxes writes what was found. Where this is read more than once, a function says it.
func (m *module) boxes() (edits []js.Edit) {
	before, behind := "globalThis.Object(", "??globalThis)" // no parentheses around: there may be no semicolon in front
	if len(m.these) > 1 {
		name := "__featherpackThis"
		for strings.Contains(m.Source, name) {
			name += "_"
		}
		before, behind = name+"(", ")"
		edits = append(edits, js.Edit{Start: len(m.Source), End: len(m.Source), Text: "\nfunction " + name + "(o){return globalThis.Object(o??globalThis)}"})
	}
	for _, n := range m.these {
		text := before + "this" + behind
		if madeOf(n) {
			text = "(" + text + ")"
		}
		edits = append(edits, js.Edit{Start: int(n.Start), End: int(n.End), Text: text})
	}
	return edits
}

// madeOf reports whether new makes an object of an expression, or of a member of it.
func madeOf(n *js.Node) bool {
	for n.Parent != nil && (n.Parent.Kind == js.Member || n.Parent.Kind == js.Index) && n.Parent.X == n && n.Flags&js.Parenthesised == 0 {
		n = n.Parent
	}
	return n.Parent != nil && n.Parent.Kind == js.New && n.Parent.X == n
}

// called is the function of this module that an expression is, if it is known: by its
// name, as a method that is taken out of its object, or where it stands.
func (m *module) called(n *js.Node) *js.Node {
	switch n.Kind {
	case js.Function:
		return n
	case js.Sequence:
		return m.called(n.List[len(n.List)-1])
	case js.Call: // what a function returns
		if made := m.value(n.X); made.Kind == js.Function && made != n.X {
			for _, r := range js.Returns(made) {
				if f := m.value(r); f.Kind == js.Function && !f.X.DeclaresStrict() {
					return f
				}
			}
		}
		return nil
	case js.Name:
		v := m.value(n)
		if v.Kind == js.Function && !v.X.DeclaresStrict() {
			return v
		}
		if v.Kind == js.Member && v != n {
			return m.method(v)
		}
	case js.Member:
		if n.Flags&js.Parenthesised == 0 && n.Parent != nil && n.Parent.Kind == js.Sequence {
			return m.method(n)
		}
	}
	return nil
}

// method is the function that a member of an object literal is.
func (m *module) method(n *js.Node) *js.Node {
	object := m.value(n.X)
	if object.Kind != js.Object {
		return nil
	}
	for _, p := range object.List {
		if p.Kind == js.Property && p.Name == n.Name && p.Y != nil && p.Y.Kind == js.Function {
			return p.Y
		}
	}
	return nil
}

// readsThis reports whether a function reads this for more than to hand it on, or to see
// whether it is called by new.
func (m *module) readsThis(f *js.Node) bool {
	if f.X.DeclaresStrict() {
		return false
	}
	reads, guarded := false, false
	eachOwn(f, func(n *js.Node) {
		if n.Kind != js.Literal || n.Name != "this" {
			return
		}
		switch p := n.Parent; {
		case p.Kind == js.Binary && p.X == n && isInstanceof(m.Source[p.X.End:p.Y.Start]):
			guarded = true
		case p.Kind == js.Call && p.X.Kind == js.Member && (p.X.Name == "call" || p.X.Name == "apply" || p.X.Name == "bind") && slices.Index(p.List, n) == 0:
		case p.Kind == js.Call && p.X.Kind == js.Name && p.X != n: // a helper of compilers: __awaiter(this, ...)
		default:
			reads = true
		}
	})
	return reads && !guarded
}

func isInstanceof(text string) bool {
	return len(text) > 0 && slices.Contains([]string{" instanceof ", ") instanceof ", " instanceof (", " instanceof\n"}, text)
}

// alone are methods that call what they are given without a receiver, where they are
// given nothing else.
var alone = map[string]int{
	"forEach": 1, "map": 1, "filter": 1, "some": 1, "every": 1, "find": 1, "findIndex": 1, "findLast": 1, "findLastIndex": 1, "flatMap": 1,
	"reduce": 2, "reduceRight": 2, "sort": 1, "replace": 2, "replaceAll": 2, "then": 2, "catch": 1, "finally": 1, "nextTick": 9,
}

// givesNone reports whether a call may call a function that it is given without a
// receiver: one of a name may do so, and so does a method of arrays.
func givesNone(call *js.Node) bool {
	c := call.X
	if c.Kind == js.Name {
		return c.Name != "setTimeout" && c.Name != "setInterval" && c.Name != "setImmediate" && c.Name != "require"
	}
	return c.Kind == js.Member && len(call.List) <= alone[c.Name]
}

// ofPrimitives reports whether a member is one of String.prototype or its like.
func ofPrimitives(n *js.Node) bool {
	return (n.Kind == js.Member || n.Kind == js.Index) && isPrototype(n.X)
}

func isPrototype(n *js.Node) bool {
	if n.Kind != js.Member || n.Name != "prototype" {
		return false
	}
	for _, name := range []string{"String", "Number", "Boolean", "Symbol", "BigInt"} {
		if n.X.IsGlobal(name) {
			return true
		}
	}
	return false
}

// ofPrimitiveDescriptor reports whether a property is part of a descriptor for
// String.prototype or its like.
func (m *module) ofPrimitiveDescriptor(p *js.Node) bool {
	for n := p; n != nil && n.Kind != js.Function; n = n.Parent {
		if n.Kind == js.Call {
			return len(n.List) > 0 && isPrototype(n.List[0])
		}
	}
	return false
}

// isNothing reports whether an expression is null or undefined.
func isNothing(n *js.Node) bool {
	return n.Kind == js.Literal && n.Name == "null" || n.IsGlobal("undefined") || n.Kind == js.Unary && n.Name == "void"
}

func isPrimitive(n *js.Node) bool {
	return n.Kind == js.String || n.Kind == js.Number || n.Kind == js.Template || isTruth(n)
}
