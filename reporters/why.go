package reporters

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
)

// Reasons explains why a function contains a package.
type Reasons struct {
	Function string
	Package  string
	// Versions are the versions in the function, with their bytes.
	Versions []PackageBytes
	// Ways are the imports in the project's own code that lead to the package, sorted by what
	// their removal saves.
	Ways []Way
	// Unzipped and Zipped are the bytes saved if nothing imported the package: its own and
	// those of what only it imports. Unzipped is exact for the artifact, Zipped apportioned.
	Unzipped int64
	Zipped   int64
}

// Way is one import of the project's own code that leads to a package.
type Way struct {
	// Chain leads from the entry point to the package. Position is the import in the project's
	// own code.
	Chain []Link
	analyzer.Position
	// Unzipped and Zipped are the bytes saved by removing only this import: 0 if other imports
	// lead to the package too.
	Unzipped int64
	Zipped   int64
}

// maxWays limits the imports that are examined. Each takes a walk through the graph.
const maxWays = 200

// Why finds every import in the project's own code that leads to a package or to a file
// of the project, and what removing each would save. locate is described in
// [CompareOptions]. The error is a diagnostic with a suggestion.
func Why(r Report, function, name string, locate func(analyzer.Input, analyzer.Import) analyzer.Position) (Reasons, error) {
	f, err := functionNamed(r, function)
	if err != nil {
		return Reasons{}, err
	}
	w := NewChains(r.Inputs, locate)
	t := w.tree(f.EntryInput)
	targets := map[int]bool{}
	for i := range t.from {
		if in := r.Inputs[i]; in.Package == name || in.Path == name {
			targets[i] = true
		}
	}
	reasons := Reasons{Function: f.ID, Package: name}
	for _, p := range f.Packages {
		if p.Name == name {
			reasons.Versions = append(reasons.Versions, p)
		}
	}
	if len(targets) == 0 {
		return Reasons{}, notHeld(r, f, t, name)
	}
	held := map[int]InputBytes{}
	for _, s := range f.Inputs {
		held[s.Input] = s
	}
	without := func(skip func(from, to int) bool) (unzipped, zipped int64) {
		left := w.reachable(f.EntryInput, skip)
		for i, s := range held {
			if _, was := t.from[i]; was && !left[i] {
				unzipped, zipped = unzipped+s.Unzipped, zipped+s.Zipped
			}
		}
		return unzipped, zipped
	}
	reasons.Unzipped, reasons.Zipped = without(func(_, to int) bool { return targets[to] })
	leads := w.leadingTo(targets)
	for _, edge := range w.crossings(t, leads, targets) {
		way := Way{Chain: w.by(t, edge, targets)}
		way.Position, _ = t.ask(r.Inputs[edge[0]], edge[1])
		way.Unzipped, way.Zipped = without(func(from, to int) bool { return from == edge[0] && to == edge[1] })
		reasons.Ways = append(reasons.Ways, way)
	}
	slices.SortStableFunc(reasons.Ways, func(a, b Way) int {
		return cmp.Or(cmp.Compare(b.Unzipped, a.Unzipped), cmp.Compare(len(a.Chain), len(b.Chain)))
	})
	return reasons, nil
}

func functionNamed(r Report, name string) (Function, error) {
	functions := func(yield func(analyzer.Function) bool) {
		for _, f := range r.Functions {
			if !yield(f.Function) {
				return
			}
		}
	}
	at, err := analyzer.Lookup(functions, name)
	switch {
	case err != nil:
		return Function{}, err
	case at < 0:
		d := analyzer.Diagnostic{
			Code: "unknown-function", Severity: analyzer.Error, Message: fmt.Sprintf("there is no function %q in the report", name),
			Hint: "featherpack discover lists the functions",
		}
		if near := analyzer.NearestFunction(functions, name); near != "" {
			d.Hint = fmt.Sprintf("did you mean %q? %s", near, d.Hint)
		}
		return Function{}, d
	case r.Functions[at].Artifact == nil:
		return Function{}, analyzer.Diagnostic{Code: "unknown-function", Severity: analyzer.Error, Message: fmt.Sprintf("function %q was not built", name), Hint: "fix the function and build again"}
	}
	return r.Functions[at], nil
}

func didYouMean(name string, candidates []string, hint string) string {
	if near := analyzer.Nearest(name, candidates); near != "" {
		return fmt.Sprintf("did you mean %q? %s", near, hint)
	}
	return hint
}

// notHeld is the error for a name that is not in a function, with a suggestion.
func notHeld(r Report, f Function, t *tree, name string) error {
	d := analyzer.Diagnostic{Code: "unknown-package", Severity: analyzer.Error, Message: fmt.Sprintf("%q does not contain %q", f.ID, name)}
	var names []string
	for i := range t.from {
		names = append(names, cmp.Or(r.Inputs[i].Package, r.Inputs[i].Path))
	}
	for _, p := range f.Packages {
		if p.Name == name && IsRow(name) {
			d.Message = fmt.Sprintf("%s is not a package: no import leads to it", Quoted(name))
		} else if p.Name == name {
			d.Message = fmt.Sprintf("no import of %q leads to %q", f.ID, name)
		}
	}
	slices.Sort(names)
	d.Hint = didYouMean(name, slices.Compact(names), "featherpack report --verbose lists a function's packages")
	return d
}

// reachable returns what is reachable from entry without the skipped edges.
func (w *Chains) reachable(entry int, skip func(from, to int) bool) map[int]bool {
	seen := map[int]bool{entry: true}
	for queue := []int{entry}; len(queue) > 0; queue = queue[1:] {
		for _, im := range w.inputs[queue[0]].Imports {
			if !seen[im.To] && !skip(queue[0], im.To) {
				seen[im.To] = true
				queue = append(queue, im.To)
			}
		}
	}
	return seen
}

// leadingTo returns all inputs from which a target is reachable, including the targets.
func (w *Chains) leadingTo(targets map[int]bool) map[int]bool {
	importers := map[int][]int{}
	for i, in := range w.inputs {
		for _, im := range in.Imports {
			importers[im.To] = append(importers[im.To], i)
		}
	}
	leads := map[int]bool{}
	var queue []int
	for i := range targets {
		leads[i] = true
		queue = append(queue, i)
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, i := range importers[queue[0]] {
			if !leads[i] {
				leads[i] = true
				queue = append(queue, i)
			}
		}
	}
	return leads
}

// crossings returns the imports in the function's own code that first lead to a target,
// in the order of inputs.
func (w *Chains) crossings(t *tree, leads, targets map[int]bool) [][2]int {
	var edges [][2]int
	for i, in := range w.inputs {
		if _, reached := t.from[i]; !reached || in.Package != "" || targets[i] {
			continue
		}
		for n, im := range in.Imports {
			foreign := w.inputs[im.To].Package != "" || targets[im.To]
			again := n > 0 && in.Imports[n-1].To == im.To // they are sorted
			if foreign && leads[im.To] && !again && len(edges) < maxWays {
				edges = append(edges, [2]int{i, im.To})
			}
		}
	}
	return edges
}

// by is the shortest chain that includes an edge and ends at a target.
func (w *Chains) by(t *tree, edge [2]int, targets map[int]bool) []Link {
	chain := t.chain(edge[0])
	onward := w.tree(edge[1])
	var best []int
	for i := range targets {
		if c := onward.chain(i); c != nil && (best == nil || len(c) < len(best) || len(c) == len(best) && slices.Compare(c, best) < 0) {
			best = c
		}
	}
	return t.linksOf(append(chain, best...))
}
