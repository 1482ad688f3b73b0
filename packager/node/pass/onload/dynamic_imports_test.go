package onload

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// lazy are modules that only declare, and some that do more.
const lazy = `
-- quiet.js --
import { shared } from './shared.js'
export const a = 1, b = ['x', { c: -1, d: a }], e = () => shared, f = /x/, g = new Map()
export class Base {}
export class K extends Base { static s = 'x'; m() { return shared } }
export default class extends Error {}
-- shared.js --
export const shared = Symbol()
import 'node:fs'
-- loads_fs.js --
import { readFile } from 'fs'
export const a = () => readFile, b = 2
-- loads_tls.js --
import { connect } from 'node:tls'
export const a = () => connect, b = 2
-- loud.js --
console.log('loud')
export const a = 1, b = 2
-- reads.js --
export const a = process.env.A, b = 2
-- reads_live.js --
import { shared } from './shared.js'
export const a = shared, b = 2
-- early.js --
export const a = late, late = 2
-- calls.js --
export const a = make(), b = 2
function make() {}
-- extends.js --
export class a extends (void 0) {}
export class b {}
-- in.js --
export const a = 'a' in 'b', b = 2
-- fields.js --
export class a { static s = f(); static { f() } }
export class b {}
-- waits.js --
await 0
export const a = 1, b = 2
-- outside.js --
import { x } from 'not-there'
export const a = () => x, b = 2
-- wrong.js --
import { missing } from './shared.js'
export const a = () => missing, b = 2
-- back.js --
import { handler } from './a.js'
export const a = () => handler, b = 2
-- ring.js --
import { b } from './ring2.js'
export const a = () => b, c = 2
-- ring2.js --
import { a } from './ring.js'
export const b = () => a
-- then.js --
export const a = 1, then = (f) => f({ a: 2 })
-- then_star.js --
export * from './then.js'
-- common.js --
exports.a = 1
-- star_of_common.js --
export * from './common.js'
export const b = 2
-- only.js --
console.log('only')
export const a = 1
-- deep.js --
import { a } from './loud.js'
export const b = () => a, c = 3
`

func TestDynamicImports(t *testing.T) {
	const shared = "import { shared } from './shared.js'; "
	for _, test := range []struct{ before, after string }{
		{"const { a } = await import('./loud.js')", `const { a } = await import("featherpack:names:a:./loud.js")`},
		{"const { a: b = 1, none } = await import('./loud.js')", `const { a: b = 1, none } = await import("featherpack:names:a:./loud.js")`},
		{"import('./loud.js').then(({ a }) => f(a))", `import("featherpack:names:a:./loud.js").then(({ a }) => f(a))`},
		{"import('./loud.js').then((m) => m.a())", `import("featherpack:names:a:./loud.js").then((m) => m.a())`},
		{
			"import('./loud.js').then(function (m) { return m.b + m.b }, no)",
			`import("featherpack:names:b:./loud.js").then(function (m) { return m.b + m.b }, no)`,
		},
		{"const x = (await import('./loud.js')).a", `const x = (await import("featherpack:names:a:./loud.js")).a`},
		{"const m = await import('./loud.js'); m.a(m.a)", `const m = await import("featherpack:names:a:./loud.js"); m.a(m.a)`},
		{"let a; ({ a } = await import('./loud.js'))", `let a; ({ a } = await import("featherpack:names:a:./loud.js"))`},
		{
			"__awaiter(this, void 0, void 0, function* () { const { a } = yield import('./loud.js') })",
			`__awaiter(this, void 0, void 0, function* () { const { a } = yield import("featherpack:names:a:./loud.js") })`,
		},
		{"exports.f = async () => (await import('./loud.js')).a", `exports.f = async () => (await import("featherpack:names:a:./loud.js")).a`},
		{"const { a } = await import('./waits.js')", `const { a } = await import("featherpack:names:a:./waits.js")`},
		{"const { b } = await import('./deep.js')", `const { b } = await import("featherpack:names:b:./deep.js")`},

		{"const { a, ...rest } = await import('./loud.js')", ""},
		{"const { [k]: a } = await import('./loud.js')", ""},
		{"const { none } = await import('./loud.js')", ""},
		{"const { ab } = await import('./star_of_common.js')", ""},
		{"f(await import('./loud.js'))", ""},
		{"const m = await import('./loud.js'); f(m.a, m)", ""},
		{"const m = await import('./loud.js'); m.a = 1", ""},
		{"const m = await import('./loud.js'); f('a' in m)", ""},
		{"const m = await import('./loud.js'); m[k]", ""},
		{"let m = await import('./loud.js'); m = m.a", ""},
		{"const m = await import('./loud.js'); export { m }; m.a", ""},
		{"const p = import('./loud.js'); p.then(({ a }) => a)", ""},
		{"x = { a } = await import('./loud.js')", ""},
		{"import('./loud.js').then(m => m)", ""},
		{"import('./loud.js').then(take)", ""},
		{"import('./loud.js').then(({ a }, b) => a)", `import("featherpack:names:a:./loud.js").then(({ a }, b) => a)`},
		{"import('./loud.js').then(function ({ a }) { f(arguments[0]) })", ""},
		{"import('./loud.js').then((m) => { m = 1; m.a })", ""},
		{"import('./loud.js').then((m = {}) => m.a)", ""},
		{"import('./loud.js').then()", ""},
		{"import('./loud.js').catch(({ a }) => a)", ""},
		{"const { a } = await import(`./loud.js`)", ""},
		{"const { a } = await import('./loud.js', { with: {} })", ""},
		{"const { a } = import('./loud.js')", ""},
		{"function* f() { const { a } = yield import('./loud.js') }", ""},
		{"const { a } = await import('./only.js')", ""},
		{"const { a } = await import('./then.js')", ""},
		{"const { a } = await import('./then_star.js')", ""},
		{"const { a } = await import('./common.js')", ""},
		{"const { b } = await import('./star_of_common.js')", ""},
		{"const { a } = await import('fs')", ""},
		{"const { a } = await import('not-there')", ""},
		{"const { a } = await import('./loud.js'); eval('a')", ""},
		{"exports.f = async () => { with (o) { const { a } = await import('./loud.js') } }", ""},

		{
			shared + "const { a } = await import('./quiet.js')",
			shared + `import {a as a_1} from "./quiet.js"; const { a } = await Promise.resolve().then(() => ({a: a_1}))`,
		},
		{
			"'use client'; export const f = async () => (await import('./loads_tls.js')).a\nimport 'tls' /* */\nf()",
			"'use client'; export const f = async () => (await Promise.resolve().then(() => ({a: a_1}))).a\n" +
				"import 'tls' /* */\nimport {a as a_1} from \"./loads_tls.js\"; f()",
		},
		{
			shared + "import(\n'./loads_fs.js'\n).then((m) => m.a)",
			shared + "import {a as a_1} from \"./loads_fs.js\"; Promise.resolve().then(() => ({a: a_1}))\n\n.then((m) => m.a)",
		},
		{
			shared + "const a_1 = 1, { default: D, a } = await import('./quiet.js')",
			shared + `import {default as default_1, a as a_2} from "./quiet.js"; ` +
				"const a_1 = 1, { default: D, a } = await Promise.resolve().then(() => ({default: default_1, a: a_2}))",
		},
		{"const { a } = await import('./quiet.js')\nimport './shared.js' // end", names("./quiet.js", "\nimport './shared.js' // end")},
		{"const { a } = await import('./loads_tls.js'); export {}", names("./loads_tls.js")},
		{"const { a } = await import('./reads.js'); export {}", names("./reads.js")},
		{"import './shared.js'; const { a } = await import('./reads_live.js')", "import './shared.js'; " + names("./reads_live.js", "")},
		{"const { a } = await import('./early.js'); export {}", names("./early.js")},
		{"const { a } = await import('./calls.js'); export {}", names("./calls.js")},
		{"const { a } = await import('./extends.js'); export {}", names("./extends.js")},
		{"const { a } = await import('./in.js'); export {}", names("./in.js")},
		{"const { a } = await import('./fields.js'); export {}", names("./fields.js")},
		{"const { a } = await import('./waits.js'); export {}", names("./waits.js")},
		{"const { a } = await import('./outside.js'); export {}", names("./outside.js")},
		{"import './shared.js'; const { a } = await import('./wrong.js')", "import './shared.js'; " + names("./wrong.js", "")},
		{"const { a } = await import('./back.js'); export {}", names("./back.js")},
		{"const { a } = await import('./ring.js'); export {}", names("./ring.js")},
		{"import './shared.js'; { const Promise = 1; const { a } = await import('./quiet.js') }",
			"import './shared.js'; { const Promise = 1; " + names("./quiet.js", "") + " }"},
	} {
		want := test.after
		if want == "" {
			want = test.before
		}
		got := apply(t, analyzer.DynamicImports, "a.js", lazy+"-- a.js --\n"+test.before+"\n")
		if got != want {
			t.Errorf("%s\nbecame %s\n, want %s", test.before, got, want)
		}
	}
}

// names is code that takes the name a of a module, and what comes behind it.
func names(specifier string, behind ...string) string {
	end := "; export {}"
	if len(behind) > 0 {
		end = behind[0]
	}
	return `const { a } = await import("featherpack:names:a:` + specifier + `")` + end
}

// Of a module in TypeScript, too, only names are taken. It is never loaded earlier.
func TestDynamicImportsOfTypeScript(t *testing.T) {
	const typed = lazy + `
-- typed.ts --
import type { Shape } from './types.js'
import { Kind, own } from './types.ts'
export { Kind, own }
export const a: Shape = { size: 1 }, b = 2
export interface Size { size: number }
export enum Unit { kg = 1 }
-- types.ts --
export type Kind = 'a' | 'b'
export const own = 1, other = 2
-- equals.ts --
const a = 1
export = { a }
`
	for _, test := range []struct{ before, after string }{
		{"const { a } = await import('./loud.js') as Loud", `const { a } = await import("featherpack:names:a:./loud.js") as Loud`},
		{"const { a }: { a: number } = await import('./typed.ts')", `const { a }: { a: number } = await import("featherpack:names:a:./typed.ts")`},
		{"let x: import('./typed.ts').Size = (await import('./typed.ts')).a", `let x: import('./typed.ts').Size = (await import("featherpack:names:a:./typed.ts")).a`},
		{"const m = await import(/* lazy */ './typed.ts'); f<typeof m>(m!.Unit.kg)", `const m = await import(/* lazy */ "featherpack:names:Unit:./typed.ts"); f<typeof m>(m!.Unit.kg)`},
		{"const { own, Kind } = await import(\n  './typed.ts',\n)", "const { own, Kind } = await import(\n  \"featherpack:names:own:./typed.ts\",\n)"},
		{"import './shared.js'; const { a } = await import('./quiet.js')", "import './shared.js'; " + names("./quiet.js", "")},

		{"const m = await import('./typed.ts'); f(m as { a: number })", ""},
		{"const { Size } = await import('./typed.ts')", ""},
		{"const { a } = await import('./equals.ts')", ""},
	} {
		want := test.after
		if want == "" {
			want = test.before
		}
		if got := apply(t, analyzer.DynamicImports, "a.ts", typed+"-- a.ts --\n"+test.before+"\n"); got != want {
			t.Errorf("%s\nbecame %s\n, want %s", test.before, got, want)
		}
	}
}
