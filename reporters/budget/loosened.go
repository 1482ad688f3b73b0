package budget

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// loosened lists the budgets that allow more than before or were removed. Rules for the
// same functions count as the same rule. If there are several, the strictest limit
// counts.
func loosened(before, after []analyzer.BudgetRule) []reporters.Loosened {
	now, then := strictest(after), strictest(before)
	var list []reporters.Loosened
	for key, was := range then {
		is, ok := now[key]
		if !ok && was.amount.days > 0 {
			is, ok = otherSpan(key, now, then)
		}
		l := reporters.Loosened{Budget: key.String(), Before: was.text, Position: analyzer.Position{File: was.at.File}} // the line would be the baseline's
		switch {
		case !ok:
		case laxer(was, is):
			l.After, l.Position = is.text, is.at
			if is.level != was.level {
				l.Before += " (" + was.level + ")"
				l.After += " (" + is.level + ")"
			}
		default:
			continue
		}
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b reporters.Loosened) int { return cmp.Compare(a.Budget, b.Budget) })
	return list
}

// budgetKey identifies a budget: limits with equal keys are the same budget.
type budgetKey struct{ under, match, group, metric, kind string }

func (k budgetKey) String() string {
	parts := []string{cmp.Or(k.match, k.group, "*"), k.metric}
	if k.kind != "" {
		parts = append(parts, k.kind)
	}
	if k.under != "" && k.under != "." {
		parts = append([]string{k.under}, parts...)
	}
	return strings.Join(parts, " ")
}

type written struct {
	text, level string
	amount      amount
	at          analyzer.Position
}

func strictest(rules []analyzer.BudgetRule) map[budgetKey]written {
	all := map[budgetKey]written{}
	add := func(key budgetKey, w written) {
		if known, ok := all[key]; !ok || laxer(w, known) {
			all[key] = w
		}
	}
	for _, rule := range rules {
		key := budgetKey{under: rule.Under, match: rule.Match, group: rule.Group}
		for _, metric := range slices.Sorted(maps.Keys(rule.Limits)) {
			limit := rule.Limits[metric]
			for kind, text := range map[string]string{"max": limit.Max, "grow": limit.Grow} {
				if a, err := parseAmount(text, metric, kind == "grow"); err == nil {
					key.metric, key.kind = metric, kind
					if a.days > 0 {
						key.kind = growIn(a.days)
					}
					add(key, written{text, cmp.Or(limit.Level, reporters.LevelError), a, limit.Position})
				}
			}
		}
		key.kind = ""
		for _, name := range rule.Forbid {
			key.metric = "forbid " + name
			add(key, written{text: "forbidden", at: rule.Position})
		}
		if rule.NoNewDuplicates {
			key.metric = "noNewDuplicates"
			add(key, written{text: "true", at: rule.Position})
		}
	}
	return all
}

// otherSpan is the budget on growth that limits the same functions as key over a span that
// was not limited before: its span was changed.
func otherSpan(key budgetKey, now, then map[budgetKey]written) (is written, ok bool) {
	for _, other := range slices.SortedFunc(maps.Keys(now), func(a, b budgetKey) int { return cmp.Compare(a.kind, b.kind) }) {
		same := other
		same.kind = key.kind
		if _, known := then[other]; same == key && !known && now[other].amount.days > 0 {
			return now[other], true
		}
	}
	return written{}, false
}

// laxer reports whether b allows more than a. Bytes and percentages cannot be
// compared, so a change from one to the other counts as laxer. So does a shorter span of
// time, in which the same growth is more.
func laxer(a, b written) bool {
	if a.level == reporters.LevelError && b.level == reporters.LevelWarn || a.amount.isPercent != b.amount.isPercent || b.amount.days < a.amount.days {
		return true
	}
	return b.amount.units > a.amount.units || b.amount.percent > a.amount.percent
}
