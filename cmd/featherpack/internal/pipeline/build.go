package pipeline

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

// Build builds each family's functions and packs every bundle as soon as it is
// final, while the next ones are being linked. The inputs go into the graph.
func Build(ctx context.Context, project analyzer.Project, functions []analyzer.Function, graph *analyzer.Graph, o Options, out *outdir.Dir) ([]reporters.Built, error) {
	p := newPacking(ctx, o.Compress, out)
	byFamily := map[analyzer.Family][]analyzer.Function{}
	twins := map[string]string{}
	if out.IgnoresCase() {
		twins = caseTwins(project.Functions)
	}
	for _, f := range functions {
		if f.Entry == "" { // discovery has said why
			p.done(reporters.Built{Bundle: packager.Bundle{Function: f, ID: f.ID, Graph: graph, Entry: -1}})
			continue
		}
		if twin := twins[f.ID]; twin != "" {
			p.done(reporters.Built{Bundle: packager.Bundle{Function: f, ID: f.ID, Graph: graph, Entry: -1, Diagnostics: []analyzer.Diagnostic{
				analyzer.Problem(analyzer.Error, "one-zip-for-two", f.Position, "build where upper and lower case differ, such as on Linux, or rename one of them",
					"its zip and the one of %s would be one file: this disk ignores case", twin),
			}}})
			continue
		}
		byFamily[f.Family] = append(byFamily[f.Family], f)
	}
	var err error
	for _, family := range slices.Sorted(maps.Keys(byFamily)) {
		builder, ok := builders[family]
		if !ok {
			for _, f := range byFamily[family] {
				p.done(reporters.Built{Bundle: packager.Bundle{Function: f, ID: f.ID, Graph: graph, Entry: -1, Diagnostics: []analyzer.Diagnostic{{
					Code: "unsupported-runtime", Severity: analyzer.Error, Function: f.ID, Position: f.Position,
					Message: fmt.Sprintf("the runtime %s is not supported yet", f.Runtime), Hint: "leave the function out with --only",
				}}}})
			}
			continue
		}
		err = packager.Build(ctx, builder, packager.Job{
			Project: project, Functions: byFamily[family], Graph: graph, Waterfall: o.Waterfall, ExactBefore: o.ExactBefore,
			AllowOutside: o.AllowOutside, AllowGoflags: o.AllowGoflags,
			Progress: func(_ string, done, total int) {
				followMemory()
				o.Step("featherpack: built %d of %d %s functions", done, total, family)
			},
		}, p.pack)
		if err != nil {
			break
		}
	}
	built := p.wait()
	o.clear()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(built, func(a, b reporters.Built) int {
		if a.Bundle.ID < b.Bundle.ID {
			return -1
		}
		return 1
	})
	return built, nil
}

// caseTwins are the IDs that differ from another one in case alone, with that one.
func caseTwins(functions []analyzer.Function) map[string]string {
	first, twins := map[string]string{}, map[string]string{}
	for _, f := range functions {
		folded := strings.ToLower(strings.ToUpper(f.ID))
		if other, ok := first[folded]; ok {
			twins[f.ID], twins[other] = other, f.ID
		} else {
			first[folded] = f.ID
		}
	}
	return twins
}

// packing packs bundles on as many goroutines as there are processors. A
// bundle waits for a free one, so few are in memory at a time.
type packing struct {
	ctx      context.Context
	compress string
	out      *outdir.Dir
	free     chan struct{}
	busy     sync.WaitGroup

	mu    sync.Mutex
	built []reporters.Built
}

func newPacking(ctx context.Context, compress string, out *outdir.Dir) *packing {
	return &packing{ctx: ctx, compress: compress, out: out, free: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

func (p *packing) pack(b packager.Bundle) {
	release := func() {}
	if b.Hold != nil {
		release = b.Hold()
	}
	p.free <- struct{}{}
	p.busy.Go(func() {
		defer func() { <-p.free }()
		defer release()
		result := reporters.Built{Bundle: b}
		if !b.Failed() {
			artifact, err := packager.Pack(p.ctx, b, p.out.Path, packager.Options{Compress: p.compress})
			if err != nil {
				result.Bundle.Diagnostics = append(result.Bundle.Diagnostics, analyzer.DiagnosticsOf(err, "pack", b.ID)...)
			} else {
				result.Artifact = &artifact
			}
		}
		// The content is in the zip now; the report needs its shares only.
		result.Bundle.Files, result.Bundle.Beside, result.Bundle.Hold = nil, nil, nil
		// A -X value may be a secret; the settings name the flags without it.
		result.Bundle.Function.Build.LDFlags = nil
		p.done(result)
	})
}

func (p *packing) done(b reporters.Built) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.built = append(p.built, b)
}

func (p *packing) wait() []reporters.Built {
	p.busy.Wait()
	return p.built
}
