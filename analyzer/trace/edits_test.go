package trace

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

func TestEdits(t *testing.T) {
	for _, c := range []struct {
		name, path, source string
		want               []string
	}{
		{"all of them", "a.js", `f(__dirname, __filename); module.filename; module.path`, []string{"__dirname>dirname", "__filename>filename", "module.filename>filename", "module.path>dirname"}},
		{"module.parent, where it is read", "a.js", `if (!module.parent) f(module.parent.filename); module.parent = 1; delete module.parent; (module => module.parent)()`, []string{"module.parent>parent", "module.parent>parent"}},
		{"a name that hides Node's require", "a.mjs", `import { createRequire } from 'module'; const require = createRequire(import.meta.url); f({ require }); require('./b')`, []string{"require>rename", "import.meta.url>url", "require>rename shorthand", "require>rename"}},
		{"a name that hides it and loads nothing", "a.js", `function f(require) { return require }`, nil},
		{"of import.meta", "a.mjs", `f(import.meta.url, import.meta.dirname, import.meta.filename, import.meta)`, []string{"import.meta.url>url", "import.meta.dirname>dirname", "import.meta.filename>filename", "import.meta>meta"}},
		{"not what is shadowed", "a.js", `function f(__dirname) { return __dirname } { let __filename; __filename } (({ __dirname }) => __dirname)({}); x.__dirname; ({ __dirname: 1 })`, nil},
		{"not what the module declares", "a.mjs", `import { dirname } from 'path'; const __dirname = dirname(import.meta.url); f(__dirname)`, []string{"import.meta.url>url"}},
		{"hoisted", "a.js", `function f() { g(__dirname); var __dirname }`, nil},
		{"in a closure", "a.js", `const f = (a = __dirname) => { function g() { return () => __dirname } }`, []string{"__dirname>dirname", "__dirname>dirname"}},
		{"as a shorthand", "a.js", `f({ __dirname })`, []string{"__dirname>dirname shorthand"}},
		{"in a template", "a.js", "`${`${__dirname}`}/x`", []string{"__dirname>dirname"}},
		{"after what looks like a regular expression", "a.js", `a = b / 2; c = /__dirname/.test(__dirname) / 1`, []string{"__dirname>dirname"}},
		{"not in text", "a.js", "'__dirname'; // __dirname\n`__dirname`; /* __filename */", nil},
		{"after other letters", "a.js", "f('äö😀', __dirname)", []string{"__dirname>dirname"}},
		{"require.resolve", "a.js", `f(require.resolve('./b'))`, []string{"require.resolve('./b')>resolve b.js"}},
		{"import.meta.resolve", "a.mjs", `f(import.meta.resolve('./b.js'))`, []string{"import.meta.resolve('./b.js')>resolve-url b.js"}},
		{"TypeScript", "a.ts", "import type { X } from './x';\nenum E { A }\nconst a: string = __dirname as string;\nexport class C<T> { constructor(private b = import.meta.url) {} }", []string{"__dirname>dirname", "import.meta.url>url"}},
		{"JSX", "a.jsx", "const a = <b c={__dirname}>{'ä'}{__filename}</b>", []string{"__dirname>dirname", "__filename>filename"}},
		{"TypeScript after wide letters", "a.ts", "const s = '😀é' as string, d: string = __dirname", []string{"__dirname>dirname"}},
		{"decorators", "a.ts", "@f(__dirname) class A { @g m() {} }", []string{"__dirname>dirname"}},
		{"return at the top", "a.js", "if (x) return; f(__dirname)", []string{"__dirname>dirname"}},
		{"import attributes", "a.mjs", `import d from './d.json' with { type: 'json' }; f(import.meta.url)`, []string{"import.meta.url>url"}},
		{"a shebang", "a.js", "#!/usr/bin/env node\nf(__dirname)", []string{"__dirname>dirname"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := traceIn(project("b.js", "d.json={}"), Module{File: js.File{Path: c.path, Source: []byte(c.source)}, PackageDir: "."})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range r.Edits {
				s := c.source[e.Start:e.End] + ">" + e.What
				if e.Path != "" {
					s += " " + e.Path
				}
				if e.Shorthand {
					s += " shorthand"
				}
				got = append(got, s)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	source := "// ä\nconst fs = require('fs');\n\n  fs.readFileSync(__dirname + '/x');\nrequire(y)"
	for _, name := range []string{"a.js", "a.ts"} {
		r, err := traceIn(project("x"), Module{File: js.File{Path: name, Source: []byte(source)}, PackageDir: "."})
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprintf("%d:%d %d:%d", r.Assets[0].Line, r.Assets[0].Column, r.Uncertain[0].Line, r.Uncertain[0].Column)
		if want := "4:19 5:1"; got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

// What cannot be parsed is told with its place, and nothing in it can make the
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
		_, err := traceIn(project(), Module{File: js.File{Path: "a.js", Source: []byte(source)}, PackageDir: "."})
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
		if _, err := traceIn(project(), Module{File: js.File{Path: "a.js", Source: []byte(source)}, PackageDir: "."}); err != nil {
			t.Errorf("%s: %v", source, err)
		}
	}
}
