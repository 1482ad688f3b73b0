package onload

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestGlobals(t *testing.T) {
	for _, test := range []struct{ text, set string }{
		{`global.window = {}`, "window"},
		{`globalThis["document"] = {}`, "document"},
		{`globalThis.self ??= globalThis`, "self"},
		{`window = {}; document = window`, "window document"},
		{`({ window } = dom); [document] = all`, "window document"},
		{`const g = typeof globalThis === 'object' ? globalThis : global; g.navigator = { userAgent: '' }`, "navigator"},
		{`Object.defineProperty(globalThis, 'window', { value: 1 })`, "window"},
		{`Object.assign(global, { window: 1, other: 2 })`, "window"},
		{`Object.assign(globalThis, dom); const names = ['document']`, "document"},
		{`const names = 'window document'.split(' '); for (const n of names) global[n] = dom[n]`, "window document"},
		{`const { window, document } = new JSDOM(); for (const n in window) global[n] = window[n]`, "window document"},
		{`((root) => { root[key()] = 1 })(globalThis); const o = { window: 1 }`, "window"},
		{`const root = Function('return this')(); root[key] = 1; keys({ self: 1 })`, "self"},
		{`const root = (function () { return this })() || Function('return this')(); root.document = 1`, "document"},
		{`require('vm').runInThisContext(text); f("var document = 1")`, "document"},
		{`set(globalThis); function set(o) { o[key] = 1 } const key = 'window'`, "window"},
		{`Object.prototype.window = 1`, "window"},
		{`const root = require('./root'); root.window = 1`, "window"},
		{`function Browser(w) { this.window = w }`, "window"},
		{`process.browser = true`, "process.browser"},
		{`const p = process; p['browser'] = true`, "process.browser"},
		{`Object.defineProperty(process, 'platform', { value: 'win32' })`, "process.platform"},
		{`import p from 'node:process'; p.type = 'renderer'`, "process.type"},
		{`delete globalThis.Buffer`, "Buffer"},
		{`page.evaluate(() => typeof window)`, "*"},
		{`await page.$eval('a', async (a) => a.href)`, "*"},
		{`driver.executeScript(function () { return typeof document })`, "*"},
		{"html(`<script>(${init})()</script>`)", "*"},
		{"html('<script>(' + init.toString() + ')()</script>')", "*"},

		{`if (typeof window === 'undefined') f(window.document, global.window, self)`, ""},
		{`exports.window = function () {}; module.exports.document = 1`, ""},
		{`class A { constructor(w) { this.window = w; this.type = 1 } }`, ""},
		{`function A() {} A.prototype.document = function () {}; A.window = 1`, ""},
		{`const o = {}; o.window = 1; let self = this; self = 2; var define = f()`, ""},
		{`const KEY = Symbol.for('x'); globalThis[KEY] = globalThis[KEY] || {}; const o = { window: 1 }`, ""},
		{`globalThis.fetch = f; global.mine = 1; const o = { window: 1 }`, ""},
		{`const o = { window: 1 }; o[key] = 2; f('document')`, ""},
		{`Object.defineProperty(exports, "window", { get: f })`, ""},
		{`const g = globalThis; g.mine = g.mine || []; f(process.type, process)`, ""},
		{`node.type = 'x'; ua.browser = y; f(process.env)`, ""},
		{`a.evaluate('1 + 1'); evaluate(() => 1); f(rules.evaluate(facts))`, ""},
		{"f(`(${a})`, `${a}()`)", ""},
	} {
		m := files{"a.js": test.text}.Module("a.js")
		got := SetBy(map[string][]Globals{"": {GlobalsOf(m)}}, func(string) []string { return NamesIn(m) })
		if test.set == "*" && len(got) == len(features) {
			continue
		}
		for _, name := range strings.Fields(test.set) {
			if !strings.Contains(" "+strings.Join(got, " ")+" ", " "+name+" ") {
				t.Errorf("%s\nsets %q, not %s", test.text, got, name)
			}
		}
		if test.set == "" && len(got) > 0 {
			t.Errorf("%s\nsets %q", test.text, got)
		}
	}
}

// A package may make globals of names that another package has.
func TestGlobalsOfAGraph(t *testing.T) {
	keys := Globals{Module: "keys"}
	namesIn := func(module string) []string {
		if module == "keys" {
			return []string{"window"}
		}
		return nil
	}
	for _, test := range []struct {
		graph map[string][]Globals
		set   string
	}{
		{map[string][]Globals{"a": {{Opens: true}}, "b": {keys}}, "window"},
		{map[string][]Globals{"a": {{Holds: true}, keys, {Computes: true}}}, "window"},
		{map[string][]Globals{"a": {{Holds: true}, keys}}, ""},
		{map[string][]Globals{"a": {{Holds: true}}, "b": {keys}}, ""},
		{map[string][]Globals{"a": {{Sets: []string{"process.type", "self"}}}, "b": {{}}}, "self process.type"},
	} {
		if got := strings.Join(SetBy(test.graph, namesIn), " "); got != test.set {
			t.Errorf("%+v sets %q", test.graph, got)
		}
	}
}

// Variables that are all assigned to each other: each question asks each of them once.
func TestGlobalsOfVariablesThatAreAssignedToEachOther(t *testing.T) {
	var source strings.Builder
	for i := range 60 {
		for j := range 60 {
			fmt.Fprintf(&source, "v%d = v%d\n", i, j)
		}
		fmt.Fprintf(&source, "v%d.window = v%d[k] = v%d.type = 1\nObject.assign(v%d, k)\n", i, i, i, i)
	}
	declared := "var k, w = {}"
	for i := range 60 {
		declared += fmt.Sprintf(", v%d", i)
	}
	g := GlobalsOf(files{"a.js": declared + "\n" + source.String()}.Module("a.js"))
	if g.Opens || slices.Contains(g.Sets, "process.type") {
		t.Errorf("no variable is the global object: %+v", g)
	}
	g = GlobalsOf(files{"a.js": declared + ", v60 = globalThis\nv59 = v60\n" + source.String()}.Module("a.js"))
	if !g.Opens || !slices.Contains(g.Sets, "window") {
		t.Errorf("all variables may be the global object: %+v", g)
	}
}
