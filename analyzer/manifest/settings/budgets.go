package settings

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// metrics are what a budget can limit, besides package:NAME. zip and unzipped are
// sizes, load is a time.
var metrics = []string{"zip", "unzipped", "load"}

var budgetKeys = append([]string{"match", "group", "forbid", "noNewDuplicates"}, metrics...)

// limitNames are Lambda's limits that a budget can be a percentage of.
var limitNames = []string{"lambda-zip", "lambda-unzipped"}

var (
	sizePattern  = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?(B|kB|KB|MB|GB|KiB|MiB|GiB)?$`)
	timePattern  = regexp.MustCompile(`^[0-9]+(\.[0-9]+)? ?(ms|s)$`)
	spanPattern  = regexp.MustCompile(`^(.*\S)\s+in\b\s*(.*)$`)
	daysPattern  = regexp.MustCompile(`^([0-9]{1,3})([dw])$`)
	sharePattern = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?%$`)
	limitPattern = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?% of (\S+)$`)
)

// readBudgets reads the rules and checks their syntax. The reporters check what
// they mean.
func readBudgets(c *Checker, v *yamltree.Value, under string) []analyzer.BudgetRule {
	if !v.Has() {
		return nil
	}
	if v.Kind != yamltree.Sequence {
		c.Fail(v.At, "begin each rule with a dash", "budgets must be a list, and is %s", v.Kind)
		return nil
	}
	var rules []analyzer.BudgetRule
	for _, item := range v.Items {
		if !c.Mapping(item, "a budget") {
			continue
		}
		rule := analyzer.BudgetRule{Under: under, Position: item.At, Limits: map[string]analyzer.BudgetLimit{}}
		for i, k := range item.Keys {
			readBudgetKey(c, &rule, k, item.Items[i])
		}
		if rule.Match == "" && rule.Group == "" {
			rule.Match = "*"
		}
		rules = append(rules, rule)
	}
	return rules
}

func readBudgetKey(c *Checker, rule *analyzer.BudgetRule, k yamltree.Key, v *yamltree.Value) {
	name := k.Name
	switch {
	case name == "match":
		if s, ok := c.Text(v, "match"); ok {
			if hint := BadGlob(s); hint != "" {
				c.Fail(v.At, hint, "match: %q is not a valid glob", s)
			}
			rule.Match = s
		}
	case name == "group":
		rule.Group, _ = c.Text(v, "group")
	case name == "forbid":
		rule.Forbid, _ = c.Texts(v, "forbid")
	case name == "noNewDuplicates":
		rule.NoNewDuplicates, _ = c.Truth(v, "noNewDuplicates")
	case slices.Contains(metrics, name), strings.HasPrefix(name, "package:") && len(name) > len("package:"):
		rule.Limits[name] = readLimit(c, name, v)
	default:
		c.Fail(k.At, analyzer.DidYouMean(name, append(slices.Clone(budgetKeys), "package:NAME")), "a budget has no setting %q", name)
	}
}

// readLimit reads {max, grow, level}, or max alone.
func readLimit(c *Checker, metric string, v *yamltree.Value) analyzer.BudgetLimit {
	limit := analyzer.BudgetLimit{Position: v.At}
	if v.Scalar() {
		limit.Max = readAmount(c, metric, "max", v)
		return limit
	}
	if !c.Object(v, metric, []string{"max", "grow", "level"}) {
		return limit
	}
	if m := v.Get("max"); m.Has() {
		limit.Max = readAmount(c, metric, "max", m)
	}
	if g := v.Get("grow"); g.Has() {
		limit.Grow = readAmount(c, metric, "grow", g)
	}
	if l := v.Get("level"); l.Has() {
		limit.Level, _ = c.OneOf(l, metric+".level", "error", "warn")
	}
	if limit.Max == "" && limit.Grow == "" && len(c.Problems) == 0 {
		c.Fail(v.At, "add max: 1 MiB, or grow: 2%", "%s sets neither max nor grow", metric)
	}
	return limit
}

// readAmount reads an amount, "" if it is none.
func readAmount(c *Checker, metric, which string, v *yamltree.Value) string {
	s, ok := c.Text(v, metric+"."+which)
	if !ok {
		return ""
	}
	s = strings.TrimSpace(s)
	problems := len(c.Problems)
	if m := spanPattern.FindStringSubmatch(s); m != nil {
		s = readSpan(c, metric, which, v, m[1], m[2])
	} else {
		readPlainAmount(c, metric, which, v, s)
	}
	if len(c.Problems) > problems {
		return "" // it is reported once, here
	}
	return s
}

// readSpan checks growth over a span of time, such as 5% in 30d, and returns it.
func readSpan(c *Checker, metric, which string, v *yamltree.Value, plain, span string) string {
	switch days := daysPattern.FindStringSubmatch(span); {
	case which == "max":
		c.Fail(v.At, "write it as grow: "+plain+" in "+cmp.Or(span, "30d"), "%s.max: a limit is not over a span of time", metric)
	case strings.HasPrefix(metric, "package:"):
		c.Fail(v.At, "leave the span out, or limit zip or unzipped", "%s.grow: the history has no sizes of packages", metric)
	case days == nil || !withinYear(days[1], days[2]):
		c.Fail(v.At, "write days or weeks, at most a year: 5% in 30d", "%s.grow: %q is not a span of time", metric, span)
	default:
		readPlainAmount(c, metric, which, v, plain)
	}
	return plain + " in " + span
}

func withinYear(number, unit string) bool {
	days, _ := strconv.Atoi(number)
	if unit == "w" {
		days *= 7
	}
	return days >= 1 && days <= 365
}

func readPlainAmount(c *Checker, metric, which string, v *yamltree.Value, s string) {
	if m := limitPattern.FindStringSubmatch(s); m != nil && which == "max" && metric != "load" {
		if !slices.Contains(limitNames, m[2]) {
			c.Fail(v.At, analyzer.DidYouMean(m[2], limitNames), "%s.max: there is no limit %q", metric, m[2])
		}
		return
	}
	if sharePattern.MatchString(s) {
		if which == "max" {
			c.Fail(v.At, "write a size, or 90% of lambda-unzipped", "%s.max: %q does not say what it is a percentage of", metric, s)
		}
		return
	}
	if metric == "load" {
		if !timePattern.MatchString(s) {
			c.Fail(v.At, "write a time such as 250 ms or 1.5 s", "%s.%s: %q is not a time", metric, which, s)
		}
		return
	}
	if m := sizePattern.FindStringSubmatch(s); m == nil || !sane(m[1]) {
		c.Fail(v.At, "write a size such as 1.2 MiB (1024 KiB) or 500 kB (1000 B)", "%s.%s: %q is not a size", metric, which, s)
	}
}

// sane reports whether a size fits into an int64 even in GiB.
func sane(number string) bool {
	n, err := strconv.ParseFloat(number, 64)
	return err == nil && n < 1<<32*1024
}

// readAdvice reads which advice to suppress.
func readAdvice(c *Checker, v *yamltree.Value) []analyzer.AdviceIgnore {
	if !c.Object(v, "advice", []string{"ignore"}) {
		return nil
	}
	ignore := v.Get("ignore")
	if !ignore.Has() {
		return nil
	}
	if ignore.Kind != yamltree.Sequence {
		c.Fail(ignore.At, "begin each entry with a dash", "advice.ignore must be a list, and is %s", ignore.Kind)
		return nil
	}
	var list []analyzer.AdviceIgnore
	for _, item := range ignore.Items {
		if !c.Object(item, "advice.ignore", []string{"code", "at", "reason", "until"}) {
			continue
		}
		a := analyzer.AdviceIgnore{Position: item.At}
		for name, field := range map[string]*string{"code": &a.Code, "at": &a.At, "reason": &a.Reason, "until": &a.Until} {
			if s := item.Get(name); s.Has() {
				*field, _ = c.Text(s, "advice.ignore."+name)
			}
		}
		if a.Code == "" {
			c.Fail(item.At, "name the advice's code", "advice.ignore has an entry without code")
		}
		if a.Reason == "" {
			c.Fail(item.At, "add the reason for later readers: reason: ...", "advice.ignore has an entry without reason")
		}
		if a.Until != "" {
			if _, err := time.Parse(time.DateOnly, a.Until); err != nil {
				c.Fail(item.Get("until").At, "write it as 2027-03-01", "advice.ignore.until: %q is not a date", a.Until)
			}
		}
		list = append(list, a)
	}
	return list
}
