package analyzer

import "slices"

// Graph is the import graph of one or more functions. An input that several functions
// reach is stored once. The zero value is an empty graph.
type Graph struct {
	Inputs []Input
	byPath map[string]int
}

// Input is a source of an artifact's bytes: a JavaScript module, a copied file, or a Go
// package.
type Input struct {
	// Path is relative to the project's root, or a Go import path.
	Path string `json:"path"`
	// Package is the npm package or Go module of the input, empty for the project's own
	// code. Version is the package's version, if known.
	Package string `json:"package,omitempty"`
	Version string `json:"version,omitempty"`
	// Bytes is the size of the unmodified source.
	Bytes int64 `json:"bytes"`
	// Format is esm, cjs, json, asset, addon or go, empty if unknown.
	Format  string   `json:"format,omitempty"`
	Imports []Import `json:"imports,omitempty"`
	// BuiltIns are Node's own modules that the input imports or requires, without "node:",
	// sorted. A require inside a function is not told from others.
	BuiltIns []string `json:"builtIns,omitempty"`
}

// Import is an edge of the graph, from the importing input to another one.
type Import struct {
	// To is the index of the imported input in [Graph.Inputs].
	To int `json:"to"`
	// Kind is import, require, dynamic-import, require-resolve, asset or go.
	Kind string `json:"kind"`
	// Specifier is the text in the source, such as "lodash/pick".
	Specifier string `json:"specifier,omitempty"`
	// Line is the line of the import in the source, 0 until it is computed.
	Line int `json:"line,omitempty"`
}

// ImportChain is a shortest path from an entry point to an input, as indices into
// [Graph.Inputs]. The entry point comes first.
type ImportChain []int

// Intern returns the index of the input with the given path. It adds the input if it is
// new.
func (g *Graph) Intern(path string) int {
	if g.byPath == nil {
		g.byPath = map[string]int{}
		for i, in := range g.Inputs {
			g.byPath[in.Path] = i
		}
	}
	i, ok := g.byPath[path]
	if !ok {
		i = len(g.Inputs)
		g.Inputs = append(g.Inputs, Input{Path: path})
		g.byPath[path] = i
	}
	return i
}

// Add adds an input to the graph and returns its index. If it is there already, it gets the
// imports and built-in modules of both; functions with other settings may see another size or format, of which
// the larger is kept, so that the order of the functions does not matter.
func (g *Graph) Add(in Input) int {
	i := g.Intern(in.Path)
	known := &g.Inputs[i]
	known.Package, known.Version, known.Format = max(known.Package, in.Package), max(known.Version, in.Version), max(known.Format, in.Format)
	known.Bytes = max(known.Bytes, in.Bytes)
	for _, im := range in.Imports {
		if !slices.Contains(known.Imports, im) {
			known.Imports = append(known.Imports, im)
		}
	}
	for _, name := range in.BuiltIns {
		if at, has := slices.BinarySearch(known.BuiltIns, name); !has {
			known.BuiltIns = slices.Insert(known.BuiltIns, at, name)
		}
	}
	return i
}

// Reach returns the inputs reachable from entry in breadth-first order, and for each
// input the one it was first reached from (-1 for the entry).
func (g *Graph) Reach(entry int) (order []int, from map[int]int) {
	from = map[int]int{entry: -1}
	order = []int{entry}
	for i := 0; i < len(order); i++ {
		for _, im := range g.Inputs[order[i]].Imports {
			if _, seen := from[im.To]; !seen {
				from[im.To] = order[i]
				order = append(order, im.To)
			}
		}
	}
	return order, from
}

// Chain returns a shortest import chain from entry to target, nil if there is none.
func (g *Graph) Chain(entry, target int) ImportChain {
	_, from := g.Reach(entry)
	if _, ok := from[target]; !ok {
		return nil
	}
	var chain ImportChain
	for at := target; at >= 0; at = from[at] {
		chain = append(ImportChain{at}, chain...)
	}
	return chain
}
