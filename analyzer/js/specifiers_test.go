package js

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"testing"
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
	for _, c := range []struct {
		name, source string
		want         []string
	}{
		{"imports", "import a, { b as c } from 'x'\nimport 'y'; import * as d from \"z\" with { type: 'json' }\nexport * from 'w'; export { q } from 'v'",
			[]string{"import x 1:27", "import y 2:8", "import z 2:32", "export w 3:15", "export v 3:38"}},
		{"requires", "const a = require('a');\nrequire(`b`); require.resolve('c'); import('d')", []string{"require a 1:19", "require b 2:9", "require-resolve c 2:31", "dynamic-import d 2:44"}},
		{"guarded", "try { require('a'); function f() { require('b') } (() => require('c'))() } catch { require('d') } finally {}\ntry { require('e') } finally {}",
			[]string{"require a 1:15 guarded", "require b 1:44 conditional", "require c 1:66 guarded", "require d 1:92 conditional", "require e 2:15"}},
		{"caught by the promise", "import('a').catch(() => require('b'))", []string{"dynamic-import a 1:8 guarded", "require b 1:33 conditional"}},
		{"branches", "if (require('a')) require('b'); else require('c'); x ? require('d') : require('e')\nx && require('f'); require('g') || require('h'); x ??= require('i'); switch (x) { case 1: require('j') }",
			[]string{"require a 1:13", "require b 1:27 conditional", "require c 1:46 conditional", "require d 1:64 conditional", "require e 1:79 conditional",
				"require f 2:14 conditional", "require g 2:28", "require h 2:44 conditional", "require i 2:64 conditional", "require j 2:99 conditional"}},
		{"wrappers for several kinds of module", "(function (g, f) { typeof exports === 'object' && typeof module !== 'undefined' ? f(exports, require('a')) : f(g) })(this, (e, a) => require('b'))\nif (typeof define == 'function' && define.amd) {} else if (typeof module === 'object') require('c'); else x(require('d'))",
			[]string{"require a 1:102", "require b 1:142 conditional", "require c 2:96", "require d 2:117"}},
		{"classes", "class A extends require('a') { static b = require('b'); c = require('c'); static { require('d') } e() { require('e') } }",
			[]string{"require a 1:25", "require b 1:51", "require c 1:69 conditional", "require d 1:92", "require e 1:113 conditional"}},
		{"shadowed", "function f(require) { require('a') } require('b')", []string{"require b 1:46"}},
		{"computed", "require(a); require('a' + b); import(`${c}`)", nil},
		{"not in text", "'require(\"a\")'; // require('b')\n/require('c')/; `require('d')`", nil},
		{"of something else", "a.require('b'); require.main('c')", nil},
		{"in a template", "`${require('a')}`", []string{"require a 1:12"}},
		{"TypeScript", "import type A from 'a';\nimport b = require('b');\nconst x: string = `${y as any}`; try { require('c') } catch {}\nlet z = <T>(q: T): q is any => import('d')",
			[]string{"import a 1:20", "require b 2:20", "require c 3:48 guarded conditional", "dynamic-import d 4:39"}},
		{"broken", "import 'a'; const = ; require('b')", []string{"import a 1:8", "require b 1:31"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := specifierLines(Specifiers([]byte(c.source))); !slices.Equal(got, c.want) {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestExports(t *testing.T) {
	for _, c := range []struct {
		name, path, source string
		want               []string
		dynamic            bool
	}{
		{"declarations", "a.mjs", "export const a = 1, { b, c: [d] } = x; export function e() {} export class F {} export async function g() {}", []string{"F", "a", "b", "d", "e", "g"}, false},
		{"lists", "a.mjs", "const a = 1; export { a, a as b, a as 'c d' }; export { e as f } from 'x'; export * as g from 'y'; export default a", []string{"a", "b", "c d", "default", "f", "g"}, false},
		{"all of another", "a.mjs", "export * from './b'; export const c = 1", []string{"c"}, true},
		{"on exports", "a.js", "exports.a = exports.b = 1; module.exports.c = 2; exports['d'] = 3; Object.defineProperty(exports, '__esModule', { value: true })", []string{"__esModule", "a", "b", "c", "d"}, false},
		{"an object", "a.js", "const a = 1; module.exports = { a, b: 2, 'c': 3, d() {}, get e() { return 1 } }", []string{"a", "b", "c", "d", "e"}, false},
		{"an object with more", "a.js", "module.exports = { a, ...b }", []string{"a"}, true},
		{"a function with members", "a.js", "function f() {} f.a = 1; module.exports = f; module.exports.b = 2", []string{"a", "b"}, false},
		{"another module", "a.js", "module.exports = require('./b')", nil, true},
		{"by a helper", "a.js", "__exportStar(require('./b'), exports)", nil, true},
		{"as esbuild says it", "a.js", "module.exports = __toCommonJS(src_exports); 0 && (module.exports = { handler })", []string{"handler"}, true},
		{"not one of its own", "a.js", "function f(exports) { exports.a = 1 } exports.b = 2", []string{"b"}, false},
		{"TypeScript", "a.ts", "export interface I {} export type T = string; export const handler = async (e: I): Promise<T> => ''; export enum E { A }", []string{"E", "handler"}, false},
		{"TypeScript with export =", "a.ts", "const a = { b: 1 }; export = a", []string{"b"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, dynamic, err := Exports(File{Path: c.path, Source: []byte(c.source)})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, c.want) || dynamic != c.dynamic {
				t.Errorf("got %q, dynamic %v; want %q, %v", got, dynamic, c.want, c.dynamic)
			}
		})
	}
}

func FuzzSpecifiers(f *testing.F) {
	f.Add([]byte("import a from 'b'; try { require(`c`) } catch {}"))
	f.Add([]byte("`${a}` / /b/ ; import type X from 'y'"))
	f.Fuzz(func(t *testing.T, src []byte) {
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
