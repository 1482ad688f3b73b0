package check

import (
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/credentials"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// Checks of what the bundle imports. esbuild has followed every import: what it
// leaves in the code is built in, external by the function's settings, kept as
// files, or guarded.

// requiredAtLoadAndMissing refuses packages that are not installed and without
// which the function cannot load, although no library lists them: the library
// would fail in the source tree too.
func (f *Function) requiredAtLoadAndMissing() []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	for _, r := range f.missing() {
		library := installed.NameOf(filepath.ToSlash(installed.PackageDir(r.importer)))
		diagnostics = append(diagnostics, f.missingAtLoad(f.Resolution.FirstRequest(r.importer, r.specifier), library, r.specifier, f.listsPeer(r.importer, r.specifier)))
	}
	return diagnostics
}

// listsPeer reports whether the package of an importer, relative to the root, lists
// another as a peer.
func (f *Function) listsPeer(importer, specifier string) bool {
	m := f.Packages.Manifest(f.Packages.Absolute(installed.PackageDir(importer)))
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
func (f *Function) missing() []absent {
	var missing []absent
	var loaded map[string]bool
	reported := map[string]bool{}
	for _, importer := range f.Reached {
		file := f.Packages.Absolute(importer)
		for _, im := range f.Inputs[importer].Imports {
			name := js.PackageName(im.Path)
			if !im.External || name == "" || js.Builtin(im.Path) || reported[name] || slices.Contains(f.Build.External, name) ||
				f.OfRuntime(filepath.Dir(file), name) || f.Build.SDK == "runtime" && isSDK(name) {
				continue
			}
			if !f.NotInstalled(file, im.Path, im.Kind) || !f.Resolution.RequiredAtLoad(file, im.Path) {
				continue
			}
			if loaded == nil {
				loaded = f.LoadedAtStart()
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
func (f *Function) missingAtLoad(at analyzer.Position, library, specifier string, peer bool) analyzer.Diagnostic {
	message := fmt.Sprintf("cannot resolve %q, which %s requires at load time but does not list as a dependency", specifier, library)
	if peer {
		message = fmt.Sprintf("cannot resolve %q, which %s requires at load time and expects its users to install", specifier, library)
	}
	return analyzer.Diagnostic{
		Code: "unresolved-import", Severity: analyzer.Error, Function: f.ID, Position: at,
		Message: message,
		Hint:    fmt.Sprintf("npm install %s; if a layer provides it, list it in build.external", js.PackageName(specifier)),
	}
}

// optionalAndLeftOut notes what libraries ask for and the artifact does not
// hold, besides the packages that are refused.
func (f *Function) optionalAndLeftOut() []analyzer.Diagnostic {
	type absence struct{ library, why string }
	refused := map[string]bool{}
	for _, r := range f.missing() {
		refused[js.PackageName(r.specifier)] = true
	}
	leftOut := map[absence]map[string]bool{}
	for _, importer := range f.Reached {
		if !f.Included(importer) {
			continue
		}
		for _, im := range f.Inputs[importer].Imports {
			name := js.PackageName(im.Path)
			if !im.External || js.Builtin(im.Path) || name == "" || refused[name] ||
				f.OfRuntime(filepath.Dir(f.Packages.Absolute(importer)), name) || f.Build.SDK == "runtime" && isSDK(name) {
				continue
			}
			if why := f.Optional(f.Packages.Absolute(importer), im.Path, im.Kind); why != "" {
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
			Code: "optional-left-out", Severity: analyzer.Note, Function: f.ID,
			Message: fmt.Sprintf("%s can use %s, which %s %s; %s left out", absence.library, strings.Join(list, ", "), be, absence.why, stay),
			Hint:    fmt.Sprintf("if the function needs one: npm install %s", list[0]),
		})
	}
	return notes
}

// credentialsLeftOut warns where the function's environment chooses a credential provider
// that build.sdkCredentials leaves out.
func (f *Function) credentialsLeftOut() (diagnostics []analyzer.Diagnostic) {
	if f.Build.SDKCredentials == "" || !slices.Contains(f.Reached, credentials.Input) {
		return nil
	}
	for _, variable := range credentials.Variables {
		if f.Environment[variable] != "" {
			diagnostics = append(diagnostics, analyzer.Diagnostic{
				Code: "credentials-left-out", Severity: analyzer.Warning, Function: f.ID,
				Message: fmt.Sprintf("the function sets %s, and build.sdkCredentials: lambda leaves out what reads it in the AWS SDK", variable),
				Hint:    "remove the variable, or set sdkCredentials: all for this function",
			})
		}
	}
	return diagnostics
}

// isSDK reports whether a package is part of the AWS SDK v3.
func isSDK(name string) bool {
	return strings.HasPrefix(name, "@aws-sdk/") || strings.HasPrefix(name, "@smithy/")
}

// providedElsewhere tells which imports the runtime or a layer must answer.
func (f *Function) providedElsewhere() []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	var sdk []string
	var first analyzer.Position
	f.externals(func(importer string, im resolution.Import) {
		name := js.PackageName(im.Path)
		at := f.Resolution.FirstRequest(importer, im.Path)
		switch {
		case strings.HasPrefix(im.Path, "/opt/"):
			d := analyzer.Diagnostic{
				Code: "in-a-layer", Severity: analyzer.Note, Function: f.ID, Position: at,
				Message: fmt.Sprintf("%q is expected in a layer", im.Path),
			}
			if len(f.Layers) == 0 && !slices.ContainsFunc(f.Build.External, func(e string) bool { return strings.HasPrefix(e, "/opt/") }) {
				d.Severity = analyzer.Error
				d.Message = fmt.Sprintf("%q is in a layer, but the function has none", im.Path)
				d.Hint = `add the layer to the function; if it is added elsewhere: build: {external: ["/opt/*"]} in featherpack.yaml`
			}
			diagnostics = append(diagnostics, d)
		case name != "" && f.Build.SDK == "" && f.OfRuntime(filepath.Dir(f.Packages.Absolute(importer)), name) && !slices.Contains(sdk, name):
			if sdk = append(sdk, name); len(sdk) == 1 {
				first = at
			}
		}
	})
	if len(sdk) > 0 {
		slices.Sort(sdk)
		diagnostics = append(diagnostics, analyzer.Diagnostic{
			Code: "runtime-sdk", Severity: analyzer.Note, Function: f.ID, Position: first,
			Message: fmt.Sprintf("%s is not installed: the runtime's copy is used, whose version changes with the runtime", strings.Join(sdk, ", ")),
			Hint: fmt.Sprintf("npm install %s to pin the version and load less code; or say sdk: runtime to leave the SDK to the runtime on purpose",
				strings.Join(sdk, " ")),
		})
	}
	return diagnostics
}

// branchesLeftOut tells of requests in branches that lead nowhere: they fail when the
// branch runs, as in the source tree.
func (f *Function) branchesLeftOut() []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	for _, left := range f.LeftOut {
		importer, specifier, _ := strings.Cut(left, "\x00")
		if !slices.Contains(f.Reached, importer) {
			continue
		}
		d := analyzer.Diagnostic{
			Code: "branch-left-out", Severity: analyzer.Warning, Function: f.ID, Position: f.Resolution.FirstRequest(importer, specifier),
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
func (f *Function) builtinMissing() []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	f.externals(func(importer string, im resolution.Import) {
		why := f.missingBuiltin(im.Path)
		if why == "" {
			return
		}
		at := analyzer.Position{File: importer}
		for _, request := range f.Resolution.Requests(f.Packages.Absolute(importer)) {
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
			Code: "missing-at-run-time", Severity: severity, Function: f.ID, Position: at,
			Message: fmt.Sprintf("%q %s", im.Path, why), Hint: "move the function to a newer runtime, or guard the import with try and catch",
		})
	})
	return diagnostics
}

// externals visits what included inputs import and the bundle does not hold,
// each specifier where it is first asked for.
func (f *Function) externals(visit func(importer string, im resolution.Import)) {
	visited := map[string]bool{}
	for _, importer := range f.Reached {
		if !f.Included(importer) {
			continue
		}
		for _, im := range f.Inputs[importer].Imports {
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
func (f *Function) missingBuiltin(specifier string) string {
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
	if f.Node > 0 && f.Node < since {
		return fmt.Sprintf("was added in Node %d, but the function's runtime is %s", since, f.Runtime)
	}
	return ""
}

// addonNotBuilt refuses packages that require a native addon which is not there,
// because its install script did not run, unless whoever asks for the package
// guards that.
func (f *Function) addonNotBuilt() []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	f.externals(func(importer string, im resolution.Import) {
		if !strings.HasPrefix(im.Path, ".") || path.Ext(im.Path) != ".node" {
			return
		}
		dir := installed.PackageDir(importer)
		d := analyzer.Diagnostic{
			Code: "addon-not-built", Severity: analyzer.Error, Function: f.ID, Position: analyzer.Position{File: importer},
			Message: fmt.Sprintf("%s requires %s, which its install script did not build", installed.NameOf(dir), im.Path),
			Hint: fmt.Sprintf("let its script run: install: {scripts: [%s]} in featherpack.yaml, then build with --install",
				installed.NameOf(dir)),
		}
		if dir == "" {
			d.Message = fmt.Sprintf("the native addon %s does not exist", im.Path)
			d.Hint = "build it first"
		}
		if f.guardedByAll(dir) {
			d.Severity = analyzer.Note
		}
		diagnostics = append(diagnostics, d)
	})
	return diagnostics
}

// guardedByAll reports whether everybody who asks for a package, or for own code
// when dir is empty, guards that.
func (f *Function) guardedByAll(dir string) bool {
	asked := false
	for _, from := range f.Reached {
		for _, im := range f.Inputs[from].Imports {
			if !im.External && installed.PackageDir(from) != dir && installed.PackageDir(im.Path) == dir {
				if !f.Resolution.Guarded(f.Packages.Absolute(from), im.Original) {
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
func (f *Function) mainOutsidePackage() []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	reported := map[string]bool{}
	for _, importer := range f.Reached {
		for _, im := range f.Inputs[importer].Imports {
			name := js.PackageName(im.Original)
			if im.External || name == "" || name != im.Original || reported[name] ||
				installed.NameOf(installed.PackageDir("/"+im.Path)) == name {
				continue
			}
			if f.Packages.MainOutside(filepath.Dir(f.Packages.Absolute(importer)), name) {
				reported[name] = true
				diagnostics = append(diagnostics, f.mainOutside(f.Resolution.FirstRequest(importer, name), name))
			}
		}
	}
	return diagnostics
}

func (f *Function) mainOutside(at analyzer.Position, name string) analyzer.Diagnostic {
	return analyzer.Diagnostic{
		Code: "main-outside-package", Severity: analyzer.Refused, Function: f.ID, Position: at,
		Message: fmt.Sprintf("main in the package.json of %q is outside the package", name),
		Hint:    "inspect the package: published packages do not do this by accident",
	}
}

// outsideRoot refuses modules that lie outside the project's root, one for each
// that leads there. What Plug'n'Play installed is inside wherever its cache is.
func (f *Function) outsideRoot() []analyzer.Diagnostic {
	if f.AllowOutside || len(f.mainOutsidePackage()) > 0 {
		return nil // the latter lead there
	}
	outside := func(name string) bool {
		return (strings.HasPrefix(name, "../") || installed.Indirect("/"+name)) && !f.Packages.Ours(f.Packages.Absolute(name))
	}
	var diagnostics []analyzer.Diagnostic
	for _, importer := range f.Reached {
		if outside(importer) {
			continue
		}
		for _, im := range f.Inputs[importer].Imports {
			if !im.External && outside(im.Path) {
				diagnostics = append(diagnostics, f.leadsOutside(f.Resolution.FirstRequest(importer, im.Original), im.Original))
			}
		}
	}
	return diagnostics
}

func (f *Function) leadsOutside(at analyzer.Position, specifier string) analyzer.Diagnostic {
	return analyzer.Diagnostic{
		Code: "outside-root", Severity: analyzer.Refused, Function: f.ID, Position: at,
		Message: fmt.Sprintf("%q is outside the project's root", specifier),
		Hint:    "copy it into the project, build from a folder that holds both, or allow it with --allow-outside",
	}
}
