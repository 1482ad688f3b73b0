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
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// checkStatic says what the artifact asks for at run time and nobody brings:
// a built-in module that the runtime does not have, or a module that is in
// neither the zip, a layer nor the runtime. What the code guards is no error.
//
// esbuild has followed every other import already: what it leaves in the code
// is built in, external by the function's settings, kept as files, or guarded.
func (b *builder) checkStatic(j *job, result linked, inputs map[string]metaInput) []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	told := map[string]bool{}
	for _, importer := range result.reached {
		if _, included := result.output.Inputs[importer]; !included {
			continue
		}
		for _, im := range inputs[importer].Imports {
			if !im.External || told[im.Path] {
				continue
			}
			if strings.HasPrefix(im.Path, ".") && path.Ext(im.Path) == ".node" {
				told[im.Path] = true
				diagnostics = append(diagnostics, b.unbuiltAddon(j, result, inputs, importer, im.Path))
			}
			if why := missingBuiltin(im.Path, j.f.Runtime); why != "" {
				told[im.Path] = true
				if d := b.missingAtRunTime(j, importer, im, why); d != nil {
					diagnostics = append(diagnostics, *d)
				}
			}
		}
	}
	return diagnostics
}

// unbuiltAddon is about a package that requires a native addon which is not
// there, because its install script did not run: an error, unless whoever asks
// for the package guards that.
func (b *builder) unbuiltAddon(j *job, result linked, inputs map[string]metaInput, importer, specifier string) analyzer.Diagnostic {
	dir := installed.PackageDir(importer)
	d := analyzer.Diagnostic{
		Code: "addon-not-built", Severity: analyzer.Error, Function: j.id, Position: analyzer.Position{File: importer},
		Message: fmt.Sprintf("%s requires %s, which its install script did not make", installed.NameOf(dir), specifier),
		Hint:    fmt.Sprintf("let its script run: install: {scripts: [%s]} in featherpack.yaml, then build with --install", installed.NameOf(dir)),
	}
	if dir == "" {
		d.Message = fmt.Sprintf("the native addon %s is not there", specifier)
		d.Hint = "build it first"
	}
	guarded, asked := true, false
	for _, from := range result.reached {
		for _, im := range inputs[from].Imports {
			if !im.External && installed.PackageDir(from) != dir && installed.PackageDir(im.Path) == dir {
				asked = true
				guarded = guarded && j.resolution.Guarded(b.absolute(from), im.Original)
			}
		}
	}
	if asked && guarded {
		d.Severity = analyzer.Note
	}
	return d
}

// outside refuses modules that lie outside the project's root, one for each
// that leads there. What Plug'n'Play installed is inside wherever its cache is.
func (b *builder) outside(j *job, result linked, inputs map[string]metaInput) []analyzer.Diagnostic {
	leaves := func(name string) bool {
		return strings.HasPrefix(name, "../") && !b.packages.Ours(b.absolute(name))
	}
	var diagnostics []analyzer.Diagnostic
	for _, importer := range result.reached {
		if leaves(importer) {
			continue
		}
		for _, im := range inputs[importer].Imports {
			if im.External || !leaves(im.Path) {
				continue
			}
			diagnostics = append(diagnostics, outsideRoot(j, j.resolution.FirstRequest(importer, im.Original), im.Original))
		}
	}
	return diagnostics
}

func outsideRoot(j *job, at analyzer.Position, specifier string) analyzer.Diagnostic {
	return analyzer.Diagnostic{
		Code: "outside-root", Severity: analyzer.Refused, Function: j.id, Position: at,
		Message: fmt.Sprintf("%q lies outside the project's root", specifier),
		Hint:    "copy it into the project, build from a folder that holds both, or allow it with --allow-outside",
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
	if installed.Builtin(first) {
		return ""
	}
	since, known := onlyPrefixed[name]
	if !known {
		return "is no module of Node"
	}
	if major, err := strconv.Atoi(nodeMajors[runtime]); err == nil && major < since {
		return fmt.Sprintf("came with Node %d, and the function's runtime is %s", since, runtime)
	}
	return ""
}

// missingAtRunTime is the diagnostic for an import that fails when it is
// reached; nil when the importer guards it. An import statement fails as the
// function loads; a require or import() may stand where it is never reached.
func (b *builder) missingAtRunTime(j *job, importer string, im resolution.Import, why string) *analyzer.Diagnostic {
	at := analyzer.Position{File: importer}
	for _, s := range j.resolution.Requests(b.absolute(importer)) {
		if s.Name == im.Path {
			if s.Guarded {
				return nil
			}
			at.Line, at.Column = s.Line, s.Column
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
	return &analyzer.Diagnostic{
		Code: "missing-at-run-time", Severity: severity, Function: j.id, Position: at,
		Message: fmt.Sprintf("%q %s", im.Path, why), Hint: "move the function to a newer runtime, or guard the import with try and catch",
	}
}

// checkFiles says which requests of files that are copied as they are lead
// nowhere. As in the bundle, one that the library does not list among its
// dependencies is optional.
func (b *builder) checkFiles(j *job, tree *fileTree) []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	r := &resolver{packages: b.packages}
	loaded := tree.loadedAtStart()
	for _, p := range tree.problems {
		if slices.Contains(j.f.Build.External, installed.PackageName(p.specifier)) {
			continue
		}
		if p.escapes {
			diagnostics = append(diagnostics, escapeOf(j, analyzer.Position{File: p.importer}, p.specifier))
			continue
		}
		if p.misplaced {
			severity := analyzer.Error
			if p.guarded {
				severity = analyzer.Note
			}
			diagnostics = append(diagnostics, analyzer.Diagnostic{
				Code: "misplaced-file", Severity: severity, Function: j.id, Position: j.resolution.FirstRequest(p.importer, p.specifier),
				Message: fmt.Sprintf("%s ships as a file and asks for %q, which lies elsewhere in the zip", p.importer, p.specifier),
				Hint:    "put both into the folder of the service, or what they share into a package of the workspace",
			})
			continue
		}
		if p.outside && !b.options.AllowOutside {
			d := outsideRoot(j, analyzer.Position{File: p.importer}, p.specifier)
			if p.guarded {
				d.Severity = analyzer.Note
			}
			diagnostics = append(diagnostics, d)
			continue
		}
		d := analyzer.Diagnostic{
			Code: "unresolved-import", Severity: analyzer.Error, Function: j.id, Position: analyzer.Position{File: p.importer},
			Message: fmt.Sprintf("cannot resolve %q", p.specifier),
			Hint:    "run again with --install; if a layer brings it, list it in build.external",
		}
		by := installed.PackageDir(filepath.Join(b.packages.Root(), filepath.FromSlash(p.importer), "_"))
		optional := r.optional(filepath.Join(b.absolute(p.importer), "_"), p.specifier, "require-call") != ""
		if optional && loaded[p.file] {
			d = unansweredBy(j, j.resolution.FirstRequest(b.packages.Relative(p.file), p.specifier), installed.NameOf(filepath.ToSlash(by)), p.specifier)
		} else if optional || installed.PackageName(p.specifier) == "" {
			d.Severity = analyzer.Note
			d.Message = fmt.Sprintf("%s asks for %s, which is not there, and it stays out", installed.NameOf(filepath.ToSlash(by)), p.specifier)
			d.Hint = ""
		}
		diagnostics = append(diagnostics, d)
	}
	return diagnostics
}

// checkAddons says which packages load a native addon and have none for the
// function's platform, where nothing guards their being asked for.
func (b *builder) checkAddons(j *job, tree *fileTree) []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	for _, in := range tree.sorted() {
		if in.name == "" || in.addons == 0 && in.foreign == "" || in.fits(map[*instance]bool{}) {
			continue
		}
		target := targetOf(j.f)
		d := analyzer.Diagnostic{
			Code: "wrong-platform", Severity: analyzer.Error, Function: j.id, Position: analyzer.Position{File: b.packages.Relative(in.dir)},
			Message: fmt.Sprintf("%s loads a native addon, and none is installed for %s", in.name, target),
			Hint:    fmt.Sprintf("npm install --os=linux --cpu=%s --libc=glibc %s", target.CPU, in.name),
		}
		if in.foreign != "" {
			if wrong := b.wrongPlatform(j, in.foreign); wrong != nil {
				d = *wrong
			}
		}
		if !in.needed || in.foreign == "" && !in.unguarded && !tree.hasPlatformPackages(in) {
			d.Severity = analyzer.Note // whoever loads it copes
		}
		diagnostics = append(diagnostics, d)
	}
	return diagnostics
}

// checkPlaces makes sure that every request among kept packages finds, from
// its importer's place in the zip, the copy it found in the source tree.
func (t *fileTree) checkPlaces() []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	for _, dir := range slices.Sorted(maps.Keys(t.instances)) {
		in := t.instances[dir]
		from := ""
		if in.by != nil {
			from = in.by.loc
		}
		found := t.lookup(from, in.name)
		if found == in {
			continue
		}
		diagnostics = append(diagnostics, analyzer.Diagnostic{
			Code: "two-versions-as-files", Severity: analyzer.Error, Function: t.j.id, Position: analyzer.Position{File: t.b.packages.Relative(dir)},
			Message: fmt.Sprintf("two copies of %s must stay files and would lie in the same place", in.name),
			Hint:    "make the versions agree: npm dedupe, or overrides in package.json",
		})
	}
	return diagnostics
}

// lookup is Node's walk up from a folder of the zip.
func (t *fileTree) lookup(from, name string) *instance {
	for at := from; ; at = path.Dir(at) {
		if at == "." {
			at = ""
		}
		if in := t.places[path.Join(at, "node_modules", name)]; in != nil {
			return in
		}
		if at == "" {
			return nil
		}
	}
}

// unplug is the error of a package that needs files of its own at run time and
// lies in an archive, which no function ships.
func (b *builder) unplug(j *job, file string) analyzer.Diagnostic {
	name := installed.NameOf(installed.PackageDir(file))
	return analyzer.Diagnostic{
		Code: "needs-unplugging", Severity: analyzer.Error, Function: j.id, Position: analyzer.Position{File: installed.ShownPath(file)},
		Message: fmt.Sprintf("%s needs files of its own at run time, and Yarn keeps it in an archive", name),
		Hint:    fmt.Sprintf("yarn unplug %s, then build again", name),
	}
}
