package reporters_test

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render"
	"github.com/featherpack/featherpack/reporters/sample"
)

// waysTo tells reasons as "file:line saved chain".
func waysTo(t *testing.T, r reporters.Report, function, name string) (reporters.Reasons, []string) {
	t.Helper()
	reasons, err := reporters.Why(r, function, name, nil)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, w := range reasons.Ways {
		list = append(list, strings.Join([]string{
			w.Position.String(), strconv.FormatInt(w.Unzipped, 10), reporters.ChainText(w.Chain, " > "),
		}, " "))
	}
	return reasons, list
}

func TestWhy(t *testing.T) {
	s := sample.NewService(t)
	s.Module("src/app.ts", 900, "src/a.ts", "src/b.ts", "src/c.ts")
	s.Module("src/a.ts", 100, "node_modules/big/index.js", "node_modules/tiny/index.js")
	s.Module("src/b.ts", 100, "node_modules/outer/index.js")
	s.Module("src/c.ts", 100, "node_modules/only/index.js")
	s.Module("node_modules/big@1.0.0/index.js", 40_000, "node_modules/big/more.js", "node_modules/dep/index.js")
	s.Module("node_modules/big@1.0.0/more.js", 2_000)
	s.Module("node_modules/dep@2.0.0/index.js", 5_000)
	s.Module("node_modules/tiny@1.0.0/index.js", 300)
	s.Module("node_modules/outer@1.0.0/index.js", 700, "node_modules/big/more.js")
	s.Module("node_modules/only@1.0.0/index.js", 8_000, "node_modules/tiny/index.js")
	s.Module("src/other.ts", 50, "node_modules/big/index.js") // of another function
	s.Function("app", "src/app.ts")
	s.Function("other", "src/other.ts")
	r := s.Report()

	reasons, ways := waysTo(t, r, "app", "big")
	if diff := cmp.Diff([]string{
		"src/a.ts:1 45000 src/app.ts:1 > src/a.ts:1 > big@1.0.0",
		"src/b.ts:1 700 src/app.ts:2 > src/b.ts:1 > outer@1.0.0 > big@1.0.0",
	}, ways); diff != "" {
		t.Error(diff)
	}
	if reasons.Unzipped != 47_000 || len(reasons.Versions) != 1 || reasons.Versions[0].Unzipped != 42_000 {
		t.Errorf("%+v", reasons)
	}
	_, ways = waysTo(t, r, "app", "tiny")
	if diff := cmp.Diff([]string{
		"src/c.ts:1 8000 src/app.ts:3 > src/c.ts:1 > only@1.0.0 > tiny@1.0.0",
		"src/a.ts:2 0 src/app.ts:1 > src/a.ts:2 > tiny@1.0.0",
	}, ways); diff != "" {
		t.Error(diff)
	}
	_, ways = waysTo(t, r, "app", "src/c.ts")
	if diff := cmp.Diff([]string{"src/app.ts:3 8100 src/app.ts:3 > src/c.ts"}, ways); diff != "" {
		t.Error(diff)
	}

	reasons, _ = waysTo(t, r, "app", "big")
	var b bytes.Buffer
	if err := render.Reasons(&b, reasons, render.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	sample.Golden(t, "why.txt", b.Bytes())
}

func TestWhyNot(t *testing.T) {
	r := sample.Shop(t).Report()
	for _, test := range []struct{ function, name, message, hint string }{
		{"order", "zod", `there is no function "order" in the report`, `did you mean "orders"?`},
		{"refunds", "zod", `function "refunds" was not built`, "fix the function"},
		{"orders", "zodd", `"orders" does not contain "zodd"`, `did you mean "zod"?`},
		{"ping", "zod", `"ping" does not contain "zod"`, "featherpack report --verbose"},
		{"ping", "(own code)", `"(own code)" is not a package`, "featherpack report --verbose"},
		{"users", "sharp", `no import of "users" leads to "sharp"`, "featherpack report --verbose"},
	} {
		_, err := reporters.Why(r, test.function, test.name, nil)
		var d analyzer.Diagnostic
		if !errors.As(err, &d) || !strings.HasPrefix(d.Message, test.message) || !strings.HasPrefix(d.Hint, test.hint) {
			t.Errorf("%s %s: %#v", test.function, test.name, err)
		}
	}
}

func TestWhyOfHostileReports(t *testing.T) {
	for _, name := range sample.Hostile() {
		r := sample.Attacked(t, name)
		reasons, err := reporters.Why(r, name+"0", name, nil)
		if err != nil {
			continue // a name that JSON would have mended
		}
		var b bytes.Buffer
		if err := render.Reasons(&b, reasons, render.TextOptions{}); err != nil ||
			strings.ContainsAny(b.String(), "\x1b\r\t\u202e") {
			t.Errorf("%q: %q, %v", name, b.String(), err)
		}
	}
}
