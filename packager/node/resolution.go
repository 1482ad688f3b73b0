package node

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
)

// esbuild's resolver, asked from inside a build, remembers no folder from one
// question to the next: each reads every folder from the root down again, that
// of a thousand packages included. What ships as files asks for a lot, and much
// of it for several functions. So plain paths are looked for here, and what is
// asked of esbuild is asked once.

// resolutions are the answers of esbuild's resolver in builds of equal options.
type resolutions struct {
	in    *installed
	mu    sync.Mutex
	known map[question]api.ResolveResult
}

// question is what an answer hangs on.
type question struct {
	from, specifier string
	kind            api.ResolveKind
}

func newResolutions(in *installed) *resolutions {
	return &resolutions{in: in, known: map[question]api.ResolveResult{}}
}

// ask is what esbuild by itself answers to code in dir.
func (r *resolutions) ask(build api.PluginBuild, dir, specifier string, kind api.ResolveKind) api.ResolveResult {
	q := question{r.in.asksFrom(dir, specifier), specifier, kind}
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
	if file := t.b.in.asNode(dir, specifier, required); file != "" {
		return file, false
	}
	got := t.known.ask(build, dir, specifier, kind)
	if len(got.Errors) > 0 || got.Namespace != "file" {
		return "", got.External
	}
	return t.b.in.exactly(dir, specifier, got.Path), got.External
}

// asNode finds a relative specifier's file where that takes no more than Node's
// LOAD_AS_FILE and no link is on the way, "" where it takes more. An import
// spells the whole name out.
// Source: nodejs.org/api/modules.html#all-together
func (in *installed) asNode(dir, specifier string, required bool) string {
	if !strings.HasPrefix(specifier, "./") && !strings.HasPrefix(specifier, "../") || strings.HasSuffix(specifier, "/") || strings.ContainsAny(specifier, "?#%\\") {
		return ""
	}
	at := filepath.Join(dir, filepath.FromSlash(specifier))
	suffixes := []string{""}
	if required {
		suffixes = []string{"", ".js", ".json", ".node"}
	}
	for _, suffix := range suffixes {
		if info, err := os.Lstat(at + suffix); err == nil {
			if info.IsDir() {
				continue
			}
			if real, err := filepath.EvalSymlinks(at + suffix); err != nil || real != at+suffix || !info.Mode().IsRegular() {
				return ""
			}
			return at + suffix
		}
	}
	return ""
}

// asksFrom is a folder from which a package is found just as from dir: inside an
// installed package that of the package.json, unless packages lie between the
// two.
func (in *installed) asksFrom(dir, specifier string) string {
	if packageName(specifier) == "" || packageDir(filepath.Join(dir, "_")) == "" {
		return dir
	}
	top, _ := in.nearest(dir)
	if top == "" {
		return dir
	}
	for at := dir; at != top; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, "node_modules")); err == nil {
			return dir
		}
	}
	return top
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
	if packageDir(filepath.Join(dir, "_")) != "" {
		if file := r.b.in.asNode(dir, specifier, kind != "import"); file != "" && inside(r.b.in.root, file) {
			return r.b.in.relative(file), nil
		}
	}
	got := r.known.ask(r.build, dir, specifier, k)
	if len(got.Errors) > 0 || got.Namespace != "file" || !inside(r.b.in.root, got.Path) {
		return "", fs.ErrNotExist
	}
	return r.b.in.relative(r.b.in.exactly(dir, specifier, got.Path)), nil
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
	if file == "" || !inside(r.t.b.in.root, file) {
		return "", fs.ErrNotExist
	}
	return r.t.b.in.relative(file), nil
}
