package node

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// request is something that must be in the zip as a file: a module asked for
// by specifier from a folder, or a file given by path.
type request struct {
	dir       string // absolute folder of the importer
	specifier string
	kind      api.ResolveKind
	file      string // absolute; instead of a specifier
	from      *instance
	guarded   bool
	// importer is the absolute file that asks, "" for the bundle. insists says
	// that it does so whenever it loads.
	importer string
	insists  bool
}

// instance is an installed copy of a package that stays as files, or with an
// empty name the project's own files.
type instance struct {
	dir  string // absolute
	name string // as it is asked for
	loc  string // its folder in the zip, "" for the zip's root
	by   *instance
	// files are absolute, with their sizes.
	files map[string]int64
	// needed says that a request for it is not guarded; addons counts the places
	// that load a native addon, fitting what they found for the function's
	// platform, and foreign is an addon for another one.
	needed          bool
	addons, fitting int
	foreign         string
	// unguarded says that a failure to load the addon is not caught; the others
	// that platform packages, or its data, were asked for already.
	unguarded, platformAsked, dataAsked bool
	// asks are the packages that its files ask for.
	asks map[*instance]bool
}

// fits reports whether a native addon for the function's platform is in the
// package or in one that it asks for, such as @scope/name-linux-x64-gnu.
func (in *instance) fits(seen map[*instance]bool) bool {
	if in.fitting > 0 {
		return true
	}
	seen[in] = true
	for other := range in.asks {
		if !seen[other] && other.fits(seen) {
			return true
		}
	}
	return false
}

// fileTree collects the files that a function needs beside its bundle, by
// following what they require as Node does, file by file.
type fileTree struct {
	archived  []string // files that lie in archives, from which nothing is copied
	b         *builder
	j         *job
	platform  native.Platform
	res       *resolution.Resolution // what the function's Node finds
	own       *instance
	instances map[string]*instance // by folder
	places    map[string]*instance // by folder in the zip
	queue     []request
	seen      map[string]bool
	insisted  map[string][]string // what a file loads whenever it loads, absolute; "" is the bundle
	problems  []problem
	code      map[string]bool // what is there to be run, relative to the root
}

// problem is a request that leads nowhere.
type problem struct {
	importer, specifier string
	guarded             bool
	// file is the absolute file that insists on it, "" where none does.
	file string
	// outside says that it leads out of the root, escapes that a package.json
	// leads out of its package, misplaced that it leads elsewhere in the zip.
	outside, escapes, misplaced bool
}

// maxTracedFiles bounds a function's files: Lambda's limit on bytes is reached
// long before with files of the usual size.
const maxTracedFiles = 50_000

// collect follows the requests. The resolver is esbuild's, set up to answer as
// Node on Lambda does, and reached from inside a build that bundles nothing.
func (b *builder) collect(ctx context.Context, j *job, requests []request) (*fileTree, error) {
	t := &fileTree{
		b: b, j: j, platform: targetOf(j.f), instances: map[string]*instance{}, places: map[string]*instance{},
		seen: map[string]bool{}, code: map[string]bool{}, insisted: map[string][]string{}, queue: requests,
	}
	t.own = &instance{dir: b.packages.Root(), files: map[string]int64{}, asks: map[*instance]bool{}}
	options := asFiles(b.packages.Root(), j.f.Runtime)
	t.res = b.resolutions.Of(resolution.Settings{Options: options, AsFiles: true, CodeDir: j.f.CodeDir, Target: targetOf(j.f), Runtime: j.f.Runtime})
	var failed error
	options.Stdin = &api.StdinOptions{Contents: `import "featherpack:files"`, ResolveDir: b.packages.Root()}
	options.Plugins = []api.Plugin{{Name: "featherpack", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: "^featherpack:files$"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: args.Path, Namespace: "featherpack"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".", Namespace: "featherpack"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			failed = t.follow(ctx, build)
			empty := ""
			return api.OnLoadResult{Contents: &empty}, nil
		})
	}}}
	result := api.Build(options)
	if failed == nil && len(result.Errors) > 0 {
		failed = fmt.Errorf("following files: %s", b.anonymous(messageText(result.Errors)))
	}
	return t, failed
}

// asFiles are esbuild's options to find modules as Node on Lambda does.
func asFiles(root, runtime string) api.BuildOptions {
	conditions := []string{"node-addons"}
	if runtime == "nodejs24.x" {
		conditions = append(conditions, "module-sync")
	}
	return api.BuildOptions{
		AbsWorkingDir: root, Bundle: true, Write: false, LogLevel: api.LogLevelSilent, Platform: api.PlatformNode,
		MainFields: []string{"main"}, Conditions: conditions,
	}
}

// follow takes requests until none is left.
func (t *fileTree) follow(ctx context.Context, build api.PluginBuild) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(t.queue) == 0 && !t.askForPlatform() {
			return nil
		}
		next := t.queue[0]
		t.queue = t.queue[1:]
		file := next.file
		if file == "" {
			if installed.Builtin(next.specifier) {
				continue
			}
			var external bool
			if file, external = t.res.Find(build, next.dir, next.specifier, next.kind); file == "" {
				if !external && !next.guarded {
					p := problem{importer: t.b.packages.Relative(next.dir), specifier: next.specifier, guarded: next.guarded}
					if next.insists {
						p.file = next.importer
					}
					t.problems = append(t.problems, p)
				}
				continue
			}
			if installed.NameOf(installed.PackageDir(file)) != next.specifier && t.b.packages.MainOutside(next.dir, next.specifier) {
				t.problems = append(t.problems, problem{importer: t.b.packages.Relative(next.dir), specifier: next.specifier, escapes: true})
				continue
			}
		}
		real, err := filepath.EvalSymlinks(file)
		if err == nil && !installed.Inside(t.b.packages.Root(), real) || !installed.Inside(t.b.packages.Root(), file) {
			t.problems = append(t.problems, problem{importer: t.b.packages.Relative(next.dir), specifier: cmp.Or(next.specifier, path.Base(filepath.ToSlash(file))), guarded: next.guarded, outside: true})
			continue
		}
		// What is read by its path lies where the link is. A module is loaded from
		// where the link leads, and so is a package that is linked.
		if err == nil && (next.file == "" || isCode(filepath.ToSlash(file)) || linkedPackage(file)) {
			file = real
		}
		owner := t.ownerOf(file, next)
		if !next.guarded && t.needs(next.from, owner) {
			owner.needed = true
		}
		if next.from != nil {
			next.from.asks[owner] = true
			if locators[owner.name] != "" && next.from != owner {
				next.from.addons++
			}
		}
		if next.insists {
			t.insisted[next.importer] = append(t.insisted[next.importer], file)
		}
		t.take(file, owner, build)
		if next.importer != "" && strings.HasPrefix(next.specifier, ".") && t.misplaces(next, file, owner) {
			t.problems = append(t.problems, problem{importer: t.b.packages.Relative(next.importer), specifier: next.specifier, guarded: next.guarded, misplaced: true})
		}
		if at := filepath.Join(next.dir, filepath.FromSlash(next.specifier)); strings.HasPrefix(next.specifier, ".") && owner == t.own {
			if m := t.b.packages.Manifest(at); m != nil && m.Main != "" {
				t.takeManifest(at)
			}
		}
		if at, m := t.b.packages.Nearest(next.dir); next.from == t.own && next.specifier != "" && m != nil &&
			(strings.HasPrefix(next.specifier, "#") || installed.PackageName(next.specifier) == m.Name) {
			t.takeManifest(at) // its imports, or its exports to itself
		}
		if len(t.seen) > maxTracedFiles {
			return fmt.Errorf("%s needs more than %d files beside its bundle", t.j.id, maxTracedFiles)
		}
	}
}

// misplaces reports whether a file that one of the project's own asks for
// by a relative path is not found by that path in the zip.
func (t *fileTree) misplaces(by request, file string, owner *instance) bool {
	if by.from != t.own {
		return false
	}
	rel, err := filepath.Rel(filepath.Dir(by.importer), file)
	from := path.Dir(t.zipName(t.own, by.importer))
	return err != nil || path.Join(from, filepath.ToSlash(rel)) != t.zipName(owner, file)
}

// linkedPackage reports whether the package that holds a file is itself reached
// by a link, as pnpm and npm link make them.
func linkedPackage(file string) bool {
	dir := installed.PackageDir(file)
	if dir == "" {
		return false
	}
	real, err := filepath.EvalSymlinks(dir)
	return err == nil && real != dir
}

// needs reports whether an unguarded request makes a package indispensable:
// own code's does, and that of an indispensable package that lists it.
func (t *fileTree) needs(from, owner *instance) bool {
	if from == owner {
		return false // says nothing new
	}
	if from == nil || from.name == "" {
		return true
	}
	m := t.b.packages.Manifest(from.dir)
	if m == nil || !from.needed {
		return false
	}
	_, listed := m.Dependencies[owner.name]
	_, optional := m.OptionalDependencies[owner.name] // npm copies these into dependencies
	return listed && !optional
}

// ownerOf finds the package that a file belongs to and gives it a place in the
// zip: at the top where the name is free there, else below who asks for it.
func (t *fileTree) ownerOf(file string, by request) *instance {
	dir := installed.PackageDir(file)
	name := ""
	if dir != "" {
		name = filepath.ToSlash(dir[strings.LastIndex(filepath.ToSlash(dir), "node_modules/")+len("node_modules/"):])
	} else if asked := installed.PackageName(by.specifier); asked != "" {
		// A linked package of the workspace, asked for by its name.
		if at, m := t.b.packages.Nearest(filepath.Dir(file)); m != nil && m.Name == asked {
			dir, name = at, asked
		}
	}
	if dir == "" {
		return t.own
	}
	if known := t.instances[dir]; known != nil {
		return known
	}
	loc := "node_modules/" + name
	if t.places[loc] != nil && by.from != nil && by.from.loc != "" {
		loc = by.from.loc + "/node_modules/" + name
	}
	in := &instance{dir: dir, name: name, loc: loc, by: by.from, files: map[string]int64{}, asks: map[*instance]bool{}}
	t.instances[dir] = in
	if t.places[loc] == nil {
		t.places[loc] = in
	}
	return in
}

// take adds a file, the package.json files that say how it is read, and what
// it needs in turn.
func (t *fileTree) take(file string, owner *instance, build api.PluginBuild) {
	if t.seen[file] {
		return
	}
	t.seen[file] = true
	if installed.Archived(file) {
		t.archived = append(t.archived, file)
		return
	}
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	if filepath.Ext(file) == ".node" {
		platform, err := native.ReadFile(t.b.packages.FS(), t.b.packages.Relative(file))
		if err != nil || !platform.Fits(t.platform) {
			owner.foreign = t.b.packages.Relative(file)
			return // never packed: it could not be loaded
		}
		owner.fitting++
	}
	owner.files[file] = info.Size()
	if at, m := t.b.packages.Nearest(filepath.Dir(file)); owner == t.own && m != nil && filepath.Ext(file) == ".js" && m.Type == "module" {
		t.takeManifest(at)
	}
	if owner.name != "" {
		for at := filepath.Dir(file); installed.Inside(owner.dir, at); at = filepath.Dir(at) {
			manifest := filepath.Join(at, "package.json")
			if info, err := os.Stat(manifest); err == nil && info.Mode().IsRegular() {
				owner.files[manifest] = info.Size()
			}
			if at == owner.dir {
				break
			}
		}
	}
	switch filepath.Ext(file) {
	case ".js", ".cjs", ".mjs":
	case ".node":
		for _, library := range native.Libraries(t.b.packages.FS(), t.b.packages.Relative(file)) {
			t.queue = append(t.queue, request{dir: filepath.Dir(file), file: t.b.absolute(library), from: owner})
		}
		return
	default:
		return
	}
	t.code[t.b.packages.Relative(file)] = true
	dir := filepath.Dir(file)
	for _, s := range t.res.Requests(file) {
		t.queue = append(t.queue, request{
			dir: dir, specifier: s.Name, kind: specifierKinds[s.Kind], from: owner, guarded: s.Guarded,
			importer: file, insists: !s.Guarded && !s.Conditional,
		})
	}
	result, known := t.res.Finding(file)
	if !known {
		if text, err := t.b.packages.ReadFile(file); err == nil {
			result = t.res.Trace(build, file, text)
		}
	}
	if result == nil {
		return
	}
	for _, ref := range result.Addons {
		owner.addons++
		owner.unguarded = owner.unguarded || !ref.Guarded
		owner.fitting += len(ref.Candidates)
		if len(ref.Wrong) > 0 {
			owner.foreign = ref.Wrong[0].Path
		}
	}
	if owner.name != "" && slices.ContainsFunc(result.Uncertain, func(u trace.Uncertain) bool { return !u.Module && !u.Outside }) {
		t.askForData(owner)
	}
	for _, needed := range needs(*result) {
		t.queue = append(t.queue, request{dir: dir, file: t.b.absolute(needed), from: owner})
	}
}

// takeManifest adds the package.json of a folder of the project's own that says
// how the files below are read, or where they find each other. Of two that have
// one place in the zip it is the one of the code's own folder.
func (t *fileTree) takeManifest(dir string) {
	name := filepath.Join(dir, "package.json")
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	code := filepath.Join(t.b.absolute(t.j.f.CodeDir), "package.json")
	if name != code && t.zipName(t.own, name) == t.zipName(t.own, code) {
		if _, err := os.Stat(code); err == nil {
			return
		}
	}
	t.own.files[name] = info.Size()
}

// zipName is a file's place in the zip.
func (t *fileTree) zipName(in *instance, file string) string {
	if in.name == "" {
		return t.b.zipPath(t.j.layout(), t.b.packages.Relative(file))
	}
	rel, err := filepath.Rel(in.dir, file)
	if err != nil {
		return ""
	}
	return path.Join(in.loc, filepath.ToSlash(rel))
}

// sorted are the instances by their place in the zip, own files first.
func (t *fileTree) sorted() []*instance {
	all := []*instance{t.own}
	for _, dir := range slices.Sorted(maps.Keys(t.instances)) {
		all = append(all, t.instances[dir])
	}
	slices.SortStableFunc(all, func(a, b *instance) int { return strings.Compare(a.loc, b.loc) })
	return all
}

// pack lists the files for the zip.
func (t *fileTree) pack() []packager.File {
	var files []packager.File
	for _, in := range t.sorted() {
		for _, file := range slices.Sorted(maps.Keys(in.files)) {
			input := t.b.internFile(t.b.packages.Relative(file), in.files[file])
			files = append(files, packager.File{
				Name: t.zipName(in, file), Source: file,
				Parts: []packager.Part{{Input: input, Bytes: in.files[file]}},
			})
		}
	}
	return files
}

var specifierKinds = map[string]api.ResolveKind{
	"import": api.ResolveJSImportStatement, "export": api.ResolveJSImportStatement, "require": api.ResolveJSRequireCall,
	"dynamic-import": api.ResolveJSDynamicImport, "require-resolve": api.ResolveJSRequireResolve,
}
