package js

import (
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// What the language has, version by version; esbuild says that the texts are right.
var syntaxes = []string{
	`var a = 1, b; let c = [1, , ...d], e = { f, 'g': 1, 2: 3, [h]: 4, ...i, get j() { return 1 }, set j(k) {}, async *l() {}, async: 1, get: 2, static: 3 }`,
	"a = b\n++c\nd\n(e)", "if (a) b; else c\nwhile (0);", `do a++; while (b) c()`, `for (;;) break`, `for (var a = ('b' in c) ? [d in e] : 2; ;) {}`,
	`for (const [a, b] of c) continue`, `for (let in d) {}`, `for (let in of) {}`, `for (a.b in c);`, `async function f() { for await (const x of y) {} }`,
	`label: { break label }`, `switch (a) { case 1: default: b() }`, `try {} catch {} finally {}`, `try {} catch ({ message }) {}`, `throw a`, `debugger`, `;;`,
	`function f(a, { b, c = 1 }, [d], ...e) { return }`, `(function () {})()`, `function* g() { const a = yield; yield* b; yield }`, `async () => { await a; await (b) }`,
	`a => b`, `(a, b = 1, { c }, ...d) => ({})`, `async a => a`, `async (a) => {}`, `async(a, b)`, `a => b => c`, `x = (a, b)`, "async\nfunction f() {}",
	`class A extends (b, c) { static #d = 1; #e; static { this.f = 1 } get g() { return #e in this } static async *h() {} 'i' = 1; [j] = 2; constructor() { super(); super.k() } static; get; set; async }`,
	`new A; new A.b(c); new (a())(); new new B()(); function f() { new.target }`, `a?.b?.[c]?.(d)`, `a ?.5 : 1`, `a ?? b`, `a ||= b; c &&= d; e ??= f; g **= 2; h >>>= 1`,
	`a ** b ** c`, `-a * +b / ~c % !d`, `typeof void delete a.b`, `a in b instanceof c`, `a < b > c <= d >= e == f != g === h !== i`, `a << b >> c >>> d`,
	"`a${b}c${`d${e}`}f`", "a`b${c}d`", `/[/\\]]+/gi.test(a) / b / c`, `a = b / c; d = /e/`, `(a) / b / c`, `return_ / b / c`, `x = {} / 1`, `if (a) /b/.test(c)`,
	`0x1F + 0b11 + 0o17 + 1_000n + .5e-3 + 5. + 1e+3`, `0xe+1`, `'a\'b\\' + "c\
d\u{1F600}\x41"`, "a /* b\n*/ c",
	`import a, * as b from 'c'; import { d as e, default as f, 'g h' as i } from "j"; import {} from 'k'; import 'l' with { type: 'json' }`,
	`export { a as b, c as default }; export * from 'd'; export * as e from 'f'; export const g = 1; var a, c`,
	`export default class extends A {}`, `export default async () => {}`, `export default [a]`, `import.meta.url; import('a'); import('b', { with: {} })`,
	`await a; const b = await import('c')`, `var let_, of, get, set, async, from, as, static_`, `({ a, b } = c); [d, e = 1] = f; ({ g: h.i, ...j } = k)`,
	`var \u0061b = 1; var ünï = 2`, "a\u2028b", `#!/usr/bin/env node`,
}

func TestSyntax(t *testing.T) {
	for _, s := range syntaxes {
		if r := api.Transform(s, api.TransformOptions{Loader: api.LoaderJS, LogLevel: api.LogLevelSilent}); len(r.Errors) > 0 {
			t.Errorf("%s: esbuild says %s", s, r.Errors[0].Text)
		}
		if _, err := Parse([]byte(s)); err != nil {
			t.Errorf("%s: %v at %d", s, err, offsetOf(err))
		}
	}
}

// What the parser makes of a text where the language is easily misread.
func TestReadings(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		// An arrow function with a block ends an expression.
		{"a = (b) => {}\n(c)", "arrow 1, global c"},
		{"a = (b) => {}\n[c].d", "arrow 1, member d, global c"},
		{"a = (b) => {}\n`c`", "arrow 1, template 0"},
		{"a = (b) => {}\n/c/.d", "arrow 1, member d, regex"},
		{"a = async (b) => {}\n(c)", "arrow 1, global c"},
		{"a = () => {}\n+b", "arrow 0, global b"},
		{"(() => {})\n(b)", "arrow 0, call 1, global b"},
		{"a = () => b\n(c)", "arrow 0, call 1, global b, global c"},

		// Comments of HTML, in scripts alone.
		{"a; <!-- b\nc", "global a, global c"},
		{"a\n--> b\nc", "global a, global c"},
		{"/* a\n*/ --> b\nc", "global c"},
		{"--> b\nc", "global c"},
		{"a --> b", "global a, global b"},
		{"import 'a'; b <!--c", "import , string, global b, global c"},
		{"b <!--c\nexport {}", "global b, global c"},

		// Resources.
		{"{ using a = b(); a.c }", "call 0, global b, member c"},
		{"using\na", "global using, global a"},
		{"using in a; using(b); using [c]", "global using, global a, call 1, global using, global b, index, global using, global c"},
		{"await using a = b; a.c", "global b, member c"},
		{"async function f() { await using a = b, c = a; await\nusing }", "function f, global b, global using"},
		{"for (using a of b) a.c", "global b, member c"},
		{"for (await using a of b) a.c", "global b, member c"},
		{"for (using of b) c", "global b, global c"},
		{"for (const a of await using.b) a", "member b, global using"},

		// Ends of lines.
		{"a /*\u2028*/ ++b", "global a, global b"},
		{"a /*\r*/ ++b", "global a, global b"},
		{"a /*\r\n*/ ++b", "global a, global b"},
		{"// a\u2028b", "global b"},
		{"// a\rb", "global b"},
		{"'a\\\r\nb'", "string"},
		{"a\u00a0(b)", "call 1, global a, global b"},
		{"a.b\u2003.c", "member b, global a, member c"},

		// Numbers and what follows them.
		{"1..toString()", "member toString, call 0, number"},
		{"1.5.toFixed()", "member toFixed, call 0, number"},
		{"1 .a; 1.e3.b; .5.c; 0x1f.d; 1n.e; 1e-5.f", "member a, number, member b, number, member c, number, member d, number, member e, number, member f, number"},
		{"017.a; 08.5.b", "member a, number, member b, number"},
		{"1...a", ""},
		{"3in a", ""},

		// Names with escapes are names, and no keywords.
		{"var \\u0061b; ab; a\\u{62}", ""},
		{"a.\\u0062", "member b, global a"},
	} {
		tree, err := Parse([]byte(c.source))
		if refused := c.want == "" && !strings.HasPrefix(c.source, "var"); refused != (err != nil) {
			t.Errorf("%q: %v", c.source, err)
		}
		if err != nil {
			continue
		}
		var got []string
		for _, f := range facts(tree) {
			got = append(got, f.what)
		}
		slices.Sort(got)
		want := strings.Split(c.want, ", ")
		slices.Sort(want)
		if strings.Join(got, ", ") != strings.Join(want, ", ") {
			t.Errorf("%q:\n got %s\nwant %s", c.source, strings.Join(got, ", "), strings.Join(want, ", "))
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct {
		source string
		offset int
	}{
		{"a b", 2}, {"var = 1", 4}, {"(a", 2}, {"{", 1}, {"a +", 3}, {"'a", 2}, {"f(,)", 2}, {"if a", 3}, {"`a${b", 5}, {"x = /a", 6}, {"/* a", 4}, {"class { a b }", 10}, {"try {}", 6}, {"()", 2}, {"import a", 8}, {"\u00e9 \x00", 3},
	} {
		_, err := Parse([]byte(c.source))
		if err == nil {
			t.Errorf("%q: no error", c.source)
		} else if got := offsetOf(err); got != c.offset {
			t.Errorf("%q: error at %d, want %d (%v)", c.source, got, c.offset, err)
		}
	}
}

// Which __dirname is Node's and which is the module's own is told by scopes.
// esbuild's define replaces the same ones.
func TestScopes(t *testing.T) {
	for _, s := range append([]string{
		`__dirname`, `var __dirname; __dirname`, `{ let __dirname; __dirname } __dirname`, `{ var __dirname } __dirname`, `function f() { var __dirname } __dirname`,
		`function __dirname() {} __dirname`, `{ function __dirname() {} } `, `class __dirname {} __dirname`, `(class __dirname { a = __dirname }); __dirname`, `(function __dirname() { __dirname }); __dirname`,
		`try {} catch (__dirname) { __dirname } __dirname`, `for (let __dirname of __dirname) __dirname`, `for (const a of __dirname) a; __dirname`, `__dirname => __dirname; __dirname`, `(a = __dirname, b = () => __dirname) => __dirname`,
		`(__dirname, a = () => __dirname) => a; __dirname`, `({ __dirname }) => __dirname`, `({ a: { b: [__dirname] } }) => __dirname`, `({ [__dirname]: a }) => a`, `({ a: __dirname })`, `({ __dirname: 1 })`, `({ __dirname() {} })`, `a.__dirname`, `a?.__dirname`, `class A { __dirname = __dirname; #__dirname; static __dirname() { return __dirname } }`,
		`switch (a) { case 1: let __dirname; default: __dirname } __dirname`, `label: __dirname`, `async (__dirname) => await __dirname`, `async __dirname => __dirname`, `f(function () { return __dirname })`, "`${__dirname}`", `x = { ...__dirname }`, `[...__dirname]`, `import __dirname from 'a'; __dirname`, `import { a as __dirname } from 'a'; __dirname`, `export { a as __dirname }; var a`, `new __dirname`, `typeof __dirname`, `if (__dirname) ; else __dirname`, `((((__dirname))))`, `(a, __dirname)`, `((a, { b = __dirname }) => b)`, `var { a = __dirname } = b`, `var [__dirname = 1] = b; __dirname`,
	}, syntaxes...) {
		r := api.Transform(s, api.TransformOptions{Loader: api.LoaderJS, Define: map[string]string{"__dirname": "NODE_DIRNAME"}, LogLevel: api.LogLevelSilent})
		if len(r.Errors) > 0 {
			t.Errorf("%s: esbuild says %s", s, r.Errors[0].Text)
			continue
		}
		want := strings.Count(string(r.Code), "NODE_DIRNAME")
		tree, err := Parse([]byte(s))
		if err != nil {
			t.Errorf("%s: %v", s, err)
			continue
		}
		tree.Bind()
		n := 0
		var count func(*Node)
		count = func(x *Node) {
			if x.Kind == Name && x.Name == "__dirname" && x.Scope.Find(x.Name) == nil && !x.IsTarget() {
				n++
			}
			x.Each(count)
		}
		count(tree.Top)
		if n != want {
			t.Errorf("%s: %d of Node, esbuild replaces %d", s, n, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range syntaxes {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := Parse(src)
		if err != nil {
			return
		}
		var check func(*Node)
		check = func(n *Node) {
			if n.Start < 0 || n.End > int32(len(src)) {
				t.Fatalf("a node of %q lies at %d to %d", src, n.Start, n.End)
			}
			n.Each(check)
		}
		check(s.Top)
	})
}
