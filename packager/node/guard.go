package node

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// maxModule bounds a module, in bytes. Parsing takes some ten times as much
// memory, and what is larger is data that no function can load in time.
const maxModule = installed.MaxFile

// guard stands before esbuild reads a module: it reads nothing that is no
// regular file or too large, and of what lies outside the root not a byte, so
// that none of it can show in a message. Such modules are refused by outside
// once the graph tells who asked for them. It also notices twins.
func (b *builder) guard(r *resolver) api.Plugin {
	return api.Plugin{Name: "featherpack guard", Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: ".", Namespace: "file"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			if !b.options.AllowOutside && !b.packages.Ours(args.Path) {
				nothing := "module.exports={}"
				return api.OnLoadResult{Contents: &nothing, Loader: api.LoaderJS}, nil
			}
			info, err := os.Stat(args.Path)
			if b.packages.HasTwin(args.Path) || err != nil && b.packages.Misspelt(args.Path) {
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
				return refuse("the module is not a regular file", "put the source itself there")
			}
			if info.Size() > maxModule && filepath.Ext(args.Path) != ".node" {
				return refuse(fmt.Sprintf("the module has %d bytes, more than the %d MiB that can be bundled", info.Size(), maxModule>>20),
					"read it with fs.readFile instead, so that it ships as a file")
			}
			return api.OnLoadResult{}, nil
		})
	}}
}

// escaping refuses packages whose main lies outside of their folder, each where
// it is first asked for.
func (b *builder) escaping(j *job, result linked, inputs map[string]metaInput) []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	told := map[string]bool{}
	for _, importer := range result.reached {
		for _, im := range inputs[importer].Imports {
			name := installed.PackageName(im.Original)
			if im.External || name == "" || name != im.Original || told[name] || installed.NameOf(installed.PackageDir("/"+im.Path)) == name {
				continue
			}
			if b.packages.MainOutside(filepath.Dir(b.absolute(importer)), name) {
				told[name] = true
				diagnostics = append(diagnostics, escapeOf(j, j.resolution.FirstRequest(importer, name), name))
			}
		}
	}
	return diagnostics
}

func escapeOf(j *job, at analyzer.Position, name string) analyzer.Diagnostic {
	return analyzer.Diagnostic{
		Code: "main-outside-package", Severity: analyzer.Refused, Function: j.id, Position: at,
		Message: fmt.Sprintf("the package.json of %q names a main outside of the package", name),
		Hint:    "look at what the package is; no published package does so by accident",
	}
}
