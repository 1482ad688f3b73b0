package chains

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// Graph is one function's import graph, with what each input weighs in the
// artifact.
type Graph struct {
	Inputs []analyzer.Input
	Entry  int
	weighs map[int]Weight
}

// New reads the graph of a function out of a report.
func New(r reporters.Report, f reporters.Function) Graph {
	g := Graph{Inputs: r.Inputs, Entry: f.EntryInput, weighs: map[int]Weight{}}
	for _, in := range f.Inputs {
		g.weighs[in.Input] = Weight{in.Unzipped, in.Zipped}
	}
	return g
}

// Step is one input or symbol of a chain, as it is printed. Relation says what the
// step before does with it.
type Step struct {
	Name      string `json:"name"`
	Relation  string `json:"relation,omitempty"`
	Specifier string `json:"specifier,omitempty"`
	analyzer.Position
}

// Edge is one input importing another, by their indexes.
type Edge struct{ From, To int }

// Reach walks from the entry point breadth first, along the edges that are not
// cut, and says from where each input was first reached (-1 for the entry).
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

// Lost is what the artifact holds of inputs that only the cut edges lead to.
func (g Graph) Lost(cut func(Edge) bool) Weight {
	all, _ := g.Reach(func(Edge) bool { return false })
	_, left := g.Reach(cut)
	var sum Weight
	for _, i := range all {
		if _, stays := left[i]; !stays {
			sum.Unzipped += g.weighs[i].Unzipped
			sum.Zipped += g.weighs[i].Zipped
		}
	}
	return sum
}

// Sum is what some inputs weigh.
func (g Graph) Sum(inputs map[int]bool) Weight {
	var sum Weight
	for i := range inputs {
		sum.Unzipped += g.weighs[i].Unzipped
		sum.Zipped += g.weighs[i].Zipped
	}
	return sum
}

// To are the ways from the entry point into a set of inputs, each the
// shortest to one importer outside the set, the shortest first. The last
// element of a chain is the first input of the set that its importer asks for.
func (g Graph) To(target map[int]bool) [][]int {
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

// Site is where a chain leaves the project's own code: the edge that whoever
// reads this can cut. It is false for a chain that never does.
func (g Graph) Site(chain []int) (Edge, bool) {
	for i := len(chain) - 2; i >= 0; i-- {
		if g.Inputs[chain[i]].Package == "" {
			return Edge{chain[i], chain[i+1]}, true
		}
	}
	return Edge{}, false
}

// Like are the edges that go away together with one: an import of a package
// takes all that its importer takes from that package; a Go package or a file
// of the project is imported by itself.
func (g Graph) Like(e Edge) func(Edge) bool {
	to := g.Inputs[e.To]
	if to.Package == "" || to.Format == "go" {
		return func(other Edge) bool { return other == e }
	}
	return func(other Edge) bool {
		in := g.Inputs[other.To]
		return other.From == e.From && in.Package == to.Package && in.Version == to.Version
	}
}

// Package gives the inputs of a package.
func (g Graph) Package(name string) map[int]bool {
	inputs := map[int]bool{}
	for i, in := range g.Inputs {
		if in.Package == name {
			inputs[i] = true
		}
	}
	return inputs
}
