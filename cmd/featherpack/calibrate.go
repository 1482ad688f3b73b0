package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

// calibrateFlags are as typed.
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

// calibrated is what a run found.
type calibrated struct {
	Groups       []calibratedGroup       `json:"groups"`
	Calibrations []coldstart.Calibration `json:"calibrations,omitempty"`
	Diagnostics  []analyzer.Diagnostic   `json:"diagnostics,omitempty"`
}

// calibratedGroup adds to a group what is derived from it.
type calibratedGroup struct {
	coldstart.Group
	Colds        int     `json:"colds"`
	ResolutionMs float64 `json:"resolutionMs,omitempty"`
}

func calibrate(t *terminal, typed calibrateFlags, args []string) int {
	if typed.query {
		fmt.Fprint(t.stdout, coldstart.Query)
		return exitGood
	}
	for _, f := range []struct {
		name  string
		value float64
	}{{"--local-base", typed.localBase}, {"--base", typed.base}} {
		if !(f.value >= 0 && f.value < 1e6) {
			return t.fail(analyzer.Usage(fmt.Sprintf("%s %g is not a number of ms", f.name, f.value), "give what an empty function takes, such as 60"))
		}
	}
	if typed.out != "" && typed.report == "" {
		return t.fail(analyzer.Usage("-o needs --report", "a fit takes the local loads of a build with --boot --runs 15 as well as the logs"))
	}
	logs, err := readLogs(t, args)
	if err != nil {
		return t.fail(err)
	}
	constants, err := readConstants(typed.coefficients)
	if err != nil {
		return t.fail(err)
	}
	groups := logs.Groups()
	found := calibrated{}
	for _, g := range groups {
		entry := calibratedGroup{Group: g, Colds: len(g.Inits)}
		if g.Refused == "" {
			entry.ResolutionMs = g.Resolution()
		}
		found.Groups = append(found.Groups, entry)
	}
	if typed.report != "" {
		started, err := readStarted(typed.report)
		if err != nil {
			return t.fail(err)
		}
		found.Calibrations, found.Diagnostics = coldstart.Fit(groups, started, constants, coldstart.FitOptions{LocalBase: typed.localBase, Base: typed.base})
	}
	if err := printCalibrated(t, found, typed); err != nil {
		return t.fail(err)
	}
	for _, d := range found.Diagnostics {
		t.tell(d)
	}
	usable := slices.ContainsFunc(groups, func(g coldstart.Group) bool { return g.Refused == "" })
	switch {
	case !usable:
		return t.fail(analyzer.Diagnostic{Code: "not-calibrated", Severity: analyzer.Error, Message: "none of the logs can be compared", Hint: "the table says why; featherpack calibrate --query prints a query that finds cold starts"})
	case typed.report != "" && len(found.Calibrations) == 0:
		return t.fail(analyzer.Diagnostic{Code: "not-calibrated", Severity: analyzer.Error, Message: "nothing was fitted, and nothing is written", Hint: "the warnings above say why"})
	}
	if typed.out != "" {
		constants.Calibrations = merged(constants.Calibrations, found.Calibrations)
		if err := output.WriteFile(typed.out, typed.out, func(w io.Writer) error { return constants.Write(w) }); err != nil {
			return t.fail(err)
		}
		fmt.Fprintf(t.stderr, "featherpack: wrote %s\n", typed.out)
	}
	return exitGood
}

// merged lets new constants replace those for the same circumstances.
func merged(old, new []coldstart.Calibration) []coldstart.Calibration {
	kept := slices.DeleteFunc(slices.Clone(old), func(o coldstart.Calibration) bool {
		return slices.ContainsFunc(new, func(n coldstart.Calibration) bool {
			return n.Runtime == o.Runtime && n.Architecture == o.Architecture && n.MemoryMB == o.MemoryMB
		})
	})
	return append(kept, new...)
}

// readLogs reads FILE or FUNCTION=FILE words. A file of that very name wins.
func readLogs(t *terminal, args []string) (*coldstart.Logs, error) {
	if len(args) == 0 {
		return nil, analyzer.Usage("calibrate takes a file of logs", "featherpack calibrate --query prints a query for CloudWatch Logs Insights: export its result")
	}
	logs := &coldstart.Logs{}
	for _, word := range args {
		function, name := "", word
		if before, after, named := strings.Cut(word, "="); named {
			if _, err := os.Stat(word); err != nil {
				function, name = before, after
			}
		}
		err := readFile(name, "export it from CloudWatch, or with: aws logs filter-log-events", func(f *os.File) error { return logs.ReadLogs(f, function) })
		if err != nil {
			return nil, err
		}
	}
	if logs.Partial {
		t.tell(analyzer.Diagnostic{Severity: analyzer.Warning, Message: "a query had not ended, so its result is a part", Hint: "fetch it again when its status is Complete"})
	}
	if logs.Repeated > 0 {
		t.tell(analyzer.Diagnostic{Severity: analyzer.Note, Message: fmt.Sprintf("%d invocations are in the logs more than once and count once", logs.Repeated)})
	}
	return logs, nil
}

func readConstants(name string) (constants coldstart.Coefficients, err error) {
	if name == "" {
		return coldstart.Default(), nil
	}
	err = readFile(name, "featherpack calibrate -o FILE makes such a file", func(f *os.File) error {
		constants, err = coldstart.ReadCoefficients(f)
		return err
	})
	return constants, err
}

// readStarted are the artifacts of a report that were started.
func readStarted(name string) (started []coldstart.Started, err error) {
	err = readFile(name, "featherpack build writes .featherpack/report.json", func(f *os.File) error {
		report, err := reporters.Read(f)
		if err != nil {
			return err
		}
		if started = coldstart.StartedOf(report); len(started) == 0 {
			return analyzer.Diagnostic{Code: "not-calibrated", Severity: analyzer.Error, Message: "no function of the report was started", Hint: "build with --boot --runs 15"}
		}
		return nil
	})
	return started, err
}

// readFile opens a file for read, whose diagnostics get the file's name.
func readFile(name, hint string, read func(*os.File) error) error {
	f, err := os.Open(name)
	return readOpened(f, err, name, hint, read)
}

func readOpened(f *os.File, err error, name, hint string, read func(*os.File) error) error {
	if err != nil {
		return analyzer.Usage(fmt.Sprintf("cannot read %s: %v", name, analyzer.WithoutPath(err)), hint)
	}
	defer f.Close()
	err = read(f)
	if err == nil {
		return nil
	}
	d := analyzer.DiagnosticsOf(err, "usage", "")[0]
	if d.File == "" {
		d.File = name
	}
	return d
}

func printCalibrated(t *terminal, found calibrated, typed calibrateFlags) error {
	if typed.asJSON {
		encoder := json.NewEncoder(t.stdout)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(found); err != nil {
			return fmt.Errorf("writing the result: %w", err)
		}
		return nil
	}
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "function\tversion\truntime\tmemory\tcold starts\tmedian init (95%)\ttells apart")
	for _, g := range found.Groups {
		memory := "?"
		if g.MemoryMB > 0 {
			memory = fmt.Sprintf("%d MB", g.MemoryMB)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t", cell(g.Function), cell(g.Version), cell(g.RuntimeVersion), memory, g.Colds)
		if g.Refused != "" {
			fmt.Fprintf(table, "refused: %s\n", g.Refused)
			continue
		}
		fmt.Fprintf(table, "%.1f ms (%.1f..%.1f)\t%.0f ms\n", g.Median.Central, g.Median.Low, g.Median.High, g.ResolutionMs)
	}
	table.Flush()
	notes := []string{}
	for _, g := range found.Groups {
		for _, note := range g.Notes {
			if !slices.Contains(notes, note) {
				notes = append(notes, note)
			}
		}
		if share, ok := g.ColdShare(); ok && g.Refused == "" {
			notes = append(notes, fmt.Sprintf("%s (version %s, %d MB): %.2g%% of %d invocations were cold", cell(g.Function), cell(g.Version), g.MemoryMB, share*100, g.Colds+g.Warm))
		}
	}
	for _, note := range notes {
		fmt.Fprintf(&text, "note: %s\n", note)
	}
	if len(found.Calibrations) > 0 {
		text.WriteString("\n")
	}
	for _, k := range found.Calibrations {
		fmt.Fprintf(&text, "%s %s %d MB: a local ms is %.2f ms of init (%.2f..%.2f); %s, artifacts: %d, cold starts: %d\n",
			k.Runtime, k.Architecture, k.MemoryMB, k.Factor.Central, k.Factor.Low, k.Factor.High, k.Method, k.Artifacts, k.Colds)
	}
	if typed.report == "" {
		text.WriteString("\nnext: add --report with the report.json of a build with --boot --runs 15 to fit the model to these starts\n")
	}
	if _, err := io.WriteString(t.stdout, printable(text.String())); err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	return nil
}

// cell is a name from the logs on one line of the table.
func cell(name string) string {
	if name == "" {
		return "?"
	}
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\v' || r == '\f' {
			return ' '
		}
		return r
	}, name)
}
