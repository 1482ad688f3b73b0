package sourcetree

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/packager/boot/sandbox"
)

// Each archive in testdata is a project whose source answers what answer.json holds.
// The first comment line has the entry, and after it the code's folder if it is not
// the root.
func TestSourcesAnswer(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed")
	}
	names, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatal(err, "there are no projects")
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			root, answer := extract(t, archive)
			first, _, _ := bytes.Cut(archive.Comment, []byte("\n"))
			words := strings.Fields(string(first))
			f := analyzer.Function{
				ID: "f", Name: "f", Family: analyzer.Node, Runtime: "nodejs20.x", Architecture: "x86_64", MemoryMB: 512,
				Handler: strings.TrimSuffix(words[0], filepath.Ext(words[0])) + ".handler", Entry: words[0], CodeDir: ".", ServiceDir: ".",
			}
			if len(words) > 1 {
				f.CodeDir, f.ServiceDir, f.Entry = words[1], words[1], words[1]+"/"+words[0]
			}
			c, tree := started(t, root, f)
			got := strings.ReplaceAll(string(c.Source.Answer), ",", ", ")
			if strings.TrimSpace(string(answer)) != got {
				t.Errorf("%s: %s %s\nwant %s\n%+v\n%s", c.Verdict, c.Reason, got, answer, c.Source.Error, c.Source.Logs)
			}
			if leftover, err := filepath.Glob(filepath.Join(root, "*.js.map")); err != nil || len(leftover) > 0 {
				t.Errorf("%v: the project was written to: %v, from %s", err, leftover, tree.Dir)
			}
		})
	}
}

// extract writes a project, and returns its root and the answer.
func extract(t *testing.T, archive *txtar.Archive) (root string, answer []byte) {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.Files {
		if file.Name == "answer.json" {
			answer = file.Data
			continue
		}
		full := filepath.Join(root, filepath.FromSlash(file.Name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if target, ok := strings.CutPrefix(string(file.Data), "-> "); ok {
			if err := os.Symlink(strings.TrimSpace(target), full); err != nil {
				t.Fatal(err)
			}
		} else if err := os.WriteFile(full, file.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root, answer
}

// started starts the source of a function with the event {}.
func started(t *testing.T, root string, f analyzer.Function) (boot.Comparison, *boot.Tree) {
	t.Helper()
	set, err := NewSet(root, boot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	tree := set.Of(t.Context(), f, Need{})
	// No artifact is needed: the comparison starts the source first.
	c := boot.Compare(t.Context(), "none.zip", tree, f, boot.Options{Event: []byte("{}")}, boot.Result{Status: boot.Answers})
	if strings.Contains(c.Reason, sandbox.ErrContainment.Error()) {
		t.Skip(c.Reason)
	}
	return c, tree
}

// The copy holds no secrets, nothing from outside the project, and nothing behind a
// link that leaves it, also if the function asks for it.
func TestNothingLeaves(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "outside.txt")
	if err := os.WriteFile(outside, []byte("outside"), 0o644); err != nil {
		t.Fatal(err)
	}
	root, _ := extract(t, txtar.Parse([]byte(`
-- index.js --
const fs = require('fs')
const read = name => { try { return fs.readFileSync(name, 'utf8') } catch (e) { return e.code } }
exports.handler = async () => ['.env', 'id_rsa', 'link', 'folder/outside.txt', '/etc/shadow', '.git/config'].map(read)
-- .env --
A=1
-- id_rsa --
-----BEGIN PRIVATE KEY-----
-- .git/config --
[core]
-- package.json --
{}
`)))
	for link, target := range map[string]string{"link": outside, "folder": filepath.Dir(outside)} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	c, tree := started(t, root, analyzer.Function{
		Name: "f", Family: analyzer.Node, Runtime: "nodejs20.x", Architecture: "x86_64", MemoryMB: 256,
		Handler: "index.handler", Entry: "index.js", CodeDir: ".", ServiceDir: ".",
	})
	if got := string(c.Source.Answer); got != `["ENOENT","ENOENT","ENOENT","ENOENT","ENOENT","ENOENT"]` {
		t.Errorf("%s, %s\n%s", got, c.Reason, c.Source.Logs)
	}
	if !tree.Withheld[".env"] || !tree.Withheld["id_rsa"] {
		t.Errorf("withheld: %v", tree.Withheld)
	}
	var opened []string
	for _, o := range c.Opened {
		if !o.Module {
			opened = append(opened, o.File)
		}
	}
	if strings.Join(opened, " ") != ".env id_rsa" {
		t.Errorf("opened: %v", opened)
	}
}

// A decorated class has the name that it has in the source, whatever compiles it next.
func TestNamesOfDecoratedClasses(t *testing.T) {
	for code, want := range map[string]string{
		"let Pet = class Pet {\n}":                      "let Pet = class {\n}",
		"export let Pet = class Pet extends Animal {":   "export let Pet = class extends Animal {",
		"    let Pet = Pet_1 = class Pet {":             "    let Pet = Pet_1 = class {",
		"let A = class B {":                             "let A = class B {",
		"const Pet = class Pet {":                       "const Pet = class Pet {",
		"let Pet = class Pets {":                        "let Pet = class Pets {",
		"x; let Pet = class Pet { } // and on one line": "x; let Pet = class Pet { } // and on one line",
	} {
		if got := withoutInnerNames(code); got != want {
			t.Errorf("%s becomes %s", code, got)
		}
	}
}
