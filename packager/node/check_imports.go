package node

import (
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// Checks of what the bundle imports. esbuild has followed every import: what it
// leaves in the code is built in, external by the function's settings, kept as
// files, or guarded.

// requiredAtLoadAndMissing refuses packages that are not installed and without
// which the function cannot load, although no library lists them: the library
// would fail in the source tree too.
func (b *builder) requiredAtLoadAndMissing(s *settled) []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	for _, r := range b.missing(s) {
		library := installed.NameOf(filepath.ToSlash(installed.PackageDir(r.importer)))
		diagnostics = append(diagnostics, s.missingAtLoad(s.resolution.FirstRequest(r.importer, r.specifier), library, r.specifier, b.listsPeer(r.importer, r.specifier)))
	}
	return diagnostics
}

// listsPeer reports whether the package of an importer, relative to the root, lists
// another as a peer.
func (b *builder) listsPeer(importer, specifier string) bool {
	m := b.packages.Manifest(b.packages.Absolute(installed.PackageDir(importer)))
	if m == nil {
		return false
	}
	_, peer := m.PeerDependencies[js.PackageName(specifier)]
	return peer
}

// absent is a request for a package that is not there.
type absent struct{ importer, specifier string }

// missing lists the packages of requiredAtLoadAndMissing, each where it is first
// asked for.
func (b *builder) missing(s *settled) []absent {
	var missing []absent
	var loaded map[string]bool
	reported := map[string]bool{}
	for _, importer := range s.Reached {
		file := b.packages.Absolute(importer)
		for _, im := range s.Inputs[importer].Imports {
			name := js.PackageName(im.Path)
			if !im.External || name == "" || js.Builtin(im.Path) || reported[name] || slices.Contains(s.f.Build.External, name) ||
				s.resolver.ofRuntime(filepath.Dir(file), name) || s.f.Build.SDK == "runtime" && isSDK(name) {
				continue
			}
			if s.resolver.optional(file, im.Path, im.Kind) != notInstalled || !s.resolution.RequiredAtLoad(file, im.Path) {
				continue
			}
			if loaded == nil {
				loaded = b.loadedAtStart(s.linked)
			}
			if loaded[importer] {
				reported[name] = true
				missing = append(missing, absent{importer, im.Path})
			}
		}
	}
	return missing
}

// missingAtLoad is the error about a package that a library needs. peer says that the
// library lists it as one that its users install.
func (j *job) missingAtLoad(at analyzer.Position, library, specifier string, peer bool) analyzer.Diagnostic {
	message := fmt.Sprintf("cannot resolve %q, which %s requires at load time but does not list as a dependency", specifier, library)
	if peer {
		message = fmt.Sprintf("cannot resolve %q, which %s requires at load time and expects its users to install", specifier, library)
	}
	return analyzer.Diagnostic{
		Code: "unresolved-import", Severity: analyzer.Error, Function: j.f.ID, Position: at,
		Message: message,
		Hint:    fmt.Sprintf("npm install %s; if a layer provides it, list it in build.external", js.PackageName(specifier)),
	}
}

// optionalAndLeftOut notes what libraries ask for and the artifact does not
// hold, besides the packages that are refused.
func (b *builder) optionalAndLeftOut(s *settled) []analyzer.Diagnostic {
	type absence struct{ library, why string }
	refused := map[string]bool{}
	for _, r := range b.missing(s) {
		refused[js.PackageName(r.specifier)] = true
	}
	leftOut := map[absence]map[string]bool{}
	for _, importer := range s.Reached {
		if !s.Included(importer) {
			continue
		}
		for _, im := range s.Inputs[importer].Imports {
			name := js.PackageName(im.Path)
			if !im.External || js.Builtin(im.Path) || name == "" || refused[name] ||
				s.resolver.ofRuntime(filepath.Dir(b.packages.Absolute(importer)), name) || s.f.Build.SDK == "runtime" && isSDK(name) {
				continue
			}
			if why := s.resolver.optional(b.packages.Absolute(importer), im.Path, im.Kind); why != "" {
				key := absence{installed.NameOf(installed.PackageDir(importer)), why}
				if leftOut[key] == nil {
					leftOut[key] = map[string]bool{}
				}
				leftOut[key][name] = true
			}
		}
	}
	var notes []analyzer.Diagnostic
	for absence, names := range leftOut {
		list, be, stay := slices.Sorted(maps.Keys(names)), "is", "it is"
		if len(list) > 1 {
			be, stay = "are", "they are"
		}
		notes = append(notes, analyzer.Diagnostic{
			Code: "optional-left-out", Severity: analyzer.Note, Function: s.f.ID,
			Message: fmt.Sprintf("%s can use %s, which %s %s; %s left out", absence.library, strings.Join(list, ", "), be, absence.why, stay),
			Hint:    fmt.Sprintf("if the function needs one: npm install %s", list[0]),
		})
	}
	return notes
}

// isSDK reports whether a package is part of the AWS SDK v3.
func isSDK(name string) bool {
	return strings.HasPrefix(name, "@aws-sdk/") || strings.HasPrefix(name, "@smithy/")
}

// providedElsewhere tells which imports the runtime or a layer must answer.
func (b *builder) providedElsewhere(s *settled) []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	var sdk []string
	var first analyzer.Position
	s.externals(func(importer string, im resolution.Import) {
		name := js.PackageName(im.Path)
		at := s.resolution.FirstRequest(importer, im.Path)
		switch {
		case strings.HasPrefix(im.Path, "/opt/"):
			d := analyzer.Diagnostic{
				Code: "in-a-layer", Severity: analyzer.Note, Function: s.f.ID, Position: at,
				Message: fmt.Sprintf("%q is expected in a layer", im.Path),
			}
			if len(s.f.Layers) == 0 && !slices.ContainsFunc(s.f.Build.External, func(e string) bool { return strings.HasPrefix(e, "/opt/") }) {
				d.Severity = analyzer.Error
				d.Message = fmt.Sprintf("%q is in a layer, but the function has none", im.Path)
				d.Hint = `add the layer to the function; if it is added elsewhere: build: {external: ["/opt/*"]} in featherpack.yaml`
			}
			diagnostics = append(diagnostics, d)
		case name != "" && s.f.Build.SDK == "" && s.resolver.ofRuntime(filepath.Dir(b.packages.Absolute(importer)), name) && !slices.Contains(sdk, name):
			if sdk = append(sdk, name); len(sdk) == 1 {
				first = at
			}
		}
	})
	if len(sdk) > 0 {
		slices.Sort(sdk)
		diagnostics = append(diagnostics, analyzer.Diagnostic{
			Code: "runtime-sdk", Severity: analyzer.Note, Function: s.f.ID, Position: first,
			Message: fmt.Sprintf("%s is not installed: the runtime's copy is used, whose version changes with the runtime", strings.Join(sdk, ", ")),
			Hint: fmt.Sprintf("npm install %s to pin the version and load less code; or say sdk: runtime to leave the SDK to the runtime on purpose",
				strings.Join(sdk, " ")),
		})
	}
	return diagnostics
}

// branchesLeftOut tells of requests in branches that lead nowhere: they fail when the
// branch runs, as in the source tree.
func (b *builder) branchesLeftOut(s *settled) []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	for _, left := range s.plan.leftOut {
		importer, specifier, _ := strings.Cut(left, "\x00")
		if !slices.Contains(s.Reached, importer) {
			continue
		}
		d := analyzer.Diagnostic{
			Code: "branch-left-out", Severity: analyzer.Warning, Function: s.f.ID, Position: s.resolution.FirstRequest(importer, specifier),
			Message: fmt.Sprintf("cannot resolve %q, which code requires in a branch", specifier),
			Hint:    "the function fails where that branch runs; correct the path, or remove the branch",
		}
		if dir := installed.PackageDir(importer); dir != "" {
			d.Severity = analyzer.Note
			d.Message = fmt.Sprintf("%s can require %q, which does not exist; it is left out", installed.NameOf(dir), specifier)
			d.Hint = "if the function needs it, install a version of the package that holds it"
		}
		diagnostics = append(diagnostics, d)
	}
	return diagnostics
}

// builtinMissing refuses modules of Node's that the function's runtime does not
// have, unless the importer guards the import. An import statement fails as the
// function loads; a require or import() may stand where it is never reached.
func (b *builder) builtinMissing(s *settled) []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	s.externals(func(importer string, im resolution.Import) {
		why := missingBuiltin(im.Path, s.f.Runtime)
		if why == "" {
			return
		}
		at := analyzer.Position{File: importer}
		for _, request := range s.resolution.Requests(b.packages.Absolute(importer)) {
			if request.Name == im.Path {
				if request.Guarded {
					return
				}
				at.Line, at.Column = request.Line, request.Column
				break
			}
		}
		severity := analyzer.Error
		switch {
		case im.Kind == "import-statement":
		case installed.PackageDir(importer) == "":
			severity = analyzer.Warning
		default:
			severity = analyzer.Note
		}
		diagnostics = append(diagnostics, analyzer.Diagnostic{
			Code: "missing-at-run-time", Severity: severity, Function: s.f.ID, Position: at,
			Message: fmt.Sprintf("%q %s", im.Path, why), Hint: "move the function to a newer runtime, or guard the import with try and catch",
		})
	})
	return diagnostics
}

// externals visits what included inputs import and the bundle does not hold,
// each specifier where it is first asked for.
func (s *settled) externals(visit func(importer string, im resolution.Import)) {
	visited := map[string]bool{}
	for _, importer := range s.Reached {
		if !s.Included(importer) {
			continue
		}
		for _, im := range s.Inputs[importer].Imports {
			if im.External && !visited[im.Path] {
				visited[im.Path] = true
				visit(importer, im)
			}
		}
	}
}

// onlyPrefixed are the built-in modules that need "node:", by the first major
// version of Node that Lambda offers them in.
// Source: nodejs.org/api, "Added in" of each; node:sqlite needs no flag since 22.13.
var onlyPrefixed = map[string]int{"test": 18, "test/reporters": 20, "sea": 20, "sqlite": 22}

// missingBuiltin says why a built-in module is not there at run time, "" when
// it is, or when the specifier is no built-in module's.
func missingBuiltin(specifier, runtime string) string {
	name, prefixed := strings.CutPrefix(specifier, "node:")
	if !prefixed {
		return ""
	}
	first, _, _ := strings.Cut(name, "/")
	if js.Builtin(first) {
		return ""
	}
	since, known := onlyPrefixed[name]
	if !known {
		return "is not a Node module"
	}
	if major, err := strconv.Atoi(nodeMajors[runtime]); err == nil && major < since {
		return fmt.Sprintf("was added in Node %d, but the function's runtime is %s", since, runtime)
	}
	return ""
}

// addonNotBuilt refuses packages that require a native addon which is not there,
// because its install script did not run, unless whoever asks for the package
// guards that.
func (b *builder) addonNotBuilt(s *settled) []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	s.externals(func(importer string, im resolution.Import) {
		if !strings.HasPrefix(im.Path, ".") || path.Ext(im.Path) != ".node" {
			return
		}
		dir := installed.PackageDir(importer)
		d := analyzer.Diagnostic{
			Code: "addon-not-built", Severity: analyzer.Error, Function: s.f.ID, Position: analyzer.Position{File: importer},
			Message: fmt.Sprintf("%s requires %s, which its install script did not build", installed.NameOf(dir), im.Path),
			Hint: fmt.Sprintf("let its script run: install: {scripts: [%s]} in featherpack.yaml, then build with --install",
				installed.NameOf(dir)),
		}
		if dir == "" {
			d.Message = fmt.Sprintf("the native addon %s does not exist", im.Path)
			d.Hint = "build it first"
		}
		if b.guardedByAll(s, dir) {
			d.Severity = analyzer.Note
		}
		diagnostics = append(diagnostics, d)
	})
	return diagnostics
}

// guardedByAll reports whether everybody who asks for a package, or for own code
// when dir is empty, guards that.
func (b *builder) guardedByAll(s *settled, dir string) bool {
	asked := false
	for _, from := range s.Reached {
		for _, im := range s.Inputs[from].Imports {
			if !im.External && installed.PackageDir(from) != dir && installed.PackageDir(im.Path) == dir {
				if !s.resolution.Guarded(b.packages.Absolute(from), im.Original) {
					return false
				}
				asked = true
			}
		}
	}
	return asked
}

// mainOutsidePackage refuses packages whose main lies outside of their folder,
// each where it is first asked for.
func (b *builder) mainOutsidePackage(s *settled) []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	reported := map[string]bool{}
	for _, importer := range s.Reached {
		for _, im := range s.Inputs[importer].Imports {
			name := js.PackageName(im.Original)
			if im.External || name == "" || name != im.Original || reported[name] ||
				installed.NameOf(installed.PackageDir("/"+im.Path)) == name {
				continue
			}
			if b.packages.MainOutside(filepath.Dir(b.packages.Absolute(importer)), name) {
				reported[name] = true
				diagnostics = append(diagnostics, s.mainOutside(s.resolution.FirstRequest(importer, name), name))
			}
		}
	}
	return diagnostics
}

func (j *job) mainOutside(at analyzer.Position, name string) analyzer.Diagnostic {
	return analyzer.Diagnostic{
		Code: "main-outside-package", Severity: analyzer.Refused, Function: j.f.ID, Position: at,
		Message: fmt.Sprintf("main in the package.json of %q is outside the package", name),
		Hint:    "inspect the package: published packages do not do this by accident",
	}
}

// outsideRoot refuses modules that lie outside the project's root, one for each
// that leads there. What Plug'n'Play installed is inside wherever its cache is.
func (b *builder) outsideRoot(s *settled) []analyzer.Diagnostic {
	if b.AllowOutside || len(b.mainOutsidePackage(s)) > 0 {
		return nil // the latter lead there
	}
	outside := func(name string) bool {
		return (strings.HasPrefix(name, "../") || installed.Indirect("/"+name)) && !b.packages.Ours(b.packages.Absolute(name))
	}
	var diagnostics []analyzer.Diagnostic
	for _, importer := range s.Reached {
		if outside(importer) {
			continue
		}
		for _, im := range s.Inputs[importer].Imports {
			if !im.External && outside(im.Path) {
				diagnostics = append(diagnostics, s.leadsOutside(s.resolution.FirstRequest(importer, im.Original), im.Original))
			}
		}
	}
	return diagnostics
}

func (j *job) leadsOutside(at analyzer.Position, specifier string) analyzer.Diagnostic {
	return analyzer.Diagnostic{
		Code: "outside-root", Severity: analyzer.Refused, Function: j.f.ID, Position: at,
		Message: fmt.Sprintf("%q is outside the project's root", specifier),
		Hint:    "copy it into the project, build from a folder that holds both, or allow it with --allow-outside",
	}
}
