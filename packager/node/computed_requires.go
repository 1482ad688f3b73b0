package node

import (
	"regexp"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
	"github.com/featherpack/featherpack/packager/node/pass/onload"
	"github.com/featherpack/featherpack/packager/node/prelude"
	"github.com/featherpack/featherpack/packager/node/unreached"
)

// The pass computed-requires leaves out modules that a package requires by computed names,
// such as moment's locales, as long as nothing in the program gives the package such a
// name. Package unreached judges that, module by module. All modules of the finished graph
// outside of the package are asked, the files beside the bundle, and the texts of
// settings. The plan starts without the modules; where one of these may give a name, the
// function is linked again with them.
//
// The require stays, and fails for every name as for one that is not installed. It is not
// called, since no call with a name is left. These keep the modules:
//   - a module that cannot be parsed, or a file beside the bundle that has one of the names;
//   - a package that settings leave out of the zip: what it does is not known;
//   - a module that the program requires by a plain name stays, as always.
//
// Objects from outside the program that are forged to look like the package's own, such as
// an event with _isAMomentObject, are not considered.

// unreached reports whether the plan leaves a file out that a module requires by a
// computed name.
func (j *job) unreached(module, file string) bool {
	if !j.f.Build.Passes.On(analyzer.ComputedRequires) {
		return false
	}
	dir := installed.PackageDir(file)
	return dir != "" && dir == installed.PackageDir(module) && slices.ContainsFunc(unreached.Groups, func(g *unreached.Group) bool {
		return g.Package == installed.NameOf(dir) && g.Modules.MatchString(file[len(dir)+1:]) && !slices.Contains(j.plan.reached, g.Package)
	})
}

// groupsIn are the groups of packages in a bundle that the plan leaves out.
func groupsIn(l *linked) (groups []*unreached.Group) {
	if !l.f.Build.Passes.On(analyzer.ComputedRequires) {
		return nil
	}
	for _, g := range unreached.Groups {
		if !slices.Contains(l.plan.reached, g.Package) && slices.ContainsFunc(l.Reached, func(input string) bool {
			return isOf(input, g.Package) && l.Bytes(input) > 0
		}) {
			groups = append(groups, g)
		}
	}
	return groups
}

// ofSDK matches the AWS SDK, which the runtime has.
var ofSDK = regexp.MustCompile(`^(?:aws-sdk|@aws-sdk|@smithy)(?:/|$)`)

func isOf(input, name string) bool {
	dir := installed.PackageDir(input)
	return dir != "" && installed.NameOf(dir) == name
}

// growByNames plans groups to be bundled that the graph may reach.
func (b *builder) growByNames(l *linked) (grew bool) {
	for _, g := range groupsIn(l) {
		if b.mayReach(l, g) {
			grew = add(&l.plan.reached, g.Package) || grew
		}
	}
	return grew
}

func (b *builder) mayReach(l *linked, g *unreached.Group) bool {
	texts := []byte(prelude.Texts(l.f.Build))
	if g.MayReach(unreached.Module{Source: texts, Text: onload.Parse(js.File{Path: "settings.js", Source: texts}), Own: true}) {
		return true
	}
	for _, input := range l.Reached {
		of := slices.ContainsFunc(g.HandedOn, func(name string) bool { return isOf(input, name) })
		if of || isOf(input, g.Package) || l.Bytes(input) == 0 {
			continue
		}
		requests := map[string]bool{}
		for _, im := range l.Inputs[input].Imports {
			switch {
			case im.External && len(l.f.Build.External) > 0 && !js.Builtin(im.Path) && !ofSDK.MatchString(im.Path):
				return true
			case im.External:
			case isOf(im.Path, g.Package), slices.ContainsFunc(g.HandedOn, func(name string) bool { return isOf(im.Path, name) }):
				requests[im.Original] = true
			}
		}
		file := b.packages.Absolute(input)
		if !l.resolution.IsCode(file) {
			continue
		}
		m := l.resolution.Module(input)
		if m == nil || g.MayReach(unreached.Module{Source: m.Source, Text: m.Text, Own: installed.PackageDir(input) == "", Requests: requests}) {
			return true
		}
	}
	return false
}

// growByNamesBeside plans groups to be bundled that files beside the bundle may reach.
func (b *builder) growByNamesBeside(l *linked, tree *kept.Tree) (grew bool) {
	for _, g := range groupsIn(l) {
		reached := slices.ContainsFunc(tree.Files(), func(f kept.File) bool {
			if !tree.Runs(f.Input) || isOf(f.Input, g.Package) {
				return false
			}
			text, err := b.packages.ReadFile(f.Source)
			return err != nil || g.Named(text)
		})
		if reached {
			grew = add(&l.plan.reached, g.Package) || grew
		}
	}
	return grew
}
