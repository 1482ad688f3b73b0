package node

import (
	"context"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/pass"
)

// Steps of the waterfall that several places name.
const (
	treeShaken = "tree-shaken"
	minified   = "minified"
	withFiles  = "with files"
)

// waterfall lists the steps from the unbundled service to the code, in bytes. measured
// are those that further builds have measured, nil without these.
func waterfall(bundle *packager.Bundle, s *settled, code int64, passes []pass.Change, measured []packager.Step) []packager.Step {
	var steps []packager.Step
	if bundle.Unbundled != nil {
		steps = append(steps, packager.Step{Name: "unbundled", Bytes: bundle.Unbundled.Bytes})
	}
	var source int64
	for _, name := range s.Reached {
		source += s.Inputs[name].Bytes
	}
	steps = append(steps, packager.Step{Name: "reachable modules", Bytes: source})
	size := code
	if measured != nil {
		steps = append(steps, measured...)
		passes = slices.DeleteFunc(slices.Clone(passes), func(p pass.Change) bool { return !required(p.Name) })
		size += filesBeside(bundle)
	}
	for _, p := range passes {
		size -= int64(p.Bytes)
	}
	if measured == nil && !s.f.Build.NoMinify {
		steps = append(steps, packager.Step{Name: minified, Bytes: size})
	}
	for _, p := range passes {
		size += int64(p.Bytes)
		steps = append(steps, packager.Step{Name: p.Name, Bytes: size})
	}
	return steps
}

// withoutRequired is the size of code before the passes that cannot be switched off.
func withoutRequired(code int64, passes []pass.Change) int64 {
	for _, p := range passes {
		if required(p.Name) {
			code -= int64(p.Bytes)
		}
	}
	return code
}

// required reports whether a pass cannot be switched off.
func required(name string) bool {
	return slices.ContainsFunc(analyzer.Passes, func(p analyzer.Pass) bool { return p.Name == name && p.Required })
}

// filesBeside is the size of the files beside the bundle.
func filesBeside(bundle *packager.Bundle) (n int64) {
	for _, f := range bundle.Files[1:] {
		for _, p := range f.Parts {
			n += p.Bytes
		}
	}
	return n
}

// measureSteps builds all functions again and again, each time with one more pass, and
// returns the steps of each function by its ID: the code after tree shaking, minified,
// with the files beside it, and after each pass that makes a difference. Passes that
// cannot be switched off are taken out of every size, since they come last.
func (o Builder) measureSteps(ctx context.Context, asked packager.Job) (map[string][]packager.Step, error) {
	steps := map[string][]packager.Step{}
	asked.Waterfall, asked.ExactBefore, asked.Progress, asked.Graph = false, false, nil, nil
	functions := asked.Functions
	o.measures = true
	measure := func(vary func(*analyzer.BuildOptions), use func(id string, code, files int64)) error {
		asked.Functions = slices.Clone(functions)
		for i := range asked.Functions {
			vary(&asked.Functions[i].Build)
		}
		return o.Build(ctx, asked, func(bundle packager.Bundle) {
			if len(bundle.Files) == 0 {
				return // the build that counts reports why
			}
			use(bundle.ID, bundle.Waterfall[0].Bytes, filesBeside(&bundle))
		})
	}
	err := measure(func(b *analyzer.BuildOptions) { b.Passes, b.NoMinify, b.SourceMap = b.Passes.UpTo(0), true, "none" },
		func(id string, code, _ int64) {
			steps[id] = append(steps[id], packager.Step{Name: treeShaken, Bytes: code})
		})
	if err != nil {
		return nil, err
	}
	last := map[string]int64{}
	for n := range len(analyzer.PassNames()) + 1 {
		if n > 0 && !slices.ContainsFunc(functions, func(f analyzer.Function) bool { return f.Build.Passes.On(analyzer.PassNames()[n-1]) }) {
			continue
		}
		err := measure(func(b *analyzer.BuildOptions) { b.Passes = b.Passes.UpTo(n) }, func(id string, code, files int64) {
			switch size := code + files; {
			case n == 0:
				steps[id] = append(steps[id], packager.Step{Name: minified, Bytes: code})
				if files > 0 {
					steps[id] = append(steps[id], packager.Step{Name: withFiles, Bytes: size})
				}
				last[id] = size
			case size != last[id]:
				steps[id] = append(steps[id], packager.Step{Name: analyzer.PassNames()[n-1], Bytes: size})
				last[id] = size
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return steps, nil
}
