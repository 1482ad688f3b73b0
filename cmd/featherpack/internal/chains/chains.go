package chains

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// Graph is one function's import graph, with the size of each input in the artifact.
type Graph struct {
	Inputs []analyzer.Input
	Entry  int
	weighs map[int]Weight
}

// New reads the graph of a function from a report.
func New(r reporters.Report, f reporters.Function) Graph {
	g := Graph{Inputs: r.Inputs, Entry: f.EntryInput, weighs: map[int]Weight{}}
	for _, in := range f.Inputs {
		g.weighs[in.Input] = Weight{in.Unzipped, in.Zipped}
	}
	return g
}

// Step is one input or symbol of a chain. Relation describes how the step before
// uses it, such as "imports".
type Step struct {
	Name      string `json:"name"`
	Relation  string `json:"relation,omitempty"`
	Specifier string `json:"specifier,omitempty"`
	analyzer.Position
}

// Edge is an import: the indexes of the importing and the imported input.
type Edge struct{ From, To int }

// Reach walks the graph breadth first from the entry point, along the edges that are
// not cut. It returns the inputs in that order, and the input from which each was
// first reached (-1 for the entry point).
func (g Graph) Reach(cut func(Edge) bool) (order []int, from map[int]int) {
	from = map[int]int{}
	if g.Entry < 0 || g.Entry >= len(g.Inputs) {
		return nil, from
	}
	from[g.Entry] = -1
	order = []int{g.Entry}
	for i := 0; i < len(order); i++ {
		for _, im := range g.Inputs[order[i]].Imports {
			if _, seen := from[im.To]; !seen && !cut(Edge{order[i], im.To}) {
				from[im.To] = order[i]
				order = append(order, im.To)
			}
		}
	}
	return order, from
}

// Lost returns the size of the inputs that only the cut edges lead to.
func (g Graph) Lost(cut func(Edge) bool) Weight { return g.Sum(g.LostInputs(cut)) }

// LostInputs returns the inputs that only the cut edges lead to.
func (g Graph) LostInputs(cut func(Edge) bool) map[int]bool {
	all, _ := g.Reach(func(Edge) bool { return false })
	_, left := g.Reach(cut)
	lost := map[int]bool{}
	for _, i := range all {
		if _, stays := left[i]; !stays {
			lost[i] = true
		}
	}
	return lost
}

// Sum returns the total size of some inputs.
func (g Graph) Sum(inputs map[int]bool) Weight {
	var sum Weight
	for i := range inputs {
		sum.Unzipped += g.weighs[i].Unzipped
		sum.Zipped += g.weighs[i].Zipped
	}
	return sum
}

// Bytes is what each input has in the artifact, unzipped.
func (g Graph) Bytes() []int64 {
	bytes := make([]int64, len(g.Inputs))
	for i, w := range g.weighs {
		bytes[i] = w.Unzipped
	}
	return bytes
}

// ChainsTo returns import chains from the entry point to a set of inputs, the
// shortest first. There is one for each importer outside the set: the shortest chain
// to that importer, followed by the first input of the set that it imports.
func (g Graph) ChainsTo(target map[int]bool) [][]int {
	order, from := g.Reach(func(e Edge) bool { return target[e.To] })
	var chains [][]int
	for _, i := range order {
		at := slices.IndexFunc(g.Inputs[i].Imports, func(im analyzer.Import) bool { return target[im.To] })
		if at < 0 || target[i] {
			continue
		}
		chain := []int{g.Inputs[i].Imports[at].To}
		for j := i; j >= 0; j = from[j] {
			chain = append(chain, j)
		}
		slices.Reverse(chain)
		chains = append(chains, chain)
	}
	return chains
}

// ProjectImport returns the last import in a chain that is in the project's own code.
// The user can remove this import. It returns false if there is none.
func (g Graph) ProjectImport(chain []int) (Edge, bool) {
	for i := len(chain) - 2; i >= 0; i-- {
		if g.Inputs[chain[i]].Package == "" {
			return Edge{chain[i], chain[i+1]}, true
		}
	}
	return Edge{}, false
}

// RemovedWith returns the edges that are removed together with e. If e imports a
// package, these are all imports of that package by the same importer. If e imports
// a Go package or a file of the project, it is e alone.
func (g Graph) RemovedWith(e Edge) func(Edge) bool {
	to := g.Inputs[e.To]
	if to.Package == "" || to.Format == "go" {
		return func(other Edge) bool { return other == e }
	}
	return func(other Edge) bool {
		in := g.Inputs[other.To]
		return other.From == e.From && in.Package == to.Package && in.Version == to.Version
	}
}

// Package returns the inputs of a package.
func (g Graph) Package(name string) map[int]bool {
	inputs := map[int]bool{}
	for i, in := range g.Inputs {
		if in.Package == name {
			inputs[i] = true
		}
	}
	return inputs
}
