package main

import (
	"reflect"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/lint"
)

func TestReadInitTrace(t *testing.T) {
	log := `init internal/bytealg @0.008 ms, 0 ms clock, 0 bytes, 0 allocs
init main @1.2 ms, 0.35 ms clock, 4096 bytes, 12 allocs
the function's own: init main @1 ms, 2 ms clock, 3 bytes, 4 allocs
init broken @x ms, 1 ms clock, 0 bytes, 0 allocs
{"level":"info","msg":"init"}
init example.org/svc/internal/page @2e+01 ms, 12 ms clock, 1 bytes, 1 allocs
`
	want := []initMillis{{"internal/bytealg", 0}, {"main", 0.35}, {"example.org/svc/internal/page", 12}}
	if got := readInitTrace(log); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestSplitSymbol(t *testing.T) {
	for symbol, want := range map[string][2]string{
		"text/template.(*state).evalField":                               {"text/template", "(*state).evalField"},
		"github.com/go-playground/validator/v10.tryCallValidateFn":       {"github.com/go-playground/validator/v10", "tryCallValidateFn"},
		"gopkg.in/yaml%2ev3.unmarshal.func1":                             {"gopkg.in/yaml.v3", "unmarshal"},
		"example.org/svc/cmd/a.handle.func2.1":                           {"example.org/svc/cmd/a", "handle"},
		"example.org/a.T.M-fm":                                           {"example.org/a", "T.M"},
		"example.org/a.Map[go.shape.string,example.org/b.Value].gowrap1": {"example.org/a", "Map[go.shape.string,example.org/b.Value]"},
		"nonsense": {"", "nonsense"},
	} {
		if pkg, name := splitSymbol(symbol); pkg != want[0] || name != want[1] {
			t.Errorf("%s: %q %q, want %q", symbol, pkg, name, want)
		}
	}
}

// TestWithoutLookups: only the function's own calls with one argument go, in
// code that still compiles and evaluates what it evaluated.
func TestWithoutLookups(t *testing.T) {
	const file = "package p\n\nimport r \"reflect\"\n\nfunc (s *state) find(v r.Value, n string) r.Value {\n\tm := v.MethodByName(n)\n\tif x := v.Type().NumMethod(); x > 0 {\n\t\treturn v.Method(x - 1)\n\t}\n\treturn m\n}\n\nfunc other(v r.Value) r.Value { return v.Method(0) }\n"
	got := string(withoutLookups([]byte(file), "(*state).find", "(r %s.Value)"))
	want := strings.NewReplacer(
		"v.MethodByName(n)", "func(...any) (r r.Value) { return }(v, n)",
		"v.Method(x - 1)", "func(...any) (r r.Value) { return }(v, x - 1)",
	).Replace(file)
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for name, src := range map[string]string{
		"another receiver":   strings.Replace(file, "*state", "state", 1),
		"no lookup":          "package p\n\nimport \"reflect\"\n\nfunc (s *state) find(v reflect.Value) int { return v.NumMethod() }\n",
		"no reflection":      "package p\n\nfunc (s *state) find(r request) string { return r.Method(1) }\n",
		"does not compile":   "package p\n\nfunc (s *state) find(",
		"declared nowhere":   "package p\n",
		"only a declaration": "package p\n\nimport \"reflect\"\n\nvar _ reflect.Value\n\nfunc (s *state) find()\n",
	} {
		if got := withoutLookups([]byte(src), "(*state).find", "(r %s.Value)"); got != nil {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestAdviceIgnored(t *testing.T) {
	one := advice{Code: "client-in-handler", Position: analyzer.Position{File: "src/a/b.ts"}}
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
	}{{512, 5_000_000, true}, {511, 5_000_000, false}, {511, 200_000, true}, {0, 100, false}, {0, 0, false}, {-600, 5_000_000, false}} {
		if got := worthSaving(c.saved, c.of); got != c.want {
			t.Errorf("%d of %d: %v", c.saved, c.of, got)
		}
	}
}

// TestFresh: a candidate is tried once, and those that change nothing else first.
func TestFresh(t *testing.T) {
	const changes, nothing = "what it does goes away", ""
	tag := func(name, changes string) lint.Advice {
		return lint.Advice{Diagnostic: analyzer.Diagnostic{Code: "build-tag", Message: name}, BehaviourChanges: changes, Change: lint.Change{Tags: []string{name}}}
	}
	g := &goAdvice{known: map[string]bool{}}
	names := func(list []lint.Advice) (s []string) {
		for _, c := range list {
			s = append(s, c.Message)
		}
		return s
	}
	if got := names(g.fresh([]lint.Advice{tag("a", changes), tag("b", nothing), tag("c", changes)})); strings.Join(got, " ") != "b a c" {
		t.Errorf("first %v", got)
	}
	if got := names(g.fresh([]lint.Advice{tag("a", changes), tag("d", changes)})); strings.Join(got, " ") != "d" {
		t.Errorf("then %v", got)
	}
	g = &goAdvice{known: map[string]bool{}, adviseQuestion: adviseQuestion{onlySafe: true}}
	if got := names(g.fresh([]lint.Advice{tag("a", changes), tag("b", nothing)})); strings.Join(got, " ") != "b" {
		t.Errorf("safe %v", got)
	}
}
