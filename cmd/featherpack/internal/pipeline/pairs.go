package pipeline

import (
	"context"
	"path/filepath"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

// Side is one side of a paired measurement: the functions and the folder of their
// artifacts, "" if there are no artifacts.
type Side struct {
	Project analyzer.Project
	Out     string
}

// MeasurePairs measures the load time of each function whose artifact changed. It
// starts the baseline and the head in turn. The times are added to the report, where
// budgets on the load use them. Functions are measured one after another, because
// work in parallel would change the times. For each function that could not be
// measured, the second map has the reason as a clause.
func MeasurePairs(ctx context.Context, report *reporters.Report, base, head Side, pairs int, o Options) (map[string]*coldstart.Load, map[string]string) {
	measured, unpaired := map[string]*coldstart.Load{}, map[string]string{}
	defer o.clear()
	was, is := byID(base.Project), byID(head.Project)
	for _, d := range report.Delta.Functions {
		f, ok := is[d.ID]
		if !ok || !d.Compared() || d.Status == reporters.StatusSame || f.SnapStart || f.ProvisionedConcurrency {
			continue
		}
		from := d.ID
		if d.From != "" {
			from = d.From
		}
		before, built := was[from]
		if base.Out == "" || !built {
			unpaired[d.ID] = "the baseline is a saved report without its zip; --compare-ref builds it"
			continue
		}
		o.Step("featherpack: measuring %s against its baseline", d.ID)
		pair := boot.Pairs(ctx, subject(base.Out, from, before), subject(head.Out, d.ID, f), pairs, o.Boot.Options)
		if ctx.Err() != nil {
			return nil, nil
		}
		if pair.Reason != "" {
			unpaired[d.ID] = pair.Reason
			continue
		}
		measured[d.ID] = &coldstart.Load{Before: pair.Before.HandlerMillis, After: pair.After.HandlerMillis}
		if f.Family == analyzer.Go {
			measured[d.ID] = &coldstart.Load{Before: pair.Before.LoadMillis, After: pair.After.LoadMillis}
		}
		report.PutLoads(d.ID, pair.Before.LoadMillis, pair.After.LoadMillis, pair.After.CPUMillis, pair.After.HandlerMillis)
	}
	return measured, unpaired
}

func subject(out, id string, f analyzer.Function) boot.Subject {
	return boot.Subject{ZipPath: filepath.Join(out, filepath.FromSlash(id)+".zip"), Function: f}
}

// byID maps a project's functions by ID. Unlike a report's, these functions have
// their environment.
func byID(p analyzer.Project) map[string]analyzer.Function {
	functions := make(map[string]analyzer.Function, len(p.Functions))
	for _, f := range p.Functions {
		functions[f.ID] = f
	}
	return functions
}
