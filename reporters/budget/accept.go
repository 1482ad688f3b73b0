package budget

import (
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// Acceptance allows a budget to be exceeded, with a reason and a last day.
type Acceptance struct {
	// Function is a glob of functions. Metric is as in [reporters.Verdict].
	Function string
	Metric   string
	// Package is the package of a forbid or duplicates budget, "" for any.
	Package string
	// UpTo limits the accepted value, written as in a budget; "" for any value.
	UpTo   string
	Reason string
	// Until is the last day the acceptance applies, as YYYY-MM-DD.
	Until string
	analyzer.Position
}

// holds reports whether an acceptance applies on a day. Without a reason or a last day it
// never applies.
func (a Acceptance) holds(today time.Time) bool {
	until, err := time.Parse(time.DateOnly, a.Until)
	return err == nil && a.Reason != "" && !today.After(until.Add(24*time.Hour-1))
}

// concerns reports whether an acceptance covers all functions of a verdict. names maps
// IDs to the names of functions.
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
