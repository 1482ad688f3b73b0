package resolution

import (
	"io/fs"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// question is what an answer depends on.
type question struct {
	from, specifier string
	kind            api.ResolveKind
}

// asked marks our own calls of esbuild's resolver.
type asked struct{}

// Asked reports whether a request to a plugin is one of [Resolution.Ask], which
// the plugin must leave to esbuild.
func Asked(pluginData any) bool {
	_, own := pluginData.(asked)
	return own
}

// Ask is what esbuild by itself answers to code in dir. build is a running build
// of the resolution's options.
//
// From inside a build, esbuild's resolver remembers no folder from one question
// to the next: each reads every folder from the root down again, that of a
// thousand packages included. So each question is asked once.
func (r *Resolution) Ask(build api.PluginBuild, dir, specifier string, kind api.ResolveKind) api.ResolveResult {
	q := question{r.packages.AsksFrom(dir, specifier), specifier, kind}
	r.mu.Lock()
	got, known := r.answers[q]
	r.mu.Unlock()
	if !known {
		got = build.Resolve(specifier, api.ResolveOptions{ResolveDir: dir, Kind: kind, Importer: filepath.Join(dir, "_"), PluginData: asked{}})
		r.mu.Lock()
		r.answers[q] = got
		r.mu.Unlock()
	}
	return got
}

// Find is the file that code in dir gets for a specifier, "" for none. external
// says that there is nothing to look for. A plain path that Node itself would
// find is looked for without esbuild.
func (r *Resolution) Find(build api.PluginBuild, dir, specifier string, kind api.ResolveKind) (file string, external bool) {
	if r.AsFiles || installed.PackageDir(filepath.Join(dir, "_")) != "" {
		required := kind != api.ResolveJSImportStatement && kind != api.ResolveJSDynamicImport
		if file := r.packages.AsNode(dir, specifier, required); file != "" {
			return file, false
		}
	}
	got := r.Ask(build, dir, specifier, kind)
	if len(got.Errors) > 0 || got.Namespace != "file" {
		return "", got.External
	}
	return r.packages.Exactly(dir, specifier, got.Path), got.External
}

// resolver answers the tracer's questions.
type resolver struct {
	resolution *Resolution
	build      api.PluginBuild
}

var _ trace.Resolver = resolver{}

// Resolve is that of [trace.Resolver].
func (r resolver) Resolve(specifier, from, kind string) (string, error) {
	k := api.ResolveJSRequireCall
	if kind == "import" {
		k = api.ResolveJSImportStatement
	}
	packages := r.resolution.packages
	file, _ := r.resolution.Find(r.build, packages.Absolute(from), specifier, k)
	if file == "" || !installed.Inside(packages.Root(), file) {
		return "", fs.ErrNotExist
	}
	return packages.Relative(file), nil
}
