package resolution

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/packager/node/gate"
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
	dir, specifier = r.folder(dir, specifier)
	q := question{r.packages.AsksFrom(dir, specifier), specifier, kind}
	return remembered(r, r.answers, q, func() (got api.ResolveResult) {
		if d := r.Gate.Request(dir, specifier); d != nil {
			got.Errors = []api.Message{gate.Message(*d)}
			return got
		}
		return build.Resolve(specifier, api.ResolveOptions{ResolveDir: dir, Kind: kind, Importer: filepath.Join(dir, "_"), PluginData: asked{}})
	})
}

// NamesFolder reports whether a specifier names a folder in a package: prismjs/components/.
// A file of that name is not meant. esbuild drops the slash, and takes the file.
func NamesFolder(specifier string) bool {
	name := js.PackageName(specifier)
	return name != "" && len(specifier) > len(name)+1 && (strings.HasSuffix(specifier, "/") || strings.HasSuffix(specifier, "/."))
}

// folder is what to ask for a folder in a package, and from where: by a relative path esbuild
// finds the folder. Where package.json has exports, these decide.
func (r *Resolution) folder(dir, specifier string) (string, string) {
	if !NamesFolder(specifier) || len(r.Options.Alias) > 0 {
		return dir, specifier
	}
	name := js.PackageName(specifier)
	at := r.packages.Find(dir, name)
	if at == "" {
		return dir, specifier
	}
	if m := r.packages.Manifest(at); m == nil || m.Exports != nil {
		return dir, specifier
	}
	return at, "./" + strings.TrimSuffix(specifier[len(name)+1:], ".")
}

// Find is the file that code in dir gets for a specifier, "" for none. external is
// true when the specifier is external and needs no file. A plain path that Node
// itself would find is found without esbuild.
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

// Files are the settings to find modules as Node on Lambda does when they ship
// as files: by main, under the conditions that its flags set. nodeEnv is the
// function's NODE_ENV, nodeOptions its NODE_OPTIONS, "" where it is not known or not set.
func Files(root, codeDir string, target native.Platform, runtime, nodeEnv, nodeOptions string) Settings {
	conditions := append([]string{"node-addons"}, BundleConditions(runtime, nodeOptions)...)
	return Settings{
		Options: api.BuildOptions{
			AbsWorkingDir: root, Bundle: true, Write: false, LogLevel: api.LogLevelSilent, Platform: api.PlatformNode,
			MainFields: []string{"main"}, Conditions: conditions,
		},
		AsFiles: true, CodeDir: codeDir, Target: target, Runtime: runtime, NodeEnv: nodeEnv, PackagesNodeEnv: nodeEnv,
		RequiresModules: RequiresModules(runtime, nodeOptions),
	}
}

// Conditions are those of package exports that NODE_OPTIONS adds.
// Source: nodejs.org/api/cli.html#-c-condition---conditionscondition
func Conditions(nodeOptions string) (all []string) {
	words := strings.Fields(nodeOptions)
	for i, word := range words {
		name, value, joined := strings.Cut(word, "=")
		switch {
		case name != "-C" && name != "--conditions":
		case joined:
			all = append(all, value)
		case i+1 < len(words):
			all = append(all, words[i+1])
		}
	}
	return all
}

// BundleConditions are those of package exports that Node has and esbuild has not by itself:
// those of NODE_OPTIONS, and module-sync where require can load an ES module. A package has one
// build for import and for require then.
// Source: nodejs.org/api/packages.html#conditional-exports
func BundleConditions(runtime, nodeOptions string) []string {
	all := Conditions(nodeOptions)
	if RequiresModules(runtime, nodeOptions) {
		all = append(all, "module-sync")
	}
	return all
}

// RequiresModules reports whether require can load an ES module: on Lambda by default
// since Node 24, and where NODE_OPTIONS turns it on or off.
// Source: docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html, "Experimental features".
func RequiresModules(runtime, nodeOptions string) bool {
	options := strings.Fields(nodeOptions)
	switch runtime {
	case "nodejs16.x", "nodejs18.x":
		return false
	case "nodejs20.x", "nodejs22.x":
		return slices.Contains(options, "--experimental-require-module")
	}
	return !slices.Contains(options, "--no-experimental-require-module") && !slices.Contains(options, "--no-require-module")
}

// Run calls use from inside a build that bundles nothing: esbuild's resolver is
// reached from there only. It returns the error of use.
func (r *Resolution) Run(use func(build api.PluginBuild) error) error {
	const nothing = "featherpack:nothing"
	var failed error
	options := r.Options
	options.Sourcemap, options.Inject = api.SourceMapNone, nil
	options.Stdin = &api.StdinOptions{Contents: "import " + strconv.Quote(nothing), ResolveDir: r.packages.Root()}
	options.Plugins = []api.Plugin{{Name: "featherpack", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: "^" + nothing + "$"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: args.Path, Namespace: "featherpack"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".", Namespace: "featherpack"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			failed = use(build)
			empty := ""
			return api.OnLoadResult{Contents: &empty}, nil
		})
	}}}
	if result := api.Build(options); failed == nil && len(result.Errors) > 0 {
		failed = errors.New(result.Errors[0].Text)
	}
	return failed
}
