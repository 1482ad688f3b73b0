package locate

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/git"
)

// The line of an import is found on disk and in a commit, whose files may no longer be
// on disk.
func TestLocate(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"src/a.ts":                  "\n\nimport x from './x'\n",
		"svc/go.mod":                "// the service\nmodule example.org/svc // v2\n\ngo 1.26\n",
		"svc/cmd/f/main.go":         "package locate\n\nimport (\n\t\"fmt\"\n\n\t\"example.org/svc/table\"\n)\n",
		"svc/table/a_windows.go":    "package table\n\nimport \"os\"\n",
		"svc/table/b.go":            "package table\n\nimport _ \"os\"\n",
		"svc/table/b_test.go":       "package table\n\nimport \"testing\"\n",
		"svc/table/broken.go":       "package",
		"svc/nested/go.mod":         "module example.org/svc/nested\n",
		"svc/nested/cmd/g/main.go":  "package locate\n\nimport \"net\"\n",
		"other/go.mod":              "module example.org/svcs\n",
		"other/main.go":             "package locate\n\nimport \"io\"\n",
		"plain/without/a/module.go": "package locate\n\nimport \"io\"\n",
	} {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
	}
	run("init", "-q", ".")
	run("add", ".")
	run("commit", "-q", "-m", "all of it")
	var functions []analyzer.Function
	for _, entry := range []string{"svc/cmd/f", "svc/nested/cmd/g", "other", "plain/without/a"} {
		functions = append(functions, analyzer.Function{Family: analyzer.Go, Entry: entry})
	}
	check := func(t *testing.T, s Sources) {
		locate := Imports(s, functions)
		type (
			input = analyzer.Input
			imp   = analyzer.Import
			at    = analyzer.Position
		)
		inGo := func(path string) input { return input{Format: "go", Path: path} }
		for _, test := range []struct {
			from input
			im   imp
			want at
		}{
			{input{Path: "src/a.ts"}, imp{Specifier: "./x"}, at{File: "src/a.ts", Line: 3, Column: 15}},
			{input{Path: "src/a.ts"}, imp{Specifier: "./x", Line: 9}, at{File: "src/a.ts", Line: 9}},
			{input{Path: "src/gone.ts"}, imp{Specifier: "./x"}, at{File: "src/gone.ts"}},
			{inGo("example.org/svc/cmd/f"), imp{Specifier: "example.org/svc/table"},
				at{File: "svc/cmd/f/main.go", Line: 6, Column: 2}},
			{inGo("example.org/svc/cmd/f in svc"), imp{Specifier: "fmt"}, at{File: "svc/cmd/f/main.go", Line: 4, Column: 2}},
			{inGo("example.org/svc/table"), imp{Specifier: "os"}, at{File: "svc/table/b.go", Line: 3, Column: 8}},
			{inGo("example.org/svc/table"), imp{Specifier: "testing"}, at{}},
			{inGo("example.org/svc/nested/cmd/g"), imp{Specifier: "net"},
				at{File: "svc/nested/cmd/g/main.go", Line: 3, Column: 8}},
			{inGo("example.org/svcs"), imp{Specifier: "io"}, at{File: "other/main.go", Line: 3, Column: 8}},
			{inGo("example.org/elsewhere"), imp{Specifier: "io"}, at{}},
			{inGo("example.org/svc/../../etc"), imp{Specifier: "io"}, at{}},
			{input{Format: "go", Path: "fmt", Package: "std"}, imp{Specifier: "io"}, at{}},
		} {
			if got := locate(test.from, test.im); got != test.want {
				t.Errorf("%s asks for %s at %v, want %v", test.from.Path, test.im.Specifier, got, test.want)
			}
		}
	}
	t.Run("on the disk", func(t *testing.T) { check(t, Below(root)) })
	checkout, err := git.Open(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"src", "svc", "other"} {
		if err := os.RemoveAll(filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("in a commit", func(t *testing.T) {
		check(t, Sources{checkout.Read(t.Context(), "HEAD"), checkout.Names(t.Context(), "HEAD")})
	})
}
