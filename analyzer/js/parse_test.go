package js

import (
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
			if x.Kind == Name && x.Name == "__dirname" && x.Scope.Find(x.Name) == nil && !IsTarget(x) {
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
