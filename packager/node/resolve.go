package node

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/evanw/esbuild/pkg/api"
)

// own marks our own calls of esbuild's resolver, so that they are not answered
// by ourselves.
type own struct{}

// bare matches specifiers that name a package: neither relative, absolute nor "#".
const bare = `^[A-Za-z0-9@_$~]`

// resolver answers esbuild's questions where Node's own answer is not the one
// wanted. One serves a group, whose functions agree on everything it reads.
// Its answers depend on the importer and the specifier alone, never on what
// was asked before, so the order of esbuild's parallel scan does not matter.
type resolver struct {
	in    *installed
	known *resolutions
	// production are the packages an install without dev dependencies holds.
	production map[string]bool
	// main, files and exact are the plan's.
	main, files []string
	exact       bool
	// sawTwins is set once a module with a twin was loaded.
	sawTwins atomic.Bool
}

func (r *resolver) plugin() api.Plugin {
	return api.Plugin{Name: "featherpack", Setup: func(build api.PluginBuild) {
		// An addon that was never built stays a require, which fails when it is
		// reached, as it does in the source tree. Whether that is an error is
		// decided on the finished graph.
		build.OnResolve(api.OnResolveOptions{Filter: `^\.{1,2}/.*\.node$`}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			if _, ours := args.PluginData.(own); ours || args.Kind == api.ResolveEntryPoint {
				return api.OnResolveResult{}, nil
			}
			if _, err := os.Stat(filepath.Join(args.ResolveDir, filepath.FromSlash(args.Path))); err == nil {
				return api.OnResolveResult{}, nil
			}
			return api.OnResolveResult{Path: args.Path, External: true}, nil
		})
		build.OnResolve(api.OnResolveOptions{Filter: bare}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			if _, ours := args.PluginData.(own); ours || args.Kind == api.ResolveEntryPoint {
				return api.OnResolveResult{}, nil
			}
			name := packageName(args.Path)
			if name == "" || builtin(args.Path) {
				return api.OnResolveResult{}, nil
			}
			if at := r.in.find(args.ResolveDir, name); r.in.isHuge(at) {
				return api.OnResolveResult{Errors: []api.Message{{
					Text:  fmt.Sprintf("the package.json of %q is larger than %d MiB", name, maxManifest>>20),
					Notes: []api.Note{{Text: "look at what the package is"}},
				}}}, nil
			}
			if slices.Contains(r.files, name) {
				return api.OnResolveResult{Path: args.Path, External: true}, nil
			}
			if kind := resolveKinds[args.Kind]; kind != "" && r.optional(args.Importer, args.Path, kind) != "" {
				return api.OnResolveResult{Path: args.Path, External: true}, nil
			}
			if link := r.in.linkedTwin(args.ResolveDir, name); link != "" {
				return api.OnResolveResult{Errors: []api.Message{{
					Text:  fmt.Sprintf("%s is a link, and another of that folder differs from it in case alone", link),
					Notes: []api.Note{{Text: "install one of the two under another name: npm install other@npm:" + name}},
				}}}, nil
			}
			if len(r.main) > 0 {
				result := r.byMain(build, args, name)
				if r.exact && result.Path != "" && r.in.hasTwin(result.Path) {
					result.Suffix = r.in.mark(result.Path)
				}
				return result, nil
			}
			return api.OnResolveResult{}, nil
		})
		r.resolveTwins(build)
	}}
}

// resolveKinds are the metafile's names of the kinds of import that code can
// survive when they fail: those that run where the code says so.
var resolveKinds = map[api.ResolveKind]string{
	api.ResolveJSRequireCall:    "require-call",
	api.ResolveJSRequireResolve: "require-resolve",
	api.ResolveJSDynamicImport:  "dynamic-import",
}

// Reasons why a package's request for another one is left out of the bundle.
const (
	notInstalled = "not installed"
	devOnly      = "installed only for development"
)

// optional says why a library's request for a package may go unanswered, ""
// when it may not. A library treats a package as optional when it asks for it
// by require or import() and does not list it among its dependencies. Such a
// package stays out when it is missing, and when only the project's dev
// dependencies happen to bring it in and the library can load without it.
func (r *resolver) optional(importer, specifier, kind string) string {
	name := packageName(specifier)
	if kind == "import-statement" || name == "" {
		return ""
	}
	dir := packageDir(importer)
	if dir == "" {
		return ""
	}
	m := r.in.manifestIn(dir)
	if m == nil || m.Name == name {
		return ""
	}
	at := r.in.find(filepath.Dir(importer), name)
	if at == "" {
		if _, needed := m.Dependencies[name]; needed {
			return ""
		}
		return notInstalled
	}
	if m.dependsOn(name) || r.production[at] || len(r.production) == 0 || r.in.insists(importer, specifier) {
		return ""
	}
	return devOnly
}

// byMain resolves a request for a package of the plan's main list to its
// "main" file where esbuild would have taken "module".
func (r *resolver) byMain(build api.PluginBuild, args api.OnResolveArgs, name string) api.OnResolveResult {
	at := r.in.find(args.ResolveDir, name)
	if at == "" || !slices.Contains(r.main, r.in.relative(at)) {
		return api.OnResolveResult{}
	}
	got := r.known.ask(build, args.ResolveDir, args.Path, args.Kind)
	if len(got.Errors) > 0 || got.External {
		return api.OnResolveResult{}
	}
	_, main := r.in.moduleBuild(got.Path)
	if main == "" {
		return api.OnResolveResult{}
	}
	result := api.OnResolveResult{Path: main}
	if !got.SideEffects {
		result.SideEffects = api.SideEffectsFalse
	}
	return result
}

// moduleBuild tells whether the absolute file is what a package.json's
// "module" field names while "main" names another file: it returns the
// package's folder and that other file, or "" and "".
func (in *installed) moduleBuild(file string) (dir, main string) {
	top := packageDir(file)
	if top == "" {
		return "", ""
	}
	for at := filepath.Dir(file); inside(top, at); at = filepath.Dir(at) {
		if m := in.manifestIn(at); m != nil {
			if m.Module == "" || in.loadAs(filepath.Join(at, filepath.FromSlash(m.Module))) != file {
				return "", ""
			}
			name := m.Main
			if name == "" {
				name = "index"
			}
			main = in.loadAs(filepath.Join(at, filepath.FromSlash(name)))
			if main == "" || main == file || !inside(top, main) {
				return "", ""
			}
			return top, main
		}
		if at == top {
			break
		}
	}
	return "", ""
}

// moduleBuildOf is moduleBuild for an input, relative to the root like what it
// returns, and asked of the disk once.
func (in *installed) moduleBuildOf(input string) (dir, main string) {
	in.mu.Lock()
	known, ok := in.modules[input]
	in.mu.Unlock()
	if ok {
		return known[0], known[1]
	}
	if dir, main = in.moduleBuild(filepath.Join(in.root, filepath.FromSlash(input))); dir != "" {
		dir, main = in.relative(dir), in.relative(main)
	}
	in.mu.Lock()
	in.modules[input] = [2]string{dir, main}
	in.mu.Unlock()
	return dir, main
}

// loadAs is Node's LOAD_AS_FILE then LOAD_INDEX for an absolute path, "" when
// there is no such file. Source: nodejs.org/api/modules.html#all-together
func (in *installed) loadAs(file string) string {
	for _, suffix := range []string{"", ".js", ".json", ".mjs", ".cjs", "/index.js", "/index.json", "/index.mjs", "/index.cjs"} {
		candidate := filepath.Clean(file + filepath.FromSlash(suffix))
		if in.isFile(candidate) {
			return candidate
		}
	}
	return ""
}

// builtin reports whether the specifier is a module that Node brings itself.
func builtin(specifier string) bool {
	if strings.HasPrefix(specifier, "node:") {
		return true
	}
	first, _, sub := strings.Cut(specifier, "/")
	if sub { // "punycode/" and "process/browser" are npm's
		return builtinParts[specifier]
	}
	return builtins[first]
}

// builtinParts are those with a slash. Source: as below.
var builtinParts = map[string]bool{
	"assert/strict": true, "dns/promises": true, "fs/promises": true, "inspector/promises": true, "path/posix": true,
	"path/win32": true, "readline/promises": true, "stream/consumers": true, "stream/promises": true, "stream/web": true,
	"timers/promises": true, "util/types": true,
}

// builtins are the modules Node resolves without "node:".
// Source: module.builtinModules of Node 18 to 24.
var builtins = map[string]bool{
	"_http_agent": true, "_http_client": true, "_http_common": true, "_http_incoming": true, "_http_outgoing": true,
	"_http_server": true, "_stream_duplex": true, "_stream_passthrough": true, "_stream_readable": true,
	"_stream_transform": true, "_stream_wrap": true, "_stream_writable": true, "_tls_common": true, "_tls_wrap": true,
	"assert": true, "async_hooks": true, "buffer": true, "child_process": true, "cluster": true, "console": true,
	"constants": true, "crypto": true, "dgram": true, "diagnostics_channel": true, "dns": true, "domain": true,
	"events": true, "fs": true, "http": true, "http2": true, "https": true, "inspector": true, "module": true,
	"net": true, "os": true, "path": true, "perf_hooks": true, "process": true, "punycode": true,
	"querystring": true, "readline": true, "repl": true, "stream": true, "string_decoder": true, "sys": true,
	"timers": true, "tls": true, "trace_events": true, "tty": true, "url": true, "util": true, "v8": true,
	"vm": true, "wasi": true, "worker_threads": true, "zlib": true,
}
