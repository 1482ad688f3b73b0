package manifesttest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
)

// Reported formats diagnostics, one a line: severity, code, printed text, hint.
func Reported(p analyzer.Project) []string {
	var lines []string
	for _, d := range p.Diagnostics {
		line := fmt.Sprintf("%s %s %s", d.Severity, d.Code, d.Error())
		if d.Hint != "" {
			line += " | " + d.Hint
		}
		lines = append(lines, line)
	}
	return lines
}

// MustReport fails the test unless exactly these diagnostics are reported.
func MustReport(t *testing.T, p analyzer.Project, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, Reported(p)); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
}

// Summary formats functions, one a line: service, name, runtime, architecture,
// handler, entry.
func Summary(p analyzer.Project) []string {
	var lines []string
	for _, f := range p.Functions {
		lines = append(
			lines, fmt.Sprintf("%s/%s %s %s %s -> %s", f.Service, f.Name, f.Runtime, f.Architecture, f.Handler, f.Entry),
		)
	}
	return lines
}

// MustFind fails the test unless exactly these functions are found.
func MustFind(t *testing.T, p analyzer.Project, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, Summary(p)); diff != "" {
		t.Errorf("functions (-want +got):\n%s\n%s", diff, strings.Join(Reported(p), "\n"))
	}
}
