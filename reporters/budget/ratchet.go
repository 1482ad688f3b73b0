package budget

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// Lowered is a budget that [Ratchet] made stricter.
type Lowered struct {
	Budget string
	Before string
	After  string
	analyzer.Position
}

// Ratchet lowers the max of every budget in one file to the measured value. It never
// raises one. text is the file's content when the report was judged, and name its path in
// [reporters.Verdict]'s Rule. Everything except the amounts stays unchanged, including
// comments. Ratchet skips budgets that are exceeded, that have a function without a
// measurement, and that limit a time, because times vary.
//
// The error names an amount that was not found at its position.
func Ratchet(name string, text []byte, r reporters.Report) ([]byte, []Lowered, error) {
	type limit struct {
		reporters.Verdict
		value int64
		whole bool
	}
	limits := map[analyzer.Position]*limit{}
	for _, v := range r.Verdicts {
		if v.Kind != "max" || v.Rule.File != name || v.Metric == reporters.MetricLoad || v.Metric == "match" {
			continue
		}
		l := limits[v.Rule]
		if l == nil {
			l = &limit{Verdict: v, whole: true}
			limits[v.Rule] = l
		}
		l.value = max(l.value, v.Value)
		l.whole = l.whole && v.Outcome == reporters.OutcomePass
	}
	lines := strings.SplitAfter(string(text), "\n")
	var lowered []Lowered
	for _, l := range limits {
		after := lower(l.Limit, l.Metric, l.value)
		if !l.whole || after == "" {
			continue
		}
		if !replaceMax(lines, l.Rule, l.Limit, after) {
			return nil, nil, analyzer.Diagnostic{
				Code: "ratchet", Severity: analyzer.Error, Position: l.Rule,
				Message: fmt.Sprintf("the budget %q was not found here", l.Limit), Hint: fmt.Sprintf("write %s there by hand", after),
			}
		}
		lowered = append(lowered, Lowered{l.Metric, l.Limit, after, l.Rule})
	}
	slices.SortFunc(lowered, func(a, b Lowered) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return []byte(strings.Join(lines, "")), lowered, nil
}

// lower is the smallest amount of three digits that allows value, in the notation of
// limit. It is "" if it would not be less than limit.
func lower(limit, metric string, value int64) string {
	was, err := parseAmount(limit, metric, false)
	if err != nil || value >= was.units {
		return ""
	}
	text := ""
	if m := sharePattern.FindStringSubmatch(limit); m != nil {
		percent := math.Ceil(float64(value)/float64(lambdaLimits[m[2]])*1000) / 10
		text = strconv.FormatFloat(percent, 'f', -1, 64) + "% of " + m[2]
	} else {
		text = ceiling(value)
	}
	is, err := parseAmount(text, metric, false)
	if err != nil || is.units < value || is.units >= was.units {
		return ""
	}
	return text
}

// ceiling formats a size with three digits, rounded up.
func ceiling(bytes int64) string {
	if bytes < 1024 {
		return strconv.FormatInt(bytes, 10) + " B"
	}
	v, unit := float64(bytes)/1024, "KiB"
	if v > 999 {
		v, unit = v/1024, "MiB"
	}
	step := 1.0
	for v/step < 100 && step > 0.011 {
		step /= 10
	}
	return strconv.FormatFloat(math.Ceil(v/step-1e-9)*step, 'f', int(math.Round(-math.Log10(step))), 64) + " " + unit
}

// replaceMax replaces the amount of a budget's max: the scalar at the position, or the
// max of the mapping that starts there.
func replaceMax(lines []string, at analyzer.Position, before, after string) bool {
	if at.Line < 1 || at.Line > len(lines) || at.Column < 1 || at.Column > len(lines[at.Line-1]) {
		return false
	}
	amount := `(["']?)` + regexp.QuoteMeta(before) + `(["']?)`
	scalar := regexp.MustCompile(`^` + amount + `\s*([,}\]#]|$)`)
	line, from := at.Line-1, at.Column-1
	if m := scalar.FindStringSubmatchIndex(strings.TrimRight(lines[line][from:], "\r\n")); m != nil {
		splice(&lines[line], from+m[3], from+m[4], after)
		return true
	}
	key := regexp.MustCompile(`^(?:[^#]*[\s{,])?["']?max["']?\s*:\s*` + amount + `\s*([,}\]#]|$)`)
	flow := lines[line][from] == '{'
	for i := line; i < len(lines); i++ {
		start := 0
		if i == line {
			start = from
		} else if indent := len(lines[i]) - len(strings.TrimLeft(lines[i], " ")); !flow && strings.TrimSpace(lines[i]) != "" && indent < from {
			return false
		}
		piece := strings.TrimRight(lines[i][start:], "\r\n")
		end := strings.IndexByte(piece, '}')
		if m := key.FindStringSubmatchIndex(piece); m != nil && (!flow || end < 0 || m[0] < end) {
			splice(&lines[i], start+m[3], start+m[4], after)
			return true
		}
		if flow && end >= 0 {
			return false
		}
	}
	return false
}

func splice(line *string, from, to int, text string) {
	*line = (*line)[:from] + text + (*line)[to:]
}
