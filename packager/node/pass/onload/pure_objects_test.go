package onload

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

func TestPureObjects(t *testing.T) {
	const others = `
-- keys.js --
export const symbol = /*#__PURE__*/ Symbol.for("symbol")
export const text = "text"
export const made = make()
export let changes = Symbol("changes")
-- ns.js --
import * as keys from "./keys.js"
export { keys }
-- more.js --
export { symbol as renamed } from "./keys.js"
`
	const pure = "/* @__PURE__ */ (() => "
	for _, test := range []struct{ before, after string }{
		{`const k = Symbol(); export const x = {[k]: 1, m() {}, get g() { return f() }}`,
			`const k = Symbol(); export const x = P({[k]: 1, m() {}, get g() { return f() }}))()`},
		{`import { symbol } from "./keys.js"; const x = {[symbol]() {}}`, `import { symbol } from "./keys.js"; const x = P({[symbol]() {}}))()`},
		{`import * as K from "./keys.js"; const x = {[K.symbol]: [K.made, {a: 1}]}`,
			`import * as K from "./keys.js"; const x = P({[K.symbol]: [K.made, {a: 1}]}))()`},
		{`import { renamed } from "./more.js"; const x = {[renamed]: 1}`, `import { renamed } from "./more.js"; const x = P({[renamed]: 1}))()`},
		{`import { text } from "./keys.js"; const x = f({[text]: 1})`, `import { text } from "./keys.js"; const x = f(P({[text]: 1}))())`},
		{`import { symbol } from "./keys.js"; class X { [symbol] = f(); static a = 1 }`,
			`import { symbol } from "./keys.js"; const X = Pclass X { [symbol] = f(); static a = 1 })();`},
		{"import { symbol } from './keys.js'; export class X { [symbol]() {} }\n[1].map(f)",
			"import { symbol } from './keys.js'; export const X = Pclass X { [symbol]() {} })();\n[1].map(f)"},
		{`const k = Symbol(); export class X extends Error { static [k]() { return new X } }`,
			`const k = Symbol(); export const X = Pclass X extends Error { static [k]() { return new X } })();`},
		{`export const x = {[Symbol.iterator]: () => 1}`, `export const x = P({[Symbol.iterator]: () => 1}))()`},
		{`import { RequestResolverTypeId, variance } from "./keys.js"; import * as K from "./keys.js"
export class X { runAll; [K.symbol] = variance; constructor() { this.a = 1 } [K.text]() { return new X(this.a) } }`, `import { RequestResolverTypeId, variance } from "./keys.js"; import * as K from "./keys.js"
export const X = Pclass X { runAll; [K.symbol] = variance; constructor() { this.a = 1 } [K.text]() { return new X(this.a) } })();`},
	} {
		want := strings.ReplaceAll(test.after, "P(", pure+"(")
		want = strings.ReplaceAll(want, "Pclass", pure+"class")
		if got := apply(t, analyzer.PureObjects, "a.js", "-- a.js --\n"+test.before+others); got != want {
			t.Errorf("%s\nbecame %s", test.before, got)
		}
	}
	for _, same := range []string{
		`import { made } from "./keys.js"; export const x = {[made]: 1}`,
		`import { changes } from "./keys.js"; export const x = {[changes]: 1}`,
		`import { missing } from "./keys.js"; export const x = {[missing]: 1}`,
		`import { symbol } from "elsewhere"; export const x = {[symbol]: 1}`,
		`import { keys } from "./ns.js"; export const x = {[keys]: 1}`,
		`import { symbol } from "./keys.js"; export const x = {[symbol]: f()}`,
		`import { symbol } from "./keys.js"; export const x = {[symbol]: 1, ...y}`,
		`import { symbol } from "./keys.js"; export const x = {[symbol]: y.z}`,
		"import { symbol } from './keys.js'; export const x = {[symbol]: `${y}`}",
		`import { symbol } from "./keys.js"; export const x = {[symbol]: y}; const y = 1`,
		`import { symbol } from "./keys.js"; export const x = {[symbol]: await 1}`,
		`import { symbol } from "./keys.js"; export const x = {[symbol]: this}`,
		`import { symbol } from "./keys.js"; export const {[symbol]: x} = {}`,
		`import { symbol } from "./keys.js"; export const f = () => ({[symbol]: 1})`,
		`import { symbol } from "./keys.js"; let y; export const z = {[symbol]: y} = {}`,
		`import { symbol } from "./keys.js"; class X { [symbol]() {} } X = 1`,
		`import { symbol } from "./keys.js"; class X { static { f() } [symbol]() {} }`,
		`import { symbol } from "./keys.js"; class X { static [symbol] = f() }`,
		`import { symbol } from "./keys.js"; class X extends f() { [symbol]() {} }`,
		`import { symbol } from "./keys.js"; class X extends Y { [symbol]() {} } class Y {}`,
		`import { symbol } from "./keys.js"; export default class { [symbol]() {} }`,
		`export const x = {[k]: 1}; const k = Symbol()`,
		`export const x = {[Symbol.observable]: 1}`,
		`const Symbol = f, k = Symbol(); export const x = {[k]: 1}`,
		`const k = {toString() { f() }}; export const x = {[k]: 1}`,
		`export const x = {"a": 1, b: 2, ["c"]: 3, [4]: 5}`,
		`const k = Symbol(); exports.x = {[k]: 1}`,
	} {
		if got := apply(t, analyzer.PureObjects, "a.js", "-- a.js --\n"+same+others); got != same {
			t.Errorf("%s\nbecame %s", same, got)
		}
	}
}
