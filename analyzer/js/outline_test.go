package js

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestSkim(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{`import a, { b, c as d, type E } from 'x'; import * as f from "y"`,
			`x{default:a b:b c:d E:E} y{*:f}`},
		{`import {
  a, // the first
  "b-c" as d,
} from 'x' with { type: 'json' }
import 'y'`, `x{a:a b-c:d} y`},
		{"import type { A } from 'x'; import type from 'y'; import type, { a } from 'z'", `x{A:A} y{default:type} z{default:type a:a}`},
		{`export * from 'x'; export * as y from 'y'; export { a, b as c, default as d } from 'z'`,
			`x y z a=z/a c=z/b d=z/default y=y/* *x`},
		{`import * as z from './z.js'; export { z }; export default z;`, `./z.js{*:z} default=/z! z=/z`},
		{"export default function f() {}", `default=/`},
		{"export default z.a;", `default=/`},
		{"export default z\n+ 1", `default=/`},
		{"export const a = (1, 2), b = { c, d: [1, 2] }\nexport let e\nexport class F { g() { return import('h') } }",
			`F=/F a=/a b=/b e=/e`},
		{"export async function f() {} export function* g() {}", `f=/f g=/g`},
		{"export const { a, b } = c", "?"},
		{"export enum A { b }", "?"},
		{"f(import('x')); import.meta.url; import('y')", ""},
		{"{ const s = 'import {a} from x' }\n// import { a } from 'x'\nconst r = /import { a } from 'x'/", ""},
		{"const t = `${import('x')} import { a } from 'y'`\nimport { b } from 'z'", "z{b:b}"},
		{"exports.a = require('x')", ""},
	} {
		o, ok := Skim([]byte(test.source))
		if !ok {
			t.Errorf("%s cannot be read", test.source)
			continue
		}
		if got := written(o); got != test.want {
			t.Errorf("%s\nread as %s\nwant    %s", test.source, got, test.want)
		}
	}
	for _, bad := range []string{"import { a from 'x'", "export { a", "import * as 1 from 'x'", "f({"} {
		if _, ok := Skim([]byte(bad)); ok {
			t.Errorf("%s is read", bad)
		}
	}
}

func TestSkimModule(t *testing.T) {
	for source, want := range map[string]bool{
		"export {}": true, "import 'x'": true, "'use strict'; export * from 'x'": true, "const a = 1\nexport default a": true,
		"import('x')": false, "exports.a = 1": false, "": false, "f('export {}') // export {}": false,
	} {
		if o, ok := Skim([]byte(source)); !ok || o.Module != want {
			t.Errorf("%s is a module: %t", source, o.Module)
		}
	}
}

func TestSkimKeys(t *testing.T) {
	for source, want := range map[string]string{
		`const a = "a"; export const b = 'b'; const c = /* @__PURE__ */ Symbol.for(d(1)), e = 1`:                     "a b c",
		"const a = Symbol()\nconst b = Symbol('b')\nexport const c = Symbol.for(\n`c${d()}`)\nexport {}":             "a b c",
		`let a = "a"; var b = Symbol(); { const c = "c" } const d = "d" + d, e = Symbol("e").description`:            "",
		`const a = Symbol, b = Symbol.for; const c = Symbol.iterator; const d = "d".length; const e = Symbol?.("e")`: "",
		"const a = 'a'\nin b; const c = Symbol()\n.x; const d = Symbol()\n`x`; x\n.const\ne = 'e'":                   "",
		`const a = Symbol("a"); function Symbol() {}`:                                                                "",
		`import { b as Symbol } from "b"; const a = Symbol("a")`:                                                     "",
		`import { Symbol } from "b"; const a = Symbol("a")`:                                                          "",
		`const { Symbol = f } = globalThis, a = 1; const b = Symbol("b")`:                                            "",
		`class Symbol {}; const b = Symbol("b")`:                                                                     "",
		`import Symbol from "b"; const a = Symbol("a")`:                                                              "",
	} {
		o, ok := Skim([]byte(source))
		if got := strings.Join(slices.Sorted(maps.Keys(o.Keys)), " "); !ok || got != want {
			t.Errorf("%s\nhas the keys %q, not %q", source, got, want)
		}
	}
}

// written is an outline as one line.
func written(o *Outline) string {
	var parts []string
	with := map[string]string{}
	for _, i := range o.Imports {
		var items []string
		for _, it := range i.Items {
			items = append(items, it.Imported+":"+it.Local)
		}
		with[i.Specifier] = "{" + strings.Join(items, " ") + "}"
	}
	for _, r := range o.Requests {
		parts = append(parts, r+with[r])
	}
	var exports []string
	for name, e := range o.Exports {
		mark := ""
		if e.Value {
			mark = "!"
		}
		exports = append(exports, fmt.Sprintf("%s=%s/%s%s", name, e.From, e.Name, mark))
	}
	slices.Sort(exports)
	parts = append(parts, exports...)
	for _, s := range o.Stars {
		parts = append(parts, "*"+s)
	}
	if o.Opaque {
		parts = append(parts, "?")
	}
	return strings.Join(parts, " ")
}
