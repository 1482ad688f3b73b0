package explain

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// explainer has a project of the given files, by name.
func explainer(t *testing.T, files map[string]string) (Explainer, string) {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	packages, err := installed.Open(projectfs.New(root, projectfs.Allowances{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { packages.Files().Close() })
	return Explainer{Packages: packages, Function: "orders", Runtime: "nodejs22.x"}, root
}

func TestMessages(t *testing.T) {
	e, root := explainer(t, map[string]string{
		"package.json":                   `{"imports": {}, "dependencies": {"lodash": "1"}}`,
		"src/orders.ts":                  "",
		"node_modules/half/package.json": `{"name": "half", "main": "gone.js"}`,
	})
	at := func(file string) *api.Location { return &api.Location{File: file, Line: 3, Column: 4} }
	for _, test := range []struct {
		m                   api.Message
		code, message, hint string
	}{
		{api.Message{Text: `Could not resolve "lodahs"`, Location: at("src/fn.ts")},
			"unresolved-import", `cannot resolve "lodahs"`, `did you mean "lodash"? package.json does not list "lodahs"`},
		{api.Message{Text: `Could not resolve "./ordres"`, Location: at("src/fn.ts")},
			"unresolved-import", `cannot resolve "./ordres"`, `did you mean "./orders"?`},
		{api.Message{Text: `Could not resolve "../../x"`, Location: at("src/fn.ts")},
			"unresolved-import", `cannot resolve "../../x"`, "the path leaves the project's root"},
		{api.Message{Text: `Could not resolve "#x"`, Location: at("src/fn.ts")},
			"unresolved-import", `cannot resolve "#x"`, `add it to "imports" of package.json`},
		{api.Message{Text: `Could not resolve "half"`, Location: at("src/fn.ts")},
			"unresolved-import", `cannot resolve "half"`,
			"its main, node_modules/half/gone.js, does not exist: build the package, or install it again"},
		{api.Message{Text: `No loader is configured for ".png" files: ` + root + "/a.png", Location: at("src/fn.ts")},
			"no-loader", ".png files cannot be bundled: a.png",
			`set how to read them with build.loader in featherpack.yaml, for example {".png": text}`},
		{api.Message{Text: `Cannot read file "` + root + `/a.ts": permission denied`},
			"unreadable", `cannot read file "a.ts": permission denied`, "check its permissions"},
		{api.Message{Text: `Expected ";" but found ":"`, Location: at("src/fn.js")},
			"syntax-error", `expected ";" but found ":"`, "if this is TypeScript, give the file the extension .ts"},
		{api.Message{Text: "Unexpected end of file", Location: at("src/fn.ts"), Notes: []api.Note{
			{Text: "Close it:", Location: at("src/fn.ts")},
		}},
			"syntax-error", "unexpected end of file", "close it (src/fn.ts:3)"},
	} {
		got := e.Explain([]api.Message{test.m}, analyzer.Error)
		if len(got) != 1 {
			t.Fatalf("%s: %v", test.m.Text, got)
		}
		d := got[0]
		if d.Code != test.code || d.Message != test.message || d.Hint != test.hint || d.Function != "orders" {
			t.Errorf("%s: %s: %s (%s)", test.m.Text, d.Code, d.Message, d.Hint)
		}
		if test.m.Location != nil && d.Position != (analyzer.Position{File: test.m.Location.File, Line: 3, Column: 5}) {
			t.Errorf("%s is at %+v", test.m.Text, d.Position)
		}
	}
}

// Nobody who reads a warning about an installed package can act on it.
func TestWarningsAboutPackagesAreDropped(t *testing.T) {
	e, _ := explainer(t, nil)
	messages := []api.Message{
		{Text: "a", Location: &api.Location{File: "src/a.js"}},
		{Text: "b", Location: &api.Location{File: "node_modules/b/b.js"}},
		{Text: "c", ID: "empty-import-meta", Location: &api.Location{File: "src/c.js"}},
	}
	if got := e.Explain(messages, analyzer.Warning); len(got) != 1 || got[0].File != "src/a.js" {
		t.Errorf("%+v", got)
	}
	if got := e.Explain(messages, analyzer.Error); len(got) != 3 {
		t.Errorf("%+v", got)
	}
}
