package trace

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/cases"
)

// The edits of a module at "@", each with the text that it replaces.
func TestEdits(t *testing.T) {
	for _, c := range cases.Read(t, "testdata/edits.txt") {
		t.Run(c.Name, func(t *testing.T) {
			source := c.Text(">")
			r, err := traceIn(project("b.js", "d.json={}"), moduleAt(c.Text("@"), source))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range r.Edits {
				s := source[e.Start:e.End] + ">" + e.What
				if e.Path != "" {
					s += " " + e.Path
				}
				if e.Shorthand {
					s += " shorthand"
				}
				got = append(got, s)
			}
			if want := c.Lines("="); !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	source := "// ä\nconst fs = require('fs');\n\n  fs.readFileSync(__dirname + '/x');\nrequire(y)"
	for _, name := range []string{"a.js", "a.ts"} {
		r, err := traceIn(project("x"), moduleAt(name, source))
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprintf("%d:%d %d:%d", r.Assets[0].Line, r.Assets[0].Column, r.Uncertain[0].Line, r.Uncertain[0].Column)
		if want := "4:19 5:1"; got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

// What cannot be parsed is reported with its position, and nothing in it can make the
// parser run on or the stack overflow.
func TestUnreadable(t *testing.T) {
	for name, source := range map[string]string{
		"no JavaScript":     "const a = ;\n__dirname",
		"parentheses":       strings.Repeat("(", 100_000) + "__dirname",
		"brackets":          "__dirname;" + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
		"blocks":            "__dirname;" + strings.Repeat("{", 100_000) + strings.Repeat("}", 100_000),
		"functions":         "__dirname;" + strings.Repeat("function f(){", 100_000) + strings.Repeat("}", 100_000),
		"templates":         "__dirname;" + strings.Repeat("`${", 100_000) + strings.Repeat("}`", 100_000),
		"operators":         "__dirname;" + strings.Repeat("a**", 200_000) + "a",
		"negations":         "__dirname;" + strings.Repeat("!", 200_000) + "a",
		"conditionals":      "__dirname;" + strings.Repeat("a?b:", 200_000) + "a",
		"members":           "__dirname" + strings.Repeat(".a", 300_000),
		"calls":             "__dirname" + strings.Repeat("()", 300_000),
		"sums":              "__dirname" + strings.Repeat("+a", 300_000),
		"arrows":            "__dirname;" + strings.Repeat("a=>", 200_000) + "a",
		"news":              "__dirname;" + strings.Repeat("new ", 200_000) + "a",
		"unfinished string": "__dirname + 'a",
		"unfinished regex":  "__dirname; a = /b",
	} {
		_, err := traceIn(project(), moduleAt("a.js", source))
		d, ok := errors.AsType[analyzer.Diagnostic](err)
		if !ok {
			t.Errorf("%s: got %v, want a diagnostic", name, err)
			continue
		}
		if d.File != "a.js" || d.Hint == "" || !strings.HasPrefix(d.Message, "cannot trace what this file reads: ") {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

// What refers to itself, in every way found so far, ends.
func TestCircles(t *testing.T) {
	for _, source := range []string{
		`var a = b, b = a; require(a)`,
		`function f(x) { return f(x + 'a') } require(f('b')); __dirname + f('c')`,
		`var l = [...l, ...l]; for (const x of l) require(x); l.forEach(y => require(y))`,
		`var o = { a: o.a, b: o }; require(o.a)`,
		`const f = g => g(f); require(f(f))`,
		`var p = __dirname; p = p + p; p = require('path').join(p, p); require('fs').readFileSync(p)`,
		`class A { a = this.b; b = this.a; c() { require(this.a) } }`,
		`function f(a) { return g(a) } function g(a) { return f(a) } require('fs').readFileSync(__dirname + f('x'))`,
		"var s = 'a'; s = `${s}${s}${s}${s}`; require(s)",
	} {
		if _, err := traceIn(project(), moduleAt("a.js", source)); err != nil {
			t.Errorf("%s: %v", source, err)
		}
	}
}
