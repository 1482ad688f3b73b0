package node

import (
	"fmt"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/linker"
	"github.com/featherpack/featherpack/packager/node/pass/onload"
)

// someNames is a plugin that makes the modules that the pass dynamic-imports requests:
// each hands on some names of another. Where the plan leaves that one out of the bundle,
// the request leads to it directly.
func someNames(r *resolver) api.Plugin {
	return api.Plugin{Name: "featherpack names", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: "^" + onload.Names}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			names, of := onload.NamesOf(args.Path)
			written := args
			written.Path = of
			if name := js.PackageName(of); r.leavesOut(args.Importer, of) || name != "" && r.outside(written, name) {
				return api.OnResolveResult{Path: of, External: true}, nil
			}
			contents := fmt.Sprintf("export { %s } from %s\n", names, quote(of))
			return api.OnResolveResult{
				Namespace: linker.SomeNames, Path: names + ":" + of + ":" + r.packages.Relative(args.Importer),
				PluginData: api.OnLoadResult{Contents: &contents, ResolveDir: args.ResolveDir, Loader: api.LoaderJS},
			}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".", Namespace: linker.SomeNames}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			made, _ := args.PluginData.(api.OnLoadResult)
			return made, nil
		})
	}}
}
