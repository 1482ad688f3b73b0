package pass

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// sloppyInStrict mends CommonJS modules that are not in strict mode by themselves and
// that a bundle puts into strict mode, since the code around them is. What old packages
// do would throw there, or do something else:
//
//   - x = 1, where nothing declares x, makes a global variable. globalThis.x = 1 does
//     the same in both modes.
//   - (function () { return this })() is the global object. In a function that is
//     called where it stands, without a receiver, this is globalThis for certain.
//   - arguments.callee is the function that runs, and throws in strict mode: it is the
//     function's name, which it gets where it has none.
//   - a parameter that is assigned changes arguments too (mirrored.go).
//   - the name of a function expression cannot be assigned, and throws in strict mode
//     (own_name.go).
//
// A module in strict mode, or a function in it, is left alone: it throws as it does
// unbundled.
func sloppyInStrict(c *bundle) []js.Edit {
	if !c.Strict {
		return nil
	}
	wrappers := c.wrappers
	if last := len(wrappers) - 1; c.EntryWrapped && last >= 0 {
		wrappers = wrappers[:last]
	}
	s := sloppy{source: c.Tree.Source, mended: map[int32]bool{}, called: c.named}
	for _, w := range wrappers {
		if w.commonJS && !w.function.X.DeclaresStrict() {
			w.function.X.Each(s.look)
		}
	}
	return s.edits
}

type sloppy struct {
	source string
	edits  []js.Edit
	// mended are the offsets of names: a default in a pattern is visited as part of the
	// pattern and as an assignment.
	mended map[int32]bool
	called map[*js.Binding]string // the names of functions that edits write
}

// look mends a node and what is below it.
func (s *sloppy) look(n *js.Node) {
	switch n.Kind {
	case js.Class:
		return // always strict
	case js.Function, js.Arrow:
		if n.X.Kind == js.Block && n.X.DeclaresStrict() {
			return
		}
		if n.Kind == js.Function {
			s.mirror(n)
			s.callee(n)
			s.keepOwnName(n)
		}
	case js.Call:
		if n.X.Kind == js.Function && n.Flags&js.Optional == 0 && !n.X.X.DeclaresStrict() {
			s.globalThis(n.X)
		}
	case js.Assign:
		if n.Op == js.OpAssign {
			s.target(n.X)
		}
	case js.ForIn:
		if n.X.Kind != js.Var {
			s.target(n.X)
		}
	}
	n.Each(s.look)
}

// callee writes a function's name for arguments.callee in it.
func (s *sloppy) callee(f *js.Node) {
	var uses []*js.Node
	for _, part := range append(slices.Clone(f.List), f.X) {
		part.EachOwn(func(n *js.Node) {
			if n.Kind == js.Member && n.Name == "callee" && n.X.Kind == js.Name && n.X.Name == "arguments" && n.X.Scope.Find("arguments") == nil {
				uses = append(uses, n)
			}
		})
	}
	head := strings.IndexByte(s.source[f.Start:], '(')
	if len(uses) == 0 || head <= 0 { // a method has no name to call
		return
	}
	name := f.Name
	if name == "" {
		for name = "called"; strings.Contains(s.source, name+"("); name += "_" {
		}
		at := int(f.Start) + head
		s.edits = append(s.edits, js.Edit{Start: at, End: at, Text: " " + name})
	}
	for _, n := range uses {
		if f.Name != "" && shadowed(n.X.Scope, f, name) {
			continue
		}
		s.edits = append(s.edits, js.Edit{Start: int(n.Start), End: int(n.End), Text: name})
		for _, b := range []*js.Binding{f.Scope.Own(f.Name), f.Scope.Parent.Find(f.Name)} { // an expression's, a declaration's
			if b != nil {
				s.called[b] = name
			}
		}
	}
}

// shadowed reports whether a scope in a function declares the function's name anew.
func shadowed(in *js.Scope, f *js.Node, name string) bool {
	for scope := in; scope != nil && scope != f.Scope; scope = scope.Parent {
		if scope.Own(name) != nil {
			return true
		}
	}
	for _, p := range f.List {
		if p.Kind == js.Name && p.Name == name {
			return true
		}
	}
	return false
}

// globalThis writes globalThis for the this of a function that is called where it
// stands.
func (s *sloppy) globalThis(f *js.Node) {
	for _, part := range append(slices.Clone(f.List), f.X.List...) {
		part.EachOwn(func(n *js.Node) {
			if n.Kind != js.Literal || n.Name != "this" {
				return
			}
			text := "globalThis"
			if n.Flags&js.Parenthesised != 0 {
				text = "(globalThis)"
			}
			s.edits = append(s.edits, js.Edit{Start: int(n.Start), End: int(n.End), Text: text})
		})
	}
}

// target makes the undeclared names that are assigned to properties of the global
// object.
func (s *sloppy) target(n *js.Node) {
	switch n.Kind {
	case js.Name:
		if n.Flags&js.Parenthesised == 0 && !s.mended[n.Start] && undeclared(n) {
			s.mended[n.Start] = true
			s.edits = append(s.edits, js.Edit{Start: int(n.Start), End: int(n.Start), Text: "globalThis."})
		}
	case js.Assign: // a default in a pattern
		s.target(n.X)
	case js.Spread:
		s.target(n.X)
	case js.Property:
		if n.Flags&js.Shorthand == 0 {
			s.target(n.Y)
			return
		}
		if name := patternName(n.Y); name != nil && undeclared(name) {
			s.mended[name.Start] = true
			s.edits = append(s.edits, js.Edit{Start: int(name.Start), End: int(name.Start), Text: name.Name + ":globalThis."})
		}
	case js.Array, js.Object:
		for _, child := range n.List {
			s.target(child)
		}
	}
}

// patternName is the name of a shorthand property, with or without a default.
func patternName(n *js.Node) *js.Node {
	if n.Kind == js.Assign {
		n = n.X
	}
	if n.Kind != js.Name {
		return nil
	}
	return n
}

// undeclared reports whether nothing declares a name: neither the code, nor Node
// around it.
func undeclared(n *js.Node) bool {
	return n.Scope != nil && n.Flags&js.Odd == 0 && n.Scope.Find(n.Name) == nil && !given[n.Name]
}

// given are the names that Node declares around a CommonJS module, and those that
// nobody can assign to.
var given = map[string]bool{
	"exports": true, "require": true, "module": true, "__filename": true, "__dirname": true, "arguments": true,
	"undefined": true, "NaN": true, "Infinity": true,
}
