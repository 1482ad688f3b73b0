package main

import (
	"context"
	"os"
	"path"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/golang"
	"github.com/featherpack/featherpack/packager/node"
)

// runtime is what the pipeline needs to know about a family of runtimes.
type runtime struct {
	// build makes a bundle of each function and emits it as soon as it is final.
	build func(ctx context.Context, job buildJob) error
	// why says what brings a package, or a symbol, into a function.
	why func(ctx context.Context, q whyQuestion) (whyAnswer, error)
	// advise says what else makes a function big or slow.
	advise func(ctx context.Context, q adviseQuestion) (advised, error)
}

// buildJob is one builder's share of a run.
type buildJob struct {
	project   analyzer.Project
	functions []analyzer.Function
	graph     *analyzer.Graph
	settings  buildSettings
	progress  func(done, total int)
	emit      func(packager.Bundle)
}

// runtimes is the table of runtimes. A new one is two folders and a line here.
var runtimes = map[analyzer.Family]runtime{
	analyzer.Node: {build: func(ctx context.Context, j buildJob) error {
		return node.Build(ctx, j.project, j.functions, node.Options{
			Graph: j.graph, Waterfall: j.settings.waterfall, ExactBefore: j.settings.exactBefore, AllowOutside: j.settings.allowOutside, Progress: j.progress,
		}, j.emit)
	}, why: whyNode, advise: adviseNode},
	analyzer.Go: {build: func(ctx context.Context, j buildJob) error {
		golang.Build(ctx, j.project, j.functions, golang.Options{
			Graph: j.graph, Waterfall: j.settings.waterfall, AllowGoflags: j.settings.allowGoflags,
			Progress: func(_ string, done, total int) { j.progress(done, total) },
		}, func(b packager.Bundle) { j.emit(held(withIncluded(j.project, b))) })
		return ctx.Err()
	}, why: whyGo, advise: adviseGo},
}

// withIncluded adds the files that the function's patterns ask for.
func withIncluded(p analyzer.Project, b packager.Bundle) packager.Bundle {
	if b.Failed() {
		return b
	}
	files, problems := packager.Include(p, b.Function, b.ID)
	b.Files = append(b.Files, files...)
	b.Diagnostics = append(b.Diagnostics, problems...)
	return b
}

// held reads a bundle's files into memory: a Go program is in a folder that is
// ours until emit returns, and packing takes longer. A file that cannot be read
// is left to packing, which says so.
func held(b packager.Bundle) packager.Bundle {
	for i, f := range b.Files {
		if f.Content == nil && path.Base(f.Name) == "bootstrap" {
			if content, err := os.ReadFile(f.Source); err == nil {
				b.Files[i].Content = content
			}
		}
	}
	return b
}
