package resolution

import (
	"path/filepath"
	"reflect"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// Loader is the loader that the build reads a file with: the settings' choice for
// the longest extension that has one, else esbuild's default.
// Source: loaderFromFileExtension in internal/bundler of esbuild 0.28.2.
func (r *Resolution) Loader(file string) api.Loader {
	base := filepath.Base(file)
	if !strings.Contains(base, ".") {
		return r.Options.Loader[""]
	}
	for _, rest, found := strings.Cut(base, "."); found; _, rest, found = strings.Cut(rest, ".") {
		if loader, chosen := r.Options.Loader["."+rest]; chosen {
			return loader
		}
		if loader, known := defaultLoaders[rest]; known {
			return loader
		}
	}
	return api.LoaderNone
}

// defaultLoaders are esbuild's, as far as they make JavaScript.
// Source: DefaultExtensionToLoaderMap in internal/bundler of esbuild 0.28.2.
var defaultLoaders = map[string]api.Loader{
	"js": api.LoaderJS, "mjs": api.LoaderJS, "cjs": api.LoaderJS, "jsx": api.LoaderJSX,
	"ts": api.LoaderTS, "mts": api.LoaderTS, "cts": api.LoaderTS, "tsx": api.LoaderTSX,
}

// IsCode reports whether the build reads a file as JavaScript or TypeScript.
func (r *Resolution) IsCode(file string) bool { return js.IsCode(r.Loader(file)) }

// Finding is the tracer's result for a file, nil where the module needs nothing.
// known is false while the file has not been traced.
func (r *Resolution) Finding(file string) (finding *trace.Result, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	finding, known = r.findings[file]
	return finding, known
}

// Trace reads a module of that text and returns what it needs at run time, nil
// where that is nothing. A source that does not parse needs nothing: esbuild
// reports it, with its position. build is a running build of the resolution's
// options.
func (r *Resolution) Trace(build api.PluginBuild, file string, text []byte) *trace.Result {
	return r.trace(build, file, r.module(file, text))
}

func (r *Resolution) trace(build api.PluginBuild, file string, m trace.Module) *trace.Result {
	var finding *trace.Result
	if m.Triggered() {
		if result, err := trace.Trace(m, r.packages.FS(), resolver{r, build}); err == nil {
			finding = &result
		}
	}
	r.readNames(file, m.Source)
	r.readClasses(file, m.Source)
	r.mu.Lock()
	r.findings[file] = finding
	r.mu.Unlock()
	return finding
}

// TraceAgain traces a module once more with the paths that imported modules export, by
// input. It reports whether the module has more to say.
func (r *Resolution) TraceAgain(build api.PluginBuild, file string, exports map[string]trace.Exports) bool {
	text, err := r.packages.ReadModule(file)
	if err != nil {
		return false
	}
	before, _ := r.Finding(file)
	m := r.module(file, text)
	m.Exports = exports
	finding, err := trace.Trace(m, r.packages.FS(), resolver{r, build})
	if err != nil || before != nil && reflect.DeepEqual(*before, finding) || before == nil && reflect.DeepEqual(finding, trace.Result{}) {
		return false
	}
	r.mu.Lock()
	r.findings[file], r.again[file] = &finding, true
	r.mu.Unlock()
	return true
}

// module describes a file to the tracer.
func (r *Resolution) module(file string, text []byte) trace.Module {
	dir, nodeEnv := installed.PackageDir(file), r.PackagesNodeEnv
	if dir == "" {
		nodeEnv = r.NodeEnv
		if dir, _ = r.packages.Nearest(filepath.Dir(file)); dir == "" {
			dir = r.packages.Root()
		}
	}
	return trace.Module{
		File:       js.File{Path: r.packages.Shown(file), Source: text, Loader: r.Loader(file)},
		PackageDir: r.packages.Shown(dir), CWD: r.CodeDir, Target: r.Target, Runtime: r.Runtime, NodeEnv: nodeEnv,
	}
}
