package pipeline

import (
	"context"
	"path/filepath"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

// Side is one side of a paired measurement: functions, and the folder of their
// artifacts, "" where those are not at hand.
type Side struct {
	Project analyzer.Project
	Out     string
}

// MeasurePairs measures the load of each function whose bytes changed, baseline
// and head in turn, and puts the times into the report, so that a budget on the
// load is judged by them. Functions are measured one after another, since what
// runs beside a measurement is measured too. What could not be measured has a
// clause that says why.
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
			unpaired[d.ID] = "the baseline is a saved report, and its artifact is not at hand; --compare-ref builds it"
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
		measured[d.ID] = &coldstart.Load{Before: pair.Before.CPUMillis, After: pair.After.CPUMillis}
		if f.Family == analyzer.Go {
			measured[d.ID] = &coldstart.Load{Before: pair.Before.LoadMillis, After: pair.After.LoadMillis}
		}
		report.PutLoads(d.ID, pair.Before.LoadMillis, pair.After.LoadMillis, pair.After.CPUMillis)
	}
	return measured, unpaired
}

func subject(out, id string, f analyzer.Function) boot.Subject {
	return boot.Subject{ZipPath: filepath.Join(out, filepath.FromSlash(id)+".zip"), Function: f}
}

// byID are a project's functions, with their environment, which no report holds.
func byID(p analyzer.Project) map[string]analyzer.Function {
	functions := make(map[string]analyzer.Function, len(p.Functions))
	for _, f := range p.Functions {
		functions[f.ID] = f
	}
	return functions
}
