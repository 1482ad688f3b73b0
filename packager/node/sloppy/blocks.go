package sloppy

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer/js"
)

// blocks reads a function whose parameters have the names of functions declared in blocks.
// Such a function stays in its block; esbuild 0.28.2 assigns it to the parameter.
func (m *module) blocks(f *js.Node) {
	if len(f.List) == 0 || f.X.Kind != js.Block {
		return
	}
	var names []string
	for _, p := range f.List {
		js.BoundNames(p, func(b *js.Binding) {
			if b != nil {
				names = append(names, b.Name)
			}
		})
	}
	var down func(n *js.Node)
	down = func(n *js.Node) {
		if n.Kind == js.Function || n.Kind == js.Arrow || n.Kind == js.Class {
			return
		}
		for _, child := range n.List {
			if n.Kind == js.Block && declaresFunction(child) && slices.Contains(names, child.Name) {
				m.lost(child, "a function in a block with the name of a parameter")
			}
		}
		n.Each(down)
	}
	f.X.Each(down)
}

// cases reads a switch statement with functions declared in it. They exist wherever the
// statement is entered; esbuild 0.28.2 makes each one where its case begins.
func (m *module) cases(n *js.Node) {
	for _, c := range n.List {
		for _, statement := range c.List {
			if declaresFunction(statement) {
				m.lost(statement, "a function in a case")
			}
		}
	}
}

func declaresFunction(n *js.Node) bool {
	for n.Kind == js.Labelled {
		n = n.X
	}
	return n.Kind == js.Function && n.Name != ""
}
