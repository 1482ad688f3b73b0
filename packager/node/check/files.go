package check

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
)

// Checks of what lies beside the bundle, and of what the bundle reads there.

// findings visits what the tracer said of the modules that are in the bundle.
func (f *Function) findings(visit func(module string, finding *trace.Result)) {
	for _, input := range f.Reached {
		if f.Bytes(input) > 0 {
			if finding := f.finding(input); finding != nil {
				visit(input, finding)
			}
		}
	}
}

// needsUnplugging refuses packages that need files of their own at run time and
// lie in an archive, from which nothing is copied.
func (f *Function) needsUnplugging() []analyzer.Diagnostic {
	var files []string
	f.findings(func(module string, finding *trace.Result) {
		reads := func(a trace.Asset) bool { return len(a.Files) > 0 }
		if installed.Archived(module) && (len(finding.Addons) > 0 || slices.ContainsFunc(finding.Assets, reads)) {
			files = append(files, module)
		}
	})
	for _, file := range f.Tree.Archived {
		files = append(files, f.Packages.Relative(file))
	}
	var diagnostics []analyzer.Diagnostic
	for _, file := range files {
		name := installed.NameOf(installed.PackageDir(file))
		diagnostics = append(diagnostics, analyzer.Diagnostic{
			Code: "needs-unplugging", Severity: analyzer.Error, Function: f.ID, Position: analyzer.Position{File: installed.ShownPath(file)},
			Message: fmt.Sprintf("%s reads its own files at run time, but Yarn keeps it in an archive", name),
			Hint:    fmt.Sprintf("yarn unplug %s, then build again", name),
		})
	}
	return diagnostics
}

// assetsUnfit judges what bundled modules read: more than Lambda allows is
// refused, what lies behind a link out of the root too, and what does not exist
// is noted.
func (f *Function) assetsUnfit() []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	f.findings(func(module string, finding *trace.Result) {
		if installed.Archived(module) {
			return
		}
		for _, asset := range finding.Assets {
			at := analyzer.Position{File: module, Line: asset.Line, Column: asset.Column}
			if kept.TooLarge(asset) {
				diagnostics = append(diagnostics, analyzer.Diagnostic{
					Code: "assets-too-large", Severity: analyzer.Error, Function: f.ID, Position: at,
					Message: fmt.Sprintf("%s may read %d bytes, more than Lambda allows in a function", asset.Why, asset.Bytes),
					Hint:    "read from a narrower folder, or fetch the data at run time",
				})
				continue
			}
			stray := f.strayLinks(asset, at)
			diagnostics = append(diagnostics, stray...)
			if len(stray) == 0 && len(asset.Files) == 0 && !asset.Optional && asset.Path != "" {
				diagnostics = append(diagnostics, f.missingFile(module, asset, at))
			}
		}
	})
	return diagnostics
}

func (f *Function) missingFile(module string, asset trace.Asset, at analyzer.Position) analyzer.Diagnostic {
	d := analyzer.Diagnostic{
		Code: "missing-file", Severity: analyzer.Note, Function: f.ID, Position: at,
		Message: fmt.Sprintf("%s reads %s, which does not exist", asset.Why, asset.Path),
		Hint:    "if the function writes it, write below /tmp, the only writable folder on Lambda",
	}
	if installed.PackageDir(module) == "" {
		d.Severity = analyzer.Warning
	}
	return d
}

// strayLinks refuses a file that is read by its path and lies behind a link out
// of the root. Where a folder or a pattern is meant, such links stay out, with a
// warning.
func (f *Function) strayLinks(asset trace.Asset, at analyzer.Position) []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	for _, link := range asset.Stray {
		_, err := f.Packages.Files().Judge(link)
		if err != nil && !errors.Is(err, projectfs.ErrOutside) {
			continue // leads nowhere
		}
		d := analyzer.Diagnostic{
			Code: "outside-root", Severity: analyzer.Refused, Function: f.ID, Position: at,
			Message: fmt.Sprintf("%s reads %s, a symlink to a file outside the project's root", asset.Why, link),
			Hint:    "copy the file into the project",
		}
		if err == nil { // only the way there is absolute, and another machine's is another
			d.Code, d.Severity = "absolute-link", analyzer.Error
			d.Message = fmt.Sprintf("%s reads %s, a symlink with an absolute path", asset.Why, link)
			d.Hint = "make the symlink relative"
		}
		switch {
		case asset.Optional:
			d.Severity = analyzer.Note
		case asset.Path == "" || asset.Folder:
			d.Severity = analyzer.Warning
			d.Message = strings.Replace(d.Message, " reads ", " may read ", 1) + ", which is left out"
		}
		diagnostics = append(diagnostics, d)
	}
	return diagnostics
}

// notComputed notes what the tracer could not compute.
func (f *Function) notComputed() []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	f.findings(func(module string, finding *trace.Result) {
		if installed.Archived(module) {
			return
		}
		for _, u := range finding.Uncertain {
			if u.Guarded {
				continue
			}
			by, severity := "", analyzer.Warning
			if dir := installed.PackageDir(module); dir != "" {
				by = installed.NameOf(dir) + ": "
				if !u.TooMuch {
					severity = analyzer.Note
				}
			} else if u.TooMuch && u.Module {
				severity = analyzer.Error // one of them is certainly loaded
			}
			diagnostics = append(diagnostics, analyzer.Diagnostic{
				Code: "not-computed", Severity: severity, Function: f.ID,
				Position: analyzer.Position{File: module, Line: u.Line, Column: u.Column},
				Message:  fmt.Sprintf("%s%s in %s", by, u.Reason, u.Trigger),
				Hint:     "if the function needs such a file, name it in build.include, or test the artifact with --boot",
			})
		}
	})
	return diagnostics
}

// bundledAddonUnfit refuses native addons that bundled code requires by a plain
// string and that are for another platform.
func (f *Function) bundledAddonUnfit() []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	for _, input := range f.Reached {
		if f.Bytes(input) > 0 && path.Ext(input) == ".node" {
			if d := f.wrongPlatform(input); d != nil {
				diagnostics = append(diagnostics, *d)
			}
		}
	}
	return diagnostics
}

// addonOfAnotherPlatform refuses packages that load a native addon and have none
// for the function's platform, where nothing guards the request for them.
func (f *Function) addonOfAnotherPlatform() []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	for _, p := range f.Tree.Packages() {
		if p.Name == "" || p.Addons == 0 && p.Foreign == "" || p.Fits() {
			continue
		}
		target := f.Platform
		d := analyzer.Diagnostic{
			Code: "wrong-platform", Severity: analyzer.Error, Function: f.ID, Position: analyzer.Position{File: f.Packages.Relative(p.Dir)},
			Message: fmt.Sprintf("%s loads a native addon, but none is installed for %s", p.Name, target),
			Hint:    f.installFor(target, p.Dir, p.Name),
		}
		if p.Foreign != "" {
			if wrong := f.wrongPlatform(p.Foreign); wrong != nil {
				d = *wrong
			}
		}
		if !p.Needed || p.Foreign == "" && !p.Unguarded && !f.Tree.HasPlatformPackages(p) {
			d.Severity = analyzer.Note // whoever loads it copes
		}
		diagnostics = append(diagnostics, d)
	}
	return diagnostics
}

// installFor is the remedy for an addon of another platform. npm's flags choose among
// packages for each platform. Where an install script fetches or builds the addon, only
// the script's own options help, as those of prebuild-install and node-pre-gyp.
// Sources: github.com/prebuild/prebuild-install#help, github.com/mapbox/node-pre-gyp#options
func (f *Function) installFor(target native.Platform, dir, name string) string {
	m := f.Packages.Manifest(dir)
	if m != nil && len(m.OptionalDependencies) == 0 && m.Installs() {
		return fmt.Sprintf("its install script brings the addon: install on Linux, or npm rebuild %s --platform=linux --arch=%s "+
			"--target_platform=linux --target_arch=%s", name, target.CPU, target.CPU)
	}
	return fmt.Sprintf("npm install --os=linux --cpu=%s --libc=glibc %s", target.CPU, name)
}

// wrongPlatform says what is wrong with a native addon for this function, nil
// when it fits.
func (f *Function) wrongPlatform(file string) *analyzer.Diagnostic {
	target := f.Platform
	name := installed.NameOf(installed.PackageDir(file))
	d := &analyzer.Diagnostic{
		Code: "wrong-platform", Severity: analyzer.Error, Function: f.ID, Position: analyzer.Position{File: file},
		Hint: f.installFor(target, installed.PackageDir(f.Packages.Absolute(file)), name),
	}
	platform, err := native.ReadFile(f.Packages.FS(), file)
	switch {
	case err != nil:
		d.Message = fmt.Sprintf("the native addon of %s %v", name, err)
		d.Hint = fmt.Sprintf("install %s again: npm install --force %s", name, name)
	case platform.FitsMachine(target) && !platform.Fits(target):
		d.Message = fmt.Sprintf("the native addon of %s is compiled for %s, but the function runs on %s", name, nodeOf(platform.ABI), nodeOf(target.ABI))
		d.Hint = fmt.Sprintf("run npm rebuild %s with %s", name, nodeOf(target.ABI))
	case !platform.Fits(target):
		d.Message = fmt.Sprintf("the native addon of %s is for %s, but the function runs on %s", name, platform, target)
	default:
		return nil
	}
	return d
}

// nodeOf names a version of Node's binary interface.
func nodeOf(abi string) string {
	if major := native.NodeOf(abi); major != "" {
		return "Node " + major
	}
	return "a Node whose NODE_MODULE_VERSION is " + abi
}

// filesUnresolved judges the requests of files that are copied as they are and
// that lead nowhere, or to where they must not. As in the bundle, a package that
// the library does not list among its dependencies is optional.
func (f *Function) filesUnresolved() []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	loaded := f.Tree.LoadedAtStart()
	for _, p := range f.Tree.Problems {
		if slices.Contains(f.Build.External, js.PackageName(p.Specifier)) {
			continue
		}
		at := analyzer.Position{File: p.Importer}
		var d analyzer.Diagnostic
		switch {
		case p.Kind == kept.MainOutside:
			d = f.mainOutside(at, p.Specifier)
		case p.Kind == kept.Misplaced:
			d = analyzer.Diagnostic{
				Code: "misplaced-file", Severity: analyzer.Error, Function: f.ID, Position: f.Resolution.FirstRequest(p.Importer, p.Specifier),
				Message: fmt.Sprintf("%s ships as a file and imports %q, which is elsewhere in the zip", p.Importer, p.Specifier),
				Hint:    "put both into the service's folder, or move the shared code into a workspace package",
			}
		case p.Kind == kept.RequiresModule:
			d = f.requiresModule(p, loaded[p.File] || p.File != "" && p.File == filepath.Dir(f.Packages.Absolute(f.Entry)))
		case p.Kind == kept.Outside && !f.AllowOutside:
			d = f.leadsOutside(at, p.Specifier)
		default:
			d = f.unresolved(p, loaded[p.File])
		}
		if p.Guarded && (p.Kind == kept.Misplaced || d.Severity == analyzer.Refused) {
			d.Severity = analyzer.Note
		}
		diagnostics = append(diagnostics, d)
	}
	return diagnostics
}

// requiresModule tells of a file that requires an ES module. certain says that it does
// so as the function starts.
func (f *Function) requiresModule(p kept.Problem, certain bool) analyzer.Diagnostic {
	module := installed.NameOf(installed.PackageDir(p.Module))
	d := analyzer.Diagnostic{
		Code: "require-of-es-module", Severity: analyzer.Error, Function: f.ID, Position: f.Resolution.FirstRequest(p.Importer, p.Specifier),
		Message: fmt.Sprintf("%s requires %s, an ES module, which %s refuses", p.Importer, p.Module, f.Runtime),
		Hint:    fmt.Sprintf("move to nodejs24.x, set NODE_OPTIONS to --experimental-require-module, or install a version of %s that is CommonJS", module),
	}
	if !certain {
		d.Severity = analyzer.Warning
		d.Message = fmt.Sprintf("%s can require %s, an ES module, which %s refuses", p.Importer, p.Module, f.Runtime)
	}
	return d
}

// unresolved is a request of a file that leads nowhere; atStart says that the
// file cannot load without, and is loaded as the function starts.
func (f *Function) unresolved(p kept.Problem, atStart bool) analyzer.Diagnostic {
	importer := filepath.Join(f.Packages.Absolute(p.Importer), "_")
	library := installed.NameOf(filepath.ToSlash(installed.PackageDir(importer)))
	optional := f.OptionalToFile(importer, p.Specifier)
	switch {
	case optional && atStart:
		return f.missingAtLoad(f.Resolution.FirstRequest(f.Packages.Relative(p.File), p.Specifier), library, p.Specifier, f.listsPeer(p.Importer, p.Specifier))
	case optional || js.PackageName(p.Specifier) == "" || !atStart && library != "" && f.Packages.Find(filepath.Dir(importer), js.PackageName(p.Specifier)) != "":
		// The last is a file that an installed package lacks: it may ask for what is
		// published only with its sources.
		return analyzer.Diagnostic{
			Code: "unresolved-import", Severity: analyzer.Note, Function: f.ID, Position: analyzer.Position{File: p.Importer},
			Message: fmt.Sprintf("%s imports %s, which does not exist; it is left out", library, p.Specifier),
		}
	}
	return analyzer.Diagnostic{
		Code: "unresolved-import", Severity: analyzer.Error, Function: f.ID, Position: analyzer.Position{File: p.Importer},
		Message: fmt.Sprintf("cannot resolve %q", p.Specifier),
		Hint:    "run again with --install; if a layer provides it, list it in build.external",
	}
}

// twoCopiesAsFiles refuses packages of which two copies must stay files and
// would be found in one place.
func (f *Function) twoCopiesAsFiles() []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	for _, p := range f.Tree.Conflicts() {
		diagnostics = append(diagnostics, analyzer.Diagnostic{
			Code: "two-versions-as-files", Severity: analyzer.Error, Function: f.ID, Position: analyzer.Position{File: f.Packages.Relative(p.Dir)},
			Message: fmt.Sprintf("two copies of %s must ship as files, but would have the same path in the zip", p.Name),
			Hint:    "make the versions agree: npm dedupe, or overrides in package.json",
		})
	}
	return diagnostics
}

// unbuiltModules warns for modules that something looks for and that have errors.
func (f *Function) unbuiltModules() []analyzer.Diagnostic {
	diagnostics := f.explainer().Explain(f.Unbuilt, analyzer.Error)
	for i := range diagnostics {
		diagnostics[i].Severity = analyzer.Warning
	}
	return diagnostics
}
