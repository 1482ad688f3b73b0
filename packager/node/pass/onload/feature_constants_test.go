package onload

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

func TestFeatureConstants(t *testing.T) {
	for _, test := range []struct{ before, after string }{
		{`if (typeof window !== 'undefined') f()`, `if ("undefined" !== 'undefined') f()`},
		{`const a = (typeof document)`, `const a = "undefined"`},
		{"x = typeof\nself", "x = \"undefined\"\n"},
		{`typeof define === 'function' && define.amd ? define(f) : f()`, `"undefined" === 'function' && define.amd ? define(f) : f()`},
		{`f(typeof navigator, typeof process, typeof Buffer)`, `f("undefined", "object", "function")`},
		{`if (!process.browser) f()`, `if (! void 0 ) f()`},
		{`if (process.type === 'renderer') f()`, `if ( void 0  === 'renderer') f()`},
		{`return_ = process.versions.electron ? 1 : 2`, `return_ =  void 0  ? 1 : 2`},
		{`const f = () => { return"win32"===process.platform }`, `const f = () => { return false  }`},
		{`const f = x => process.platform != 'win32' && process.arch === "arm64"`, `const f = x =>  true  &&  false `},
		{`a = typeof globalThis !== 'undefined' ? globalThis : typeof window`, `a = "object" !== 'undefined' ? globalThis : "undefined"`},
		{`if (typeof Response === 'function') { const r = new Response(null, { cf: { thing: true } }); if (typeof r.cf === 'object' && r.cf !== null && r.cf.thing) f() }`,
			`if ("function" === 'function') { const r = (void 0); if (typeof (void 0) === 'object' && (void 0) !== null && (void 0).thing) f() }`},
		{"let r = new Response(null,\n{ cf: [1, '', !0] }); if (r.cf) f()", "let r = (void 0)\n; if ((void 0)) f()"},

		{`const semver = require('semver'); module.exports = semver.satisfies(process.version, '>=15.7.0')`, `const semver = (void 0); module.exports =  true `},
		{`const s = require('semver'); f(s.satisfies(process.version, '^6.12.0 || >=8.0.0'), s.satisfies(process.version, '^6.1.0'), s.valid(v))`,
			`const s = require('semver'); f( true ,  false , s.valid(v))`},
		{`var s = require('semver'); f(s.satisfies(process.version, '^6.12.0 || >=8.0.0'))`, `var s = (void 0); f( true )`},
		{`const s = require('semver'); f(s.satisfies(process.version, '>=20.0.0'), s.satisfies(process.version, '>=21.4.0'))`, `const s = (void 0); f( true ,  false )`},

		{`const s = require('semver'); f(s.satisfies(process.version, '>=20.1.0'), s.satisfies(process.version, '>=18 <21'), s.satisfies(v, '>=15.7.0'))`, ""},
		{`f(s.satisfies(process.version, '>=15.7.0')); var s = require('semver')`, ""},
		{`g(); var s = require('semver'); function g() { s.satisfies(process.version, '>=15.7.0') }`, ""},
		{`let s = require('semver'); s = other; f(s.satisfies(process.version, '>=15.7.0'))`, ""},
		{`const s = require('other'); f(s.satisfies(process.version, '>=15.7.0'), s)`, ""},
		{`const s = require('semver'); f(s.satisfies(process.version, '>=15.7.0', true), s.satisfies?.(process.version, range), s)`, ""},
		{`const f = window => typeof window`, ""},
		{`const r = new Response(null, { cf: {} }); f(typeof window, r.cf)`, `const r = new Response(null, { cf: {} }); f("undefined", r.cf)`},
		{`const r = new Response(null, { cf: {} }); f(typeof r, r); const { cf } = r`, ""},
		{`const r = new Response(null, { cf: {} }); if (r.cf && r.ok || r['cf']) f(typeof r)`, ""},
		{`const r = new Response(null, { cf: f() }), s = new Response(null, { status: 700 }), t = new Response(x, { cf: {} }); f(!r.cf, !s.cf, !t.cf)`, ""},
		{`const r = new Response(null, { cf: {}, headers }); if (r.cf) f()`, ""},
		{`export const r = new Response(null, { cf: {} }); if (r.cf) f()`, ""},
		{`let r = new Response(null, { cf: {} }); r = g(); if (r.cf) f()`, ""},
		{`if (r.cf) f(); var r = new Response(null, { cf: {} })`, ""},
		{`const g = () => !r.cf; g(); const r = new Response(null, { cf: {} })`, ""},
		{`const r = new Response(null, { cf: {} }); r.cf.x = 1; r.cf(); delete r.cf; r?.cf ? 1 : 2`, ""},
		{`class Response {} const r = new Response(null, { cf: {} }); if (r.cf) f(typeof Response)`, ""},
		{`if (typeof window === "undefined") { var window = {} }`, ""},
		{`import { document } from './dom'; f(typeof document)`, ""},
		{`try {} catch (self) { f(typeof self) }`, ""},
		{`if (typeof define !== 'function') { var define = require('amdefine')(module) }`, ""},
		{`const process = require('process/browser'); f(process.browser && 1, process.platform === 'win32')`, ""},
		{`f(typeof self); if (x) { function self() {} } f(typeof self)`, ""},
		{`function f(code) { eval(code); return typeof window }`, ""},
		{`with (page) f(typeof window)`, ""},
		{`f(typeof window.document, typeof (window, 1), window, globalThis.window)`, ""},
		{`process.browser = true; process.browser.x; process.browser(); delete process.browser; f(process.browser)`, ""},
		{`process.platform = 'win32'; f(process.platform, process.platform + '-' + process.arch, process.platform === other)`, ""},
		{`switch (process.platform) { case 'win32': f() }`, ""},
		{`f(process.env.browser, process.versions.node, a.process.browser ? 1 : 2, process?.browser ? 1 : 2)`, ""},
		{`f(typeof fetch, typeof WebSocket, typeof require, typeof module, typeof exports, typeof crypto)`, ""},
		{`f(typeof chosen)`, ""},
		{`f('typeof window', /typeof window/, window => 1)`, ""},
	} {
		want := test.after
		if want == "" {
			want = test.before
		}
		if got := apply(t, analyzer.FeatureConstants, "a.js", "-- a.js --\n"+test.before); got != want {
			t.Errorf("%s\nbecame %s", test.before, got)
		}
	}
	const typed = "const a: string = typeof window; const b = (x: number): boolean => typeof document === 'object'"
	want := "const a: string = \"undefined\"; const b = (x: number): boolean => \"undefined\" === 'object'"
	if got := apply(t, analyzer.FeatureConstants, "a.ts", "-- a.ts --\n"+typed); got != want {
		t.Errorf("of TypeScript it made %s", got)
	}
}

// What is constant depends on the process.
func TestFeatureConstantsOfProcesses(t *testing.T) {
	const text = `f(typeof navigator, typeof self, typeof window, process.arch === 'arm64', process.browser ? 1 : 2)`
	for _, test := range []struct {
		process Process
		after   string
	}{
		{Process{Node: 18, Arch: "arm64"}, `f("undefined", "undefined", "undefined",  true ,  void 0  ? 1 : 2)`},
		{Process{Node: 22, Arch: "x64"}, `f(typeof navigator, "undefined", "undefined",  false ,  void 0  ? 1 : 2)`},
		{Process{Node: 26, Arch: "x64"}, `f(typeof navigator, typeof self, "undefined",  false ,  void 0  ? 1 : 2)`},
		{Process{Node: 20, Define: map[string]string{"process.browser": "true", "window": "{}"}},
			`f("undefined", "undefined", typeof window, process.arch === 'arm64', process.browser ? 1 : 2)`},
		{Process{Node: 20, Define: map[string]string{"process": "{}"}},
			`f("undefined", "undefined", "undefined", process.arch === 'arm64', process.browser ? 1 : 2)`},
		{Process{}, text},
	} {
		m := files{"a.js": text}.Module("a.js")
		if got := applied(m, Changes(m, of{files{}, test.process}, only(analyzer.FeatureConstants))); got != test.after {
			t.Errorf("%+v: %s", test.process, got)
		}
	}
}

// The variable Response is there since Node 18, and a build setting may define it.
func TestCloudflareTest(t *testing.T) {
	const text = `const r = new Response(null, { cf: {} }); if (r.cf) f(typeof Response)`
	for _, test := range []struct {
		process Process
		after   string
	}{
		{Process{Node: 18}, `const r = (void 0); if ((void 0)) f("function")`},
		{Process{Node: 16}, text},
		{Process{Node: 20, Define: map[string]string{"Response": "Other"}}, text},
	} {
		m := files{"a.js": text}.Module("a.js")
		if got := applied(m, Changes(m, of{files{}, test.process}, only(analyzer.FeatureConstants))); got != test.after {
			t.Errorf("%+v: %s", test.process, got)
		}
	}
}

// of is a view of another process.
type of struct {
	files
	process Process
}

func (o of) Process() Process { return o.process }
