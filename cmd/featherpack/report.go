package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

var reportCommand = command{
	name: "report", operands: "FILE", summary: "print a saved report in any format",
	help: `Reads a report.json that a build wrote and prints it in another format. If you
give constants, prices or a number of invocations, cold starts are projected
again with them.

Examples:
  featherpack report .featherpack/report.json
  featherpack report .featherpack/report.json -o html=report.html
  featherpack report -o json .featherpack/report.json | jq .totals`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		formats := set.StringArrayP("output", "o", nil, "`FORMAT[=FILE]`: report format, see featherpack help reports (repeatable, default text)")
		verbose := set.BoolP("verbose", "v", false, "also print waterfalls and packages")
		var typed coldStartFlags
		typed.declare(set)
		return func(_ context.Context, t *terminal, args []string) int {
			t.verbose = *verbose
			return reportFile(t, *formats, typed, args)
		}
	},
}

func reportFile(t *terminal, formats []string, typed coldStartFlags, args []string) int {
	sinks, err := output.Parse(formats, false, false)
	if err != nil {
		return t.fail(err)
	}
	if len(args) != 1 {
		return t.fail(analyzer.Usage("report takes one file", "for example .featherpack/report.json"))
	}
	f, err := os.Open(args[0])
	if err != nil {
		return t.fail(analyzer.Usage(fmt.Sprintf("cannot read %s: %v", args[0], analyzer.WithoutPath(err)), "featherpack build writes .featherpack/report.json"))
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return t.fail(analyzer.Usage(args[0]+" is a folder", "name the report itself, such as "+filepath.ToSlash(filepath.Join(args[0], "report.json"))))
	}
	report, err := reporters.Read(f)
	if err != nil {
		d := analyzer.DiagnosticsOf(err, "usage", "")[0]
		if d.File == "" {
			d.File = args[0]
		}
		return t.fail(d)
	}
	if typed.given() {
		terms, err := typed.terms(analyzer.Project{})
		if err != nil {
			return t.fail(err)
		}
		report = coldstart.Refill(report, terms)
	}
	if err := t.write(sinks, report); err != nil {
		return t.fail(err)
	}
	return exitGood
}
