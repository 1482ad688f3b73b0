package reporters

import (
	"fmt"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
)

func (v Verdict) Shown(n int64) string {
	if v.Metric == MetricLoad {
		return fmt.Sprintf("%.4g ms", float64(n)/1000)
	}
	return Size(n)
}

// The outcomes of a budget.
const (
	// OutcomeFail and OutcomeWarn are over a budget of level error or warn.
	OutcomeFail = "fail"
	OutcomeWarn = "warn"
	// OutcomeUnmeasured means that the budget's value is not known. It does not pass.
	OutcomeUnmeasured = "unmeasured"
	// OutcomeAccepted is over the budget but accepted, with a reason and a last day.
	OutcomeAccepted = "accepted"
	OutcomePass     = "pass"
)

// The metrics of a budget, besides "package:NAME".
const (
	MetricZip        = "zip"
	MetricUnzipped   = "unzipped"
	MetricLoad       = "load"
	MetricForbid     = "forbid"
	MetricDuplicates = "duplicates"
	// PackageMetric is the prefix of the metric for one package's bytes.
	PackageMetric = "package:"
)

// Verdict is the result of one budget for a function, or for all functions it applies to.
type Verdict struct {
	Outcome string `json:"outcome"`
	// Level is error or warn.
	Level string `json:"level"`
	// Metric is zip, unzipped, load, package:NAME, forbid or duplicates.
	Metric string `json:"metric"`
	// Kind is max, grow, or grow in 30d for growth over that span, or the package's name for
	// forbid and duplicates.
	Kind string `json:"kind"`
	// Functions lists one function, those of a group, or all that contain a package.
	Functions []string `json:"functions,omitempty"`
	// Match is the rule's glob and Group its group. Usually one of them is empty.
	Match string `json:"match,omitempty"`
	Group string `json:"group,omitempty"`
	// Limit is the limit as written, Most its value and Value the actual one: in bytes, or
	// microseconds for load, or copies for duplicates.
	Limit string `json:"limit,omitempty"`
	Most  int64  `json:"most"`
	Value int64  `json:"value"`
	// Message is a sentence without a full stop, Hint the remedy.
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	// Reason and Until are from an acceptance. If it has expired, only Until is set.
	Reason string `json:"reason,omitempty"`
	Until  string `json:"until,omitempty"`
	// Rule is the position of the budget. Position is the code that exceeds it, or else the
	// function in its manifest.
	Rule analyzer.Position `json:"rule,omitzero"`
	analyzer.Position
}

// Severity is 0 for the worst outcome and increases as outcomes get better.
func (v Verdict) Severity() int {
	return slices.Index([]string{OutcomeFail, OutcomeUnmeasured, OutcomeWarn, OutcomeAccepted, OutcomePass}, v.Outcome)
}

// Loosened is a budget that the change under review loosens.
type Loosened struct {
	// Budget names the budget: the functions or group, and the metric.
	Budget string `json:"budget"`
	Before string `json:"before"`
	// After is empty if the budget was removed.
	After string `json:"after,omitempty"`
	analyzer.Position
}

// The levels of a budget: whether a check fails if it is exceeded.
const (
	LevelError = "error"
	LevelWarn  = "warn"
)
