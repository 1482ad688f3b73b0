package kept

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// take adds a file, the package.json files that say how it is read, and what
// it needs in turn.
func (t *Tree) take(file string, owner *Package, used use, build api.PluginBuild) {
	if t.seen[file]&used == used {
		return
	}
	used &^= t.seen[file]
	t.seen[file] |= used
	if installed.Archived(file) {
		t.Archived = append(t.Archived, file)
		return
	}
	info, err := t.project.Files().Stat(file)
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	isAddon := filepath.Ext(file) == ".node"
	if isAddon {
		platform, err := native.ReadFile(t.project.FS(), t.project.Relative(file))
		if err != nil || !platform.Fits(t.target) {
			owner.Foreign = t.project.Relative(file)
			return // never packed: it could not be loaded
		}
		owner.fitting++
	}
	input := t.project.Relative(file)
	owner.Files[file] = info.Size()
	t.takeManifests(file, owner)
	isOwn := owner == t.own && t.asked.isOwnModule(input)
	if isOwn {
		t.own.uses[input] |= used
	}
	switch {
	case isOwn && used != asText:
		t.takeOwn(file, input, used, build)
	case isAddon:
		for _, library := range native.Libraries(t.project.FS(), t.project.Relative(file)) {
			t.queue = append(t.queue, Request{Dir: filepath.Dir(file), File: t.project.Absolute(library), from: owner})
		}
	case isCode(filepath.ToSlash(file)):
		t.askForModules(file, owner, used)
		t.askForFindings(file, owner, used, build)
	}
}

// takeOwn adds a module of the project itself. One that hands on what is in the bundle
// needs nothing, and neither does one that gets a bundle of its own.
func (t *Tree) takeOwn(file, input string, used use, build api.PluginBuild) {
	if t.asked.handedOn[input] {
		used &^= byMain
	}
	if _, compiled := trace.Compiled(input); compiled || used == 0 {
		return
	}
	t.askForModules(file, t.own, used)
	t.askForFindings(file, t.own, used, build)
}

// askForModules requests what a file of code imports and requires.
func (t *Tree) askForModules(file string, owner *Package, used use) {
	t.code[t.project.Relative(file)] = true
	for _, s := range t.resolution.Requests(file) {
		if t.asked.forInstall(owner, s.Name) {
			continue
		}
		t.queue = append(t.queue, Request{
			Dir: filepath.Dir(file), Specifier: s.Name, use: used, Kind: specifierKinds[s.Kind], from: owner, Guarded: s.Guarded,
			importer: file, AtLoad: !s.Guarded && !s.Conditional,
		})
	}
}

var specifierKinds = map[string]api.ResolveKind{
	"import": api.ResolveJSImportStatement, "export": api.ResolveJSImportStatement, "require": api.ResolveJSRequireCall,
	"dynamic-import": api.ResolveJSDynamicImport, "require-resolve": api.ResolveJSRequireResolve,
}

// askForFindings requests what a file of code needs, as the tracer found.
func (t *Tree) askForFindings(file string, owner *Package, used use, build api.PluginBuild) {
	finding, known := t.resolution.Finding(file)
	if !known {
		if text, err := t.project.ReadFile(file); err == nil {
			finding = t.resolution.Trace(build, file, text)
		}
	}
	if finding == nil {
		return
	}
	t.asked.read.add(t.project.Relative(file), finding)
	for _, ref := range finding.Addons {
		owner.Addons++
		owner.Unguarded = owner.Unguarded || !ref.Guarded
		owner.fitting += len(ref.Candidates)
		if len(ref.Wrong) > 0 {
			owner.Foreign = ref.Wrong[0].Path
		}
	}
	if owner.Name != "" && slices.ContainsFunc(finding.Uncertain, func(u trace.Uncertain) bool { return !u.Module && !u.Outside }) {
		t.askForData(owner)
	}
	for needed, how := range t.asked.needs(finding) {
		if t.asked.forInstall(owner, strings.TrimSuffix(path.Base(needed), ".js")) {
			continue
		}
		if how == 0 {
			how = used
		}
		t.queue = append(t.queue, Request{Dir: filepath.Dir(file), File: t.project.Absolute(needed), from: owner, use: how})
	}
}

// takeManifests adds the package.json files by which Node reads a file: of a
// package all on the way to its folder, of the project's own the nearest, where
// it makes a .js file an ES module.
func (t *Tree) takeManifests(file string, owner *Package) {
	if owner == t.own {
		at, m := t.project.Nearest(filepath.Dir(file))
		name, _ := trace.Compiled(file)
		if m != nil && filepath.Ext(name) == ".js" && m.Type == "module" {
			t.takeManifest(at)
		}
		return
	}
	for at := filepath.Dir(file); installed.Inside(owner.Dir, at); at = filepath.Dir(at) {
		manifest := filepath.Join(at, "package.json")
		if info, err := t.project.Files().Stat(manifest); err == nil && info.Mode().IsRegular() {
			owner.Files[manifest] = info.Size()
		}
		if at == owner.Dir {
			break
		}
	}
}

// takeManifest adds the package.json of one of the project's own folders: Node
// reads it to load the files below. Of two with the same place in the zip, the one
// of the code's folder is added.
func (t *Tree) takeManifest(dir string) {
	name := filepath.Join(dir, "package.json")
	info, err := t.project.Files().Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	code := filepath.Join(t.project.Absolute(t.resolution.CodeDir), "package.json")
	if name != code && t.place(t.own, name) == t.place(t.own, code) {
		if _, err := t.project.Files().Stat(code); err == nil {
			return
		}
	}
	t.own.Files[name] = info.Size()
}
