package render

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

func TestRulesHaveFullTexts(t *testing.T) {
	r := reporters.Report{Diagnostics: []analyzer.Diagnostic{
		{Code: "secret", Severity: analyzer.Refused, Message: "m"}, {Code: "of-tomorrow", Severity: analyzer.Error, Message: "m"},
	}}
	var b strings.Builder
	if err := SARIF(&b, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{ruleTexts["secret"], "A finding of featherpack.", `"helpUri": "https://`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
	for code, text := range ruleTexts {
		if !strings.HasSuffix(text, ".") || strings.Count(text, ". ") > 1 {
			t.Errorf("%s: %q", code, text)
		}
	}
}
