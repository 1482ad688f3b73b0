package js

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/featherpack/featherpack/analyzer/cases"
	"github.com/featherpack/featherpack/analyzer/inputtest"
)

func specifierLines(found []Specifier) (out []string) {
	for _, s := range found {
		line := fmt.Sprintf("%s %s %d:%d", s.Kind, s.Name, s.Line, s.Column)
		if s.Guarded {
			line += " guarded"
		}
		if s.Conditional {
			line += " conditional"
		}
		out = append(out, line)
	}
	return out
}

func TestSpecifiers(t *testing.T) {
	for _, c := range cases.Read(t, "testdata/specifiers.txt") {
		t.Run(c.Name, func(t *testing.T) {
			got, want := specifierLines(Specifiers([]byte(c.Text(">")))), c.Lines("=")
			if !slices.Equal(got, want) {
				t.Errorf("got %q\nwant %q", got, want)
			}
		})
	}
}

// The names that a module at "@" exports, and whether it may export others.
func TestExports(t *testing.T) {
	for _, c := range cases.Read(t, "testdata/exports.txt") {
		t.Run(c.Name, func(t *testing.T) {
			got, dynamic, err := Exports(File{Path: c.Text("@"), Source: []byte(c.Text(">"))})
			if err != nil {
				t.Fatal(err)
			}
			if dynamic {
				got = append(got, "and others")
			}
			if want := c.Lines("="); !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func FuzzSpecifiers(f *testing.F) {
	f.Add([]byte("import a from 'b'; try { require(`c`) } catch {}"))
	f.Add([]byte("`${a}` / /b/ ; import type X from 'y'"))
	f.Fuzz(func(t *testing.T, src []byte) {
		defer inputtest.Bound(t)()
		last := -1
		for _, s := range Specifiers(src) {
			if s.Start < 0 || s.End > len(src) || s.Start >= s.End || s.Line < 1 || s.Column < 1 {
				t.Fatalf("impossible place %+v in %q", s.Place, src)
			}
			if quote := src[s.Start]; quote != '"' && quote != '\'' && quote != '`' && quote != '(' {
				t.Fatalf("%+v of %q starts with %q", s, src, quote)
			}
			last = max(last, s.Start)
		}
	})
}

func BenchmarkSpecifiers(b *testing.B) {
	text, err := os.ReadFile("testdata/plain.js")
	if err != nil {
		b.Fatal(err)
	}
	source := bytes.Repeat(text, 200)
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		if len(Specifiers(source)) != 400 {
			b.Fatal("wrong number of specifiers")
		}
	}
}

func TestPackageName(t *testing.T) {
	for specifier, want := range map[string]string{
		"lodash": "lodash", "lodash/pick": "lodash", "@aws-sdk/client-s3": "@aws-sdk/client-s3", "@a/b/c/d": "@a/b",
		"@a": "", "./x": "", "../x": "", "/x": "", "#x": "", "node:fs": "", "": "",
	} {
		if got := PackageName(specifier); got != want {
			t.Errorf("%q is of %q, want %q", specifier, got, want)
		}
	}
}

func TestBuiltin(t *testing.T) {
	for specifier, want := range map[string]bool{
		"fs": true, "node:fs": true, "node:sqlite": true, "fs/promises": true, "punycode": true,
		"punycode/": false, "process/browser": false, "lodash": false, "./fs": false,
	} {
		if got := Builtin(specifier); got != want {
			t.Errorf("%q: %v", specifier, got)
		}
	}
}

// A function is no branch: where it is called, its requests run.
func TestBranch(t *testing.T) {
	src := `require('a'); try { require('b') } catch { require('c') }
if (x) require('d'); x ? require('e') : require('f'); x && require('g'); switch (x) { case 1: require('h') }
function f() { require('i'); if (x) require('j') }; class C { m() { require('k') } }; if (x) { (() => require('l'))() }`
	var branches string
	for _, s := range Specifiers([]byte(src)) {
		if s.Branch {
			branches += s.Name
		}
	}
	if branches != "cdefghjl" {
		t.Errorf("branches: %s", branches)
	}
}
