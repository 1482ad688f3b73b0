package onload

import (
	"slices"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/js"
)

// What the passes make of a module that parses parses too.
func FuzzChanges(f *testing.F) {
	f.Add("import {a, b as c} from './b'; import * as d from './b'; export const e = a + c + d.a + d['b']; export * from './b'",
		"export {a as b, a} from './a'; export const a = 1; export default class {}")
	f.Add("const k = Symbol.iterator; module.exports = {[k]: 1, ['a' + 'b']: 2, [Symbol.for('c')]() {}}; import('./b').then(({a}) => a)", "exports.a = 1")
	f.Add("if (typeof window !== 'undefined' && globalThis.process?.env.A) { window.a = globalThis['b'] = 1 }", "this.c = self")
	f.Add("async function f() { const {a, ...b} = await import('./b'); return (await import('./b')).default }", "import './a'; export * as a from './a'")
	f.Fuzz(func(t *testing.T, own, other string) {
		defer inputtest.Bound(t)()
		project := files{"a.js": own, "b.js": other, "./b": other}
		m := project.Module("a.js")
		if m.Text() == nil {
			return
		}
		for _, c := range Changes(m, project, analyzer.Switches{}) {
			edits := slices.SortedFunc(slices.Values(c.Edits), func(a, b js.Edit) int { return a.Start - b.Start })
			if _, err := js.Parse([]byte(js.Apply([]byte(m.Text().Source), edits))); err != nil {
				t.Errorf("%s: %q became %q: %v", c.Pass, own, js.Apply([]byte(m.Text().Source), edits), err)
			}
		}
		GlobalsOf(m)
		NamesIn(m)
	})
}
