package node

import (
	"context"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/builds"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/licences"
	"github.com/featherpack/featherpack/packager/node/linker"
	"github.com/featherpack/featherpack/packager/node/resolution"
	"github.com/featherpack/featherpack/packager/node/slim"
	"github.com/featherpack/featherpack/packager/node/sloppy"
	"github.com/featherpack/featherpack/packager/node/sourcemap"
	"github.com/featherpack/featherpack/packager/node/unbundled"
)

// Builder builds functions of Node. The zero value works.
type Builder struct {
	// noTrace turns tracing off, to measure its cost.
	noTrace bool
	// measures makes bundles whose code and files beside it count alone: their waterfall is
	// the size of the code. See waterfall.go.
	measures bool
	// Sizes measures the unbundled zips. nil measures without what earlier runs know.
	Sizes *Sizes
	// Memory is that of earlier builds in this process. It may be nil.
	Memory *Memory
}

var _ packager.Builder = Builder{}

// Build bundles all functions and calls emit with each bundle as soon as it is
// final, so that its memory can be freed once it is packed. The order of emit
// follows the groups and is the same in every run. A function that fails is
// emitted too, with diagnostics, and does not affect the others. An error
// concerns them all: a cancelled context, or no space for temporary files.
func (o Builder) Build(ctx context.Context, asked packager.Job, emit func(packager.Bundle)) error {
	if asked.Files == nil {
		asked.Open()
		defer asked.Files.Close()
	}
	memory := o.Memory
	if memory == nil {
		memory = &Memory{}
		defer memory.Close()
	}
	err := memory.open(asked.Files)
	if err != nil {
		return err
	}
	packages := memory.packages
	if asked.Graph == nil {
		asked.Graph = &analyzer.Graph{}
	}
	var steps map[string][]packager.Step
	if asked.Waterfall {
		if steps, err = o.measureSteps(ctx, asked); err != nil {
			return err
		}
	}
	sizes := o.Sizes
	if sizes == nil {
		files := asked.Files.Again() // no bundle depends on the sizes
		defer files.Close()
		if sizes, err = NewSizes(files, asked.ExactBefore); err != nil {
			return err
		}
	}
	b := &builder{
		Job: asked, noTrace: o.noTrace, measures: o.measures, steps: steps, packages: packages, resolutions: memory.resolutions, emit: emit,
		linkers: o.Memory.pool(), remembered: o.Memory, build: memory.builds, nodes: map[*resolution.Resolution]map[string]*analyzer.Input{},
		comparers: map[*resolution.Resolution]*builds.Comparer{}, sloppy: memory.sloppy, locked: memory.locked, declares: map[string]map[string]bool{}, stars: map[string]stars{},
		passer: newPasser(), unbundled: sizes.measurer, notices: memory.notices, ownNames: &memory.ownNames, maps: sourcemap.New(packages), slim: slim.NewSet(packages),
	}
	pending := make([]*job, 0, len(asked.Functions))
	for _, f := range asked.Functions {
		pending = append(pending, b.plan(f))
	}
	// Every round finishes the functions that are settled and returns the rest
	// with a more cautious plan, or once with the plan of a trial (one_build.go). Plans
	// only grow, so this ends.
	for first := true; len(pending) > 0; first = false {
		var again []*job
		for _, group := range groups(pending) {
			unsettled, err := b.buildGroup(ctx, group, first)
			if err != nil {
				return err
			}
			again = append(again, unsettled...)
		}
		pending = again
	}
	return nil
}

// builder is the state of one Build.
type builder struct {
	packager.Job
	noTrace     bool
	measures    bool
	packages    *installed.Tree
	resolutions *resolution.Set
	linkers     *linker.Pool // nil where none is kept
	remembered  *Memory      // nil where nothing is kept
	build       int          // its number in the memory
	// nodes are those of the graph that intern has made, by path.
	nodes     map[*resolution.Resolution]map[string]*analyzer.Input
	emit      func(packager.Bundle)
	done      int
	comparers map[*resolution.Resolution]*builds.Comparer
	sloppy    map[inMode]sloppy.Reading
	locked    map[inMode]sloppy.Locked
	declares  map[string]map[string]bool // whether files declare a class or function, by its name
	stars     map[string]stars           // by input
	passer    passer                     // of linked codes
	unbundled *unbundled.Measurer
	notices   *licences.Notices
	ownNames  *namesByText
	maps      *sourcemap.Maps
	slim      *slim.Set
	steps     map[string][]packager.Step // measured for the waterfall, by the function's ID
}

// buildGroup links functions of equal settings and plan and finishes those that
// are settled. It returns the others, with a more cautious plan.
func (b *builder) buildGroup(ctx context.Context, group []*job, first bool) (again []*job, err error) {
	var g *guesses
	if first && (len(group) > 1 || b.remembered != nil) {
		g, group = b.newGuesses(group)
	}
	err = b.link(ctx, group, g, func(j *job) { again = append(again, j) }, func(batch []*linked) (err error) {
		// The code of some functions is passed while others are settled and finished.
		var begun []*begun
		defer func() {
			for _, s := range begun {
				s.wait()
			}
		}()
		for _, l := range batch {
			b.noteReached(l)
			before, parsing := l.plan, b.parse(l)
			s, planAgain, err := b.settle(ctx, l)
			if err != nil || planAgain || len(s.Errors) > 0 {
				b.drop(parsing)
			}
			if err != nil {
				return err
			}
			g.learn(l, before, planAgain)
			if planAgain {
				again = append(again, l.job)
			} else {
				s.parsing = parsing
				begun = append(begun, b.begin(s))
			}
		}
		for _, s := range begun {
			if err := b.finish(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	return again, err
}

// begin begins the bundle of a function whose plan is settled.
func (b *builder) begin(s *settled) *begun {
	if len(s.Errors) > 0 {
		return &begun{settled: s, bundle: b.failed(s)}
	}
	diagnostics, withheld := b.check(s)
	return b.assemble(s, b.place(s, withheld), diagnostics)
}

// finish completes and emits a bundle that has been begun.
func (b *builder) finish(ctx context.Context, s *begun) error {
	bundle := s.bundle
	if s.passing != nil {
		bundle = b.complete(s)
		if err := b.addApart(ctx, s.settled, &bundle); err != nil {
			return err
		}
		bundle.Reads = b.reads(s.settled)
	}
	b.done++
	if b.Progress != nil {
		b.Progress("link", b.done, len(b.Functions))
	}
	b.emit(bundle)
	return nil
}
