package pipeline

import (
	"context"
	"os"
	"path"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/golang"
	"github.com/featherpack/featherpack/packager/node"
)

// builders is the table of runtimes: what makes a bundle of each function and
// emits it as soon as it is final. A new family is two folders and a line here.
var builders = map[analyzer.Family]func(context.Context, job) error{
	analyzer.Node: func(ctx context.Context, j job) error {
		return node.Build(ctx, j.project, j.functions, node.Options{
			Graph: j.graph, Waterfall: j.options.Waterfall, ExactBefore: j.options.ExactBefore, AllowOutside: j.options.AllowOutside,
			Progress: j.progress,
		}, j.emit)
	},
	analyzer.Go: func(ctx context.Context, j job) error {
		golang.Build(ctx, j.project, j.functions, golang.Options{
			Graph: j.graph, Waterfall: j.options.Waterfall, AllowGoflags: j.options.AllowGoflags,
			Progress: func(_ string, done, total int) { j.progress(done, total) },
		}, func(b packager.Bundle) { j.emit(held(withIncluded(j.project, b))) })
		return ctx.Err()
	},
}

// job is one builder's share of a run.
type job struct {
	project   analyzer.Project
	functions []analyzer.Function
	graph     *analyzer.Graph
	options   Options
	progress  func(done, total int)
	emit      func(packager.Bundle)
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
