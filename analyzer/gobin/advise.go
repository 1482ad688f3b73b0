package gobin

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Candidate is a change worth trying. What it saves is not known here:
// packager/golang applies it to a scratch copy, links and zips again.
type Candidate struct {
	// Code is a stable kebab-case name such as "reflect-method".
	Code string `json:"code"`
	// What is the fact, in a clause, lower case.
	What string `json:"what"`
	// Position is where in the source; Chain is how the program gets there.
	analyzer.Position
	Chain  []Step `json:"chain,omitempty"`
	Change Change `json:"change"`
	// BehaviourChanges says that the program may do something else afterwards,
	// and Says what. Such a change is never applied on its own.
	BehaviourChanges bool   `json:"behaviourChanges"`
	Says             string `json:"says,omitempty"`
	// Source is where the advice can be checked.
	Source string `json:"source,omitempty"`
	// Dependency is the package that a "heavy-dependency" is about, and Calls the
	// functions of it that the project calls, where that was looked for.
	Dependency string   `json:"dependency,omitempty"`
	Calls      []string `json:"calls,omitempty"`
	// Kept is what the program holds of it, in bytes, where an [Attribution] told
	// so. It is the most a removal could save, not a saving.
	Kept int64 `json:"kept,omitempty"`
}

// Change is how a [Candidate] is applied.
type Change struct {
	// Tags are build tags to add.
	Tags []string `json:"tags,omitempty"`
	// Overlay replaces files of the project, by path relative to the root, for a
	// trial build. A file below the module cache is never replaced: the go
	// command refuses that.
	Overlay map[string][]byte `json:"-"`
	// Text tells a person what to do.
	Text string `json:"text"`
}

// Advise proposes changes to one program, sorted by code and place. The pattern
// names its main package. The attribution is that of the program as it is
// shipped; it may be nil, and then nothing is said about heavy dependencies.
//
// Causes mask each other: while one keeps every exported method alive, removing
// another saves next to nothing. Ask again with the tag of the first applied.
func Advise(ctx context.Context, dir, pkgPattern string, attribution *Attribution, o WhyOptions) ([]Candidate, error) {
	if o.Root == "" {
		o.Root = dir
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	w := &why{ctx: ctx, dir: dir, options: o}
	if err := w.refuseTools(); err != nil {
		return nil, err
	}
	o.Progress("reading packages")
	if err := w.loadImports(pkgPattern); err != nil {
		return nil, err
	}
	if len(w.graph.mains) > 1 {
		return nil, analyzer.Diagnostic{Code: "many-programs", Severity: analyzer.Error,
			Message: pkgPattern + " matches more than one program", Hint: "ask about one of them: " + strings.Join(w.graph.mains[:2], " or ")}
	}
	main := w.graph.mains[0]
	o.Progress("linking " + main)
	reflects, err := w.adviseReflect(main)
	if err != nil {
		return nil, err
	}
	o.Progress("reading source")
	proposed := map[string]bool{}
	for _, c := range reflects {
		for _, tag := range c.Change.Tags {
			proposed[tag] = true
		}
	}
	out := slices.Concat(reflects, w.adviseTags(main, proposed), w.adviseImports(main), w.adviseSource(main))
	if attribution != nil {
		out = append(out, w.adviseHeavy(main, attribution)...)
	}
	slices.SortStableFunc(out, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.What, b.What))
	})
	return out, nil
}

// own lists the packages of the program that its developer writes: those of the
// main package's module, and of modules that are folders beside it.
func (w *why) own(main string) []*importNode {
	order, _ := w.graph.walk(main)
	var out []*importNode
	for _, p := range order {
		if n := w.graph.packages[p]; n.own || n.path == main {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b *importNode) int { return cmp.Compare(a.path, b.path) })
	return out
}

// importSteps is the import chain to a package, for a candidate.
func (w *why) importSteps(main, pkg string) []Step {
	_, from := w.graph.walk(main)
	if _, ok := from[pkg]; !ok {
		return nil
	}
	return w.waySteps(chain(from, pkg))
}

// fileOf finds the source file that a program built with -trimpath names.
func (w *why) fileOf(name string) (*importNode, string) {
	dir, base := path.Split(name)
	dir = strings.TrimSuffix(dir, "/")
	if at := strings.IndexByte(dir, '@'); at >= 0 {
		rest := ""
		if slash := strings.IndexByte(dir[at:], '/'); slash >= 0 {
			rest = dir[at+slash:]
		}
		dir = dir[:at] + rest
	}
	n := w.graph.packages[dir]
	if n == nil {
		return nil, ""
	}
	for _, f := range n.files {
		if path.Base(strings.ReplaceAll(f, `\`, "/")) == base {
			return n, f
		}
	}
	return nil, ""
}
