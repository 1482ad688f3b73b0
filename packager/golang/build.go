package golang

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/golang/toolchain"
)

// Builder builds Go functions. The zero value works.
type Builder struct {
	// CacheDir is the absolute path of the folder that keeps linked programs between
	// runs. If it is "", a folder in the user's cache folder is used.
	CacheDir string
	// Remember is called by Measure with a digest of all that a program is linked from. It
	// returns what link returns, or returned in an earlier run. nil links always.
	Remember func(input string, link func() (Weight, error)) (Weight, error)
}

var _ packager.Builder = Builder{}

// Build builds the functions, with one `go build` for each group of equal settings.
// It emits the bundles of a group as soon as the group is done. Groups are sorted
// by their settings, functions within a group by ID. The progress stages are list,
// link and attribute; they count the functions that have a package to build. Build
// returns only errors of the context.
//
// A bundle's bootstrap is read from a file in the cache folder, where another run
// could replace it. The folder stays locked until emit has returned and every hold
// from [packager.Bundle.Hold] is released.
func (o Builder) Build(ctx context.Context, job packager.Job, emit func(packager.Bundle)) error {
	if len(job.Functions) == 0 {
		return ctx.Err()
	}
	p := job.Project
	b := newBuilder(job)
	defer b.close()
	b.inputs = newInputs(job.Graph, b.relative)

	tasks := make([]*task, len(job.Functions))
	for i, f := range job.Functions {
		tasks[i] = &task{function: f}
	}
	slices.SortFunc(tasks, func(a, b *task) int { return cmp.Compare(a.function.ID, b.function.ID) })

	tools, err := toolchain.Find(ctx, p.Root, job.GoCommand)
	if err == nil {
		b.tools = tools
		b.cache = openCache(tools.ModCache)
		b.store, err = openStore(o.CacheDir)
	}
	for _, t := range tasks {
		if err != nil {
			t.report(asDiagnostic(err))
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

func newBuilder(job packager.Job) *builder {
	job.Open()
	return &builder{
		job: job, total: len(job.Functions), works: map[string]workFile{}, modules: map[string]*modules{},
		sources: map[string]*sources{}, done: map[string]int{},
	}
}

// close closes the folders that the run has open. The job's owner closes its files.
func (b *builder) close() {
	if b.cache != nil {
		b.cache.Close()
	}
}

// builder is one run of [Build].
type builder struct {
	job     packager.Job
	inputs  inputs
	tools   *toolchain.Toolchain
	store   *store
	total   int
	works   map[string]workFile // go.work files read so far
	done    map[string]int      // functions by stage
	modules map[string]*modules // those that were judged, by module and workspace
	sources map[string]*sources // folders that were judged
	// cache reads the module cache.
	cache *projectfs.FS
	// originals maps the overlay files of a trial build to the files they replace.
	originals map[string]string
}

// task is the build of one function.
type task struct {
	function analyzer.Function
	dir      string // absolute package folder
	module   string // absolute folder of its go.mod
	settings settings
	// linkerNames are the function's linker flags as reported: values of -X are hidden.
	linkerNames []string

	main    *toolchain.Package // nil until listed
	closure []*toolchain.Package
	program *program // nil until linked

	diagnostics []analyzer.Diagnostic
}

// report adds a diagnostic for the function.
func (t *task) report(d analyzer.Diagnostic) {
	d.Function = t.function.ID
	t.diagnostics = append(t.diagnostics, d)
}

func (t *task) failed() bool { return analyzer.ExitStatus(t.diagnostics) != 0 }

// buildGroup lists, links and checks the tasks of one group.
func (b *builder) buildGroup(ctx context.Context, s settings, group []*task, emit func(packager.Bundle)) {
	folder, err := b.store.lock(ctx, s)
	if err != nil {
		for _, t := range group {
			t.report(asDiagnostic(err))
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
		b.measureSteps(ctx, s, folder, group)
	}
	b.attribute(ctx, folder, group)
	folder.forget()
	for _, t := range group {
		b.check(t)
		bundle := b.bundle(t)
		bundle.Hold = folder.hold
		emit(bundle)
		// Free the listing: it takes megabytes, and there may be thousands of groups.
		t.main, t.closure, t.program = nil, nil, nil
	}
	clear(b.inputs.known)
}

// bundle makes the bundle of a finished or failed task.
func (b *builder) bundle(t *task) packager.Bundle {
	out := packager.Bundle{
		Function:    t.function,
		ID:          t.function.ID,
		Graph:       b.job.Graph,
		Entry:       -1,
		Diagnostics: analyzer.SortDiagnostics(t.diagnostics),
	}
	if t.settings != (settings{}) {
		out.Settings = b.reportedSettings(t)
	}
	if t.main != nil {
		out.Entry, out.Reached = b.inputs.intern(t.closure, b.tools.Version)
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
