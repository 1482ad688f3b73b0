package pipeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/reuse"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/packager/compiled"
	"github.com/featherpack/featherpack/reporters"
)

// Build builds each family's functions. It packs every bundle as soon as it is
// final, while the next ones are being linked, and adds the inputs to the graph.
func Build(ctx context.Context, project analyzer.Project, functions []analyzer.Function, graph *analyzer.Graph, o Options, out *outdir.Dir) ([]reporters.Built, error) {
	earlier := o.open(ctx, project, functions, graph, out)
	defer earlier.close()
	return build(ctx, project, functions, graph, o, out, earlier)
}

func build(ctx context.Context, project analyzer.Project, functions []analyzer.Function, graph *analyzer.Graph, o Options, out *outdir.Dir, earlier *earlier) ([]reporters.Built, error) {
	ids := make([]string, len(functions))
	for i, f := range functions {
		ids[i] = f.ID
	}
	out.Expect(ids)
	p := newPacking(ctx, o.Compress, out)
	p.timed = o.timed
	if p.codeCache = o.CodeCache; p.codeCache == nil {
		files := projectfs.New(project.Root, projectfs.Allowances{})
		defer files.Close()
		p.codeCache = compiled.Committed(files.Read)
	}
	p.reuse = earlier.run
	if p.reuse != nil && o.Remote != nil {
		since := time.Now()
		o.Step("featherpack: looking in the cache at %s", o.Remote.Name())
		p.reuse.Fetch(functions)
		o.timed("look in the remote cache", "", since)
	}
	if zips := reuse.NewZips(earlier.store, p.reuse); zips != nil {
		p.earlier = zips
	}
	inputs, record := p.inputs(project, o, out)
	if p.reuse == nil {
		defer inputs.Close()
	}
	byFamily := map[analyzer.Family][]analyzer.Function{}
	twins := map[string]string{}
	if out.IgnoresCase() {
		twins = caseTwins(project.Functions)
	}
	for _, f := range functions {
		if f.Entry == "" { // discovery's diagnostics have the reason
			p.done(reporters.Built{Bundle: packager.Bundle{Function: f, ID: f.ID, Graph: graph, Entry: -1}})
			continue
		}
		if twin := twins[f.ID]; twin != "" {
			p.done(reporters.Built{Bundle: packager.Bundle{Function: f, ID: f.ID, Graph: graph, Entry: -1, Diagnostics: []analyzer.Diagnostic{
				analyzer.Problem(analyzer.Error, "one-zip-for-two", f.Position, "rename one of them, or build on a case-sensitive disk, such as on Linux",
					"its zip and the zip of %s would be the same file: this disk ignores case", twin),
			}}})
			continue
		}
		if p.reuse != nil {
			since := time.Now()
			built, ok := p.reuse.Find(f)
			o.timed("look in the cache", f.ID, since)
			if o.Reasons != nil {
				o.Reasons(f.ID, p.reuse.Reason(f.ID))
			}
			if ok {
				p.done(built)
				continue
			}
		}
		byFamily[f.Family] = append(byFamily[f.Family], f)
	}
	defer roomFor(len(byFamily[analyzer.Node]))()
	var err error
	for _, family := range slices.Sorted(maps.Keys(byFamily)) {
		builder, ok := builders[family]
		if family == analyzer.Node && p.reuse != nil {
			builder = p.reuse.Builder()
		}
		if !ok {
			for _, f := range byFamily[family] {
				p.done(reporters.Built{Bundle: packager.Bundle{Function: f, ID: f.ID, Graph: graph, Entry: -1, Diagnostics: []analyzer.Diagnostic{{
					Code: "unsupported-runtime", Severity: analyzer.Error, Function: f.ID, Position: f.Position,
					Message: fmt.Sprintf("the runtime %s is not supported yet", f.Runtime), Hint: "leave the function out with --only",
				}}}})
			}
			continue
		}
		var files *projectfs.FS
		if family == analyzer.Node {
			files = inputs
		}
		err = packager.Build(ctx, builder, packager.Job{
			Project: project, Files: files, Functions: byFamily[family], Graph: graph, Waterfall: o.Waterfall, ExactBefore: o.ExactBefore,
			AllowOutside: o.AllowOutside, AllowGoflags: o.AllowGoflags, GoCommand: o.GoCommand,
			Progress: func(_ string, done, total int) {
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
	if err == nil {
		err = unaltered(inputs, record)
	}
	if err != nil {
		earlier.failed = true
		return nil, err
	}
	if p.reuse != nil {
		p.reuse.AddSizes(built)
		p.reuse.KeepBuilt()
	}
	slices.SortFunc(built, func(a, b reporters.Built) int {
		if a.Bundle.ID < b.Bundle.ID {
			return -1
		}
		return 1
	})
	return built, nil
}

// inputs is what Node functions are built with: it records what is read.
func (p *packing) inputs(project analyzer.Project, o Options, out *outdir.Dir) (*projectfs.FS, *projectfs.Record) {
	if p.reuse != nil {
		return p.reuse.Files()
	}
	files := projectfs.New(project.Root, projectfs.Allowances{Outside: o.AllowOutside, Instead: o.Instead})
	return files, files.Recording(o.writes(out)...)
}

const inputChanged = "input-changed"

// InputChanged reports whether an error of [Measure] is that a file changed during the build.
func InputChanged(err error) bool {
	var d analyzer.Diagnostic
	return errors.As(err, &d) && d.Code == inputChanged
}

// unaltered fails if a file was changed after the build had read it: other files may have
// been read before it was, and then no version of the project has these zips.
func unaltered(files *projectfs.FS, record *projectfs.Record) error {
	names := record.Altered(files)
	if len(names) == 0 {
		return nil
	}
	message := "changed during the build"
	if more := len(names) - 1; more > 0 {
		message = fmt.Sprintf("%s, and so did %d more", message, more)
	}
	return analyzer.Diagnostic{
		Code: inputChanged, Severity: analyzer.Error, Position: analyzer.Position{File: names[0]}, Message: message,
		Hint: "build again once nothing writes to the project; the zips may hold files of before and of after the change",
	}
}

// caseTwins maps each ID that differs from another one in case only to that other.
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

// packing packs bundles in parallel, one per processor. A bundle waits until one
// is free, so few bundles are in memory at the same time.
type packing struct {
	ctx      context.Context
	compress string
	out      *outdir.Dir
	free     chan struct{}
	busy     sync.WaitGroup
	// codeCache decides for functions with codeCache: auto.
	codeCache func(compiled.Input) (compiled.Mode, *analyzer.Diagnostic)
	timed     func(stage, function string, since time.Time)
	// reuse keeps what is packed. It may be nil.
	reuse *reuse.Run
	// earlier has zips of earlier runs. It may be nil.
	earlier packager.Earlier

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
		compiled.Add(p.ctx, &b, p.codeCache, boot.Options{})
		compiled.Shorten(&b)
		result := reporters.Built{Bundle: b}
		if !b.Failed() {
			if p.reuse != nil {
				p.reuse.Packing(b)
			}
			since := time.Now()
			artifact, err := packager.PackTo(p.ctx, b, p.out.Root(), packager.Options{Compress: p.compress, Earlier: p.earlier})
			stage := "pack"
			if artifact.Earlier {
				stage = "take the zip from the cache"
			}
			p.timed(stage, b.ID, since)
			if err != nil {
				result.Bundle.Diagnostics = append(result.Bundle.Diagnostics, analyzer.DiagnosticsOf(err, "pack", b.ID)...)
			} else {
				result.Artifact = &artifact
				if p.reuse != nil {
					p.reuse.Keep(result, b.Files, b.Beside)
				}
			}
		}
		// The content is in the zip now. The report needs only the sizes.
		result.Bundle.Files, result.Bundle.Beside, result.Bundle.Hold = nil, nil, nil
		// A -X value may be a secret. The settings list the flags without values.
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
