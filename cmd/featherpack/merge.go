package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/reporters"
)

var mergeCommand = command{
	name: "merge", operands: "FILE...", summary: "join the reports of a build in shards",
	help: `Joins the reports that featherpack build --shard wrote on several machines. The
result is the report that one build of all functions writes. A shard that is
missing, given twice or of another build is an error.

Examples:
  featherpack build --shard 1/2 -o json=part-1.json         on one machine
  featherpack build --shard 2/2 -o json=part-2.json         on another
  featherpack merge part-*.json                             what was built
  featherpack merge part-*.json -o json=all.json            for featherpack report and check
  featherpack check --built all.json --compare-ref main     the budgets of all functions`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		formats := set.StringArrayP("output", "o", nil, "`FORMAT[=FILE]`: report format, see featherpack help reports (repeatable, default text)")
		verbose := set.BoolP("verbose", "v", false, "also print waterfalls and packages")
		return func(_ context.Context, t *terminal, args []string) int {
			t.verbose = *verbose
			return merge(t, *formats, args)
		}
	},
}

func merge(t *terminal, formats, args []string) int {
	sinks, err := output.Parse(formats, false, false)
	if err != nil {
		return t.fail(err)
	}
	if len(args) == 0 {
		return t.fail(analyzer.Usage("merge needs the reports of all shards", "for example part-1.json part-2.json"))
	}
	var parts []reporters.Part
	for _, name := range args {
		report, err := readReport(name)
		if err != nil {
			return t.fail(err)
		}
		parts = append(parts, reporters.Part{Name: name, Report: report})
	}
	merged, err := reporters.Merge(parts)
	if err != nil {
		return t.fail(err)
	}
	all := merged.AllDiagnostics()
	t.printAll(all)
	if err := t.write(sinks, merged); err != nil {
		return t.fail(err)
	}
	return analyzer.ExitStatus(all)
}

// readReport reads a saved report. Its errors name the file.
func readReport(name string) (reporters.Report, error) {
	f, err := output.Open(name)
	if err != nil {
		return reporters.Report{}, analyzer.Usage(fmt.Sprintf("cannot read %s: %v", name, analyzer.WithoutPath(err)), "featherpack build writes .featherpack/report.json")
	}
	defer f.Close()
	if isFolder(name) {
		return reporters.Report{}, analyzer.Usage(name+" is a folder", "give the report file, such as "+filepath.ToSlash(filepath.Join(name, "report.json")))
	}
	report, err := reporters.Read(f)
	if err != nil {
		d := analyzer.DiagnosticsOf(err, "usage", "")[0]
		if d.File == "" {
			d.File = name
		}
		return reporters.Report{}, d
	}
	return report, nil
}
