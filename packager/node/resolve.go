package node

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/credentials"
	"github.com/featherpack/featherpack/packager/node/gate"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/linker"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// bare matches specifiers that name a package: neither relative, absolute nor "#".
const bare = `^[A-Za-z0-9@_$~]`

// resolver answers esbuild where esbuild's own answer is not the one wanted. One
// resolver serves a group, since its functions agree on everything it reads. An
// answer depends on the importer and the specifier alone, never on earlier
// questions, so the order of esbuild's parallel scan does not matter.
type resolver struct {
	packages   *installed.Tree
	resolution *resolution.Resolution
	// production holds the folders of the packages that an install without
	// development dependencies would have.
	production map[string]bool
	plan       plan
	// bundlesSDK is set where the build settings ask to bundle the AWS SDK.
	bundlesSDK bool
	// sawTwins is set once a module with a twin has been loaded.
	sawTwins atomic.Bool
}

func (r *resolver) plugin() api.Plugin {
	return api.Plugin{Name: "featherpack", Setup: func(build api.PluginBuild) {
		if len(r.plan.leftOut) > 0 {
			build.OnResolve(api.OnResolveOptions{Filter: "."}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
				if !resolution.Asked(args.PluginData) && r.leavesOut(args.Importer, args.Path) {
					return api.OnResolveResult{Path: args.Path, External: true}, nil
				}
				return api.OnResolveResult{}, nil
			})
		}
		build.OnResolve(api.OnResolveOptions{Filter: "."}, r.judge)
		// A layer's files are at /opt when the function runs.
		build.OnResolve(api.OnResolveOptions{Filter: `^/opt/`}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			if resolution.Asked(args.PluginData) || args.Kind == api.ResolveEntryPoint {
				return api.OnResolveResult{}, nil
			}
			return api.OnResolveResult{Path: args.Path, External: true}, nil
		})
		// An addon that was never built stays a require, which fails at run time as
		// it does in the source tree. A check decides whether that is an error.
		build.OnResolve(api.OnResolveOptions{Filter: `^\.{1,2}/.*\.node$`}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			if resolution.Asked(args.PluginData) || args.Kind == api.ResolveEntryPoint {
				return api.OnResolveResult{}, nil
			}
			if _, err := r.packages.Files().Stat(filepath.Join(args.ResolveDir, filepath.FromSlash(args.Path))); err == nil {
				return api.OnResolveResult{}, nil
			}
			// "./x.node" may mean x.node.js, or a folder of that name.
			if file, _ := r.resolution.Find(build, args.ResolveDir, args.Path, args.Kind); file != "" {
				return api.OnResolveResult{}, nil
			}
			return api.OnResolveResult{Path: args.Path, External: true}, nil
		})
		build.OnResolve(api.OnResolveOptions{Filter: bare}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			if resolution.Asked(args.PluginData) || args.Kind == api.ResolveEntryPoint {
				return api.OnResolveResult{}, nil
			}
			if file := r.aliased(build, args); file != "" {
				return api.OnResolveResult{Path: file}, nil
			}
			if r.resolution.LambdaCredentials && credentials.Unused(args.Importer, args.Path) {
				return api.OnResolveResult{Path: strings.TrimPrefix(credentials.Input, Injected), Namespace: "featherpack", SideEffects: api.SideEffectsFalse}, nil
			}
			name := js.PackageName(args.Path)
			if name == "" || js.Builtin(args.Path) {
				return api.OnResolveResult{}, nil
			}
			if r.outside(args, name) {
				return api.OnResolveResult{Path: args.Path, External: true}, nil
			}
			if link := r.packages.LinkedTwin(args.ResolveDir, name); link != "" {
				return api.OnResolveResult{Errors: []api.Message{{
					Text:  fmt.Sprintf("%s is a symlink, and another entry of its folder differs only in case", link),
					Notes: []api.Note{{Text: "install one of the two under another name: npm install other@npm:" + name}},
				}}}, nil
			}
			if len(r.plan.main) > 0 || len(r.plan.swaps) > 0 || len(r.plan.copies) > 0 {
				result := r.planned(build, args, name)
				if r.plan.exact && result.Path != "" && r.packages.HasTwin(result.Path) {
					result.Suffix = r.packages.Mark(result.Path)
				}
				if result.Path != "" {
					return result, nil
				}
			}
			if resolution.NamesFolder(args.Path) {
				got := r.resolution.Ask(build, args.ResolveDir, args.Path, args.Kind)
				if len(got.Errors) == 0 && !got.External && got.Namespace == "file" {
					return api.OnResolveResult{Path: got.Path, Suffix: got.Suffix, SideEffects: r.effects(got.Path, got.SideEffects)}, nil
				}
			}
			return r.unused(build, args, name), nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: "^" + strings.TrimPrefix(credentials.Input, Injected) + "$", Namespace: "featherpack"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			text := credentials.Module
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS}, nil
		})
		r.resolveTwins(build)
		r.evaluate(build)
		if !r.plan.exact && len(r.plan.handedOn) == 0 {
			build.OnResolve(api.OnResolveOptions{Filter: `^\.{1,2}/`, Namespace: "file"}, func(args api.OnResolveArgs) (result api.OnResolveResult, err error) {
				if resolution.Asked(args.PluginData) || len(args.With) > 0 {
					return result, nil
				}
				if file, effects := r.resolution.Typeless(build, args.Importer, args.Path, args.Kind); file != "" {
					result.Path, result.SideEffects = file, r.effects(file, effects)
				}
				return result, nil
			})
		}
	}}
}

func (r *resolver) leavesOut(importer, specifier string) bool {
	return slices.Contains(r.plan.leftOut, leftOut(r.packages.Relative(importer), specifier))
}

// outside reports whether a package stays outside the bundle for the one who requests it.
func (r *resolver) outside(args api.OnResolveArgs, name string) bool {
	if slices.Contains(r.plan.files, name) || r.ofRuntime(args.ResolveDir, name) {
		return true
	}
	kind := resolveKinds[args.Kind]
	return kind != "" && r.optional(args.Importer, args.Path, kind) != ""
}

// judge refuses a request on whose way esbuild would read what it must not.
func (r *resolver) judge(args api.OnResolveArgs) (result api.OnResolveResult, err error) {
	if resolution.Asked(args.PluginData) {
		return result, nil // judged already
	}
	judged := r.resolution.Gate.Request
	if args.Kind == api.ResolveEntryPoint && filepath.IsAbs(args.Path) {
		judged = func(_, slot string) *analyzer.Diagnostic {
			return r.resolution.Gate.Folder(filepath.Dir(linker.Entry(slot)))
		}
	}
	if d := judged(args.ResolveDir, args.Path); d != nil {
		result.Errors = []api.Message{gate.Message(*d)}
	}
	return result, nil
}

// resolveKinds are the kinds of import that run where they stand, so that code
// can survive their failure, with the metafile's names for them.
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

// optional returns the reason for which a package that a library asks for may
// stay out, "" when it may not. A library treats a package as optional when it
// asks for it by require or import() and does not list it among its
// dependencies. Such a package stays out when it is not installed. It also stays
// out when it is installed only for development and the library can load
// without it.
func (r *resolver) optional(importer, specifier, kind string) string {
	name := js.PackageName(specifier)
	if kind == "import-statement" || name == "" {
		return ""
	}
	dir := installed.PackageDir(importer)
	if dir == "" {
		return ""
	}
	m := r.packages.Manifest(dir)
	if m == nil || m.Name == name {
		return ""
	}
	at := r.packages.Find(filepath.Dir(importer), name)
	if at == "" {
		if _, needed := m.Dependencies[name]; needed {
			return ""
		}
		return notInstalled
	}
	if m.DependsOn(name) || r.production[at] || len(r.production) == 0 || r.resolution.RequiredAtLoad(importer, specifier) {
		return ""
	}
	return devOnly
}

// leftOut is an importer, relative to the root, and a specifier, as one text.
func leftOut(importer, specifier string) string { return importer + "\x00" + specifier }

// aliased is the file of a request that the package module-alias answers at run time:
// by the aliases in the package.json of the project.
func (r *resolver) aliased(build api.PluginBuild, args api.OnResolveArgs) string {
	if installed.PackageDir(args.Importer) != "" {
		return ""
	}
	dir, m := r.packages.Nearest(args.ResolveDir)
	if m == nil || len(m.ModuleAliases) == 0 || r.packages.Find(dir, "module-alias") == "" {
		return ""
	}
	best := ""
	for alias := range m.ModuleAliases {
		if (args.Path == alias || strings.HasPrefix(args.Path, alias+"/")) && len(alias) > len(best) {
			best = alias
		}
	}
	if best == "" {
		return ""
	}
	specifier := "./" + path.Join(m.ModuleAliases[best], strings.TrimPrefix(args.Path, best))
	file, _ := r.resolution.Find(build, dir, specifier, args.Kind)
	return file
}

// ofRuntime reports whether Lambda's runtime provides a package that is not there: the
// AWS SDK v3, where nobody lists it as a dependency. A package that is listed was not
// installed, which is a mistake.
// Source: docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html, "Runtime-included SDK versions".
func (r *resolver) ofRuntime(dir, name string) bool {
	if r.bundlesSDK || !strings.HasPrefix(name, "@aws-sdk/") && !strings.HasPrefix(name, "@smithy/") || r.packages.Find(dir, name) != "" {
		return false
	}
	_, m := r.packages.Nearest(dir)
	if m == nil {
		return true
	}
	lists := []map[string]string{m.Dependencies, m.OptionalDependencies}
	if installed.PackageDir(filepath.Join(dir, "_")) == "" { // those of an installed package are not for its users
		lists = append(lists, m.DevDependencies)
	}
	return !slices.ContainsFunc(lists, func(list map[string]string) bool {
		_, listed := list[name]
		return listed
	})
}

// planned answers for packages of which the plan takes another build, or another copy,
// than esbuild would.
func (r *resolver) planned(build api.PluginBuild, args api.OnResolveArgs, name string) api.OnResolveResult {
	result := r.byMain(build, args, name)
	if !r.concerned(args.ResolveDir, name) {
		return result
	}
	file := result.Path
	if file == "" {
		got := r.resolution.Ask(build, args.ResolveDir, args.Path, args.Kind)
		if len(got.Errors) > 0 || got.External || got.Namespace != "file" {
			return result
		}
		file = got.Path
		result.SideEffects = r.effects(file, got.SideEffects)
	}
	one := r.ofOneCopy(file)
	if swapped := r.swapped(build, one); swapped.Path != "" {
		return swapped
	}
	if one == file && result.Path == "" {
		return api.OnResolveResult{} // esbuild's own answer
	}
	result.Path = one
	return result
}

// concerned reports whether the plan takes another build or copy of what a package may
// get for a name. For own code, and where names have aliases, only esbuild knows which
// package that is.
func (r *resolver) concerned(dir, name string) bool {
	if len(r.plan.swaps) == 0 && len(r.plan.copies) == 0 {
		return false
	}
	at := r.packages.Find(dir, name)
	if at == "" || installed.PackageDir(filepath.Join(dir, "_")) == "" || len(r.resolution.Options.Alias) > 0 {
		return true
	}
	at = r.packages.Relative(at)
	of := func(change string) bool {
		from, _, _ := strings.Cut(change, "\x00")
		return from == at || strings.HasPrefix(from, at+"/")
	}
	return slices.ContainsFunc(r.plan.swaps, of) || slices.ContainsFunc(r.plan.copies, of)
}

// byMain resolves packages of the plan's main list to their "main" file where
// esbuild would take "module".
func (r *resolver) byMain(build api.PluginBuild, args api.OnResolveArgs, name string) api.OnResolveResult {
	at := r.packages.Find(args.ResolveDir, name)
	if at == "" || !slices.Contains(r.plan.main, r.plan.oneCopy(r.packages.Relative(at))) {
		return api.OnResolveResult{}
	}
	got := r.resolution.Ask(build, args.ResolveDir, args.Path, args.Kind)
	if len(got.Errors) > 0 || got.External {
		return api.OnResolveResult{}
	}
	_, main := r.packages.OtherBuild(got.Path)
	if main == "" {
		return api.OnResolveResult{}
	}
	return api.OnResolveResult{Path: main, SideEffects: r.effects(main, got.SideEffects)}
}

// resolveTwins answers requests that lead to a file with a twin.
func (r *resolver) resolveTwins(build api.PluginBuild) {
	if !r.plan.exact {
		return
	}
	build.OnResolve(api.OnResolveOptions{Filter: "."}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		if resolution.Asked(args.PluginData) {
			return api.OnResolveResult{}, nil
		}
		if args.Kind == api.ResolveEntryPoint {
			real := args.Path
			if filepath.IsAbs(real) {
				real = linker.Entry(real)
			}
			if real, err := r.packages.Files().Real(real); err == nil && r.packages.HasTwin(real) {
				return api.OnResolveResult{Path: real, Suffix: r.packages.Mark(real)}, nil
			}
			return api.OnResolveResult{}, nil
		}
		got := r.resolution.Ask(build, args.ResolveDir, args.Path, args.Kind)
		if len(got.Errors) > 0 || got.External || got.Namespace != "file" {
			return api.OnResolveResult{}, nil
		}
		exact := r.packages.Exactly(args.ResolveDir, args.Path, got.Path)
		if exact == got.Path && !r.packages.HasTwin(exact) {
			return api.OnResolveResult{}, nil
		}
		result := api.OnResolveResult{Path: exact, SideEffects: r.effects(exact, got.SideEffects)}
		if r.packages.HasTwin(exact) {
			result.Suffix = r.packages.Mark(exact)
		}
		return result, nil
	})
}

// maxModule bounds a module, in bytes. Parsing takes about ten times as much
// memory, and no function could load a larger module in time.
const maxModule = installed.MaxFile

// guard refuses irregular and oversized modules before esbuild reads them. Of a
// module outside the root it gives esbuild nothing, so that no byte of it can
// appear in a message; the outsideRoot check refuses it later and names who
// imports it. It also notices twins.
func (b *builder) guard(r *resolver) api.Plugin {
	return api.Plugin{Name: "featherpack guard", Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: ".", Namespace: "file"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			if r.resolution.Sound(args.Path) {
				return api.OnLoadResult{}, nil // esbuild loads every module for each batch
			}
			if !b.AllowOutside && !b.packages.Ours(args.Path) {
				nothing := "module.exports={}"
				return api.OnLoadResult{Contents: &nothing, Loader: api.LoaderJS}, nil
			}
			info, err := b.packages.Files().StatModule(args.Path)
			twin := b.packages.HasTwin(args.Path) || err != nil && b.packages.Misspelt(args.Path)
			if twin {
				r.sawTwins.Store(true)
			}
			if err != nil {
				return api.OnLoadResult{}, nil // in an archive, or esbuild's to report
			}
			refuse := func(text, remedy string) (api.OnLoadResult, error) {
				return api.OnLoadResult{Errors: []api.Message{{
					Text: text, Location: &api.Location{File: b.packages.Relative(args.Path)}, Notes: []api.Note{{Text: remedy}},
				}}}, nil
			}
			if !info.Mode().IsRegular() {
				return refuse("the module is not a regular file", "replace it with the source file")
			}
			if info.Size() > maxModule && filepath.Ext(args.Path) != ".node" {
				return refuse(fmt.Sprintf("the module has %d bytes, more than the %d MiB that can be bundled", info.Size(), maxModule>>20),
					"read it with fs.readFile instead, so that it ships as a file")
			}
			if d := r.resolution.NamesMap(args.Path); d != nil {
				return api.OnLoadResult{Errors: []api.Message{gate.Message(*d)}}, nil
			}
			if !twin {
				r.resolution.SetSound(args.Path)
			}
			return api.OnLoadResult{}, nil
		})
	}}
}
