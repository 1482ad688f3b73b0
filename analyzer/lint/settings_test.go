package lint

import (
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer"
)

// settled is a function whose settings deserve no advice.
func settled() analyzer.Function {
	return analyzer.Function{
		Name: "orders", Format: "sam", Family: analyzer.Node, Runtime: "nodejs24.x", Architecture: "arm64", MemoryMB: 512, TimeoutSeconds: 10,
		Position: analyzer.Position{File: "template.yaml", Line: 3, Column: 3},
	}
}

// TestSettings checks the advice about what manifests set, on 27 November 2026.
func TestSettings(t *testing.T) {
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	twenty := analyzer.RuntimeEnd{Deprecated: "2026-04-30", NoCreate: "2026-08-31", NoUpdate: "2026-09-30", Next: "nodejs24.x"}
	ending := func(end analyzer.RuntimeEnd) func(*analyzer.Function) {
		return func(f *analyzer.Function) { f.Deployment.End = end }
	}
	for _, c := range []struct {
		name string
		set  func(*analyzer.Function)
		// want is the code, the severity and a part of the message, "" for no advice.
		want string
	}{
		{"nothing to say", func(*analyzer.Function) {}, ""},

		{"no updates", ending(twenty), "runtime-ending warning cannot be created since 31 August 2026; functions of it cannot be updated since 30 September 2026"},
		{"an end of which no more is known", ending(analyzer.RuntimeEnd{Deprecated: "2025-09-01", Next: "nodejs24.x"}), "runtime-ending warning gets no security updates since 1 September 2025"},
		{"near its end", ending(analyzer.RuntimeEnd{Deprecated: "2027-04-30", Next: "nodejs24.x"}), "runtime-ending note gets no security updates from 30 April 2027 on"},
		{"ended yesterday", ending(analyzer.RuntimeEnd{Deprecated: "2026-11-26", NoUpdate: "2027-01-26", Next: "nodejs24.x"}), "runtime-ending warning cannot be updated from 26 January 2027 on"},
		{"an end in 181 days", ending(analyzer.RuntimeEnd{Deprecated: "2027-05-27", Next: "nodejs24.x"}), ""},
		{"an end without a successor", ending(analyzer.RuntimeEnd{Deprecated: "2026-11-30"}), ""},
		{"an end that is not known", ending(analyzer.RuntimeEnd{}), ""},
		{"a list of functions in featherpack.yaml", func(f *analyzer.Function) { f.Format, f.Deployment.End = "featherpack", twenty }, ""},
	} {
		f := settled()
		c.set(&f)
		checkSettings(t, c.name, AdviseSettings(f, false, now), c.want)
	}
}

func checkSettings(t *testing.T, name string, found []Advice, want string) {
	t.Helper()
	for _, a := range found {
		if a.Message == "" || a.Hint == "" || a.Source == "" || a.BehaviourChanges == "" || a.Line == 0 {
			t.Errorf("%s: incomplete: %+v", name, a)
		}
	}
	code, rest, _ := strings.Cut(want, " ")
	severity, part, _ := strings.Cut(rest, " ")
	switch {
	case want == "" && len(found) > 0, want != "" && len(found) != 1:
		t.Errorf("%s: %+v", name, found)
	case want != "" && (found[0].Code != code || string(found[0].Severity) != severity || !strings.Contains(found[0].Message, part)):
		t.Errorf("%s: %s %s %q, want %s", name, found[0].Code, found[0].Severity, found[0].Message, want)
	}
}
