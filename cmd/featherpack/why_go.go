package main

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/gobin"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/reporters"
)

// whyGo answers for a Go function: the import declarations for a package, calls
// or the linker for a symbol. What a package weighs is read out of the program
// as it is shipped.
func whyGo(ctx context.Context, q whyQuestion) (whyAnswer, error) {
	a := whyAnswer{Function: q.id, Chains: []whyChain{}}
	err := q.build(ctx, q.function, func(r reporters.Report, f reporters.Function, _ *outdir.Dir) error {
		a.Artifact = weightOf(f)
		o := q.whyOptions(f)
		o.By = gobin.Source(q.by)
		answer, err := gobin.Why(ctx, q.goFolder(), ".", q.target, o)
		if err != nil {
			return err
		}
		a.Target, a.By, a.Because = answer.Target, string(answer.By), answer.Because
		if len(answer.Paths) == 0 {
			return nil
		}
		g := newImported(r, f)
		byPath := map[string]int{}
		for i, in := range g.inputs {
			byPath[in.Path] = i
		}
		found := answer.Paths[0]
		if answer.By == gobin.ByImports {
			g.weighGo(&a, byPath, q.target)
		}
		ways := append([][]gobin.Step{found.Steps}, found.Others...)
		a.More = max(0, len(found.Importers)-len(ways))
		if q.most > 0 && len(ways) > q.most {
			a.More += len(ways) - q.most
			ways = ways[:q.most]
		}
		for _, way := range ways {
			a.Chains = append(a.Chains, g.tellGo(way, byPath, answer.By))
		}
		return nil
	})
	return a, err
}

// weighGo says what the package weighs, or the whole module where that was
// asked for, and what goes with it.
func (g imported) weighGo(a *whyAnswer, byPath map[string]int, asked string) {
	i, ok := byPath[a.Target]
	if !ok {
		return
	}
	target := map[int]bool{i: true}
	if in := g.inputs[i]; in.Package != "" && in.Package == asked {
		for j, other := range g.inputs {
			if other.Package == asked {
				target[j] = true
			}
		}
		if len(target) > 1 {
			a.Notes = append(a.Notes, "the import chains are those to the module's nearest package")
		}
		a.Of = "module " + in.Package + " " + in.Version
	} else if in.Version != "" {
		a.Of = "in " + in.Package + " " + in.Version + ", it"
	}
	sum := g.sum(target)
	a.Weighs = &sum
	if target[g.entry] {
		return
	}
	a.Savings = []saving{{
		Without: a.Target, Method: fromGraph, weight: g.lost(func(e edge) bool { return target[e.to] }),
		Because: "a program does not compile without what its code names; methods that reflection keeps elsewhere are not counted",
	}}
}

// tellGo gives a way its words, and what cutting the project's own import on it
// would save.
func (g imported) tellGo(way []gobin.Step, byPath map[string]int, by gobin.Source) whyChain {
	var c whyChain
	for _, s := range way {
		c.Steps = append(c.Steps, whyStep{Name: s.Name, Relation: s.Relation, Position: s.Position})
	}
	if by != gobin.ByImports {
		return c
	}
	var chain []int
	for _, s := range way {
		i, ok := byPath[s.Name]
		if !ok {
			return c
		}
		chain = append(chain, i)
	}
	if cut, ok := g.site(chain); ok {
		saves := g.lost(g.like(cut))
		c.Cut, c.Saves = slices.Index(chain, cut.to), &saves
	}
	return c
}

// goFolder is the absolute folder of a Go function's main package.
func (q question) goFolder() string {
	entry := path.Clean(q.function.Entry)
	if strings.HasSuffix(entry, ".go") {
		entry = path.Dir(entry)
	}
	return filepath.Join(q.project.Root, filepath.FromSlash(entry))
}

// whyOptions ask about the program as it was built: with the tags and the
// workspace that took effect.
func (q question) whyOptions(f reporters.Function) gobin.Options {
	set := map[string]string{}
	for _, s := range f.Settings {
		set[s.Name] = s.Value
	}
	o := gobin.Options{
		GOOS: "linux", GOARCH: set["goarch"], CGO: set["cgo"] == "true", Root: q.project.Root, Env: os.Environ(),
		Progress: func(stage string) { q.t.Step("featherpack: %s: %s", q.id, stage) },
	}
	if set["tags"] != "" {
		o.Tags = strings.Split(set["tags"], ",")
	}
	if set["gowork"] == "" { // a go.work that does not use the module has no say
		o.Env = append(o.Env, "GOWORK=off")
	}
	return o
}
