package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/reuse"
	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/reporters"
)

// earlier is what earlier runs have left in the cache.
type earlier struct {
	o     Options
	store *cache.Disk // nil without a cache
	run   *reuse.Run  // nil if nothing may be taken from it
	// failed is set if the build ended early.
	failed bool
}

// open opens the cache for a build of functions.
func (o Options) open(ctx context.Context, project analyzer.Project, functions []analyzer.Function, graph *analyzer.Graph, out *outdir.Dir) *earlier {
	e := &earlier{o: o, store: o.store(project.CacheBytes)}
	e.run = reuse.Start(ctx, e.store, project, reuse.Settings{
		Compress: o.Compress, Waterfall: o.Waterfall, ExactBefore: o.ExactBefore, AllowOutside: o.AllowOutside, Writes: o.writes(out),
		Remote: o.Remote, Functions: functions, Memory: o.Memory, Trial: o.Trial,
	}, graph, out.Root())
	return e
}

// close writes what may be kept.
func (e *earlier) close() {
	if e.run != nil {
		e.run.Close()
	}
	if e.failed && e.o.Memory != nil {
		e.o.Memory.Close()
	}
	if e.store != nil {
		if err := errors.Join(e.store.Failure(), e.store.Close()); err != nil {
			e.o.warn("the cache is not written", err)
		}
	}
}

// Trials opens the cache for what trials measure, nil if there is none. Whoever built has
// warned if it cannot be used.
func (o Options) Trials(ctx context.Context, project analyzer.Project) *reuse.Trials {
	return reuse.OpenTrials(ctx, o.bootStore(project.CacheBytes))
}

// store opens the cache, nil if there is none or it cannot be used.
func (o Options) store(capacity int64) *cache.Disk {
	if o.Cache == "" {
		return nil
	}
	store, err := cache.Open(o.Cache, capacity)
	if err != nil {
		o.warn("the cache is not used", err)
	}
	return store
}

func (o Options) warn(what string, err error) {
	if o.Warn != nil {
		o.Warn(analyzer.Diagnostic{
			Code: "cache", Severity: analyzer.Warning, Message: fmt.Sprintf("%s: %v", what, err),
			Hint: "name another folder with --cache, or turn it off with --cache off",
		})
	}
}

// report returns the report of an earlier run in which everything was as it is now, unless a
// process watches the project: its runs follow changes, and remember each function. The
// out-dir then has its files.
func (e *earlier) report(w reuse.Whole, out *outdir.Dir) (found reuse.Found, ok bool) {
	if e.run == nil || e.o.Memory != nil || out.IgnoresCase() && len(caseTwins(w.Project.Functions)) > 0 {
		return found, false
	}
	ids := make([]string, len(w.Functions))
	for i, f := range w.Functions {
		ids[i] = f.ID
	}
	out.Expect(ids)
	since := time.Now()
	if found, ok = e.run.FindAll(w, e.o.timed); !ok {
		return found, false
	}
	e.o.timed("look in the cache", "", since)
	if e.o.Reasons != nil {
		for _, id := range ids {
			e.o.Reasons(id, "")
		}
	}
	return found, true
}

// advise adds the advice to a report.
func (e *earlier) advise(report *reporters.Report, project analyzer.Project) {
	if e.run != nil {
		e.o.Advise.Add(report, project, e.run.Advising(), e.run.Build)
		return
	}
	files := projectfs.New(project.Root, projectfs.Allowances{})
	defer files.Close()
	e.o.Advise.Add(report, project, files, func(string) string { return "" })
}
