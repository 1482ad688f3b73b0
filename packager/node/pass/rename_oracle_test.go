package pass

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/install/projecttest"
)

// TestRenamingByScopes renames the variables of installed files, and compares with
// eslint-scope what each name leads to, before and after: over the parser tests of
// ECMA-262 and a few packages, and with FEATHERPACK_LONG=1 over all that the sample
// projects install.
func TestRenamingByScopes(t *testing.T) {
	files := projecttest.Scripts(t, "../../../testdata")
	refused, same := 0, 0
	for name, answer := range askScopes(t, "../../../testdata/acorn/renamed.mjs", files) {
		switch {
		case answer == "same":
			same++
		case strings.HasPrefix(answer, "error "):
			refused++
		default:
			t.Errorf("%s: %s", name, answer)
		}
	}
	t.Logf("%d files: %d name the same variables, acorn refuses %d", len(files), same, refused)
	if same < len(files)/2 {
		t.Error("too few files were compared")
	}
}

// askScopes renames the variables of files, and returns what a program says of each.
func askScopes(t *testing.T, program string, files []string) map[string]string {
	t.Helper()
	// Some trees are deep, and acorn goes through them by recursion.
	cmd := exec.Command("node", "--stack-size=3900", program)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		in.Close()
		_ = cmd.Wait()
	}()
	answers := map[string]string{}
	after, lines := filepath.Join(t.TempDir(), "after.js"), bufio.NewScanner(out)
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := js.Parse(source)
		if err != nil {
			continue
		}
		c := bundle{Code: Code{Text: source, Tree: tree, ShortNames: true}}
		if err := os.WriteFile(after, []byte(js.Apply(source, renameLocals(&c))), 0o644); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(in, "%s\t%s\n", name, after)
		if !lines.Scan() {
			t.Fatal("the program ended early: ", lines.Err())
		}
		answers[name] = lines.Text()
	}
	return answers
}

// BenchmarkPasses compares the passes over a finished bundle with parsing it: one that
// BUNDLE names, or a library that is installed with the parser's tests.
func BenchmarkPasses(b *testing.B) {
	name := os.Getenv("BUNDLE")
	if name == "" {
		name = "../../../testdata/acorn/node_modules/lodash/lodash.min.js"
	}
	source, err := os.ReadFile(name)
	if err != nil {
		b.Skip(err)
	}
	b.SetBytes(int64(len(source)))
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := js.Parse(source); err != nil {
				b.Fatal(err)
			}
		}
	})
	tree, err := js.Parse(source)
	if err != nil {
		b.Fatal(err)
	}
	for _, p := range passes {
		b.Run(p.name, func(b *testing.B) {
			b.ReportAllocs()
			only := analyzer.Switches{}
			for _, other := range passes {
				only[other.name] = other.name == p.name
			}
			for b.Loop() {
				Run(Code{Text: source, Tree: tree, ShortNames: true, Passes: only})
			}
		})
	}
}
