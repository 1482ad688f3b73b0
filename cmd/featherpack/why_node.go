package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

// maxTrials bounds how often a function is built again for one answer.
const maxTrials = 5

// whyNode answers for a Node function from the graph of a fresh build, and
// builds again without the target and the packages that lead to it.
func whyNode(ctx context.Context, q whyQuestion) (whyAnswer, error) {
	a := whyAnswer{Function: q.id, By: "imports", Because: "a package is in a bundle because it is imported", Chains: []whyChain{}}
	var g imported
	var trials []omission
	err := q.build(ctx, q.function, func(r reporters.Report, f reporters.Function, _ *outdir.Dir) error {
		g = newImported(r, f)
		target, err := g.find(q, f)
		if err != nil {
			return err
		}
		a.Target, a.Versions = g.named(target, q.target)
		a.Artifact = weightOf(f)
		sum := g.sum(target)
		a.Weighs = &sum
		if sum.Unzipped == 0 {
			a.Notes = append(a.Notes, "it is reached, and tree shaking leaves nothing of it in the artifact")
		}
		if i := slices.IndexFunc(f.Kept, func(k packager.Kept) bool { return k.Package == a.Target }); i >= 0 {
			a.Notes = append(a.Notes, "it stays as files in the zip: "+f.Kept[i].Reason)
		}
		chains := g.chainsTo(target)
		told := chains
		if q.most > 0 && len(chains) > q.most {
			told, a.More = chains[:q.most], len(chains)-q.most
		}
		lines := &importLines{root: q.project.Root}
		for _, chain := range told {
			a.Chains = append(a.Chains, g.tell(chain, lines))
		}
		trials = g.omissions(a.Target, target, chains)
		return nil
	})
	if err != nil {
		return a, err
	}
	for i, o := range trials {
		q.t.Step("featherpack: building without %s (%d of %d)", o.name, i+1, len(trials))
		s, err := q.omit(ctx, g, o, a.Artifact)
		if err != nil {
			return a, err
		}
		a.Savings = append(a.Savings, s)
	}
	return a, nil
}

// find is the inputs that a question is about: those of a package, of one of
// its versions, or one file.
func (g imported) find(q whyQuestion, f reporters.Function) (map[int]bool, error) {
	target := strings.TrimPrefix(q.target, "./")
	held, from := g.reach(func(edge) bool { return false })
	for _, in := range f.Inputs {
		if _, ok := from[in.Input]; !ok {
			held = append(held, in.Input) // copied as a file, by no import
		}
	}
	found, exact := map[int]bool{}, map[int]bool{}
	var names []string
	var ends []int
	for _, i := range held {
		in := g.inputs[i]
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
			paths = append(paths, g.inputs[i].Path)
		}
		slices.Sort(paths)
		return nil, analyzer.Diagnostic{
			Code: "ambiguous-package", Severity: analyzer.Error, Function: q.id,
			Message: fmt.Sprintf("%q is the end of %d files", q.target, len(paths)),
			Hint:    "name one of them: " + strings.Join(paths[:min(len(paths), 5)], ", "),
		}
	}
	if len(found) == 0 {
		return nil, notInFunction(q, f, names)
	}
	if found[g.entry] {
		return nil, analyzer.Diagnostic{
			Code: "entry-point", Severity: analyzer.Error, Function: q.id,
			Message: fmt.Sprintf("%s is the function's own entry point", g.inputs[g.entry].Path), Hint: "ask about what it imports",
		}
	}
	return found, nil
}

func notInFunction(q whyQuestion, f reporters.Function, names []string) error {
	d := analyzer.Diagnostic{
		Code: "not-in-function", Severity: analyzer.Error, Function: q.id,
		Message: fmt.Sprintf("%q is not in this function", q.target), Hint: "featherpack build --verbose lists its packages",
	}
	slices.Sort(names)
	if slices.Contains(f.Build.External, q.target) {
		d.Hint = "build.external lists it: a layer or the runtime provides it"
	} else if near := analyzer.Nearest(q.target, slices.Compact(names)); near != "" {
		d.Hint = fmt.Sprintf("did you mean %q?", near)
	}
	return d
}

// named is what the target is called, and its versions.
func (g imported) named(target map[int]bool, asked string) (name string, versions []string) {
	for i := range target {
		in := g.inputs[i]
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

// relations say what an importer does, by the kind of its import.
var relations = map[string]string{
	"import": "imports", "require": "requires", "dynamic-import": "imports when it runs", "require-resolve": "resolves", "asset": "reads",
}

// tell gives a chain its words and places.
func (g imported) tell(chain []int, lines *importLines) whyChain {
	c := whyChain{Steps: []whyStep{{Name: g.inputs[chain[0]].Path}}}
	cut, cuttable := g.site(chain)
	for n := 1; n < len(chain); n++ {
		from, to := g.inputs[chain[n-1]], chain[n]
		step := whyStep{Name: g.inputs[to].Path, Relation: "imports"}
		if i := slices.IndexFunc(from.Imports, func(im analyzer.Import) bool { return im.To == to }); i >= 0 {
			im := from.Imports[i]
			step.Relation, step.Specifier = cmp.Or(relations[im.Kind], "imports"), im.Specifier
			step.Position = lines.at(from, im)
		}
		c.Steps = append(c.Steps, step)
		if cuttable && chain[n-1] == cut.from && to == cut.to {
			saves := g.lost(g.like(cut))
			c.Cut, c.Saves = n, &saves
		}
	}
	return c
}

// omission is something that a function may be built without.
type omission struct {
	name string
	// external is the package to leave out, "" where because says why none can be.
	external, because string
	cut               func(edge) bool
}

// omissions are the target, and the packages by which the project reaches it.
func (g imported) omissions(name string, target map[int]bool, chains [][]int) []omission {
	if len(chains) == 0 {
		return nil
	}
	first := omission{name: name, cut: func(e edge) bool { return target[e.to] }}
	first.external, first.because = g.external(target)
	all := []omission{first}
	told := map[string]bool{first.external: true}
	for _, chain := range chains {
		e, ok := g.site(chain)
		if !ok || len(all) == maxTrials {
			continue
		}
		via := g.inputs[e.to].Package
		if via == "" || target[e.to] {
			continue
		}
		inputs := map[int]bool{}
		for i, in := range g.inputs {
			if in.Package == via {
				inputs[i] = true
			}
		}
		o := omission{name: via, cut: func(e edge) bool { return inputs[e.to] }}
		if o.external, o.because = g.external(inputs); o.external != "" && !told[o.external] {
			told[o.external] = true
			all = append(all, o)
		}
	}
	return all
}

// external is the package whose leaving out takes these inputs away, where
// everything that imports them asks for it by its name.
func (g imported) external(target map[int]bool) (name, because string) {
	for i, in := range g.inputs {
		if target[i] {
			continue
		}
		for _, im := range in.Imports {
			if !target[im.To] {
				continue
			}
			asked := packageOf(im.Specifier)
			switch {
			case asked == "":
				return "", "it is asked for by a path, and only packages can be left out"
			case name != "" && name != asked:
				return "", "it is asked for by several names"
			}
			name = asked
		}
	}
	for i, in := range g.inputs {
		if !target[i] && in.Package != "" && in.Package == name {
			return "", "leaving the package out would take other versions or files of it away too"
		}
	}
	return name, ""
}

// packageOf is the package that a specifier names, "" for a path.
func packageOf(specifier string) string {
	if specifier == "" || strings.ContainsAny(specifier[:1], "./#") || strings.Contains(specifier, ":") {
		return ""
	}
	parts := strings.SplitN(specifier, "/", 3)
	if strings.HasPrefix(specifier, "@") && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}

// omit builds the function without a package and says what that saves. What
// cannot be built is counted from the graph.
func (q question) omit(ctx context.Context, g imported, o omission, whole weight) (saving, error) {
	s := saving{Without: o.name, Method: fromGraph, weight: g.lost(o.cut), Because: o.because}
	if o.external == "" {
		return s, nil
	}
	f := q.function
	f.Build.External = append(slices.Clone(f.Build.External), o.external)
	err := q.build(ctx, f, func(_ reporters.Report, f reporters.Function, _ *outdir.Dir) error {
		s.Method, s.weight = measured, whole.minus(weightOf(f))
		return nil
	})
	var d analyzer.Diagnostic
	if errors.As(err, &d) && ctx.Err() == nil {
		s.Because, err = "it does not build without it: "+d.Message, nil
	}
	return s, err
}

// importLines says where Node modules ask for others. A module is read when it
// is first asked about.
type importLines struct {
	root string // absolute
	read map[string][]js.Specifier
}

// typeOnly matches an import of TypeScript that leaves nothing at run time, up
// to its specifier; maxStatement bounds how far it is looked for, in bytes.
var typeOnly = regexp.MustCompile(`(?:^|[\s;}])(?:import|export)\s+type\s+(?:[\w$]+\s+from|[{*][^;'"]*)\s*$`)

const maxStatement = 4096

// maxLexed bounds a module that is read for its import lines, in bytes.
const maxLexed = 32 << 20

func (l *importLines) at(in analyzer.Input, im analyzer.Import) analyzer.Position {
	specifiers, ok := l.read[in.Path]
	if !ok {
		if l.read == nil {
			l.read = map[string][]js.Specifier{}
		}
		file := filepath.Join(l.root, filepath.FromSlash(in.Path))
		if info, err := os.Stat(file); err == nil && filepath.IsLocal(filepath.FromSlash(in.Path)) && info.Mode().IsRegular() && info.Size() <= maxLexed {
			if source, err := os.ReadFile(file); err == nil {
				specifiers = slices.DeleteFunc(js.Specifiers(source), func(s js.Specifier) bool {
					return typeOnly.Match(source[max(0, s.Start-maxStatement):s.Start])
				})
			}
		}
		l.read[in.Path] = specifiers
	}
	at := analyzer.Position{File: in.Path, Line: im.Line}
	for _, s := range specifiers {
		if s.Name != im.Specifier {
			continue
		}
		at.Line, at.Column = s.Line, s.Column
		if s.Kind == im.Kind || s.Kind == "export" && im.Kind == "import" {
			break
		}
	}
	return at
}
