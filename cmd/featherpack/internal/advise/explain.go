package advise

import (
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/lint"
)

// Explain returns what the advice of a code is about, or the list of codes for "all", as
// Markdown.
func Explain(code string) (string, error) {
	rules := lint.Rules()
	if code == "all" {
		return Table(), nil
	}
	i := slices.IndexFunc(rules, func(r lint.Rule) bool { return r.Code == code })
	if i < 0 {
		return "", analyzer.Usage(fmt.Sprintf("there is no advice %q", code), CodeHint(code))
	}
	return explained(rules[i]), nil
}

// CodeHint is the hint for a code that no advice has.
func CodeHint(code string) string {
	hint := "featherpack advise --explain all lists the codes"
	if near := analyzer.Nearest(code, lint.Codes()); near != "" {
		hint = fmt.Sprintf("did you mean %s? %s", near, hint)
	}
	return hint
}

// Table lists the codes of all advice, as a Markdown table.
func Table() string {
	var b strings.Builder
	b.WriteString("| code | for | costs | finds |\n|---|---|---|---|\n")
	for _, r := range lint.Rules() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", r.Code, r.Families(), r.Kind, r.Title)
	}
	return b.String()
}

// Paragraphs explains every code, as Markdown.
func Paragraphs() string {
	var b strings.Builder
	for _, r := range lint.Rules() {
		b.WriteString(explained(r) + "\n")
	}
	return b.String()
}

func explained(r lint.Rule) string {
	text := fmt.Sprintf("### %s\n\n*%s* (%s). %s\n", r.Code, strings.ToUpper(r.Title[:1])+r.Title[1:], r.Families(), r.Explain)
	if by := measuredBy[r.Code]; by != "" {
		text += "\nMeasured: " + by + ".\n"
	}
	if r.Projected != "" {
		text += "\nProjected: " + r.Projected + " (<" + r.ProjectedFrom + ">).\n"
	}
	return text
}
