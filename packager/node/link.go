package node

import (
	"context"
	"slices"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/featherpack/featherpack/packager/node/gate"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/linker"
	"github.com/featherpack/featherpack/packager/node/prelude"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// batchSize is how many functions one esbuild call links. esbuild links all
// entry points of a call at once and keeps every output in memory, so this
// bounds both. Measured on 100 functions sharing six dependencies: one call
// for all took 1,348 MiB, 8 functions a call 394 to 412 MiB, and 4 a call 332 MiB in the
// same CPU time; see testdata/bench for today's figures.
const batchSize = 4

// linked is a function and what esbuild made of it.
type linked struct {
	*job
	*linker.Linked
	resolver *resolver
	found    *found // nil until it is asked for
}

// link links functions of equal settings and plan and calls use with each batch. Those with a
// guess, which may be nil, are given to guessed instead.
func (b *builder) link(ctx context.Context, group []*job, g *guesses, guessed func(*job), use func([]*linked) error) error {
	if len(group) == 0 {
		return nil
	}
	own := *group[0]
	first := &own // with the plan of this link, also when the function has another one
	r := &resolver{
		packages: b.packages, resolution: first.resolution, plan: first.plan, bundlesSDK: first.f.Build.SDK == "bundle",
		production: b.packages.Production(first.packageDir, first.plan.dev),
	}
	if d := first.resolution.Gate.Start(); d != nil {
		for _, j := range group {
			refused := &linker.Linked{Errors: []api.Message{gate.Message(*d)}}
			if err := use([]*linked{{job: j, Linked: refused, resolver: r}}); err != nil {
				return err
			}
		}
		return nil
	}
	size := min(batchSize, len(group))
	var l *linker.Linker
	defer func() {
		if l != nil {
			l.Close()
		}
	}()
	for queue := group; ; {
		var batch []*job
		if batch, queue = g.next(queue, size, guessed); len(batch) == 0 {
			return nil
		}
		entries := make([]string, len(batch))
		for i, j := range batch {
			entries[i] = j.f.Entry
		}
		if l != nil && l.Full() {
			l.Close()
			l = nil
		}
		if l == nil {
			var err error
			if l, err = b.linkers.Take(b.Project.Root, b.withPlugins(options(b.Project.Root, first.f, first.plan), first, r), size); err != nil {
				return err
			}
			b.Files.Ignore(l.Slots())
		}
		results, err := l.Link(ctx, entries)
		if err != nil {
			return err
		}
		asWritten(first.resolution, results)
		made := make([]*linked, len(batch))
		for i, j := range batch {
			made[i] = &linked{job: j, Linked: results[i], resolver: r}
		}
		if err := use(made); err != nil {
			return err
		}
		b.passer.free()
	}
}

// withPlugins adds our plugins to esbuild's options.
func (b *builder) withPlugins(o api.BuildOptions, j *job, r *resolver) api.BuildOptions {
	o.Plugins = append(o.Plugins, handOn(b.packages, j.plan), someNames(r), b.guard(r), r.plugin())
	if !b.noTrace {
		o.Plugins = append(o.Plugins, b.loader(j).plugin())
	}
	return o
}

func (b *builder) loader(j *job) loader {
	l := loader{
		packages: b.packages, resolution: j.resolution, layout: j.layout(), settings: prelude.Texts(j.f.Build), tsconfig: j.f.Build.TSConfig,
		elsewhere: j.elsewhere, unreached: j.unreached, handsOn: len(j.plan.handedOn) > 0, readsNodeEnv: readsNodeEnv(j.f), sloppy: j.plan.sloppy, asTexts: j.plan.asTexts,
		globals: j.plan.globals, mapToModules: j.f.Build.MapToModules,
		options: options(b.Project.Root, j.f, j.plan),
	}
	if j.f.Build.SourceMap != "none" {
		l.edited = func(file, text string) {
			if j.f.Build.SourceMapPackages || installed.PackageDir(file) == "" {
				b.maps.Edited(j.resolution, j.layout(), file, text)
			}
		}
	}
	return l
}

// elsewhere reports whether the plan takes another file than this one, relative to the
// root, for requests that lead to it: it leaves the package out of the bundle, takes
// another build of it, or tells twins apart.
func (j *job) elsewhere(file string) bool {
	dir := installed.PackageDir(file)
	return j.plan.exact || dir != "" && (slices.Contains(j.plan.main, dir) || slices.Contains(j.plan.files, installed.NameOf(dir)))
}

// asWritten gives the imports that passes on load have changed the specifiers that the
// modules' own texts have, and takes out esbuild's warnings about imports that only
// passes wrote.
func asWritten(r *resolution.Resolution, results []*linker.Linked) {
	for _, l := range results {
		for _, input := range l.Reached {
			written := r.Written(input)
			for i, im := range l.Inputs[input].Imports {
				if original, changed := written[im.Original]; changed {
					l.Inputs[input].Imports[i].Original = original
				}
			}
		}
		l.Warnings = slices.DeleteFunc(l.Warnings, func(m api.Message) bool {
			return m.ID == "ignored-bare-import" && m.Location != nil && len(r.Written(m.Location.File)) > 0
		})
	}
}
