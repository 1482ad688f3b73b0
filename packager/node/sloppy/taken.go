package sloppy

import (
	"slices"
	"strings"
	"unicode"

	"github.com/featherpack/featherpack/analyzer/js"
)

// Other code calls the functions that it gets as it likes. An importer calls an exported
// function without a receiver: import {a} from "old" and a(), or const {a} =
// require("old"). Functions that only new or a prototype calls have an object as this.

// taken reports whether other code may get a function that is no constructor.
func (m *module) taken(f *js.Node) bool {
	if constructs(f.Name) || !m.readsThis(f) {
		return false
	}
	if m.handedOut(f, 0) {
		return true
	}
	b := declared(f)
	return b != nil && m.nameHandedOut(b, 0)
}

// declared is the variable of a function declaration.
func declared(f *js.Node) *js.Binding {
	if f.Name == "" || f.Scope == nil || f.Scope.Parent == nil {
		return nil
	}
	if b := f.Scope.Parent.Find(f.Name); b != nil && b.Function == f {
		return b
	}
	return nil
}

// most bounds how often a function changes its name on its way to other code.
const most = 4

// handedOut reports whether a value gets to other code from where it stands.
func (m *module) handedOut(n *js.Node, depth int) bool {
	p := n.Parent
	if p == nil || depth > most {
		return false
	}
	switch p.Kind {
	case js.Call:
		return p.X != n && !inherits(p) && !givesReceiver(p, n)
	case js.New:
		return p.X != n
	case js.Return:
		return p.Name == "return"
	case js.Arrow:
		return p.X == n
	case js.Array:
		return !n.IsTarget()
	case js.Cond:
		return p.X != n && m.handedOut(p, depth)
	case js.Binary:
		return m.handedOut(p, depth)
	case js.Sequence:
		return p.List[len(p.List)-1] == n && m.handedOut(p, depth)
	case js.Assign:
		return p.Y == n && (m.isExports(p.X) || p.X.Kind == js.Member && m.standsForExports(p.X.X) || m.assigned(p.X, depth) || m.handedOut(p, depth))
	case js.Declare:
		return p.Y == n && m.assigned(p.X, depth)
	case js.Property:
		return p.Y == n && p.Parent.Kind == js.Object && m.literalHandedOut(p.Parent)
	}
	return false
}

// assigned reports whether a variable that gets a value hands it out.
func (m *module) assigned(target *js.Node, depth int) bool {
	if target.Kind != js.Name || target.Scope == nil {
		return false
	}
	b := target.Scope.Find(target.Name)
	return b != nil && !constructs(b.Name) && m.nameHandedOut(b, depth+1)
}

// nameHandedOut reports whether a variable hands out its value, and makes nothing of it.
func (m *module) nameHandedOut(b *js.Binding, depth int) bool {
	if slices.ContainsFunc(b.Refs, isConstructor) {
		return false
	}
	return slices.ContainsFunc(b.Refs, func(ref *js.Node) bool { return m.handedOut(ref, depth) })
}

// literalHandedOut reports whether other code gets an object literal: it is given to a call,
// or exported.
func (m *module) literalHandedOut(object *js.Node) bool {
	p := object.Parent
	switch p.Kind {
	case js.Call:
		return !inherits(p)
	case js.New:
		return true
	case js.Assign:
		return p.Y == object && (m.isExports(p.X) || m.standsForExports(p.X))
	case js.Declare:
		return p.Y == object && m.standsForExports(p.X)
	}
	return false
}

// standsForExports reports whether a name is that of the object that the module exports.
func (m *module) standsForExports(n *js.Node) bool {
	if m.isExports(n) {
		return true
	}
	if n.Kind != js.Name || n.Scope == nil {
		return false
	}
	b := n.Scope.Find(n.Name)
	if b == nil || b.Param != nil || b.Function != nil || slices.ContainsFunc(b.Refs, isConstructor) {
		return false
	}
	return slices.ContainsFunc(b.Refs, func(ref *js.Node) bool {
		p := ref.Parent // exports = module.exports = a, var a = exports = {}
		return p.Kind == js.Assign && p.Y == ref && m.isExports(p.X) || (p.Kind == js.Declare || p.Kind == js.Assign) && p.X == ref && m.exportsIn(p.Y)
	})
}

// exportsIn reports whether a value is assigned to the exports too.
func (m *module) exportsIn(n *js.Node) bool {
	for n != nil && n.Kind == js.Assign {
		if m.isExports(n.X) {
			return true
		}
		n = n.Y
	}
	return n != nil && (n.IsGlobal("exports") || n.Kind == js.Member && m.isExports(n))
}

// constructs reports whether a function of that name is a constructor by custom.
func constructs(name string) bool {
	name = strings.TrimLeft(name, "_$")
	return name != "" && unicode.IsUpper(rune(name[0]))
}

// isConstructor reports whether code uses a name as that of a constructor.
func isConstructor(ref *js.Node) bool {
	p := ref.Parent
	switch p.Kind {
	case js.New:
		return p.X == ref
	case js.Member:
		return p.X == ref && p.Name == "prototype"
	case js.Call:
		return inherits(p)
	}
	return false
}

// givesReceiver reports whether a call gives a function that it is given a receiver: timers
// and emitters do, and methods of arrays where they are given one.
func givesReceiver(call, f *js.Node) bool {
	name := js.CalleeName(call.X)
	switch name {
	case "setTimeout", "setInterval", "setImmediate", "on", "once", "addListener", "prependListener", "addEventListener":
		return true
	}
	return alone[name] > 0 && call.X.Kind == js.Member && call.List[0] == f && len(call.List) > alone[name]
}

// inherits reports whether a call makes a class of its arguments.
func inherits(call *js.Node) bool {
	name := strings.ToLower(js.CalleeName(call.X))
	return strings.Contains(name, "inherit") || strings.Contains(name, "extend") || strings.Contains(name, "class") ||
		slices.ContainsFunc(call.List, func(a *js.Node) bool { return a.Kind == js.Member && a.Name == "prototype" })
}
