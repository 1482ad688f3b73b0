package packager

import (
	"context"
	"fmt"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// Builder builds the functions of one family of runtimes.
type Builder interface {
	// Build builds a bundle for every function of the job and calls emit with each
	// one as soon as it is complete. The order depends only on the job. A function
	// that cannot be built is emitted too, with the diagnostics that say why, and
	// does not stop the others. Build returns an error only for problems of the
	// whole job, such as a cancelled context.
	Build(ctx context.Context, job Job, emit func(Bundle)) error
}

// Job is the work for a [Builder]. Every setting may be left at its zero value.
type Job struct {
	Project analyzer.Project
	// Functions are built together, so that they can share work.
	Functions []analyzer.Function
	// Graph receives the inputs. If it is nil, the job gets a new one.
	Graph *analyzer.Graph
	// Waterfall measures every step of the waterfall. For Node that builds the functions
	// once more for each pass.
	Waterfall bool
	// ExactBefore compresses the unbundled files instead of projecting their zip size.
	ExactBefore bool
	// AllowOutside allows modules outside the project's root.
	AllowOutside bool
	// AllowFolders are absolute folders whose files may be read like those of the
	// project.
	AllowFolders []string
	// Files reads the project's files. nil means a new one that allows what
	// AllowOutside and AllowFolders say.
	Files *projectfs.FS
	// AllowGoflags names flags of the Go toolchain that are allowed although they
	// can run or replace code, such as "-toolexec", "-overlay" or "-extld".
	AllowGoflags []string
	// GoCommand is the absolute path of the go command that builds Go functions. If it is
	// "", the one on PATH does.
	GoCommand string
	// Progress is called with the number of functions that have finished a stage,
	// such as "link". It may be nil.
	Progress func(stage string, done, total int)

	extras *extras
}

// Open gives the job its Files if it has none.
func (j *Job) Open() {
	if j.Files == nil {
		j.Files = projectfs.New(j.Project.Root, projectfs.Allowances{Outside: j.AllowOutside, Folders: j.AllowFolders})
	}
}

// Build runs the builder on the job and adds to every bundle the files that the
// function's patterns match.
func Build(ctx context.Context, b Builder, job Job, emit func(Bundle)) error {
	if job.Graph == nil {
		job.Graph = &analyzer.Graph{}
	}
	job.Open()
	defer job.Files.Close()
	job.extras = &extras{files: job.Files, known: map[string]extra{}, modules: map[string]string{}}
	return b.Build(ctx, job, func(bundle Bundle) {
		job.complete(&bundle)
		bundle.inputs = len(job.Graph.Inputs)
		emit(bundle)
	})
}

// Extra lists the files that Build will add to the function's bundle. Builders
// whose output depends on the files next to it call it.
func (j Job) Extra(f analyzer.Function) []File {
	if j.extras == nil {
		return nil
	}
	return j.extras.of(f).files
}

// complete adds the extra files to a bundle. If two files have the same name, it
// keeps the builder's file.
func (j Job) complete(b *Bundle) {
	if len(b.Files) == 0 {
		return // the build failed for another reason
	}
	names := map[string]bool{}
	for _, f := range b.Files {
		names[f.Name] = true
	}
	extra := j.extras.of(b.Function)
	if b.Reads != nil {
		b.Reads.Patterns = extra.record
	}
	for _, f := range j.earlierPrograms(b, extra.files) {
		switch {
		case slices.Contains(b.Shadowing, f.Name):
			b.Diagnostics = append(b.Diagnostics, analyzer.Diagnostic{
				Code: "shadows-bundle", Severity: analyzer.Note, Function: b.ID, Position: b.Function.Position,
				Message: fmt.Sprintf("a pattern matches %s, which is not packed: Lambda could load it instead of the bundle, %s", f.Name, b.Files[0].Name),
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
