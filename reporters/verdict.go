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

// What a budget says.
const (
	// OutcomeFail and OutcomeWarn are over the budget, by its level.
	OutcomeFail = "fail"
	OutcomeWarn = "warn"
	// OutcomeUnmeasured is never a pass: what the budget is about is not known.
	OutcomeUnmeasured = "unmeasured"
	// OutcomeAccepted is over the budget, and accepted for a reason and a time.
	OutcomeAccepted = "accepted"
	OutcomePass     = "pass"
)

// What a budget is about, besides "package:NAME".
const (
	MetricZip        = "zip"
	MetricUnzipped   = "unzipped"
	MetricLoad       = "load"
	MetricForbid     = "forbid"
	MetricDuplicates = "duplicates"
	// PackageMetric is the beginning of the metric of one package's bytes.
	PackageMetric = "package:"
)

// Verdict is what one budget says about a function, or about all it concerns.
type Verdict struct {
	Outcome string `json:"outcome"`
	// Level is error or warn.
	Level string `json:"level"`
	// Metric is zip, unzipped, load, package:NAME, forbid or duplicates.
	Metric string `json:"metric"`
	// Kind is max or grow; for forbid and duplicates the package's name.
	Kind string `json:"kind"`
	// Functions are those concerned: one, a group's, or all that hold a package.
	Functions []string `json:"functions,omitempty"`
	// Match is the rule's glob and Group its group, one of them empty mostly.
	Match string `json:"match,omitempty"`
	Group string `json:"group,omitempty"`
	// Limit is as written. Most is what it comes to, Value what was found; bytes,
	// microseconds for load, copies for duplicates.
	Limit string `json:"limit,omitempty"`
	Most  int64  `json:"most"`
	Value int64  `json:"value"`
	// Message is a sentence without a full stop; Hint the remedy.
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	// Reason and Until are an acceptance's. An expired one has its Until only.
	Reason string `json:"reason,omitempty"`
	Until  string `json:"until,omitempty"`
	// Rule is where the budget is written; Position where the code is that
	// broke it, or else the function in its manifest.
	Rule analyzer.Position `json:"rule,omitzero"`
	analyzer.Position
}

// Severity is 0 for the worst outcome, and larger for each that matters less.
func (v Verdict) Severity() int {
	return slices.Index([]string{OutcomeFail, OutcomeUnmeasured, OutcomeWarn, OutcomeAccepted, OutcomePass}, v.Outcome)
}

// Loosened is a budget that the change under review makes laxer.
type Loosened struct {
	// Budget names it: the functions or group, and the metric.
	Budget string `json:"budget"`
	Before string `json:"before"`
	// After is empty when the budget is gone.
	After string `json:"after,omitempty"`
	analyzer.Position
}

// The levels of a budget: whether it fails a check when it is broken.
const (
	LevelError = "error"
	LevelWarn  = "warn"
)
