package projection

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
	"github.com/featherpack/featherpack/reporters/coldstart/logs"
)

// Question is the input of a calibration.
type Question struct {
	// Logs are arguments such as FILE or FUNCTION=FILE.
	Logs []string
	// Report is the report of a build with started artifacts. If it is "", nothing
	// is fitted.
	Report string
	// Coefficients is a file of constants to add to. "" means the built-in ones.
	Coefficients string
	Fit          coldstart.FitOptions
}

// Calibrated is the result of a calibration. It is also the JSON output.
type Calibrated struct {
	Groups       []Group                 `json:"groups"`
	Calibrations []coldstart.Calibration `json:"calibrations,omitempty"`
	Diagnostics  []analyzer.Diagnostic   `json:"diagnostics,omitempty"`
	// Remarks are about the logs as a whole. They are set even if there is an error.
	Remarks []analyzer.Diagnostic `json:"-"`
	// Constants are the given constants with the fitted ones added.
	Constants coldstart.Coefficients `json:"-"`
}

// Group is a group of logs with figures derived from it.
type Group struct {
	logs.Group
	// Median is in ms, with its bootstrapped 95% interval.
	Median       coldstart.Range `json:"median"`
	Colds        int             `json:"colds"`
	ResolutionMs float64         `json:"resolutionMs,omitempty"`
}

// Calibrate reads logs. If a report is given, it fits the model to them.
func Calibrate(q Question) (found Calibrated, err error) {
	read, err := readLogs(q.Logs)
	if err != nil {
		return found, err
	}
	if read.Partial {
		found.Remarks = append(found.Remarks, analyzer.Diagnostic{Severity: analyzer.Warning, Message: "a query had not finished, so its result is incomplete", Hint: "fetch it again when its status is Complete"})
	}
	if read.Repeated > 0 {
		found.Remarks = append(found.Remarks, analyzer.Diagnostic{Severity: analyzer.Note, Message: fmt.Sprintf("%d invocations are in the logs more than once; each is counted once", read.Repeated)})
	}
	if found.Constants, err = readConstants(q.Coefficients); err != nil {
		return found, err
	}
	groups := read.Groups()
	for _, g := range groups {
		entry := Group{Group: g, Colds: len(g.Inits)}
		if len(g.Inits) > 0 {
			entry.Median = coldstart.MedianRange(g.Inits)
		}
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

// Usable reports whether any of the logs can be used.
func (c Calibrated) Usable() bool {
	return slices.ContainsFunc(c.Groups, func(g Group) bool { return g.Refused == "" })
}

// readLogs reads arguments such as FILE or FUNCTION=FILE. An argument that is the name
// of an existing file is a FILE, even if it contains "=".
func readLogs(args []string) (*logs.Logs, error) {
	if len(args) == 0 {
		return nil, analyzer.Usage("calibrate needs a file of logs", "run the query that featherpack calibrate --query prints in CloudWatch Logs Insights, and export the result")
	}
	read := &logs.Logs{}
	for _, word := range args {
		function, name := "", word
		if before, after, named := strings.Cut(word, "="); named {
			if _, err := os.Stat(word); err != nil {
				function, name = before, after
			}
		}
		err := readFile(name, "export it from CloudWatch, or with: aws logs filter-log-events", func(f io.Reader) error { return read.Read(f, function) })
		if err != nil {
			return nil, err
		}
	}
	return read, nil
}

func readConstants(name string) (constants coldstart.Coefficients, err error) {
	if name == "" {
		return coldstart.Default(), nil
	}
	err = readFile(name, "featherpack calibrate -o FILE writes a valid one", func(f io.Reader) error {
		constants, err = coldstart.ReadCoefficients(f)
		return err
	})
	return constants, err
}

// readStarted returns the artifacts of a report that were started.
func readStarted(name string) (started []coldstart.Started, err error) {
	err = readFile(name, "featherpack build writes .featherpack/report.json", func(f io.Reader) error {
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

// merged returns all constants. New ones replace old ones for the same runtime,
// architecture and memory size.
func merged(old, new []coldstart.Calibration) []coldstart.Calibration {
	kept := slices.DeleteFunc(slices.Clone(old), func(o coldstart.Calibration) bool {
		return slices.ContainsFunc(new, func(n coldstart.Calibration) bool {
			return n.Runtime == o.Runtime && n.Architecture == o.Architecture && n.MemoryMB == o.MemoryMB
		})
	})
	return append(kept, new...)
}
