package render

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
)

// problem is a finding, for formats that contain only findings: a diagnostic, a verdict,
// or growth without a budget.
type problem struct {
	code     string
	severity analyzer.Severity
	message  string
	hint     string
	// subject identifies the finding. It has no figures, lines or functions, so that the
	// finding is recognised when those change.
	subject   string
	functions []string
	// link is a URL with the background, "" if the code's own page has it.
	link string
	analyzer.Position
}

// worthANote is the unzipped growth from which a cause without a budget is a finding.
const worthANote = 10 << 10

// problems lists the findings, worst first. A diagnostic that many functions share is one
// problem.
func problems(r reporters.Report) []problem {
	var list []problem
	for _, v := range findings(r.Verdicts) {
		list = append(list, fromVerdict(v))
	}
	for _, l := range r.Loosened {
		list = append(list, problem{
			code: "budget-loosened", severity: analyzer.Warning, message: loosenedText(l), Position: l.Position, subject: l.Budget,
			hint: "ask a reviewer to approve it",
		})
	}
	list = append(list, fromDiagnostics(r)...)
	if r.Delta != nil {
		for _, c := range r.Delta.Causes {
			if c.Unzipped >= worthANote {
				list = append(list, problem{
					code: "growth", severity: analyzer.Note, functions: c.Functions, Position: c.Position,
					message: causeText(c) + ": " + inFunctions(c.Functions),
					subject: strings.Join([]string{c.Kind, c.Package, c.Path}, "\x00"),
				})
			}
		}
	}
	list = append(list, fromAdvice(r)...)
	slices.SortStableFunc(list, func(a, b problem) int { return cmp.Compare(rank(a.severity), rank(b.severity)) })
	return list
}

func fromVerdict(v reporters.Verdict) problem {
	p := problem{
		code: "budget-" + kindOf(v), message: v.Message, hint: v.Hint, functions: v.Functions, Position: v.Position,
		subject: strings.Join([]string{v.Metric, v.Kind, v.Match, v.Group, v.Rule.File}, "\x00"),
	}
	switch v.Outcome {
	case reporters.OutcomeFail:
		p.severity = analyzer.Error
	case reporters.OutcomeUnmeasured:
		p.code, p.severity = "budget-unmeasured", analyzer.Error
		if v.Level == reporters.LevelWarn {
			p.severity = analyzer.Warning
		}
	case reporters.OutcomeAccepted:
		p.severity, p.hint = analyzer.Note, "accepted until "+v.Until+": "+v.Reason
	default:
		p.severity = analyzer.Warning
	}
	return p
}

// fromAdvice lists the advice that concerns a reader, each place of it.
func fromAdvice(r reporters.Report) (list []problem) {
	for _, a := range r.Advice {
		if r.Delta != nil && r.Delta.AdviceCompared && !a.New {
			continue
		}
		clauses := []string{a.Message, a.CostText()}
		clauses = append(clauses, a.BehaviourText(), "in "+inFunctions(a.Functions))
		list = append(list, problem{
			code: a.Code, severity: a.Severity, message: strings.Join(slices.DeleteFunc(clauses, func(s string) bool { return s == "" }), "; "),
			hint: a.Hint, functions: a.Functions, Position: a.Position, link: a.Link, subject: a.File + "\x00" + a.Subject,
		})
	}
	return list
}

var severities = []analyzer.Severity{analyzer.Refused, analyzer.Error, analyzer.Warning, analyzer.Note}

// rank is 0 for the worst.
func rank(s analyzer.Severity) int {
	if i := slices.Index(severities, s); i >= 0 {
		return i
	}
	return len(severities)
}

// kindOf is the last part of a budget's code.
func kindOf(v reporters.Verdict) string {
	switch v.Metric {
	case reporters.MetricForbid, reporters.MetricDuplicates, reporters.MetricZip, reporters.MetricUnzipped, reporters.MetricLoad:
		return v.Metric
	}
	if strings.HasPrefix(v.Metric, reporters.PackageMetric) {
		return "package"
	}
	return "rule"
}

func loosenedText(l reporters.Loosened) string {
	if l.After == "" {
		return fmt.Sprintf("this change removes the budget %s: %s", l.Budget, l.Before)
	}
	return fmt.Sprintf("this change loosens the budget %s: %s, was %s", l.Budget, l.After, l.Before)
}

func fromDiagnostics(r reporters.Report) []problem {
	type key struct {
		code, message string
		at            analyzer.Position
	}
	at := map[key]int{}
	var list []problem
	all := slices.Clone(r.Diagnostics)
	for _, f := range r.Functions {
		all = append(all, f.Diagnostics...)
	}
	for _, d := range all {
		k := key{d.Code, d.Message, d.Position}
		i, ok := at[k]
		if !ok {
			i = len(list)
			at[k] = i
			list = append(list, problem{
				code: cmp.Or(d.Code, "problem"), severity: d.Severity, message: d.Message, hint: d.Hint, Position: d.Position,
				subject: d.File + "\x00" + d.Message,
			})
		}
		if d.Function != "" {
			list[i].functions = append(list[i].functions, d.Function)
		}
	}
	return list
}

// text is the message and the remedy on one line.
func (p problem) text() string {
	text := columns.Clean(p.message)
	if p.hint != "" {
		text += " (" + columns.Clean(p.hint) + ")"
	}
	return text
}

// fingerprint identifies the same finding in later reports.
func (p problem) fingerprint() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{p.code, p.subject}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// path is the file of the finding, featherpack.yaml if it has none.
func (p problem) path() string {
	return cmp.Or(columns.Clean(p.File), "featherpack.yaml")
}

// findings are the verdicts that do not pass, worst first. Each budget is listed once, for all
// its functions.
func findings(verdicts []reporters.Verdict) []reporters.Verdict {
	type key struct {
		outcome, level, metric, kind, match, group, limit string
		rule                                              analyzer.Position
	}
	at := map[key]int{}
	more := map[int]int{}
	var list []reporters.Verdict
	for _, v := range verdicts {
		if v.Outcome == reporters.OutcomePass {
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
		list[i].Message += "; the same holds for " + reporters.Plural(n, "more function", "more functions")
	}
	return list
}
