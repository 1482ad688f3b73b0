package node

import (
	"io/fs"
	"path/filepath"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// esbuild's resolver, asked from inside a build, remembers no folder from one
// question to the next: each reads every folder from the root down again, that
// of a thousand packages included. What ships as files asks for a lot, and much
// of it for several functions. So plain paths are looked for here, and what is
// asked of esbuild is asked once.

// resolutions are the answers of esbuild's resolver in builds of equal options.
type resolutions struct {
	packages *installed.Tree
	mu       sync.Mutex
	known    map[question]api.ResolveResult
}

// question is what an answer hangs on.
type question struct {
	from, specifier string
	kind            api.ResolveKind
}

func newResolutions(packages *installed.Tree) *resolutions {
	return &resolutions{packages: packages, known: map[question]api.ResolveResult{}}
}

// ask is what esbuild by itself answers to code in dir.
func (r *resolutions) ask(build api.PluginBuild, dir, specifier string, kind api.ResolveKind) api.ResolveResult {
	q := question{r.packages.AsksFrom(dir, specifier), specifier, kind}
	r.mu.Lock()
	got, known := r.known[q]
	r.mu.Unlock()
	if !known {
		got = build.Resolve(specifier, api.ResolveOptions{ResolveDir: dir, Kind: kind, Importer: filepath.Join(dir, "_"), PluginData: own{}})
		r.mu.Lock()
		r.known[q] = got
		r.mu.Unlock()
	}
	return got
}

// resolve finds what a file that ships as it is asks for, as Node on Lambda
// would; external says that there is nothing to look for.
func (t *fileTree) resolve(build api.PluginBuild, dir, specifier string, kind api.ResolveKind) (file string, external bool) {
	required := kind != api.ResolveJSImportStatement && kind != api.ResolveJSDynamicImport
	if file := t.b.packages.AsNode(dir, specifier, required); file != "" {
		return file, false
	}
	got := t.known.ask(build, dir, specifier, kind)
	if len(got.Errors) > 0 || got.Namespace != "file" {
		return "", got.External
	}
	return t.b.packages.Exactly(dir, specifier, got.Path), got.External
}

var specifierKinds = map[string]api.ResolveKind{
	"import": api.ResolveJSImportStatement, "export": api.ResolveJSImportStatement, "require": api.ResolveJSRequireCall,
	"dynamic-import": api.ResolveJSDynamicImport, "require-resolve": api.ResolveJSRequireResolve,
}

// buildResolver answers the tracer's questions by esbuild's resolver.
type buildResolver struct {
	b     *builder
	build api.PluginBuild
	known *resolutions
}

func (r buildResolver) Resolve(specifier, from, kind string) (string, error) {
	k := api.ResolveJSRequireCall
	if kind == "import" {
		k = api.ResolveJSImportStatement
	}
	dir := r.b.absolute(from)
	if installed.PackageDir(filepath.Join(dir, "_")) != "" {
		if file := r.b.packages.AsNode(dir, specifier, kind != "import"); file != "" && installed.Inside(r.b.packages.Root(), file) {
			return r.b.packages.Relative(file), nil
		}
	}
	got := r.known.ask(r.build, dir, specifier, k)
	if len(got.Errors) > 0 || got.Namespace != "file" || !installed.Inside(r.b.packages.Root(), got.Path) {
		return "", fs.ErrNotExist
	}
	return r.b.packages.Relative(r.b.packages.Exactly(dir, specifier, got.Path)), nil
}

// treeResolver answers them for a file that ships as it is.
type treeResolver struct {
	t     *fileTree
	build api.PluginBuild
}

func (r treeResolver) Resolve(specifier, from, kind string) (string, error) {
	k := api.ResolveJSRequireCall
	if kind == "import" {
		k = api.ResolveJSImportStatement
	}
	file, _ := r.t.resolve(r.build, r.t.b.absolute(from), specifier, k)
	if file == "" || !installed.Inside(r.t.b.packages.Root(), file) {
		return "", fs.ErrNotExist
	}
	return r.t.b.packages.Relative(file), nil
}
