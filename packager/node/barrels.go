package node

import (
	"path/filepath"
	"slices"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// A module that is also required, or loaded by import(), is a function of the bundle,
// which is called where code imports the module. esbuild (0.28.2) forgets the call where
// a name comes through the export * of a module that its package calls free of side
// effects: it leaves that module out, and the call with it. The name is then undefined.
// The plan has such modules evaluated all the same, as Node does.

// growByBarrels plans the modules to be evaluated that hand a function's module on.
func (b *builder) growByBarrels(l *linked) (grew bool) {
	functions := asFunctions(l)
	if len(functions) == 0 {
		return false
	}
	evaluated := b.surelyEvaluated(l)
	importers := map[string][]string{}
	for _, input := range l.Reached {
		for _, im := range l.Inputs[input].Imports {
			if !im.External && im.Kind == "import-statement" && !functions[input] && !evaluated[input] {
				importers[im.Path] = append(importers[im.Path], input)
			}
		}
	}
	var queue []string
	for _, input := range l.Reached {
		if functions[input] && len(importers[input]) > 0 {
			queue = append(queue, input)
		}
	}
	seen := map[string]bool{}
	for i := 0; i < len(queue); i++ {
		for _, barrel := range importers[queue[i]] {
			if !seen[barrel] && b.handsAllOn(l, barrel, queue[i]) {
				seen[barrel] = true
				queue = append(queue, barrel)
				grew = add(&l.plan.evaluated, barrel) || grew
			}
		}
	}
	return grew
}

// asFunctions are the ES modules that esbuild makes functions of: those that something
// requires or loads by import(), and all that these import.
func asFunctions(l *linked) map[string]bool {
	found := map[string]bool{}
	var queue []string
	follow := func(input string, kinds ...string) {
		for _, im := range l.Inputs[input].Imports {
			if !im.External && slices.Contains(kinds, im.Kind) && !found[im.Path] && l.Inputs[im.Path].Format == "esm" {
				found[im.Path] = true
				queue = append(queue, im.Path)
			}
		}
	}
	for _, input := range l.Reached {
		follow(input, "require-call", "dynamic-import")
	}
	for i := 0; i < len(queue); i++ {
		follow(queue[i], "import-statement")
	}
	return found
}

// surelyEvaluated are the inputs that esbuild keeps whether or not a name of theirs is
// used: their packages do not say anything of side effects, nor do those on the way.
func (b *builder) surelyEvaluated(l *linked) map[string]bool {
	found := map[string]bool{l.Reached[0]: true}
	queue := []string{l.Reached[0]}
	for i := 0; i < len(queue); i++ {
		for _, im := range l.Inputs[queue[i]].Imports {
			if im.External || im.Kind != "import-statement" || found[im.Path] {
				continue
			}
			if _, m := b.packages.Nearest(filepath.Dir(b.packages.Absolute(im.Path))); m == nil || len(m.SideEffects) == 0 {
				found[im.Path] = true
				queue = append(queue, im.Path)
			}
		}
	}
	return found
}

// handsAllOn reports whether a module says export * from another.
func (b *builder) handsAllOn(l *linked, input, of string) bool {
	known, skimmed := b.stars[input]
	if !skimmed {
		if text, err := b.packages.ReadModule(b.packages.Absolute(input)); err == nil {
			outline, ok := js.Skim(text)
			if known.all = !ok; ok {
				known.specifiers = outline.Stars
			}
		}
		b.stars[input] = known
	}
	return known.all || slices.ContainsFunc(l.Inputs[input].Imports, func(im resolution.Import) bool {
		return im.Path == of && slices.Contains(known.specifiers, im.Original)
	})
}

// stars are the modules from which one says export *: all that it requests where that is not
// known.
type stars struct {
	specifiers []string
	all        bool
}

// evaluate answers requests that lead to a module that the plan has evaluated.
func (r *resolver) evaluate(build api.PluginBuild) {
	if len(r.plan.evaluated) == 0 {
		return
	}
	build.OnResolve(api.OnResolveOptions{Filter: "."}, func(args api.OnResolveArgs) (result api.OnResolveResult, err error) {
		if resolution.Asked(args.PluginData) || args.Kind == api.ResolveEntryPoint {
			return result, nil
		}
		got := r.resolution.Ask(build, args.ResolveDir, args.Path, args.Kind)
		if len(got.Errors) == 0 && !got.External && got.Namespace == "file" && r.effects(got.Path, false) == api.SideEffectsTrue {
			result.Path, result.Suffix, result.SideEffects = got.Path, got.Suffix, api.SideEffectsTrue
		}
		return result, nil
	})
}

// effects is what a resolution says of side effects, as the plan has it.
func (r *resolver) effects(file string, has bool) api.SideEffects {
	if has || slices.Contains(r.plan.evaluated, r.packages.Relative(file)) {
		return api.SideEffectsTrue
	}
	return api.SideEffectsFalse
}
