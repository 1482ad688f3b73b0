package pass

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/install"
)

// TestRenamingByScopes renames the variables of installed files, and compares with
// eslint-scope what each name leads to, before and after: over the parser tests of
// ECMA-262 and a few packages, and with FEATHERPACK_LONG=1 over all that the sample
// projects install.
func TestRenamingByScopes(t *testing.T) {
	if testing.Short() {
		t.Skip("installs packages")
	}
	for _, tool := range []string{"npm", "node"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	const acorn = "../../../testdata/acorn"
	projects := []string{acorn}
	if os.Getenv("FEATHERPACK_LONG") == "1" {
		for _, project := range []string{"apps/orders", "apps/packages", "hooks/cdk", "hooks/serverless", "browser"} {
			projects = append(projects, filepath.Join("../../../testdata", project))
		}
	}
	var files []string
	for _, project := range projects {
		root, err := filepath.Abs(project)
		if err != nil {
			t.Fatal(err)
		}
		functions := []analyzer.Function{{Family: analyzer.Node, ServiceDir: "."}}
		if err := install.Packages(t.Context(), analyzer.Project{Root: root}, functions, install.Options{}); err != nil {
			t.Fatal(err)
		}
		files = append(files, scripts(t, filepath.Join(root, "node_modules"))...)
	}
	refused, same := 0, 0
	for name, answer := range askScopes(t, filepath.Join(acorn, "renamed.mjs"), files) {
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

// scripts lists the JavaScript files below a folder.
func scripts(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch filepath.Ext(name) {
		case ".js", ".cjs", ".mjs":
			if err == nil && d.Type().IsRegular() {
				files = append(files, name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
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
