package main

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// imported is one function's import graph, with what each input weighs in the
// artifact.
type imported struct {
	inputs []analyzer.Input
	entry  int
	weighs map[int]weight
}

func newImported(r reporters.Report, f reporters.Function) imported {
	g := imported{inputs: r.Inputs, entry: f.EntryInput, weighs: map[int]weight{}}
	for _, in := range f.Inputs {
		g.weighs[in.Input] = weight{in.Unzipped, in.Zipped}
	}
	return g
}

// edge is one input asking for another.
type edge struct{ from, to int }

// reach walks from the entry point breadth first, along the edges that are not
// cut, and says from where each input was first reached (-1 for the entry).
func (g imported) reach(cut func(edge) bool) (order []int, from map[int]int) {
	from = map[int]int{}
	if g.entry < 0 || g.entry >= len(g.inputs) {
		return nil, from
	}
	from[g.entry] = -1
	order = []int{g.entry}
	for i := 0; i < len(order); i++ {
		for _, im := range g.inputs[order[i]].Imports {
			if _, seen := from[im.To]; !seen && !cut(edge{order[i], im.To}) {
				from[im.To] = order[i]
				order = append(order, im.To)
			}
		}
	}
	return order, from
}

// lost is what the artifact holds of inputs that only the cut edges lead to.
func (g imported) lost(cut func(edge) bool) weight {
	all, _ := g.reach(func(edge) bool { return false })
	_, left := g.reach(cut)
	var sum weight
	for _, i := range all {
		if _, stays := left[i]; !stays {
			sum.Unzipped += g.weighs[i].Unzipped
			sum.Zipped += g.weighs[i].Zipped
		}
	}
	return sum
}

// sum is what some inputs weigh.
func (g imported) sum(inputs map[int]bool) weight {
	var sum weight
	for i := range inputs {
		sum.Unzipped += g.weighs[i].Unzipped
		sum.Zipped += g.weighs[i].Zipped
	}
	return sum
}

// chainsTo are the ways from the entry point into a set of inputs, each the
// shortest to one importer outside the set, the shortest first. The last
// element of a chain is the first input of the set that its importer asks for.
func (g imported) chainsTo(target map[int]bool) [][]int {
	order, from := g.reach(func(e edge) bool { return target[e.to] })
	var chains [][]int
	for _, i := range order {
		at := slices.IndexFunc(g.inputs[i].Imports, func(im analyzer.Import) bool { return target[im.To] })
		if at < 0 || target[i] {
			continue
		}
		chain := []int{g.inputs[i].Imports[at].To}
		for j := i; j >= 0; j = from[j] {
			chain = append(chain, j)
		}
		slices.Reverse(chain)
		chains = append(chains, chain)
	}
	return chains
}

// site is where a chain leaves the project's own code: the edge that whoever
// reads this can cut. It is false for a chain that never does.
func (g imported) site(chain []int) (edge, bool) {
	for i := len(chain) - 2; i >= 0; i-- {
		if g.inputs[chain[i]].Package == "" {
			return edge{chain[i], chain[i+1]}, true
		}
	}
	return edge{}, false
}

// like are the edges that go away together with one: an import of a package
// takes all that its importer takes from that package; a Go package or a file
// of the project is imported by itself.
func (g imported) like(e edge) func(edge) bool {
	to := g.inputs[e.to]
	if to.Package == "" || to.Format == "go" {
		return func(other edge) bool { return other == e }
	}
	return func(other edge) bool {
		in := g.inputs[other.to]
		return other.from == e.from && in.Package == to.Package && in.Version == to.Version
	}
}
