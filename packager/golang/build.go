package golang

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// Builder builds functions of Go. The zero value works.
type Builder struct {
	// CacheDir is the absolute folder where programs are kept between runs; ""
	// is a folder of its own in the user's cache folder.
	CacheDir string
}

var _ packager.Builder = Builder{}

// Build builds the functions, many programs per `go build`, and hands each
// bundle over as soon as its group is done: groups sorted by their settings,
// functions within a group by ID. The stages of its progress are list, link and
// attribute, counted in functions that have a package to build. The error is the
// context's.
//
// The file that a bundle's bootstrap is read from lies in the folder kept between
// runs, where another run may replace it: the folder is locked until emit has
// returned and what [packager.Bundle.Hold] gave is released.
func (o Builder) Build(ctx context.Context, job packager.Job, emit func(packager.Bundle)) error {
	if len(job.Functions) == 0 {
		return ctx.Err()
	}
	p := job.Project
	b := &builder{job: job, total: len(job.Functions), works: map[string]workFile{}, done: map[string]int{}}
	b.inputs = newInputs(job.Graph, b.relative)

	tasks := make([]*task, len(job.Functions))
	for i, f := range job.Functions {
		tasks[i] = &task{function: f, id: f.ID}
	}
	slices.SortFunc(tasks, func(a, b *task) int { return cmp.Compare(a.id, b.id) })

	tools, err := findToolchain(ctx, p.Root)
	if err == nil {
		b.tools = tools
		b.store, err = openStore(o.CacheDir)
	}
	for _, t := range tasks {
		if err != nil {
			t.tell(asDiagnostic(err))
		} else {
			b.plan(t)
		}
	}

	groups := map[settings][]*task{}
	for _, t := range tasks {
		if t.failed() {
			b.total--
			emit(b.bundle(t))
			continue
		}
		groups[t.settings] = append(groups[t.settings], t)
	}
	for _, s := range slices.SortedFunc(maps.Keys(groups), settings.compare) {
		b.buildGroup(ctx, s, groups[s], emit)
	}
	return ctx.Err()
}

// builder is one run of [Build].
type builder struct {
	job    packager.Job
	inputs inputs
	tools  *toolchain
	store  *store
	total  int
	works  map[string]workFile // go.work files read so far
	done   map[string]int      // functions by stage
	// stands are the files that stand in for others in a trial build.
	stands map[string]string
}

// task is one function on its way to a bundle.
type task struct {
	function analyzer.Function
	id       string
	dir      string // absolute package folder
	module   string // absolute folder of its go.mod
	settings settings
	// linkerNames are the function's linker flags as they may be shown.
	linkerNames []string

	main    *goPackage // nil until listed
	closure []*goPackage
	program *program // nil until linked

	diagnostics []analyzer.Diagnostic
}

// tell adds a diagnostic about the function.
func (t *task) tell(d analyzer.Diagnostic) {
	d.Function = t.id
	t.diagnostics = append(t.diagnostics, d)
}

func (t *task) failed() bool { return analyzer.ExitStatus(t.diagnostics) != 0 }

// buildGroup lists, links and checks the tasks of equal settings.
func (b *builder) buildGroup(ctx context.Context, s settings, group []*task, emit func(packager.Bundle)) {
	folder, err := b.store.lock(ctx, s)
	if err != nil {
		for _, t := range group {
			t.tell(asDiagnostic(err))
			emit(b.bundle(t))
		}
		return
	}
	defer folder.unlock()

	b.list(ctx, s, group)
	b.progress("list", len(group))
	b.link(ctx, s, folder, group)
	b.progress("link", len(group))
	if b.job.Waterfall {
		b.weighSteps(ctx, s, folder, group)
	}
	b.attribute(ctx, folder, group)
	folder.forget()
	for _, t := range group {
		b.check(t)
		bundle := b.bundle(t)
		bundle.Hold = folder.hold
		emit(bundle)
		// A listing is megabytes; there may be thousands of groups.
		t.main, t.closure, t.program = nil, nil, nil
	}
	clear(b.inputs.known)
}

// bundle is what a task has become.
func (b *builder) bundle(t *task) packager.Bundle {
	out := packager.Bundle{
		Function:    t.function,
		ID:          t.id,
		Graph:       b.job.Graph,
		Entry:       -1,
		Diagnostics: analyzer.SortDiagnostics(t.diagnostics),
	}
	if t.settings != (settings{}) {
		out.Settings = b.shown(t)
	}
	if t.main != nil {
		out.Entry, out.Reached = b.inputs.intern(t.closure, b.tools.version)
	}
	if t.failed() || t.program == nil {
		return out
	}
	out.Waterfall = t.program.steps
	out.Files = []packager.File{{
		Name:   "bootstrap",
		Source: t.program.path,
		Parts:  b.parts(t),
	}}
	return out
}

func (b *builder) progress(stage string, n int) {
	if b.job.Progress == nil {
		return
	}
	b.done[stage] += n
	b.job.Progress(stage, b.done[stage], b.total)
}
