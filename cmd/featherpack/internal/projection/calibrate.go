package projection

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

// Question is what is to be calibrated.
type Question struct {
	// Logs are FILE or FUNCTION=FILE words.
	Logs []string
	// Report is that of a build whose artifacts were started; "" fits nothing.
	Report string
	// Coefficients is a file of constants to add to; "" stands for the built-in ones.
	Coefficients string
	Fit          coldstart.FitOptions
}

// Calibrated is what the logs hold, and the JSON of it.
type Calibrated struct {
	Groups       []Group                 `json:"groups"`
	Calibrations []coldstart.Calibration `json:"calibrations,omitempty"`
	Diagnostics  []analyzer.Diagnostic   `json:"diagnostics,omitempty"`
	// Remarks are about the logs as a whole. They are given with an error too.
	Remarks []analyzer.Diagnostic `json:"-"`
	// Constants are those to add to, with what was fitted.
	Constants coldstart.Coefficients `json:"-"`
}

// Group adds to a group of logs what is derived from it.
type Group struct {
	coldstart.Group
	Colds        int     `json:"colds"`
	ResolutionMs float64 `json:"resolutionMs,omitempty"`
}

// Calibrate reads logs, and fits the model to them where a report is given.
func Calibrate(q Question) (found Calibrated, err error) {
	logs, err := readLogs(q.Logs)
	if err != nil {
		return found, err
	}
	if logs.Partial {
		found.Remarks = append(found.Remarks, analyzer.Diagnostic{Severity: analyzer.Warning, Message: "a query had not ended, so its result is a part", Hint: "fetch it again when its status is Complete"})
	}
	if logs.Repeated > 0 {
		found.Remarks = append(found.Remarks, analyzer.Diagnostic{Severity: analyzer.Note, Message: fmt.Sprintf("%d invocations are in the logs more than once and count once", logs.Repeated)})
	}
	if found.Constants, err = readConstants(q.Coefficients); err != nil {
		return found, err
	}
	groups := logs.Groups()
	for _, g := range groups {
		entry := Group{Group: g, Colds: len(g.Inits)}
		if g.Refused == "" {
			entry.ResolutionMs = g.Resolution()
		}
		found.Groups = append(found.Groups, entry)
	}
	if q.Report != "" {
		started, err := readStarted(q.Report)
		if err != nil {
			return found, err
		}
		found.Calibrations, found.Diagnostics = coldstart.Fit(groups, started, found.Constants, q.Fit)
		found.Constants.Calibrations = merged(found.Constants.Calibrations, found.Calibrations)
	}
	return found, nil
}

// Usable reports whether any of the logs can be compared.
func (c Calibrated) Usable() bool {
	return slices.ContainsFunc(c.Groups, func(g Group) bool { return g.Refused == "" })
}

// readLogs reads FILE or FUNCTION=FILE words. A file of that very name wins.
func readLogs(args []string) (*coldstart.Logs, error) {
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
	return logs, nil
}

func readConstants(name string) (constants coldstart.Coefficients, err error) {
	if name == "" {
		return coldstart.Default(), nil
	}
	err = readFile(name, "featherpack calibrate -o FILE writes a valid one", func(f *os.File) error {
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

// merged lets new constants replace those for the same circumstances.
func merged(old, new []coldstart.Calibration) []coldstart.Calibration {
	kept := slices.DeleteFunc(slices.Clone(old), func(o coldstart.Calibration) bool {
		return slices.ContainsFunc(new, func(n coldstart.Calibration) bool {
			return n.Runtime == o.Runtime && n.Architecture == o.Architecture && n.MemoryMB == o.MemoryMB
		})
	})
	return append(kept, new...)
}
