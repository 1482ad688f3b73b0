package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/projection"
	"github.com/featherpack/featherpack/reporters/coldstart"
	"github.com/featherpack/featherpack/reporters/coldstart/logs"
)

// calibrateFlags holds the flags as typed.
type calibrateFlags struct {
	report, coefficients, out string
	localBase, base           float64
	query, asJSON             bool
}

var calibrateCommand = command{
	name: "calibrate", operands: "[FUNCTION=]FILE...", summary: "fit the cold-start model to your own logs",
	help: `Reads logs of cold starts and prints what they show. It accepts REPORT and
INIT_START lines, JSON platform logs, and results of CloudWatch Logs Insights as
JSON or CSV. It downloads nothing; --query prints the query that you can run.

With --report it also computes how many milliseconds of init on Lambda one
millisecond on this machine stands for, with a range. The report must come from
a build with --boot --runs 15. Logs that cannot be compared are left out, with
the reason.

Examples:
  featherpack calibrate --query
  featherpack build --boot --runs 15
  featherpack calibrate logs.json --report .featherpack/report.json -o cold-start.json
  featherpack calibrate orders=orders.log users=users.log --report .featherpack/report.json`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var typed calibrateFlags
		set.StringVar(&typed.report, "report", "", "`FILE`: report.json of a build with --boot --runs 15")
		set.StringVarP(&typed.out, "output", "o", "", "`FILE`: where to write the fitted constants")
		set.StringVar(&typed.coefficients, "coefficients", "", "`FILE`: constants fitted earlier, to add to")
		set.Float64Var(&typed.localBase, "local-base", 0, "`MS`: time that an empty function takes on this machine (Node: CPU, Go: load)")
		set.Float64Var(&typed.base, "base", 0, "`MS`: Init Duration of an empty function on Lambda (default: the published figure)")
		set.BoolVar(&typed.query, "query", false, "print the CloudWatch Logs Insights query to run")
		set.BoolVar(&typed.asJSON, "json", false, "print the result as JSON")
		return func(_ context.Context, t *terminal, args []string) int { return calibrate(t, typed, args) }
	},
}

func calibrate(t *terminal, typed calibrateFlags, args []string) int {
	if typed.query {
		fmt.Fprint(t.stdout, logs.Query)
		return exitGood
	}
	for _, f := range []struct {
		name  string
		value float64
	}{{"--local-base", typed.localBase}, {"--base", typed.base}} {
		if !(f.value >= 0 && f.value < 1e6) {
			return t.fail(analyzer.Usage(fmt.Sprintf("%s %g is not a valid number of ms", f.name, f.value), "give the time that an empty function takes, such as 60"))
		}
	}
	if typed.out != "" && typed.report == "" {
		return t.fail(analyzer.Usage("-o needs --report", "besides the logs, a fit needs the report of a build with --boot --runs 15"))
	}
	found, err := projection.Calibrate(projection.Question{
		Logs: args, Report: typed.report, Coefficients: typed.coefficients,
		Fit: coldstart.FitOptions{LocalBase: typed.localBase, Base: typed.base},
	})
	for _, remark := range found.Remarks {
		t.print(remark)
	}
	if err != nil {
		return t.fail(err)
	}
	if err := printCalibrated(t, found, typed); err != nil {
		return t.fail(err)
	}
	for _, d := range found.Diagnostics {
		t.print(d)
	}
	switch {
	case !found.Usable():
		return t.fail(analyzer.Diagnostic{Code: "not-calibrated", Severity: analyzer.Error, Message: "none of the logs can be used", Hint: "the table shows why; featherpack calibrate --query prints a query that finds cold starts"})
	case typed.report != "" && len(found.Calibrations) == 0:
		return t.fail(analyzer.Diagnostic{Code: "not-calibrated", Severity: analyzer.Error, Message: "nothing was fitted or written", Hint: "the warnings above show why"})
	}
	if typed.out != "" {
		if err := output.WriteFile(typed.out, typed.out, func(w io.Writer) error { return found.Constants.Write(w) }); err != nil {
			return t.fail(err)
		}
		fmt.Fprintf(t.stderr, "featherpack: wrote %s\n", typed.out)
	}
	return exitGood
}

func printCalibrated(t *terminal, found projection.Calibrated, typed calibrateFlags) error {
	if typed.asJSON {
		encoder := json.NewEncoder(t.stdout)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(found); err != nil {
			return fmt.Errorf("writing the result: %w", err)
		}
		return nil
	}
	if _, err := io.WriteString(t.stdout, output.Printable(found.Text(typed.report != ""))); err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	return nil
}
