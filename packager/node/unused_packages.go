package node

import (
	"path"
	"regexp"
	"slices"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
	"github.com/featherpack/featherpack/packager/node/libraries"
	"github.com/featherpack/featherpack/packager/node/pass/onload"
)

// The pass unused-packages tells esbuild that nothing is lost without a package of
// [libraries.SilentPackages] where nothing uses what is imported of it. Packages have
// dependencies that only some of their exports need, which the function does not use, and
// which say nothing of side effects in their package.json: esbuild then keeps all of them.
//
// The plan has such a package evaluated all the same
//   - where code imports it by a statement without names: that may be for the effect;
//   - where what loading it changes could be seen: code that stays uses the variables that
//     its entry names, or code that is not at hand may use them.

// unused says that nothing is lost without the module that a request for a package leads
// to, where that is so.
func (r *resolver) unused(build api.PluginBuild, args api.OnResolveArgs, name string) (result api.OnResolveResult) {
	if r.plan.exact || libraries.SilentPackages[name].Versions == nil || !r.resolution.Passes.On(analyzer.UnusedPackages) {
		return result
	}
	got := r.resolution.Ask(build, args.ResolveDir, args.Path, args.Kind)
	if len(got.Errors) > 0 || got.External || got.Namespace != "file" || r.silent(r.packages.Relative(got.Path)) == nil {
		return result
	}
	return api.OnResolveResult{Path: got.Path, Suffix: got.Suffix, SideEffects: r.effects(got.Path, false)}
}

func (r *resolver) silent(input string) *libraries.Silent { return silentPackage(r.packages, input) }

// silentPackage is what is known of the package of a module, nil where nothing is.
func silentPackage(packages *installed.Tree, input string) *libraries.Silent {
	dir := installed.PackageDir(input)
	known := libraries.SilentPackages[installed.NameOf(dir)]
	if known.Versions == nil {
		return nil
	}
	m := packages.Manifest(packages.Absolute(dir))
	if m == nil || m.Name != installed.NameOf(dir) || !known.Versions.MatchString(m.Version) {
		return nil
	}
	return &known
}

// growByUnusedPackages plans packages to be evaluated that were left out and must not be.
func (b *builder) growByUnusedPackages(l *linked, tree *kept.Tree) (grew bool) {
	if !l.f.Build.Passes.On(analyzer.UnusedPackages) {
		return false
	}
	importers, required := map[string][]string{}, map[string]bool{}
	for _, input := range l.Reached {
		for _, im := range l.Inputs[input].Imports {
			switch {
			case im.External || libraries.SilentPackages[js.PackageName(im.Original)].Versions == nil:
			case im.Kind == "import-statement":
				importers[im.Path] = append(importers[im.Path], input)
			default:
				required[im.Path] = true
			}
		}
	}
	for input, by := range importers {
		known := silentPackage(b.packages, input)
		used := l.Bytes(input) > 0 && !required[input] // by what imports it, when that loads
		if known == nil || used || slices.Contains(l.plan.evaluated, input) {
			continue
		}
		if slices.ContainsFunc(by, func(importer string) bool { return b.wantsEffect(importer, input, l) }) || b.seesEffect(l, tree, installed.PackageDir(input), known.Changes) {
			grew = add(&l.plan.evaluated, input) || grew
		}
	}
	return grew
}

// wantsEffect reports whether a module may import another one for what loading it does.
func (b *builder) wantsEffect(importer, of string, l *linked) bool {
	text, err := b.packages.ReadModule(b.packages.Absolute(importer))
	if err != nil {
		return true
	}
	outline, ok := js.Skim(text)
	if !ok {
		return true
	}
	for _, im := range l.Inputs[importer].Imports {
		if im.Path != of || im.Kind != "import-statement" {
			continue
		}
		requests := 0
		for _, specifier := range outline.Requests {
			if specifier == im.Original {
				requests++
			}
		}
		for _, statement := range outline.Imports {
			if statement.Specifier == im.Original {
				requests--
			}
		}
		if requests != 0 {
			return true
		}
	}
	return false
}

// seesEffect reports whether code of the function's process, other than the package in
// dir, may use one of the variables.
func (b *builder) seesEffect(l *linked, tree *kept.Tree, dir string, variables *regexp.Regexp) bool {
	if variables == nil {
		return false
	}
	if len(l.f.Layers) > 0 || len(preloads(l.f.Environment[nodeOptions])) > 0 {
		return true
	}
	for _, input := range l.Reached {
		for _, im := range l.Inputs[input].Imports {
			if im.External && !js.Builtin(im.Path) && l.Bytes(input) > 0 {
				return true
			}
		}
		if file := b.packages.Absolute(input); l.Bytes(input) > 0 && installed.PackageDir(input) != dir && l.resolution.IsCode(file) && usesVariable(l.resolution.Module(input), variables) {
			return true
		}
	}
	for _, f := range tree.Files() {
		if extension := path.Ext(f.Source); tree.Runs(f.Input) && (extension == ".js" || extension == ".cjs" || extension == ".mjs") {
			text, err := b.packages.ReadModule(f.Source)
			if err != nil || variables.Match(text) {
				return true
			}
		}
	}
	return variables.MatchString(l.f.Build.Banner) || variables.MatchString(l.f.Build.Footer)
}

// usesVariable reports whether a module may use one of some global variables: by a name
// that it does not declare, as a property, or by a text.
func usesVariable(m *onload.Module, variables *regexp.Regexp) bool {
	if m == nil {
		return true
	}
	if !variables.Match(m.Source) {
		return false
	}
	text := m.Text()
	if text == nil {
		return true
	}
	uses := false
	var look func(n *js.Node)
	look = func(n *js.Node) {
		switch n.Kind {
		case js.Name:
			uses = uses || variables.MatchString(n.Name) && n.IsGlobal(n.Name)
		case js.Member, js.Property, js.String:
			uses = uses || variables.MatchString(n.Name)
		case js.Template:
			uses = uses || slices.ContainsFunc(n.Texts, variables.MatchString)
		}
		if !uses {
			n.Each(look)
		}
	}
	look(text.Top)
	return uses
}
