package node

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// Builder builds functions of Node. The zero value works.
type Builder struct {
	// noTrace leaves tracing out, to measure what it costs.
	noTrace bool
}

var _ packager.Builder = Builder{}

// Build bundles the functions, all at once, and hands each bundle to emit as
// soon as it is final, so that its bytes can be packed and let go. The order
// of emit follows the grouping and is the same in every run. A function that
// fails is emitted too, with the diagnostics that say why; it does not take
// its neighbours down. The error is for what concerns them all: a cancelled
// context or a machine without temporary space.
func (o Builder) Build(ctx context.Context, asked packager.Job, emit func(packager.Bundle)) error {
	p := asked.Project
	packages, err := installed.Open(p.Root)
	if err != nil {
		return err
	}
	defer packages.Close()
	b := &builder{
		project: p, options: asked, noTrace: o.noTrace, packages: packages, resolutions: resolution.NewSet(packages), emit: emit, total: len(asked.Functions),
		before: map[string]*packager.Unbundled{}, licenceTexts: map[string]string{},
	}
	pending := make([]*job, 0, len(asked.Functions))
	for _, f := range asked.Functions {
		if f.CodeDir == "" {
			f.CodeDir = f.ServiceDir
		}
		j := &job{f: f, id: p.ID(f), resolution: b.resolutions.Of(resolution.Settings{
			Options: options(p.Root, f, plan{}), CodeDir: f.CodeDir, Target: targetOf(f), Runtime: f.Runtime,
		})}
		j.plan.esm = esmEntry(b.packages, f)
		j.plan.keepNames = f.Build.KeepNames == "always"
		pending = append(pending, j)
	}
	// Every round settles the functions whose graph agrees with their plan and
	// returns the rest with a more cautious one. Plans only grow, so this ends.
	for len(pending) > 0 {
		var again []*job
		for _, group := range groups(pending) {
			revised, err := b.buildGroup(ctx, group)
			if err != nil {
				return err
			}
			again = append(again, revised...)
		}
		pending = again
	}
	return nil
}

// builder is the state of one Build.
type builder struct {
	project     analyzer.Project
	options     packager.Job
	noTrace     bool
	packages    *installed.Tree
	resolutions *resolution.Set
	emit        func(packager.Bundle)
	done        int
	total       int
	before      map[string]*packager.Unbundled // by service folder
	// licenceTexts are what packages came with, by folder.
	licenceTexts map[string]string
}

// job is a function on its way to a bundle.
type job struct {
	f    analyzer.Function
	id   string
	plan plan
	// resolution is what is known of modules under the function's settings.
	resolution *resolution.Resolution
	// tracer is the name of the tracer that keeps packages as files, if any.
	tracer string
}

// layout is the folder that becomes the zip's root, for files beside the bundle.
func (j *job) layout() string {
	if j.plan.wide {
		return "."
	}
	return j.f.CodeDir
}

// groups splits jobs by equal options and plan, in order of first appearance.
func groups(jobs []*job) [][]*job {
	index := map[string]int{}
	var groups [][]*job
	for _, j := range jobs {
		key := groupKey(j.f, j.plan)
		i, ok := index[key]
		if !ok {
			i = len(groups)
			index[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], j)
	}
	return groups
}

// recycleAfter bounds what a context keeps parsed: after so many functions a
// new one is made. It costs one more parse of what they share.
const recycleAfter = 256

// buildGroup links functions of equal options and plan and finishes those
// whose graph agrees with the plan; the others are returned, planned anew.
func (b *builder) buildGroup(ctx context.Context, group []*job) (revised []*job, err error) {
	for chunk := range slices.Chunk(group, recycleAfter) {
		again, err := b.buildChunk(ctx, chunk)
		if err != nil {
			return nil, err
		}
		revised = append(revised, again...)
	}
	return revised, nil
}

func (b *builder) buildChunk(ctx context.Context, chunk []*job) (revised []*job, err error) {
	first := chunk[0]
	service := filepath.Join(b.project.Root, filepath.FromSlash(first.f.ServiceDir))
	r := &resolver{
		packages: b.packages, resolution: first.resolution, production: b.packages.Production(service, first.plan.dev),
		main: first.plan.main, files: first.plan.files, exact: first.plan.exact,
	}
	size := min(batchSize, len(chunk))
	o := options(b.project.Root, first.f, first.plan)
	t := &tracing{b: b, resolution: first.resolution, layout: first.layout()}
	o.Plugins = append(o.Plugins, b.guard(r), r.plugin())
	if !b.noTrace {
		o.Plugins = append(o.Plugins, t.plugin())
	}
	l, err := newLinker(b.project.Root, o, size)
	if err != nil {
		return nil, err
	}
	defer l.close()
	var plain *linker
	if b.options.Waterfall {
		unminified := first.f
		unminified.Build.NoMinify = true
		unminified.Build.SourceMap = "none"
		o := options(b.project.Root, unminified, first.plan)
		o.Plugins = append(o.Plugins, b.guard(r), r.plugin(), t.plugin())
		if plain, err = newLinker(b.project.Root, o, size); err != nil {
			return nil, err
		}
		defer plain.close()
	}
	for batch := range slices.Chunk(chunk, size) {
		entries, at := distinctEntries(batch)
		results, inputs, err := l.link(ctx, entries)
		if err != nil {
			return nil, err
		}
		var unminified []linked
		if plain != nil {
			if unminified, _, err = plain.link(ctx, entries); err != nil {
				return nil, err
			}
		}
		for i, j := range batch {
			result := results[at[i]]
			if b.revise(j, r, result, inputs) {
				revised = append(revised, j)
				continue
			}
			var shaken int64 = -1
			if unminified != nil && len(unminified[at[i]].errors) == 0 {
				shaken = int64(len(unminified[at[i]].code))
			}
			bundle, planned, err := b.finish(ctx, j, r, result, inputs, shaken)
			if err != nil {
				return nil, err
			}
			if planned {
				revised = append(revised, j)
				continue
			}
			b.done++
			if b.options.Progress != nil {
				b.options.Progress("link", b.done, b.total)
			}
			b.emit(bundle)
		}
	}
	return revised, nil
}

// distinctEntries gives each entry file once and, for every job, its index:
// functions that differ in their export alone are linked once.
func distinctEntries(batch []*job) (entries []string, at []int) {
	index := map[string]int{}
	for _, j := range batch {
		i, ok := index[j.f.Entry]
		if !ok {
			i = len(entries)
			index[j.f.Entry] = i
			entries = append(entries, j.f.Entry)
		}
		at = append(at, i)
	}
	return entries, at
}
