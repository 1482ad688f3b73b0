package golang

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// Options are the settings of a run. The zero value works.
type Options struct {
	// CacheDir is the absolute folder where programs are kept between runs; ""
	// is a folder of its own in the user's cache folder.
	CacheDir string
	// Graph takes the Go packages in; nil makes a new one.
	Graph *analyzer.Graph
	// Waterfall also links every program plainly and stripped only, to tell
	// what each step saved: two more links a function.
	Waterfall bool
	// AllowGoflags names flags that are let through although they may run or
	// replace code, such as "-toolexec", "-overlay" or "-extld".
	AllowGoflags []string
	// Progress is told how far a stage (list, link, attribute) is, counted in
	// functions that have a package to build; it may be nil.
	Progress func(stage string, done, total int)
}

// Build builds the functions, many programs per `go build`, and hands each
// bundle over as soon as its group is done: groups sorted by their settings,
// functions within a group by ID. A function that cannot be built is handed
// over too, with the diagnostics that say why.
//
// The file that a bundle's bootstrap is read from belongs to the folder kept
// between runs. It is locked until emit returns and may be replaced later, so
// a bundle is to be packed within emit.
func Build(ctx context.Context, p analyzer.Project, functions []analyzer.Function, o Options, emit func(packager.Bundle)) {
	if len(functions) == 0 {
		return
	}
	b := &builder{project: p, options: o, graph: o.Graph, total: len(functions)}
	if b.graph == nil {
		b.graph = &analyzer.Graph{}
	}
	b.inputs = newInputs(b.graph, b.relative)

	tasks := make([]*task, len(functions))
	for i, f := range functions {
		tasks[i] = &task{function: f, id: p.ID(f)}
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
			b.plan(ctx, t)
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
}

// builder is one run of [Build].
type builder struct {
	project analyzer.Project
	options Options
	graph   *analyzer.Graph
	inputs  inputs
	tools   *toolchain
	store   *store
	total   int
	works   map[string]workFile // go.work files read so far
	done    map[string]int      // functions by stage
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
	if b.options.Waterfall {
		b.weighSteps(ctx, s, folder, group)
	}
	b.attribute(ctx, folder, group)
	folder.forget()
	for _, t := range group {
		b.check(t)
		emit(b.bundle(t))
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
		Graph:       b.graph,
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
	if b.options.Progress == nil {
		return
	}
	if b.done == nil {
		b.done = map[string]int{}
	}
	b.done[stage] += n
	b.options.Progress(stage, b.done[stage], b.total)
}
