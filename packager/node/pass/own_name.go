package pass

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer/js"
)

// keepOwnName lets code assign to the name of a function expression, which does nothing
// outside strict mode: (function f() { f = 1 })(). What is written goes to an array that
// holds the function and that nobody else has, so that f += 1 and f++ have their values.
//
// A function that declares the name anew is left alone. So are patterns.
func (s *sloppy) keepOwnName(f *js.Node) {
	if f.Name == "" || f.Scope.Own(f.Name) == nil || f.X.Kind != js.Block {
		return // a declaration's name is a variable of the scope around it
	}
	if slices.ContainsFunc(f.List, func(p *js.Node) bool { return inPattern(p, f.Name) }) || declares(f.X, f.Name) {
		return
	}
	var look func(n *js.Node)
	look = func(n *js.Node) {
		if (n.Kind == js.Assign || n.Kind == js.Update || n.Kind == js.ForIn) && n.X.Kind == js.Name && n.X.Name == f.Name &&
			n.X.Flags&js.Parenthesised == 0 && owner(n.X.Scope, f.Name) == f.Scope {
			at, end := int(n.X.Start), int(n.X.End)
			s.edits = append(s.edits, js.Edit{Start: at, End: at, Text: "["}, js.Edit{Start: end, End: end, Text: "][0]"})
		}
		if n.Kind == js.Class || n.Kind == js.Function && n.X.DeclaresStrict() {
			return
		}
		n.Each(look)
	}
	f.X.Each(look)
}

// declares reports whether something below a node, in functions inside too, declares a
// name or may do so.
func declares(n *js.Node, name string) bool {
	switch {
	case n.Kind == js.Declare && inPattern(n.X, name), (n.Kind == js.Function || n.Kind == js.Class) && n.Name == name:
		return true
	}
	found := false
	n.Each(func(child *js.Node) { found = found || declares(child, name) })
	return found
}

// inPattern reports whether a pattern holds a name, be it in a default.
func inPattern(n *js.Node, name string) bool {
	if n.Kind == js.Name {
		return n.Name == name
	}
	found := false
	n.Each(func(child *js.Node) { found = found || inPattern(child, name) })
	return found
}
