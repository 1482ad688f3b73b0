package manifest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/featherpack/featherpack/analyzer"
)

// metrics are what a budget may limit, besides package:NAME. unzipped and zip
// are sizes, load is a time.
var metrics = []string{"zip", "unzipped", "load"}

var budgetKeys = append([]string{"match", "group", "forbid", "noNewDuplicates"}, metrics...)

// limitNames are Lambda's limits that a share may be taken of.
var limitNames = []string{"lambda-zip", "lambda-unzipped"}

var (
	sizePattern  = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?(B|kB|KB|MB|GB|KiB|MiB|GiB)?$`)
	timePattern  = regexp.MustCompile(`^[0-9]+(\.[0-9]+)? ?(ms|s)$`)
	sharePattern = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?%$`)
	limitPattern = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?% of (\S+)$`)
)

// readBudgets reads the rules and checks how they are written; what they mean is
// for reporters to say.
func readBudgets(c *checker, v *value, under string) []analyzer.BudgetRule {
	if !v.has() {
		return nil
	}
	if v.kind != sequence {
		c.fail(v.at, "begin each rule with a dash", "budgets must be a list, and is %s", v.kind)
		return nil
	}
	var rules []analyzer.BudgetRule
	for _, item := range v.items {
		if !c.mapping(item, "a budget") {
			continue
		}
		rule := analyzer.BudgetRule{Under: under, Position: item.at, Limits: map[string]analyzer.BudgetLimit{}}
		for i, k := range item.keys {
			readBudgetKey(c, &rule, k, item.items[i])
		}
		if rule.Match == "" && rule.Group == "" {
			rule.Match = "*"
		}
		rules = append(rules, rule)
	}
	return rules
}

func readBudgetKey(c *checker, rule *analyzer.BudgetRule, k key, v *value) {
	name := k.name
	switch {
	case name == "match":
		if s, ok := c.text(v, "match"); ok {
			if hint := badGlob(s); hint != "" {
				c.fail(v.at, hint, "match: %q is not a valid glob", s)
			}
			rule.Match = s
		}
	case name == "group":
		rule.Group, _ = c.text(v, "group")
	case name == "forbid":
		rule.Forbid, _ = c.texts(v, "forbid")
	case name == "noNewDuplicates":
		rule.NoNewDuplicates, _ = c.truth(v, "noNewDuplicates")
	case slices.Contains(metrics, name), strings.HasPrefix(name, "package:") && len(name) > len("package:"):
		rule.Limits[name] = readLimit(c, name, v)
	default:
		c.fail(k.at, didYouMean(name, append(slices.Clone(budgetKeys), "package:NAME")), "a budget has no setting %q", name)
	}
}

// readLimit reads {max, grow, level}, or a max alone.
func readLimit(c *checker, metric string, v *value) analyzer.BudgetLimit {
	limit := analyzer.BudgetLimit{Position: v.at}
	if v.scalar() {
		limit.Max = readAmount(c, metric, "max", v)
		return limit
	}
	if !c.object(v, metric, []string{"max", "grow", "level"}) {
		return limit
	}
	if m := v.get("max"); m.has() {
		limit.Max = readAmount(c, metric, "max", m)
	}
	if g := v.get("grow"); g.has() {
		limit.Grow = readAmount(c, metric, "grow", g)
	}
	if l := v.get("level"); l.has() {
		limit.Level, _ = c.oneOf(l, metric+".level", "error", "warn")
	}
	if limit.Max == "" && limit.Grow == "" && len(c.problems) == 0 {
		c.fail(v.at, "add max: 1 MiB, or grow: 2%", "%s sets neither max nor grow", metric)
	}
	return limit
}

func readAmount(c *checker, metric, which string, v *value) string {
	s, ok := c.text(v, metric+"."+which)
	if !ok {
		return ""
	}
	s = strings.TrimSpace(s)
	if m := limitPattern.FindStringSubmatch(s); m != nil && which == "max" && metric != "load" {
		if !slices.Contains(limitNames, m[2]) {
			c.fail(v.at, didYouMean(m[2], limitNames), "%s.max: there is no limit %q", metric, m[2])
		}
		return s
	}
	if sharePattern.MatchString(s) {
		if which == "max" {
			c.fail(v.at, "write a size, or 90% of lambda-unzipped", "%s.max: %q does not say of what", metric, s)
		}
		return s
	}
	if metric == "load" {
		if !timePattern.MatchString(s) {
			c.fail(v.at, "write a time such as 250 ms or 1.5 s", "%s.%s: %q is not a time", metric, which, s)
		}
		return s
	}
	if m := sizePattern.FindStringSubmatch(s); m == nil || !sane(m[1]) {
		c.fail(v.at, "write a size such as 1.2 MiB (1024 KiB) or 500 kB (1000 B)", "%s.%s: %q is not a size", metric, which, s)
	}
	return s
}

// sane keeps a size within what an int64 holds even as GiB.
func sane(number string) bool {
	n, err := strconv.ParseFloat(number, 64)
	return err == nil && n < 1<<32*1024
}

// readAdvice reads the advice to leave unsaid.
func readAdvice(c *checker, v *value) []analyzer.AdviceIgnore {
	if !c.object(v, "advice", []string{"ignore"}) {
		return nil
	}
	ignore := v.get("ignore")
	if !ignore.has() {
		return nil
	}
	if ignore.kind != sequence {
		c.fail(ignore.at, "begin each entry with a dash", "advice.ignore must be a list, and is %s", ignore.kind)
		return nil
	}
	var list []analyzer.AdviceIgnore
	for _, item := range ignore.items {
		if !c.object(item, "advice.ignore", []string{"code", "at", "reason", "until"}) {
			continue
		}
		a := analyzer.AdviceIgnore{Position: item.at}
		for name, field := range map[string]*string{"code": &a.Code, "at": &a.At, "reason": &a.Reason, "until": &a.Until} {
			if s := item.get(name); s.has() {
				*field, _ = c.text(s, "advice.ignore."+name)
			}
		}
		if a.Code == "" {
			c.fail(item.at, "name the advice's code", "advice.ignore has an entry without code")
		}
		if a.Reason == "" {
			c.fail(item.at, "say why, for whoever reads it next: reason: ...", "advice.ignore has an entry without reason")
		}
		if a.Until != "" {
			if _, err := time.Parse(time.DateOnly, a.Until); err != nil {
				c.fail(item.get("until").at, "write it as 2027-03-01", "advice.ignore.until: %q is not a date", a.Until)
			}
		}
		list = append(list, a)
	}
	return list
}
