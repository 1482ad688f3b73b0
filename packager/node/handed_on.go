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
	"github.com/featherpack/featherpack/packager/node/linker"
)

// Own modules that are found by their path at run time, in a folder of routes or
// entities for example, are part of the bundle like all others. This module of the
// bundle keeps a function for each, which the file in its place calls.

// handedOnName is the specifier of that module. In the metafile it is the name too.
const handedOnName = "featherpack:handed-on"

// Injected starts the paths of inputs that are no files: modules that the build adds.
const Injected = linker.Injected

// handOn is a plugin that makes the module.
func handOn(packages *installed.Tree, p plan) api.Plugin {
	return api.Plugin{Name: "featherpack handed on", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: "^" + handedOnName + "$"}, func(api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: "handed-on", Namespace: "featherpack"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: "^handed-on$", Namespace: "featherpack"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			var text strings.Builder
			fmt.Fprintf(&text, "const t=globalThis[Symbol.for(%q)]??={};\n", kept.HandOnKey)
			for _, input := range p.handedOn {
				if slices.Contains(p.unbuilt, input) {
					fmt.Fprintf(&text, "t[%s]=()=>{throw Error(%s)};\n", quote(input), quote(input+" was not built, as the build said"))
					continue
				}
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

// growUnbuilt leaves out modules that have errors and that nothing imports: the code
// that looks for them may never load them.
func growUnbuilt(l *linked) (grew bool) {
	for _, m := range l.Errors {
		if m.Location != nil && slices.Contains(l.plan.looked, m.Location.File) && add(&l.plan.unbuilt, m.Location.File) {
			l.job.unbuilt = append(l.job.unbuilt, m)
			grew = true
		}
	}
	return grew
}

// addApart adds to a function's bundle the modules that a thread or a process of its
// own runs and that Node cannot run as they are: each gets a bundle of its own, under
// the name that starts it.
func (b *builder) addApart(ctx context.Context, s *settled, bundle *packager.Bundle) error {
	all := []*settled{s}
	added := map[string]bool{s.f.Entry: true}
	for i := 0; i < len(all); i++ { // one may start another
		apart := all[i].tree.Apart()
		for _, input := range slices.Sorted(maps.Keys(apart)) {
			if added[input] {
				continue
			}
			added[input] = true
			own, err := b.linkApart(ctx, s, input)
			if err != nil {
				return err
			}
			if b.addBundle(bundle, own, apart[input]) {
				all = append(all, own)
			}
		}
	}
	if len(added) == 1 {
		return nil
	}
	seen := map[int]bool{}
	bundle.Reached = slices.DeleteFunc(bundle.Reached, func(input int) bool {
		twice := seen[input]
		seen[input] = true
		return twice
	})
	bundle.Diagnostics = slices.Compact(analyzer.SortDiagnostics(bundle.Diagnostics))
	licences := s.f.ID + ".licenses.txt"
	bundle.Beside = slices.DeleteFunc(bundle.Beside, func(f packager.File) bool { return f.Name == licences })
	if text := b.licences(all...); len(text) > 0 {
		bundle.Beside = append(bundle.Beside, packager.File{Name: licences, Content: text})
	}
	return nil
}

// addBundle adds a bundle of its own under its name in the zip, with the files beside
// it. It returns false where there is none.
func (b *builder) addBundle(bundle *packager.Bundle, own *settled, name string) bool {
	if len(own.Errors) > 0 {
		bundle.Diagnostics = append(bundle.Diagnostics, b.explainer(own.job).Explain(own.Errors, analyzer.Error)...)
		return false
	}
	passing := b.pass(own, name)
	code, refused := b.code(own, passing)
	if refused != nil {
		bundle.Diagnostics = append(bundle.Diagnostics, *refused)
		return false
	}
	entry, reached := b.intern(own)
	b.leadsTo(bundle.Entry, entry)
	bundle.Reached = append(bundle.Reached, reached...)
	diagnostics, withheld := b.check(own)
	bundle.Diagnostics = append(bundle.Diagnostics, diagnostics...)
	taken := map[string]bool{}
	for _, f := range bundle.Files {
		taken[f.Name] = true
	}
	if taken[name] {
		return false
	}
	bundle.Files = append(bundle.Files, code)
	b.maps.Place(bundle, own.mapped(), len(bundle.Files)-1, own.f.ID+"."+strings.ReplaceAll(name, "/", "-")+".map", passing.mappings)
	files := slices.DeleteFunc(own.tree.Files(), func(f kept.File) bool { return withheld[f.Input] || taken[f.Name] })
	bundle.Files = append(bundle.Files, b.keptFiles(own, placed{files: b.slimmed(own, files)})...)
	return true
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
		err = b.link(ctx, []*job{j}, nil, nil, func(batch []*linked) (err error) {
			own, again, err = b.settle(ctx, batch[0])
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return own, nil
}
