package sloppy

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// What code does to a property that cannot be changed has no effect outside strict mode,
// and throws in it. Most objects that such a property may belong to come from anywhere.
// So it is looked for in the module: objects that are locked, getters without setters,
// properties that are defined, texts and numbers, and what every function has.

// locks are the methods of Object that make an object so.
var locks = map[string]bool{"freeze": true, "seal": true, "preventExtensions": true}

// definitions notes what a call makes unchangeable.
func (m *module) definitions(n *js.Node) {
	c := n.X
	if c.Kind != js.Member || !c.X.IsGlobal("Object") && !c.X.IsGlobal("Reflect") || len(n.List) == 0 {
		return
	}
	switch {
	case locks[c.Name]:
		m.lock(n, n.List[0])
	case c.Name == "defineProperty" && len(n.List) == 3 && !m.assignable(n.List[2]):
		if n.List[1].IsPlainString() {
			m.fixed[plain(n.List[1])] = true
		} else {
			m.computed[m.element(n.List[0], n.List[1])] = true
		}
	case (c.Name == "defineProperties" || c.Name == "create") && len(n.List) == 2 && n.List[1].Kind == js.Object:
		for _, p := range n.List[1].List {
			if p.Kind == js.Property && p.Name != "" && (p.Y == nil || !m.assignable(p.Y)) {
				m.fixed[p.Name] = true
			}
		}
	}
}

// lock notes an object that a call locks, by the variable that holds it or a part of
// which it is, and by the member that it is assigned to. An object that a function is
// given may be any.
func (m *module) lock(call, object *js.Node) {
	switch b := root(object); {
	case b != nil && b.Param == nil:
		m.locked[b] = true
	case object.Kind == js.Object, object.Kind == js.Array, object.Kind == js.New, object.Kind == js.Call, object.Kind == js.Function,
		object.Kind == js.Arrow:
	default:
		m.lockedAny = true
	}
	for p := call.Parent; p != nil; p = p.Parent {
		switch p.Kind {
		case js.Declare:
			m.lockTarget(p.X)
			return
		case js.Assign:
			m.lockTarget(p.X)
		case js.Property:
			if p.Name != "" {
				m.lockedAs[p.Name] = true
			}
		case js.Object, js.Array, js.Cond, js.Binary, js.Sequence, js.Call:
		default:
			return
		}
	}
}

func (m *module) lockTarget(n *js.Node) {
	if n.Kind == js.Member && !m.isExports(n) {
		m.lockedAs[n.Name] = true
	} else if b := root(n); b != nil && n.Kind == js.Name {
		m.locked[b] = true
	}
}

// root is the variable that an expression is, or is a member of.
func root(n *js.Node) *js.Binding {
	for n.Kind == js.Member || n.Kind == js.Index {
		n = n.X
	}
	if n.Kind != js.Name || n.Scope == nil {
		return nil
	}
	b := n.Scope.Find(n.Name)
	if b != nil && b.Param == nil && b.Function == nil && len(b.Writes) == 1 && b.Writes[0].From != nil {
		if from := b.Writes[0].From; from.Kind == js.Name && from != n {
			if of := from.Scope.Find(from.Name); of != nil && of != b {
				return of
			}
		}
	}
	return b
}

// isLocked reports whether an object may be one that the module locks.
func (m *module) isLocked(n *js.Node) bool {
	if m.lockedAny && !m.isExports(n) {
		return true
	}
	for part := n; part.Kind == js.Member || part.Kind == js.Index; part = part.X {
		if part.Kind == js.Member && m.lockedAs[part.Name] {
			return true
		}
	}
	b := root(n)
	return b != nil && m.locked[b]
}

// element is a property with a name that is computed, of an object.
type element struct {
	of           *js.Binding
	object, name string
}

func (m *module) element(object, name *js.Node) element {
	return element{root(object), m.Source[object.Start:object.End], m.Source[name.Start:name.End]}
}

// assignable reports whether a property of that descriptor can be assigned.
func (m *module) assignable(descriptor *js.Node) bool {
	if descriptor.Kind != js.Object {
		return false
	}
	for _, p := range descriptor.List {
		if p.Name == "set" || p.Name == "writable" && p.Y != nil && m.Source[p.Y.Start:p.Y.End] != "false" {
			return true
		}
	}
	return false
}

// accessor notes a getter of an object.
func (m *module) accessor(n *js.Node) {
	if n.Flags&js.Method == 0 || n.Name == "" || !strings.HasPrefix(m.Source[n.Start:n.End], "get ") {
		return
	}
	for _, p := range n.Parent.List {
		if p != n && p.Name == n.Name && strings.HasPrefix(m.Source[p.Start:p.End], "set ") {
			return
		}
	}
	m.fixed[n.Name] = true
}

// properties reads all members that the module changes.
func (m *module) properties() {
	for _, n := range m.written {
		name := n.Name
		if n.Kind == js.Index && n.Y.Kind == js.String {
			name = n.Y.Name
		}
		base := m.value(n.X)
		deleted := n.Parent.Kind == js.Unary
		switch {
		case base.Kind == js.String || base.Kind == js.Number || base.Kind == js.Template || isTruth(base):
			m.lost(n, "a property of a text, a number or a truth value that is assigned")
		case base.Kind == js.Function && (name == "name" || name == "length" || deleted && name == "prototype"):
			m.lost(n, "the "+name+" of a function that is changed")
		case base.Kind == js.Array && deleted && name == "length":
			m.lost(n, "the length of an array that is deleted")
		case (base.IsGlobal("Math") || base.IsGlobal("Number")) && name != "" && strings.ToUpper(name) == name:
			m.lost(n, "a constant that is changed")
		case m.fixed[name] && name != "__esModule" || n.Kind == js.Index && m.computed[m.element(n.X, n.Y)]:
			m.lost(n, "a property that is changed, and that cannot be where the module defines it")
		case m.isLocked(n.X):
			m.lost(n, "a property that is changed, of an object that may be locked")
		}
	}
}

func isTruth(n *js.Node) bool { return n.Kind == js.Literal && (n.Name == "true" || n.Name == "false") }

func (m *module) isExports(n *js.Node) bool {
	return n.IsGlobal("exports") || n.IsGlobal("module") || n.Kind == js.Member && n.X.IsGlobal("module")
}

// value is what a name that is written once stands for, else the node itself.
func (m *module) value(n *js.Node) *js.Node {
	if n.Kind != js.Name || n.Scope == nil {
		return n
	}
	b := n.Scope.Find(n.Name)
	switch {
	case b == nil || b.Param != nil:
	case b.Function != nil && len(b.Writes) == 0 && b.Function.Kind == js.Function:
		return b.Function
	case b.Function == nil && len(b.Writes) == 1 && b.Writes[0].From != nil && len(b.Writes[0].Keys) == 0 && !b.Writes[0].Each:
		return b.Writes[0].From
	}
	return n
}

// member reads what functions and arguments say of who calls them.
func (m *module) member(n, f *js.Node) {
	name := n.Name
	if n.Kind == js.Index {
		if n.Y.Kind != js.String {
			return
		}
		name = n.Y.Name
	}
	ofArguments := n.X.Kind == js.Name && n.X.Name == "arguments" && n.X.Scope.Find("arguments") == nil
	switch {
	case name == "callee" && ofArguments && (n.Kind == js.Index || f == nil || m.Source[f.Start] == '('):
		m.lost(n, "arguments.callee") // only a function with a name of its own is called by it
	case name == "callee" && !ofArguments:
		if m.callee == nil {
			m.callee = n
		}
	case name == "caller" || name == "arguments":
		callee := n.X.Kind == js.Member && n.X.Name == "callee"
		if callee || m.value(n.X).Kind == js.Function || n.X.Kind == js.Name && f != nil && n.X.Name == f.Name {
			m.lost(n, "the "+name+" of a function")
			if name == "caller" && m.callers == nil && (f == nil || m.calledElsewhere(f)) {
				m.callers = m.reason(n, m.Source[n.Start:n.End])
			}
		}
	}
}

// calledElsewhere reports whether code of other modules may call a function: the module
// does more with it than call it.
func (m *module) calledElsewhere(f *js.Node) bool {
	var b *js.Binding
	if f.Name != "" {
		b = f.Scope.Parent.Find(f.Name)
	}
	if b == nil || b.Function != f {
		return true
	}
	return slices.ContainsFunc(b.Refs, func(n *js.Node) bool {
		return !(n.Parent.Kind == js.Call && n.Parent.X == n) && n.Parent.Kind != js.Member
	})
}
