package reporters

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Chains finds import chains in a report's graph. Functions with the same entry point
// share a tree.
type Chains struct {
	inputs []analyzer.Input
	locate func(analyzer.Input, analyzer.Import) analyzer.Position
	trees  map[int]*tree
	byPath map[string]int
}

// owner is one version of a package. The project's own code has an empty name.
type owner struct{ name, version string }

// tree holds the shortest chains from an entry point to everything it reaches.
type tree struct {
	*Chains
	// from maps each input to the one it was first reached from, -1 for the entry.
	from map[int]int
	// nearest maps each package to its input that is reached first.
	nearest map[owner]int
}

// NewChains finds chains among a report's inputs. locate is described in [CompareOptions]
// and may be nil.
func NewChains(inputs []analyzer.Input, locate func(analyzer.Input, analyzer.Import) analyzer.Position) *Chains {
	return &Chains{inputs: inputs, locate: locate, trees: map[int]*tree{}}
}

// Site is the line of the project's own code that imports a package into a function, the
// zero position if unknown.
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
	if len(w.trees) >= 64 { // limits memory with many large functions
		w.trees = map[int]*tree{}
	}
	w.trees[entry] = t
	return t
}

// first returns the input of a package that is reached first, -1 if there is none.
func (t *tree) first(o owner) int {
	if i, ok := t.nearest[o]; ok {
		return i
	}
	return -1
}

// at returns the index of the input with a path, -1 if there is none.
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

// chain returns the chain from the entry to an input, nil if the input is not reached.
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

// cause returns the first package among the given ones on the chain to an input, or
// otherwise.
func (t *tree) cause(to int, among map[owner]PackageDelta, otherwise PackageDelta) PackageDelta {
	for _, i := range t.chain(to) {
		if p, ok := among[owner{t.inputs[i].Package, t.inputs[i].Version}]; ok && t.inputs[i].Package != "" {
			return p
		}
	}
	return otherwise
}

// links returns the chain to an input with the positions of its imports.
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

// ask returns the position and specifier of the import from one input to another.
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

// site is the last position in the project's own code before a chain enters a package.
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

// ChainText formats an import chain with its positions.
func ChainText(chain []Link, arrow string) string {
	var steps []string
	for _, l := range chain {
		step := l.Path
		if l.Package != "" {
			step = strings.TrimSuffix(l.Package+"@"+l.Version, "@")
		} else if l.Line > 0 {
			step = l.Position.String()
		}
		if len(steps) == 0 || steps[len(steps)-1] != step { // files of the same package are one step
			steps = append(steps, step)
		}
	}
	return strings.Join(steps, arrow)
}
