package packager

import (
	"context"
	"fmt"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
)

// Builder makes bundles of the functions of one family of runtimes.
type Builder interface {
	// Build makes a bundle of every function of the job and hands each to emit as
	// soon as it is final. The order depends on the job alone. A function that
	// cannot be built is handed over too, with the diagnostics that say why; it does
	// not take its neighbours down. The error is for what concerns them all, such
	// as a cancelled context.
	Build(ctx context.Context, job Job, emit func(Bundle)) error
}

// Job is what a [Builder] is asked for. The zero value of a setting works.
type Job struct {
	Project analyzer.Project
	// Functions are to be built all at once, so that they share their work.
	Functions []analyzer.Function
	// Graph receives the inputs; nil makes one of its own for the job.
	Graph *analyzer.Graph
	// Waterfall measures every step of the waterfall, which takes further links.
	Waterfall bool
	// ExactBefore compresses the unbundled files instead of projecting their zip.
	ExactBefore bool
	// AllowOutside takes in modules that lie outside the project's root.
	AllowOutside bool
	// AllowGoflags names flags of the Go toolchain that are let through although
	// they may run or replace code, such as "-toolexec", "-overlay" or "-extld".
	AllowGoflags []string
	// Progress is told how many functions a stage, such as "link", is done with;
	// it may be nil.
	Progress func(stage string, done, total int)

	extras *extras
}

// Build has the builder do the job, and puts into every bundle the files that the
// function's patterns bring in.
func Build(ctx context.Context, b Builder, job Job, emit func(Bundle)) error {
	if job.Graph == nil {
		job.Graph = &analyzer.Graph{}
	}
	job.extras = &extras{root: job.Project.Root, known: map[string]extra{}}
	return b.Build(ctx, job, func(bundle Bundle) {
		job.complete(&bundle)
		emit(bundle)
	})
}

// Extra lists the files that the function's patterns will bring into its bundle,
// for a builder whose output depends on what lies beside it.
func (j Job) Extra(f analyzer.Function) []File {
	if j.extras == nil {
		return nil
	}
	return j.extras.of(f).files
}

// complete adds the extra files to a bundle that holds any itself. Where names
// meet, the builder's file stays.
func (j Job) complete(b *Bundle) {
	if len(b.Files) == 0 {
		return // it has failed, for another reason
	}
	names := map[string]bool{}
	for _, f := range b.Files {
		names[f.Name] = true
	}
	extra := j.extras.of(b.Function)
	for _, f := range extra.files {
		switch {
		case slices.Contains(b.Shadowing, f.Name):
			b.Diagnostics = append(b.Diagnostics, analyzer.Diagnostic{
				Code: "shadows-bundle", Severity: analyzer.Note, Function: b.ID, Position: b.Function.Position,
				Message: fmt.Sprintf("a pattern includes %s, which stays out: Lambda could load it in place of the bundle, %s", f.Name, b.Files[0].Name),
			})
		case !names[f.Name]:
			b.Files = append(b.Files, f)
		}
	}
	for _, d := range extra.problems {
		d.Function = b.ID
		b.Diagnostics = append(b.Diagnostics, d)
	}
	b.Diagnostics = analyzer.SortDiagnostics(b.Diagnostics)
}
