package budget

import (
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// Acceptance lets a budget be broken, for a reason and until a day.
type Acceptance struct {
	// Function is a glob of functions, Metric as in [Verdict.Metric].
	Function string
	Metric   string
	// Package is the one of a forbid or duplicates budget, "" for any.
	Package string
	// UpTo bounds what is accepted, as in a budget; "" for any amount.
	UpTo   string
	Reason string
	// Until is the last day it holds, as YYYY-MM-DD.
	Until string
	analyzer.Position
}

// holds reports whether an acceptance still counts on a day. One without a
// reason or a last day never does.
func (a Acceptance) holds(today time.Time) bool {
	until, err := time.Parse(time.DateOnly, a.Until)
	return err == nil && a.Reason != "" && !today.After(until.Add(24*time.Hour-1))
}

// concerns reports whether an acceptance is about all that a verdict is about.
// names are the functions' by ID.
func (a Acceptance) concerns(v reporters.Verdict, names map[string][]string) bool {
	if a.Metric != v.Metric || a.Package != "" && a.Package != v.Kind {
		return false
	}
	for _, id := range v.Functions {
		if !doublestar.ValidatePattern(a.Function) || !matches(a.Function, names[id]) {
			return false
		}
	}
	return len(v.Functions) > 0
}
