package budget

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/featherpack/featherpack/reporters"
)

// trend judges growth over a span of time, such as 5% in 30d. The size before is that of
// the last commit recorded at or before the start of the span, because it was the state
// then. If the history begins later, it is that of the first one recorded. A function that
// was recorded later still is judged against its first record; in a group it counts as
// growth.
//
// Without a history the budget is unmeasured at level warn: the first check of a project
// has none, and would fail for ever otherwise.
func (j *judge) trend(v reporters.Verdict, a amount, functions []reporters.Function) []reporters.Verdict {
	if len(j.o.History) == 0 {
		return []reporters.Verdict{j.withoutHistory(v, functions)}
	}
	start := j.startOf(a.days)
	if v.Group != "" {
		return []reporters.Verdict{j.since(v, a, start, functions)}
	}
	var list []reporters.Verdict
	for _, f := range functions {
		list = append(list, j.since(v, a, start, []reporters.Function{f}))
	}
	return list
}

// growIn is the kind of a budget on growth over a span.
func growIn(days int) string { return fmt.Sprintf("grow in %dd", days) }

func (j *judge) withoutHistory(v reporters.Verdict, functions []reporters.Function) reporters.Verdict {
	for _, f := range functions {
		v.Functions = append(v.Functions, f.ID)
	}
	v.Outcome, v.Level, v.Position = reporters.OutcomeUnmeasured, reporters.LevelWarn, v.Rule
	v.Message = fmt.Sprintf("growth of the %s by %s is not checked for %s: ", nameOfMetric(v.Metric), v.Limit, reporters.Plural(len(functions), "function", "functions"))
	if j.o.History == nil {
		v.Message += "no history is given"
		v.Hint = "add --history notes, or --history FILE with a file that the CI cache keeps"
	} else {
		v.Message += "nothing is recorded yet"
		v.Hint = "each check with --history records its commit; git fetch origin refs/notes/featherpack:refs/notes/featherpack brings what others recorded"
	}
	return v
}

// startOf is the index of the record that was the state so many days ago.
func (j *judge) startOf(days int) int {
	from, start := j.o.Today.AddDate(0, 0, -days), 0
	for i, p := range j.o.History {
		if !p.Time.After(from) {
			start = i
		}
	}
	return start
}

// since judges the growth of functions together since a record.
func (j *judge) since(v reporters.Verdict, a amount, start int, functions []reporters.Function) reporters.Verdict {
	for _, f := range functions {
		v.Functions = append(v.Functions, f.ID)
	}
	who := reporters.Quoted(v.Functions[0])
	v.Position = functions[0].Position
	if v.Group != "" {
		who, v.Position = "the group "+reporters.Quoted(v.Group), v.Rule
	}
	var before, after int64
	from := start
	for _, f := range functions {
		_, now, unknown := j.measure(f, v.Metric, false)
		if unknown != "" {
			v.Outcome, v.Message, v.Hint = reporters.OutcomeUnmeasured, fmt.Sprintf("the %s of %s is unknown: %s", nameOfMetric(v.Metric), who, unknown), "a budget that cannot be measured does not pass"
			if v.Metric == reporters.MetricLoad {
				v.Hint = "add --boot, which starts every artifact"
			}
			return v
		}
		after += now
		was, at, ok := j.recordedOf(f.ID, v.Metric, start, v.Group == "")
		if !ok && v.Group == "" {
			v.Outcome, v.Value = reporters.OutcomePass, after
			v.Message = fmt.Sprintf("the %s of %s is not in the history yet, so there is nothing that it has grown from", nameOfMetric(v.Metric), who)
			return v
		}
		if ok {
			before += was
		}
		if v.Group == "" {
			from = at
		}
	}
	before += j.gone(v, start)
	v.Value = after
	ok, most := a.allows(before, after)
	v.Most = most
	p := j.o.History[from]
	since := fmt.Sprintf("since %.10s of %s", p.Commit, p.Time.Format(time.DateOnly))
	if p.Time.After(j.o.Today.AddDate(0, 0, -a.days)) {
		since += ", the first record"
	}
	if ok {
		v.Outcome = reporters.OutcomePass
		v.Message = fmt.Sprintf("%s has %s of %s, of %s allowed %s", who, withArticle(nameOfMetric(v.Metric)), v.Shown(after), v.Shown(most), since)
		return v
	}
	v.Message = fmt.Sprintf("%s grew its %s by %s (%s) %s, and %s is allowed", who, nameOfMetric(v.Metric), v.Shown(after-before), cmp.Or(reporters.PercentChange(before, after), "from nothing"), since, v.Limit)
	if v.Group == "" {
		v.Hint = j.mover(v, from)
	} else {
		v.Hint = "featherpack history shows which functions and commits it was"
	}
	j.outcome(&v)
	return v
}

// recordedOf is a metric of a function in the last record up to start that has it. If none
// has and later is set, it is that of the first one after.
func (j *judge) recordedOf(id, metric string, start int, later bool) (value int64, at int, ok bool) {
	for i := start; i >= 0; i-- {
		if value, ok = recordedIn(j.o.History[i], id, metric); ok {
			return value, i, true
		}
	}
	for i := start + 1; later && i < len(j.o.History); i++ {
		if value, ok = recordedIn(j.o.History[i], id, metric); ok {
			return value, i, true
		}
	}
	return 0, 0, false
}

func recordedIn(p reporters.Recorded, id, metric string) (value int64, ok bool) {
	size, ok := p.Functions.Of(id)
	switch metric {
	case reporters.MetricZip:
		value = size.Zip
	case reporters.MetricUnzipped:
		value = size.Unzipped
	case reporters.MetricLoad:
		value = size.Load
		ok = ok && value > 0 // it was measured
	default:
		return 0, false
	}
	return value, ok
}

// gone is what a group's functions that no longer exist had at a record. A group that is a
// service has none, because the service of a removed function is not known.
func (j *judge) gone(v reporters.Verdict, start int) (sum int64) {
	if j.o.Partial || v.Group == "" || v.Match == "" && v.Group != "all" {
		return 0
	}
	for id := range j.o.History[start].Functions.All() {
		if _, exists := j.names[id]; exists || !matches(cmp.Or(v.Match, "**"), []string{id, id[strings.LastIndexByte(id, '/')+1:]}) {
			continue
		}
		value, _ := recordedIn(j.o.History[start], id, v.Metric)
		sum += value
	}
	return sum
}

// mover says which commit added most to a function since a record.
func (j *judge) mover(v reporters.Verdict, from int) string {
	id, before, by, commit := v.Functions[0], int64(0), int64(0), ""
	for i := from; i < len(j.o.History); i++ {
		p := j.o.History[i]
		now, ok := recordedIn(p, id, v.Metric)
		if !ok {
			continue
		}
		if i > from && now-before > by {
			by, commit = now-before, fmt.Sprintf("%.10s %s", p.Commit, p.Subject)
		}
		before = now
	}
	if v.Value-before > by {
		by, commit = v.Value-before, "this change"
	}
	return fmt.Sprintf("most of it, +%s, came with %s; featherpack history %s lists the commits", v.Shown(by), strings.TrimSpace(commit), id)
}
