package budget

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

func TestLoosenedBudgetsAreShown(t *testing.T) {
	rule := func(match, max, level string) []analyzer.BudgetRule {
		return []analyzer.BudgetRule{
			{Match: match, Limits: map[string]analyzer.BudgetLimit{"zip": {Max: max, Level: level}}},
		}
	}
	grow := func(amount string) []analyzer.BudgetRule {
		return []analyzer.BudgetRule{{Match: "a", Limits: map[string]analyzer.BudgetLimit{"zip": {Grow: amount}}}}
	}
	for name, test := range map[string]struct {
		before, after []analyzer.BudgetRule
		want          []reporters.Loosened
	}{
		"same":     {rule("a", "1 MiB", ""), rule("a", "1024 KiB", "error"), nil},
		"stricter": {rule("a", "1 MiB", "warn"), rule("a", "1 MB", "error"), nil},
		"more": {
			rule("a", "1 MiB", ""), rule("a", "2 MiB", ""),
			[]reporters.Loosened{{Budget: "a zip max", Before: "1 MiB", After: "2 MiB"}},
		},
		"only a warning": {
			rule("a", "1 MiB", ""), rule("a", "1 MiB", "warn"),
			[]reporters.Loosened{{Budget: "a zip max", Before: "1 MiB (error)", After: "1 MiB (warn)"}},
		},
		"gone":            {rule("a", "1 MiB", ""), nil, []reporters.Loosened{{Budget: "a zip max", Before: "1 MiB"}}},
		"one more, laxer": {rule("a", "1 MiB", ""), append(rule("a", "9 MiB", ""), rule("a", "1 MiB", "")...), nil},
		"for others now": {
			rule("a*", "1 MiB", ""), rule("ab*", "1 MiB", ""),
			[]reporters.Loosened{{Budget: "a* zip max", Before: "1 MiB"}},
		},
		"allowed again": {
			[]analyzer.BudgetRule{{Match: "*", Forbid: []string{"moment"}, NoNewDuplicates: true}}, nil,
			[]reporters.Loosened{
				{Budget: "* forbid moment", Before: "forbidden"}, {Budget: "* noNewDuplicates", Before: "true"},
			},
		},
		"percent to bytes": {
			grow("2%"), grow("1 B"), []reporters.Loosened{{Budget: "a zip grow", Before: "2%", After: "1 B"}},
		},
		"more in the same time": {
			grow("2% in 30d"), grow("3% in 30d"),
			[]reporters.Loosened{{Budget: "a zip grow in 30d", Before: "2% in 30d", After: "3% in 30d"}},
		},
		"as much in less time": {
			grow("2% in 30d"), grow("2% in 1w"),
			[]reporters.Loosened{{Budget: "a zip grow in 30d", Before: "2% in 30d", After: "2% in 1w"}},
		},
		"as much in more time":     {grow("2% in 1w"), grow("2% in 30d"), nil},
		"another span in addition": {grow("2% in 30d"), append(grow("2% in 30d"), grow("1% in 1w")...), nil},
		"over time no more": {
			grow("2% in 30d"), grow("2%"), []reporters.Loosened{{Budget: "a zip grow in 30d", Before: "2% in 30d"}},
		},
	} {
		if diff := cmp.Diff(test.want, loosened(test.before, test.after)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
