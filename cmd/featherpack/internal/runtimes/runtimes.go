package runtimes

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
)

// starts is the number of processes in which a load is measured.
const starts = 5

// Try tries the built functions of a report, whose zips are in out, and adds the results to
// the report. It leaves out the runtime that a function has.
func Try(ctx context.Context, p analyzer.Project, r *reporters.Report, out *outdir.Dir, w Wanted, o pipeline.Options) error {
	for _, f := range p.Functions {
		i := slices.IndexFunc(r.Functions, func(built reporters.Function) bool { return built.ID == f.ID })
		if i < 0 || r.Functions[i].Artifact == nil {
			continue
		}
		t := &trying{project: p, function: f, zip: zipOf(out, f.ID), event: eventOf(p, f), options: o}
		switch f.Family {
		case analyzer.Node:
			for _, runtime := range w.Node {
				if runtime != f.Runtime {
					t.node(ctx, runtime)
				}
			}
		case analyzer.Go:
			for _, tools := range w.Go {
				t.golang(ctx, tools)
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if t.err != nil {
			return t.err
		}
		r.Functions[i].Runtimes = t.results
	}
	return nil
}

// trying is one function that is tried.
type trying struct {
	project  analyzer.Project
	function analyzer.Function
	zip      string // of now
	event    []byte
	options  pipeline.Options
	// own and again are two starts as it is now. They are made for the first runtime.
	own, again boot.Result
	results    []reporters.OnRuntime
	err        error
}

// onItsOwn starts the function as it is now.
func (t *trying) onItsOwn(ctx context.Context) {
	if t.own.Status == "" {
		t.own = t.start(ctx, t.zip, t.function)
		if t.again = t.own; t.own.Status == boot.Answers {
			t.again = t.start(ctx, t.zip, t.function)
		}
	}
}

// start starts a zip, sends it the event, and measures its load.
func (t *trying) start(ctx context.Context, zip string, f analyzer.Function) boot.Result {
	return boot.Check(ctx, zip, f, boot.Options{Event: t.event, Runs: starts, Node: "auto", OtherArchitecture: true})
}

// build builds f with the options and calls look with the zip, or returns why it cannot be
// built.
func (t *trying) build(ctx context.Context, f analyzer.Function, o pipeline.Options, look func(zip string, bytes int64)) (problem analyzer.Diagnostic, ok bool) {
	q, err := trial.About(t.project, f.ID, o)
	if err == nil {
		err = q.Build(ctx, f, func(_ reporters.Report, built reporters.Function, folder *outdir.Dir) error {
			look(zipOf(folder, f.ID), built.Artifact.ZipBytes)
			return nil
		})
	}
	if err == nil {
		return problem, true
	}
	if !errors.As(err, &problem) { // the first, if there are several
		problem.Message, _, _ = strings.Cut(err.Error(), "\n")
	}
	return problem, false
}

func zipOf(out *outdir.Dir, id string) string {
	return filepath.Join(out.Path, filepath.FromSlash(id)+".zip")
}

// maxEvent is the largest event that Lambda takes.
const maxEvent = 6 << 20

// eventOf is the first event beside the manifest, nil if there is none.
func eventOf(p analyzer.Project, f analyzer.Function) []byte {
	if len(f.Events) == 0 {
		return nil
	}
	text, err := projectfs.New(p.Root, projectfs.Allowances{}).Read(f.Events[0], maxEvent)
	if err != nil {
		return nil
	}
	return text
}

// Diagnostics are warnings about what would break in a function, and notes about what would
// not.
func Diagnostics(f reporters.Function) (all []analyzer.Diagnostic) {
	for _, o := range f.Runtimes {
		d := analyzer.Diagnostic{Function: f.ID, Severity: analyzer.Note, Code: "runtime-works", Position: f.Position, Message: "on " + o.Runtime + " it " + o.Result()}
		if o.Source.File != "" && !strings.HasPrefix(o.Source.File, "../") {
			d.Position, d.Message = o.Source, "on "+o.Runtime+" it "+o.Clause()
		}
		switch {
		case o.Breaks() && strings.HasPrefix(o.Runtime, "go"):
			d.Severity, d.Code, d.Hint = analyzer.Warning, "runtime-breaks", "mend it before the toolchain is changed"
		case o.Breaks():
			d.Severity, d.Code, d.Hint = analyzer.Warning, "runtime-breaks", "mend it before the runtime is changed"
		case o.Verdict == reporters.RuntimeUnknown || o.Verdict == reporters.RuntimeVaries:
			d.Code = "runtime-undecided"
		}
		all = append(all, d)
	}
	return all
}
