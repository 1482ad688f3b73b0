package rewrite

import (
	"strings"
	"testing"
)

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
		if pkg, name := SplitSymbol(symbol); pkg != want[0] || name != want[1] {
			t.Errorf("%s: %q %q, want %q", symbol, pkg, name, want)
		}
	}
}

// TestWithoutLookups checks that only the function's own calls with one argument are
// replaced, and that the code still compiles and evaluates the same expressions.
func TestWithoutLookups(t *testing.T) {
	const file = `package p

import r "reflect"

func (s *state) find(v r.Value, n string) r.Value {
	m := v.MethodByName(n)
	if x := v.Type().NumMethod(); x > 0 {
		return v.Method(x - 1)
	}
	return m
}

func other(v r.Value) r.Value { return v.Method(0) }
`
	got := string(WithoutLookups([]byte(file), "(*state).find", "(r %s.Value)"))
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
		if got := WithoutLookups([]byte(src), "(*state).find", "(r %s.Value)"); got != nil {
			t.Errorf("%s: %s", name, got)
		}
	}
}
