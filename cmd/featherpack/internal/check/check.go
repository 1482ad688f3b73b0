package check

import (
	"context"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/baseline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/locate"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/budget"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

// Options control a check.
type Options struct {
	Build pipeline.Options
	// Built is a saved report to judge instead of building the folder, nil to build it.
	Built    *reporters.Report
	Baseline baseline.Choice
	// Installing says whether and how to install the baseline's packages.
	Installing baseline.Installing
	// AllowCGO allows cgo although the baseline has no function that uses it.
	AllowCGO bool
	// Pairs is the number of times that each changed function and its baseline
	// are started in turn, if Build starts artifacts. 0 projects the load instead.
	Pairs int
	// History is what was recorded for earlier commits, oldest first, nil without one.
	History []reporters.Recorded
	// CompressAsBaseline compresses zips as those of a saved report were.
	CompressAsBaseline bool
	// Terms are the inputs of projections. Build.Discovered may fill them in.
	Terms *coldstart.Terms
}

// Result is the result of a check.
type Result struct {
	Report  reporters.Report
	Project analyzer.Project
	// Judged is false if there was nothing to build and the report's diagnostics
	// make that an error. Then the budgets were not checked.
	Judged bool
}

// measure builds the folder, or takes the saved report of it.
func (o Options) measure(ctx context.Context, dir string, out *outdir.Dir) (reporters.Report, analyzer.Project, error) {
	if o.Built == nil {
		return pipeline.Measure(ctx, dir, o.Build, out)
	}
	project := manifest.Discover(dir, o.Build.Discover)
	if o.Build.Discovered != nil {
		if err := o.Build.Discovered(project); err != nil {
			return reporters.Report{}, project, err
		}
	}
	return *o.Built, project, nil
}

// Run measures a folder, compares it with its baseline and judges its budgets.
func Run(ctx context.Context, dir string, o Options, out *outdir.Dir) (Result, error) {
	found, err := baseline.Find(ctx, dir, o.Baseline, o.Build, o.Installing)
	if err != nil {
		return Result{}, err
	}
	defer found.Close()
	if compress := found.Compress(); o.CompressAsBaseline && compress != "" {
		o.Build.Compress = compress
	}
	o.Build.Restrict = restrict(found.Functions(), o.Build, o.AllowCGO)
	report, project, err := o.measure(ctx, dir, out)
	if err != nil {
		return Result{}, err
	}
	if len(report.Functions) == 0 && analyzer.ExitStatus(report.Diagnostics) != 0 {
		return Result{Report: report, Project: project}, nil
	}
	base, err := found.Build(ctx)
	if err != nil {
		return Result{}, err
	}
	defer base.Close()
	if len(report.Functions) == 0 && len(report.Skipped) > 0 {
		skipped := pipeline.AllSkipped(o.Build.Discover)
		if len(base.Report.Functions) > 0 {
			skipped.Severity = analyzer.Warning // the comparison shows what was removed
		}
		report.Diagnostics = append(report.Diagnostics, skipped)
		if skipped.Severity == analyzer.Error {
			return Result{Report: report, Project: project}, nil
		}
	}
	partial := o.Build.Partial()
	located := locate.Imports(locate.Below(project.Root), project.Functions)
	if base.Missing != "" {
		report = coldstart.Fill(nil, reporters.NoBaseline(report, base.Missing), *o.Terms)
	} else {
		report = reporters.Compare(base.Report, report, reporters.CompareOptions{
			Ref: base.Ref, Method: base.Method, Partial: partial, Locate: located, LocateBase: base.Locate,
		})
		if o.Build.Boot != nil && o.Pairs > 0 {
			before, after := pipeline.Side{Project: base.Project, Out: base.Out}, pipeline.Side{Project: project, Out: out.Path}
			o.Terms.Measured, o.Terms.Unpaired = pipeline.MeasurePairs(ctx, &report, before, after, o.Pairs, o.Build)
			if err := ctx.Err(); err != nil {
				return Result{}, err
			}
		}
		report = coldstart.Fill(&base.Report, report, *o.Terms)
	}
	judging := budget.Options{Today: time.Now(), Partial: partial, Locate: located, History: o.History}
	if judging.Accepted, err = acceptances(project); err != nil {
		return Result{}, err
	}
	if base.Known {
		judging.Before = append([]analyzer.BudgetRule{}, base.Budgets...) // not nil, because nil means unknown
	}
	return Result{Report: budget.Judge(report, project.Budgets, judging), Project: project, Judged: true}, nil
}
