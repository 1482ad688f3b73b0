package why

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

// maxTrials limits how often a function is built again for one answer.
const maxTrials = 5

// whyNode answers for a Node function. It builds the function to get the import
// graph, then builds it again without the target and without packages that lead to
// the target.
func whyNode(ctx context.Context, q Question) (Answer, error) {
	a := Answer{Function: q.Function.ID, By: "imports", Because: "a package is in a bundle because it is imported", Chains: []Chain{}}
	var g chains.Graph
	var trials []chains.Omission
	err := q.Build(ctx, q.Function, func(r reporters.Report, f reporters.Function, _ *outdir.Dir) error {
		g = chains.New(r, f)
		target, err := find(g, q, f)
		if err != nil {
			return err
		}
		a.Target, a.Versions = named(g, target, q.Target)
		a.Artifact = chains.Of(f)
		sum := g.Sum(target)
		a.Weighs = &sum
		if sum.Unzipped == 0 {
			a.Notes = append(a.Notes, "it is imported, but tree shaking removes all of it from the artifact")
		}
		if i := slices.IndexFunc(f.Kept, func(k packager.Kept) bool { return k.Package == a.Target }); i >= 0 {
			a.Notes = append(a.Notes, "it is in the zip as separate files: "+f.Kept[i].Reason)
		}
		ways := g.ChainsTo(target)
		printed := ways
		if q.Most > 0 && len(ways) > q.Most {
			printed, a.More = ways[:q.Most], len(ways)-q.Most
		}
		lines := &importLines{source: q.Source}
		for _, chain := range printed {
			a.Chains = append(a.Chains, describe(g, chain, lines))
		}
		trials = g.Omissions(a.Target, target, ways, maxTrials)
		return nil
	})
	if err != nil {
		return a, err
	}
	for i, o := range trials {
		q.Options.Step("featherpack: building without %s (%d of %d)", o.Name, i+1, len(trials))
		s, err := q.Omit(ctx, g, o, a.Artifact)
		if err != nil {
			return a, err
		}
		a.Savings = append(a.Savings, s)
	}
	return a, nil
}

// find returns the inputs that the target means: those of a package, those of one
// version of it, or one file.
func find(g chains.Graph, q Question, f reporters.Function) (map[int]bool, error) {
	target := strings.TrimPrefix(q.Target, "./")
	held, from := g.Reach(func(chains.Edge) bool { return false })
	for _, in := range f.Inputs {
		if _, ok := from[in.Input]; !ok {
			held = append(held, in.Input) // copied as a file without an import
		}
	}
	found, exact := map[int]bool{}, map[int]bool{}
	var names []string
	var ends []int
	for _, i := range held {
		in := g.Inputs[i]
		names = append(names, cmp.Or(in.Package, in.Path))
		switch {
		case in.Path == target:
			exact[i] = true
		case in.Package != "" && (in.Package == target || in.Package+"@"+in.Version == target):
			found[i] = true
		case strings.HasSuffix(in.Path, "/"+target):
			ends = append(ends, i)
		}
	}
	switch {
	case len(exact) > 0:
		found = exact
	case len(found) == 0 && len(ends) == 1:
		found[ends[0]] = true
	case len(found) == 0 && len(ends) > 1:
		var paths []string
		for _, i := range ends {
			paths = append(paths, g.Inputs[i].Path)
		}
		slices.Sort(paths)
		return nil, analyzer.Diagnostic{
			Code: "ambiguous-package", Severity: analyzer.Error, Function: q.Function.ID,
			Message: fmt.Sprintf("%q matches the end of %d file names", q.Target, len(paths)),
			Hint:    "choose one of them: " + strings.Join(paths[:min(len(paths), 5)], ", "),
		}
	}
	if len(found) == 0 {
		return nil, notInFunction(q, f, names)
	}
	if found[g.Entry] {
		return nil, analyzer.Diagnostic{
			Code: "entry-point", Severity: analyzer.Error, Function: q.Function.ID,
			Message: fmt.Sprintf("%s is the function's own entry point", g.Inputs[g.Entry].Path), Hint: "choose something that it imports",
		}
	}
	return found, nil
}

func notInFunction(q Question, f reporters.Function, names []string) error {
	d := analyzer.Diagnostic{
		Code: "not-in-function", Severity: analyzer.Error, Function: q.Function.ID,
		Message: fmt.Sprintf("%q is not in this function", q.Target), Hint: "featherpack build --verbose lists its packages",
	}
	slices.Sort(names)
	if slices.Contains(f.Build.External, q.Target) {
		d.Hint = "build.external lists it: a layer or the runtime provides it"
	} else if near := analyzer.Nearest(q.Target, slices.Compact(names)); near != "" {
		d.Hint = fmt.Sprintf("did you mean %q?", near)
	}
	return d
}

// named returns the target's name and versions.
func named(g chains.Graph, target map[int]bool, asked string) (name string, versions []string) {
	for i := range target {
		in := g.Inputs[i]
		if len(target) == 1 && (in.Package == "" || strings.HasSuffix(in.Path, strings.TrimPrefix(asked, "./"))) {
			return in.Path, nil
		}
		name = in.Package
		if in.Version != "" {
			versions = append(versions, in.Version)
		}
	}
	slices.Sort(versions)
	return name, slices.Compact(versions)
}

// relations maps the kind of an import to the verb that is printed.
var relations = map[string]string{
	"import": "imports", "require": "requires", "dynamic-import": "imports when it runs", "require-resolve": "resolves", "asset": "reads",
}

// describe returns a chain with the relation and position of each step.
func describe(g chains.Graph, chain []int, lines *importLines) Chain {
	c := Chain{Steps: []chains.Step{{Name: g.Inputs[chain[0]].Path}}}
	cut, cuttable := g.ProjectImport(chain)
	for n := 1; n < len(chain); n++ {
		from, to := g.Inputs[chain[n-1]], chain[n]
		step := chains.Step{Name: g.Inputs[to].Path, Relation: "imports"}
		if i := slices.IndexFunc(from.Imports, func(im analyzer.Import) bool { return im.To == to }); i >= 0 {
			im := from.Imports[i]
			step.Relation, step.Specifier = cmp.Or(relations[im.Kind], "imports"), im.Specifier
			step.Position = lines.at(from, im)
		}
		c.Steps = append(c.Steps, step)
		if cuttable && chain[n-1] == cut.From && to == cut.To {
			saves := g.Lost(g.RemovedWith(cut))
			c.Cut, c.Saves = n, &saves
		}
	}
	return c
}
