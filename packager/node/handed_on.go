package node

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
)

// Own modules that are found by their path at run time, in a folder of routes or
// entities for example, are part of the bundle like all others. This module of the
// bundle keeps a function for each, which the file in its place calls.

// handedOnName is the specifier of that module. In the metafile it is the name too.
const handedOnName = "featherpack:handed-on"

// handOn is a plugin that makes the module.
func handOn(packages *installed.Tree, p plan) api.Plugin {
	return api.Plugin{Name: "featherpack handed on", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: "^" + handedOnName + "$"}, func(api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: "handed-on", Namespace: "featherpack"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".", Namespace: "featherpack"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			var text strings.Builder
			fmt.Fprintf(&text, "const t=globalThis[Symbol.for(%q)]??={};\n", kept.HandOnKey)
			for _, input := range p.handedOn {
				load := "require"
				if packages.IsESM(input) {
					load = "import" // it may await at its top level
				}
				fmt.Fprintf(&text, "t[%s]=()=>%s(%s);\n", quote(input), load, quote("./"+input))
			}
			contents := text.String()
			return api.OnLoadResult{Contents: &contents, ResolveDir: packages.Root(), Loader: api.LoaderJS}, nil
		})
	}}
}

// addApart adds to a function's bundle the modules that a thread or a process of its
// own runs and that Node cannot run as they are: each gets a bundle of its own, under
// the name that starts it.
func (b *builder) addApart(ctx context.Context, s *settled, bundle *packager.Bundle, added map[string]bool) error {
	apart := s.tree.Apart()
	for _, input := range slices.Sorted(maps.Keys(apart)) {
		if added[input] || input == s.f.Entry {
			continue
		}
		added[input] = true
		own, err := b.linkApart(ctx, s, input)
		if err != nil {
			return err
		}
		if len(own.Errors) > 0 {
			bundle.Diagnostics = append(bundle.Diagnostics, b.explainer(s.job).Explain(own.Errors, analyzer.Error)...)
			continue
		}
		code, refused := b.code(own, apart[input])
		if refused != nil {
			bundle.Diagnostics = append(bundle.Diagnostics, *refused)
			continue
		}
		_, reached := b.intern(own)
		bundle.Reached = append(bundle.Reached, reached...)
		found, withheld := b.mayHold(own)
		bundle.Diagnostics = append(bundle.Diagnostics, append(b.check(own), found...)...)
		files := slices.DeleteFunc(own.tree.Files(), func(f kept.File) bool { return withheld[f.Input] })
		for _, file := range append([]packager.File{code.File}, b.keptFiles(placed{files: files})...) {
			if !slices.ContainsFunc(bundle.Files, func(other packager.File) bool { return other.Name == file.Name }) {
				bundle.Files = append(bundle.Files, file)
			}
		}
		if err := b.addApart(ctx, own, bundle, added); err != nil {
			return err
		}
	}
	if len(apart) > 0 {
		slices.Sort(bundle.Reached[1:])
		bundle.Reached = slices.Compact(bundle.Reached)
		bundle.Diagnostics = slices.Compact(analyzer.SortDiagnostics(bundle.Diagnostics))
	}
	return nil
}

// linkApart links a module as an entry of its own, under the function's settings.
func (b *builder) linkApart(ctx context.Context, s *settled, input string) (own *settled, err error) {
	f := s.f
	f.Entry, f.Handler, f.Build.Format = input, "", "cjs"
	if b.packages.IsESM(input) {
		f.Build.Format = "esm"
	}
	j := b.plan(f)
	j.plan.wide = s.plan.wide
	for again := true; again; {
		err = b.link(ctx, []*job{j}, func(l *linked) (err error) {
			own, again, err = b.settle(ctx, l)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return own, nil
}
