package advise

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/lint"
)

func TestAdviceIgnored(t *testing.T) {
	one := Advice{Code: "client-in-handler", Position: analyzer.Position{File: "src/a/b.ts"}}
	for _, c := range []struct {
		code, at string
		want     bool
	}{
		{"client-in-handler", "", true},
		{"client-in-handler", "src/a/b.ts", true},
		{"client-in-handler", "src/**", true},
		{"client-in-handler", "lib/**", false},
		{"client-in-handler", "[", false},
		{"build-tag", "", false},
	} {
		if got := matches(analyzer.AdviceIgnore{Code: c.code, At: c.at}, one); got != c.want {
			t.Errorf("%s at %q: %v", c.code, c.at, got)
		}
	}
}

func TestWorthSaving(t *testing.T) {
	for _, c := range []struct {
		saved, of int64
		want      bool
	}{
		{512, 5_000_000, true}, {511, 5_000_000, false}, {511, 200_000, true},
		{0, 100, false}, {0, 0, false}, {-600, 5_000_000, false},
	} {
		if got := worthSaving(c.saved, c.of); got != c.want {
			t.Errorf("%d of %d: %v", c.saved, c.of, got)
		}
	}
}

// A change is tried once, and safe changes are tried first.
func TestFresh(t *testing.T) {
	const changes, nothing = "what it does goes away", ""
	tag := func(name, changes string) lint.Advice {
		return lint.Advice{
			Diagnostic:       analyzer.Diagnostic{Code: "build-tag", Message: name},
			BehaviourChanges: changes, Change: lint.Change{Tags: []string{name}},
		}
	}
	g := &goTrials{seen: map[string]bool{}}
	names := func(list []lint.Advice) (s []string) {
		for _, c := range list {
			s = append(s, c.Message)
		}
		return s
	}
	got := names(g.fresh([]lint.Advice{tag("a", changes), tag("b", nothing), tag("c", changes)}))
	if strings.Join(got, " ") != "b a c" {
		t.Errorf("first %v", got)
	}
	if got := names(g.fresh([]lint.Advice{tag("a", changes), tag("d", changes)})); strings.Join(got, " ") != "d" {
		t.Errorf("then %v", got)
	}
	g = &goTrials{seen: map[string]bool{}, Question: Question{OnlySafe: true}}
	if got := names(g.fresh([]lint.Advice{tag("a", changes), tag("b", nothing)})); strings.Join(got, " ") != "b" {
		t.Errorf("safe %v", got)
	}
}

// An exception that has expired is reported once, however many functions it was for.
func TestExpiredIsSaidOnce(t *testing.T) {
	s := Silencer{Ignored: []analyzer.AdviceIgnore{{Code: "client-in-handler", Reason: "old", Until: "2020-01-31"}}}
	said := 0
	for _, name := range []string{"a", "b"} {
		a := Advised{Function: name, Advice: []Advice{{Code: "client-in-handler"}}}
		said += len(s.Silence(&a))
		if len(a.Advice) != 1 {
			t.Errorf("%s: the advice is silenced", name)
		}
	}
	if said != 1 {
		t.Errorf("it is said %d times", said)
	}
}
