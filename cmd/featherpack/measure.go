package main

import (
	"context"
	"fmt"
	"maps"
	goruntime "runtime"
	"slices"
	"sync"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

// buildSettings are what a build was asked for, validated. The zero value works.
type buildSettings struct {
	discover  manifest.Options
	only      []string
	compress  string
	sourceMap string
	waterfall bool
	// sourceMapPackages keeps the text of installed packages in source maps.
	sourceMapPackages bool
	exactBefore       bool
	// allowOutside takes in modules outside the project's root.
	allowOutside bool
	// allowGoflags names flags of the Go toolchain that run or replace code.
	allowGoflags []string
	boot         bootSettings
	// discovered looks at the project before anything is built; nil for nothing.
	discovered func(analyzer.Project) error
	// unpacked also lays the zips' files out beside them.
	unpacked bool
	// prepare brings in packages before a build; nil where that is not asked for.
	prepare func(context.Context, *terminal, analyzer.Project, []analyzer.Function) error
}

// measure takes a folder to a report. Artifacts are written to out. It is the
// same function for the tree at hand and for a baseline checked out elsewhere.
func measure(ctx context.Context, t *terminal, dir string, s buildSettings, out *outdir.Dir) (reporters.Report, analyzer.Project, error) {
	var timings []reporters.Timing
	since := time.Now()
	lap := func(stage string) {
		timings = append(timings, reporters.Timing{Stage: stage, Duration: time.Since(since)})
		since = time.Now()
	}

	project := manifest.Discover(dir, s.discover)
	functions, err := chosen(project, s.only)
	if err != nil {
		return reporters.Report{}, project, err
	}
	for i := range functions {
		functions[i].Build.SourceMapPackages = s.sourceMapPackages
		if s.sourceMap != "" {
			functions[i].Build.SourceMap = s.sourceMap
		}
	}
	if s.discovered != nil {
		if err := s.discovered(project); err != nil {
			return reporters.Report{}, project, err
		}
	}
	lap("discover")

	if s.prepare != nil {
		if err := s.prepare(ctx, t, project, functions); err != nil {
			return reporters.Report{}, project, err
		}
		lap("install")
	}

	graph := &analyzer.Graph{}
	built, err := buildAndPack(ctx, t, project, functions, s, graph, out)
	if err != nil {
		return reporters.Report{}, project, err
	}
	project.Diagnostics = handOver(project.Diagnostics, built)
	lap("build and pack")

	report := reporters.New(project, built, graph, s.describe(), version())
	lap("report")
	if s.boot.asked {
		bootAll(ctx, t, &report, functions, out, s.boot)
		lap("boot")
	}
	if s.unpacked {
		if err := out.Unpack(report); err != nil {
			return report, project, err
		}
	}
	report.Timings = timings
	return report, project, nil
}

// chosen are the functions that --only asks for, all without it.
func chosen(p analyzer.Project, only []string) ([]analyzer.Function, error) {
	if len(only) == 0 {
		return slices.Clone(p.Functions), nil
	}
	used := make([]bool, len(only))
	var functions []analyzer.Function
	for _, f := range p.Functions {
		wanted := false
		for i, glob := range only {
			for _, name := range []string{f.Name, p.ID(f)} {
				if ok, err := doublestar.Match(glob, name); err != nil {
					return nil, analyzer.Usage(fmt.Sprintf("--only %q is not a glob", glob), `globs are such as "orders-*"`)
				} else if ok {
					wanted, used[i] = true, true
				}
			}
		}
		if wanted {
			functions = append(functions, f)
		}
	}
	if i := slices.Index(used, false); i >= 0 && len(p.Functions) > 0 {
		names := make([]string, len(p.Functions))
		for i, f := range p.Functions {
			names[i] = p.ID(f)
		}
		hint := "featherpack discover lists the functions"
		if near := analyzer.Nearest(only[i], names); near != "" {
			hint = fmt.Sprintf("did you mean %q? %s", near, hint)
		}
		return nil, analyzer.Usage(fmt.Sprintf("--only %q matches no function", only[i]), hint)
	}
	return functions, nil
}

// buildAndPack builds each family's functions and packs every bundle as soon
// as it is final, while the next ones are being linked.
func buildAndPack(ctx context.Context, t *terminal, project analyzer.Project, functions []analyzer.Function, s buildSettings, graph *analyzer.Graph, out *outdir.Dir) ([]reporters.Built, error) {
	p := newPacking(ctx, s, out)
	byFamily := map[analyzer.Family][]analyzer.Function{}
	for _, f := range functions {
		if f.Entry == "" { // discovery has said why
			p.done(reporters.Built{Bundle: packager.Bundle{Function: f, ID: project.ID(f), Graph: graph, Entry: -1}})
			continue
		}
		byFamily[f.Family] = append(byFamily[f.Family], f)
	}
	var err error
	for _, family := range slices.Sorted(maps.Keys(byFamily)) {
		r, ok := runtimes[family]
		if !ok {
			for _, f := range byFamily[family] {
				p.done(reporters.Built{Bundle: packager.Bundle{Function: f, ID: project.ID(f), Graph: graph, Entry: -1, Diagnostics: []analyzer.Diagnostic{{
					Code: "unsupported-runtime", Severity: analyzer.Error, Function: project.ID(f), Position: f.Position,
					Message: fmt.Sprintf("the runtime %s is not supported yet", f.Runtime), Hint: "leave the function out with --only",
				}}}})
			}
			continue
		}
		err = r.build(ctx, buildJob{
			project: project, functions: byFamily[family], graph: graph, settings: s, emit: p.pack,
			progress: func(done, total int) {
				followMemory()
				t.step("featherpack: built %d of %d %s functions", done, total, family)
			},
		})
		if err != nil {
			break
		}
	}
	built := p.wait()
	t.clear()
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

// handOver gives what discovery said about a function to that function, and
// returns the rest: what concerns the whole project. What was said about
// functions that --only leaves out is dropped.
func handOver(said []analyzer.Diagnostic, built []reporters.Built) []analyzer.Diagnostic {
	var project []analyzer.Diagnostic
	byID := map[string][]analyzer.Diagnostic{}
	for _, d := range said {
		if d.Function == "" {
			project = append(project, d)
		} else {
			byID[d.Function] = append(byID[d.Function], d)
		}
	}
	for i := range built {
		b := &built[i].Bundle
		b.Diagnostics = analyzer.SortDiagnostics(append(byID[b.ID], b.Diagnostics...))
	}
	return project
}

// packing packs bundles on as many goroutines as there are processors. A
// bundle waits for a free one, so few are in memory at a time.
type packing struct {
	ctx  context.Context
	s    buildSettings
	out  *outdir.Dir
	free chan struct{}
	busy sync.WaitGroup

	mu    sync.Mutex
	built []reporters.Built
}

func newPacking(ctx context.Context, s buildSettings, out *outdir.Dir) *packing {
	return &packing{ctx: ctx, s: s, out: out, free: make(chan struct{}, goruntime.GOMAXPROCS(0))}
}

func (p *packing) pack(b packager.Bundle) {
	p.free <- struct{}{}
	p.busy.Go(func() {
		defer func() { <-p.free }()
		result := reporters.Built{Bundle: b}
		if !b.Failed() {
			artifact, err := packager.Pack(p.ctx, b, p.out.Path, packager.Options{Compress: p.s.compress})
			if err != nil {
				result.Bundle.Diagnostics = append(result.Bundle.Diagnostics, analyzer.DiagnosticsOf(err, "pack", b.ID)...)
			} else {
				result.Artifact = &artifact
			}
		}
		// The content is in the zip now; the report needs its shares only.
		result.Bundle.Files, result.Bundle.Beside = nil, nil
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

// describe are the settings that bear on bytes, for the report.
func (s buildSettings) describe() []packager.Setting {
	compress := s.compress
	if compress == "" {
		compress = "default"
	}
	settings := []packager.Setting{{Name: "compress", Value: compress}}
	if s.sourceMap != "" {
		settings = append(settings, packager.Setting{Name: "sourcemap", Value: s.sourceMap})
	}
	if s.sourceMapPackages {
		settings = append(settings, packager.Setting{Name: "sourcemap-packages", Value: "yes"})
	}
	if s.discover.Stage != "" {
		settings = append(settings, packager.Setting{Name: "stage", Value: s.discover.Stage})
	}
	return settings
}
