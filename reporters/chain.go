package reporters

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Chains finds import chains in a report's graph. Functions of one entry share
// a tree.
type Chains struct {
	inputs []analyzer.Input
	locate func(analyzer.Input, analyzer.Import) analyzer.Position
	trees  map[int]*tree
	byPath map[string]int
}

// owner is a package in one version; the project's own code has no name.
type owner struct{ name, version string }

// tree is the shortest ways from an entry point to everything it reaches.
type tree struct {
	*Chains
	// from is the input each was first reached from, -1 for the entry.
	from map[int]int
	// nearest is the input of each package that is reached first.
	nearest map[owner]int
}

// NewChains finds chains among a report's inputs. locate is as in
// [CompareOptions], and may be nil.
func NewChains(inputs []analyzer.Input, locate func(analyzer.Input, analyzer.Import) analyzer.Position) *Chains {
	return &Chains{inputs: inputs, locate: locate, trees: map[int]*tree{}}
}

// Site is the line of the project that brings a package into a function; the
// zero position where none is known.
func (w *Chains) Site(f Function, name string) analyzer.Position {
	t := w.tree(f.EntryInput)
	for _, p := range f.Packages {
		if p.Name == name {
			return site(t.links(t.first(owner{p.Name, p.Version})))
		}
	}
	return analyzer.Position{}
}

func (w *Chains) tree(entry int) *tree {
	if t := w.trees[entry]; t != nil {
		return t
	}
	t := &tree{Chains: w, from: map[int]int{}, nearest: map[owner]int{}}
	if entry >= 0 && entry < len(w.inputs) {
		g := analyzer.Graph{Inputs: w.inputs}
		order, from := g.Reach(entry)
		t.from = from
		for _, i := range order {
			o := owner{w.inputs[i].Package, w.inputs[i].Version}
			if _, ok := t.nearest[o]; !ok {
				t.nearest[o] = i
			}
		}
	}
	if len(w.trees) >= 64 { // bounds memory with many large functions
		w.trees = map[int]*tree{}
	}
	w.trees[entry] = t
	return t
}

// first is the input of a package that is reached first, -1 for none.
func (t *tree) first(o owner) int {
	if i, ok := t.nearest[o]; ok {
		return i
	}
	return -1
}

// at is the input of a path, -1 for none.
func (w *Chains) at(path string) int {
	if w.byPath == nil {
		w.byPath = make(map[string]int, len(w.inputs))
		for i, in := range w.inputs {
			w.byPath[in.Path] = i
		}
	}
	if i, ok := w.byPath[path]; ok {
		return i
	}
	return -1
}

// chain is the way from the entry to an input, empty when it is not reached.
func (t *tree) chain(to int) []int {
	if _, ok := t.from[to]; !ok {
		return nil
	}
	n := 0
	for at := to; at >= 0; at = t.from[at] {
		n++
	}
	chain := make([]int, n)
	for at := to; at >= 0; at = t.from[at] {
		n--
		chain[n] = at
	}
	return chain
}

// culprit is the first package on the way to an input that is among those.
func (t *tree) culprit(to int, among map[owner]PackageDelta, otherwise PackageDelta) PackageDelta {
	for _, i := range t.chain(to) {
		if p, ok := among[owner{t.inputs[i].Package, t.inputs[i].Version}]; ok && t.inputs[i].Package != "" {
			return p
		}
	}
	return otherwise
}

// links is the chain to an input, with the places of its imports.
func (t *tree) links(to int) []Link { return t.linksOf(t.chain(to)) }

func (t *tree) linksOf(chain []int) []Link {
	var list []Link
	for n, i := range chain {
		in := t.inputs[i]
		l := Link{Path: in.Path, Package: in.Package, Version: in.Version}
		if n+1 < len(chain) {
			l.Position, l.Specifier = t.ask(in, chain[n+1])
		}
		list = append(list, l)
	}
	return list
}

// ask is how and where one input asks for another.
func (t *tree) ask(in analyzer.Input, to int) (analyzer.Position, string) {
	for _, im := range in.Imports {
		if im.To != to {
			continue
		}
		if t.locate != nil {
			if at := t.locate(in, im); at.File != "" {
				return at, im.Specifier
			}
		}
		if in.Format == "go" { // its path is an import path
			return analyzer.Position{}, im.Specifier
		}
		return analyzer.Position{File: in.Path, Line: im.Line}, im.Specifier
	}
	return analyzer.Position{}, ""
}

// site is the last place in the project's own code before a chain leaves it.
func site(chain []Link) analyzer.Position {
	var at analyzer.Position
	for _, l := range chain {
		if l.Package != "" {
			break
		}
		if l.Position != (analyzer.Position{}) {
			at = l.Position
		}
	}
	return at
}

// ChainText is an import chain with its places.
func ChainText(chain []Link, arrow string) string {
	var steps []string
	for _, l := range chain {
		step := l.Path
		if l.Package != "" {
			step = strings.TrimSuffix(l.Package+"@"+l.Version, "@")
		} else if l.Line > 0 {
			step = l.Position.String()
		}
		if len(steps) == 0 || steps[len(steps)-1] != step { // a package's own files are one step
			steps = append(steps, step)
		}
	}
	return strings.Join(steps, arrow)
}
