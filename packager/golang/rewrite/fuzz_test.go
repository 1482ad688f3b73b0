package rewrite

import (
	"go/parser"
	"go/token"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// A go.mod that was changed can be changed again.
func FuzzReplace(f *testing.F) {
	f.Add([]byte("module a\n\ngo 1.26\n\nrequire b v1.0.0 // indirect\n\nreplace b => ../b\n\nreplace (\n\tb v1.0.0 => c v1.0.0\n)\n"))
	f.Add([]byte("module \"a\nretract [v1, v2]\n"))
	f.Fuzz(func(t *testing.T, mod []byte) {
		defer inputtest.Bound(t)()
		folders := map[string]string{"b": "/b", "c": "./c"}
		if changed, err := Replace(mod, folders); err == nil {
			if _, err := Replace(changed, folders); err != nil {
				t.Errorf("%q became %q: %v", mod, changed, err)
			}
		}
	})
}

// A source that was changed is a source.
func FuzzWithoutLookups(f *testing.F) {
	f.Add([]byte("package p\nimport r \"reflect\"\nfunc f(v r.Value) { _ = v.Method(0); x, _ := v.Type().MethodByName(\"a\"); _ = x }\nfunc (t *T[K]) m() {}"), "f")
	f.Fuzz(func(t *testing.T, text []byte, name string) {
		defer inputtest.Bound(t)()
		if changed := WithoutLookups(text, name, "%[1]s.Value{}"); changed != nil {
			if _, err := parser.ParseFile(token.NewFileSet(), "", changed, parser.SkipObjectResolution); err != nil {
				t.Logf("%q became %q: %v", text, changed, err)
			}
		}
		_, _ = StandIn{Dependency: "reflect", name: "reflect", path: "example.org/reflect"}.rewritten(text)
		SplitSymbol(name)
	})
}
