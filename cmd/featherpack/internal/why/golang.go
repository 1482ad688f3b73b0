package why

import (
	"context"
	"slices"

	"github.com/featherpack/featherpack/analyzer/gobin"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
	"github.com/featherpack/featherpack/reporters"
)

// whyGo answers for a Go function: with import declarations for a package, and with
// calls or the linker for a symbol. The size of a package comes from the program in
// the zip.
func whyGo(ctx context.Context, q Question) (Answer, error) {
	a := Answer{Function: q.Function.ID, Chains: []Chain{}}
	err := q.Build(ctx, q.Function, func(r reporters.Report, f reporters.Function, _ *outdir.Dir) error {
		a.Artifact = chains.Of(f)
		o := q.GoOptions(f)
		o.By = gobin.Source(q.By)
		answer, err := gobin.Why(ctx, q.GoFolder(), ".", q.Target, o)
		if err != nil {
			return err
		}
		a.Target, a.By, a.Because = answer.Target, string(answer.By), answer.Because
		if len(answer.Paths) == 0 {
			return nil
		}
		g := chains.New(r, f)
		byPath := map[string]int{}
		for i, in := range g.Inputs {
			byPath[in.Path] = i
		}
		found := answer.Paths[0]
		if answer.By == gobin.ByImports {
			weighGo(g, &a, byPath, q.Target)
		}
		ways := append([][]gobin.Step{found.Steps}, found.Others...)
		a.More = max(0, len(found.Importers)-len(ways))
		if q.Most > 0 && len(ways) > q.Most {
			a.More += len(ways) - q.Most
			ways = ways[:q.Most]
		}
		for _, way := range ways {
			a.Chains = append(a.Chains, describeGo(g, way, byPath, answer.By))
		}
		return nil
	})
	return a, err
}

// weighGo sets the size of the package, or of its whole module if the question names
// the module, and the saving without it.
func weighGo(g chains.Graph, a *Answer, byPath map[string]int, asked string) {
	i, ok := byPath[a.Target]
	if !ok {
		return
	}
	target := map[int]bool{i: true}
	if in := g.Inputs[i]; in.Package != "" && in.Package == asked {
		for j, other := range g.Inputs {
			if other.Package == asked {
				target[j] = true
			}
		}
		if len(target) > 1 {
			a.Notes = append(a.Notes, "the import chains lead to the module's nearest package")
		}
		a.Of = "module " + in.Package + " " + in.Version
	} else if in.Version != "" {
		a.Of = "in " + in.Package + " " + in.Version + ", it"
	}
	sum := g.Sum(target)
	a.Weighs = &sum
	if target[g.Entry] {
		return
	}
	a.Savings = []trial.Saving{{
		Without: a.Target, Method: trial.FromGraph, Weight: g.Lost(func(e chains.Edge) bool { return target[e.To] }),
		Because: "the program does not compile without it; methods elsewhere that are kept for reflection are not counted",
	}}
}

// describeGo returns a chain with its steps, and the saving of removing the
// project's own import in it.
func describeGo(g chains.Graph, way []gobin.Step, byPath map[string]int, by gobin.Source) Chain {
	var c Chain
	for _, s := range way {
		c.Steps = append(c.Steps, chains.Step{Name: s.Name, Relation: s.Relation, Position: s.Position})
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
	if cut, ok := g.ProjectImport(chain); ok {
		saves := g.Lost(g.RemovedWith(cut))
		c.Cut, c.Saves = slices.Index(chain, cut.To), &saves
	}
	return c
}
