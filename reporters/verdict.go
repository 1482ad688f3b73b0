package reporters

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer"
)

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
	metricZip        = "zip"
	metricUnzipped   = "unzipped"
	metricLoad       = "load"
	metricForbid     = "forbid"
	metricDuplicates = "duplicates"
	packageMetric    = "package:"
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

// Over reports whether the budget is broken and nobody accepted that.
func (v Verdict) Over() bool { return v.Outcome == OutcomeFail || v.Outcome == OutcomeWarn }

// Loosened is a budget that the change under review makes laxer.
type Loosened struct {
	// Budget names it: the functions or group, and the metric.
	Budget string `json:"budget"`
	Before string `json:"before"`
	// After is empty when the budget is gone.
	After string `json:"after,omitempty"`
	analyzer.Position
}

// findings are the verdicts that are no pass, worst first, each budget once
// however many functions it is about.
func findings(verdicts []Verdict) []Verdict {
	type key struct {
		outcome, level, metric, kind, match, group, limit string
		rule                                              analyzer.Position
	}
	at := map[key]int{}
	more := map[int]int{}
	var list []Verdict
	for _, v := range verdicts {
		if v.Outcome == OutcomePass {
			continue
		}
		k := key{v.Outcome, v.Level, v.Metric, v.Kind, v.Match, v.Group, v.Limit, v.Rule}
		if i, ok := at[k]; ok {
			list[i].Functions = append(slices.Clip(list[i].Functions), v.Functions...)
			more[i]++
			continue
		}
		at[k] = len(list)
		list = append(list, v)
	}
	for i, n := range more {
		list[i].Message += "; the same holds for " + plural(n, "more function", "more functions")
	}
	return list
}

// BudgetStatus is the exit status that the verdicts call for: 1 when one fails,
// 2 when a budget of level error could not be judged, the higher of them.
func BudgetStatus(r Report) int {
	status := 0
	for _, v := range r.Verdicts {
		switch {
		case v.Outcome == OutcomeFail:
			status = max(status, 1)
		case v.Outcome == OutcomeUnmeasured && v.Level == levelError:
			status = 2
		}
	}
	return status
}

const (
	levelError = "error"
	levelWarn  = "warn"
)
