package pipeline

import (
	"context"
	"slices"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/reuse"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

// Measure builds the functions of a folder, writes the artifacts to out and returns
// a report. It is used both for the user's folder and for the checkout of a
// baseline.
func Measure(ctx context.Context, dir string, o Options, out *outdir.Dir) (reporters.Report, analyzer.Project, error) {
	var timings []reporters.Timing
	since := time.Now()
	lap := func(stage string) {
		timings = append(timings, reporters.Timing{Stage: stage, Duration: time.Since(since)})
		o.timed(stage, "", since)
		since = time.Now()
	}

	project := manifest.Discover(dir, o.Discover)
	functions, err := Choose(project, o.Only)
	if err != nil {
		return reporters.Report{}, project, err
	}
	var shard *reporters.Shard
	if o.Shard.Of > 0 {
		shard, functions = part(functions, o.Shard.Index, o.Shard.Of)
	}
	if o.Boot != nil {
		named, err := o.Boot.For(project, functions)
		if err != nil {
			return reporters.Report{}, project, err
		}
		o.Boot = &named
	}
	for i := range functions {
		b := &functions[i].Build
		if o.Restrict != nil {
			for _, d := range o.Restrict(&functions[i]) {
				d.Function = functions[i].ID
				project.Diagnostics = append(project.Diagnostics, d)
			}
		}
		b.InstallScripts = slices.Concat(b.InstallScripts, o.AllowScripts)
		b.AllowSecrets = slices.Concat(b.AllowSecrets, o.AllowSecrets)
		functions[i].Build.SourceMapPackages = o.SourceMapPackages
		if o.SourceMap != "" {
			functions[i].Build.SourceMap = o.SourceMap
		}
	}
	if o.Discovered != nil {
		if err := o.Discovered(project); err != nil {
			return reporters.Report{}, project, err
		}
	}
	lap("discover")

	if o.Prepare != nil {
		if err := o.Prepare(ctx, project, functions); err != nil {
			return reporters.Report{}, project, err
		}
		lap("install")
	}

	report, err := reported(ctx, &project, functions, shard, o, out, lap)
	if err != nil {
		return reporters.Report{}, project, err
	}
	if o.Boot != nil {
		bootAll(ctx, &report, project, functions, out, o)
		lap("boot")
	}
	if o.Advise != nil && o.Boot != nil { // how long a function loads may have been measured
		(&earlier{o: o}).advise(&report, project)
		lap("advise")
	}
	if err := ctx.Err(); err != nil { // what was not checked must not look as if it was
		return report, project, err
	}
	if o.Boot != nil {
		if _, err := o.complete(&report, out); err != nil {
			return report, project, err
		}
	}
	if o.Unpacked {
		if err := out.Unpack(report); err != nil {
			return report, project, err
		}
	}
	report.Timings = timings
	return report, project, nil
}

// reported builds the functions and returns their report, with the advice if no function is
// started. If an earlier run found everything as it is now, its report is this one.
func reported(ctx context.Context, project *analyzer.Project, functions []analyzer.Function, shard *reporters.Shard, o Options, out *outdir.Dir, lap func(string)) (reporters.Report, error) {
	graph := &analyzer.Graph{}
	if o.Memory != nil {
		out.JSON = o.Memory.JSON
	}
	earlier := o.open(ctx, *project, functions, graph, out)
	defer earlier.close()
	whole := reuse.Whole{Project: *project, Functions: functions, Also: o.also(functions, shard)}
	found, known := earlier.report(whole, out)
	if known {
		project.Diagnostics = assignToFunctions(project.Diagnostics, nil)
		lap("build and pack")
		return o.found(found, out, earlier)
	}
	built, err := build(ctx, *project, functions, graph, o, out, earlier)
	if err != nil {
		return reporters.Report{}, err
	}
	project.Diagnostics = assignToFunctions(project.Diagnostics, built)
	lap("build and pack")

	report := reporters.New(*project, built, graph, o.Describe(), o.Version)
	report.Shard = shard
	lap("report")
	if o.Advise != nil && o.Boot == nil {
		earlier.advise(&report, *project)
		lap("advise")
	}
	text := packager.Stored{}
	if o.Boot == nil && ctx.Err() == nil {
		if text, err = o.complete(&report, out); err != nil {
			return reporters.Report{}, err
		}
		lap("write the report")
	}
	if earlier.run != nil && o.Memory == nil {
		whole.Also = o.also(functions, shard) // as it is after the work, such as the day
		if o.Advise == nil {
			text = packager.Stored{} // what it was completed with is no part of the key
		}
		earlier.run.KeepAll(whole, report, text)
	}
	return report, nil
}

// found is the report of an earlier run as it is asked for now.
func (o Options) found(f reuse.Found, out *outdir.Dir, earlier *earlier) (reporters.Report, error) {
	if o.Complete == nil || o.Boot != nil {
		f.ColdStart = nil
		for i := range f.Functions {
			f.Functions[i].ColdStart = nil
		}
		return f.Report, nil
	}
	if !f.Complete {
		text, err := o.complete(&f.Report, out)
		if err == nil && o.Advise != nil {
			earlier.run.KeepCompleted(f.Report, text)
		}
		return f.Report, err
	}
	err := out.RemoveOutdated(f.Report, !o.Partial())
	if err == nil && !f.Written {
		_, err = out.WriteReport(f.Report)
	}
	return f.Report, err
}

// complete completes a report and writes it, if that is asked for. It returns the file, zero
// if there is none.
func (o Options) complete(report *reporters.Report, out *outdir.Dir) (text packager.Stored, err error) {
	if o.Complete == nil {
		return text, nil
	}
	*report = o.Complete(*report)
	if NothingBuilt(*report) { // the files of an earlier build stay
		return text, nil
	}
	return out.Settle(*report, !o.Partial())
}

// NothingBuilt reports whether a run had no function to build.
func NothingBuilt(r reporters.Report) bool {
	return len(r.Functions) == 0 && (r.Shard == nil || r.Shard.Functions == 0)
}

// also is what a report depends on besides the project, the functions and what they read.
func (o Options) also(functions []analyzer.Function, shard *reporters.Shard) any {
	also := struct {
		Settings []packager.Setting
		Version  string
		Shard    *reporters.Shard
		Advice   any
	}{o.Describe(), o.Version, shard, nil}
	if o.Advise != nil && o.Boot == nil {
		also.Advice = o.Advise.On(functions)
	}
	return also
}

// assignToFunctions adds discovery's diagnostics to the functions that they are
// about, and returns those about the whole project. It drops diagnostics about
// functions that were not built because of --only.
func assignToFunctions(discovered []analyzer.Diagnostic, built []reporters.Built) []analyzer.Diagnostic {
	var project []analyzer.Diagnostic
	byID := map[string][]analyzer.Diagnostic{}
	for _, d := range discovered {
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

// AllSkipped returns the diagnostic that there is nothing to build although functions were
// found. It is an error, since a build without zips must not pass. A framework may have
// services that featherpack has no part in, so there it is a warning.
func AllSkipped(o manifest.Options) analyzer.Diagnostic {
	severity := analyzer.Error
	if o.Resolved != nil {
		severity = analyzer.Warning
	}
	return analyzer.Diagnostic{Code: "all-skipped", Severity: severity,
		Message: "there is nothing to build: every function is skipped", Hint: "featherpack discover shows why"}
}
