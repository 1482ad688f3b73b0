package onload

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

func TestLiteralKeys(t *testing.T) {
	for _, test := range []struct{ before, after string }{
		{`const _a = "a"; export const x = {[_a]: 1}`, `const _a = "a"; export const x = {"a": 1}`},
		{`const _a = 'a'; export const x = {b: {[ _a ]: 1}}`, ""},
		{`const _a = 'a', b = 'B'; export const x = f({[_a]: 1, [b]: [{[_a]: 2}]})`, `const _a = 'a', b = 'B'; export const x = f({'a': 1, 'B': [{'a': 2}]})`},
		{`export const a = "1"; export const x = {[a]: 1, b: 2}`, `export const a = "1"; export const x = {"1": 1, b: 2}`},
		{`const a = "a"; const f = ({[a]: x}) => x; export { f }`, `const a = "a"; const f = ({"a": x}) => x; export { f }`},
		{`const a = "a"; const f = () => ({[a]: 1}); export { f }`, `const a = "a"; const f = () => ({"a": 1}); export { f }`},
		{`const a = "a"; { const b = {[a]: 1}; g(b) } export {}`, `const a = "a"; { const b = {"a": 1}; g(b) } export {}`},

		{`"use strict"; const a = "a"; exports.x = {[a]: 1}`, ""},
		{`let a = "a"; export const x = {[a]: 1}`, ""},
		{`var a = "a"; export const x = {[a]: 1}`, ""},
		{`const a = "a" + b; export const x = {[a]: 1}`, ""},
		{"const a = `a`; export const x = {[a]: 1}", ""},
		{`const a = Symbol("a"); export const x = {[a]: 1}`, ""},
		{`const a = 1; export const x = {[a]: 1}`, ""},
		{`import { a } from "x"; export const x = {[a]: 1}`, ""},
		{`const a = "__proto__"; export const x = {[a]: 1}`, ""},
		{`const a = "a"; export const x = {[a]() {}}`, ""},
		{`const a = "a"; export const x = {get [a]() {}, set [a](v) {}, async [a]() {}, *[a]() {}}`, ""},
		{`const a = "constructor"; export class X { [a] = 1; static [a] = 2; [a]() {} }`, ""},
		{`export const x = {[a]: 1}; const a = "a"`, ""},
		{`export function f() { return {[a]: 1} } const a = "a"`, ""},
		{`const a = "a"; export function f() { return {[a]: 1} }`, ""},
		{`const a = "a"; export const f = a => ({[a]: 1})`, ""},
		{`const a = "a"; { let a = g(); h({[a]: 1}) }; export {}`, ""},
		{`switch (x) { case 1: const a = "a"; case 2: f({[a]: 1}) }; export {}`, ""},
		{`{ const a = "a" } f({[a]: 1}); export {}`, ""},
		{`const a = "a"; exports.f = () => { eval("var a = 2"); return {[a]: 1} }`, ""},
		{`const a = "a"; with (o) f({[a]: 1})`, ""},
		{`const {a = "a"} = o; f({[a]: 1}); export {}`, ""},
		{`const a = "a"; f({[/* c */ a]: 1, [(a)]: 2, ["b"]: 3, [a + 1]: 4}); export {}`, ""},
		{`for (const a of "a") f({[a]: 1}); export {}`, ""},
		{`const a = "\x61"; f({[a]: 1}); export {}`, ""},
	} {
		want := test.after
		if want == "" {
			want = test.before
		}
		if got := apply(t, analyzer.LiteralKeys, "a.js", "-- a.js --\n"+test.before); got != want {
			t.Errorf("%s\nbecame %s", test.before, got)
		}
	}
}
