package sloppy

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/js"
)

// What a CommonJS module becomes in strict mode parses.
func FuzzWrite(f *testing.F) {
	f.Add([]byte("x = 010; with (a) b = require('c'); exports.f = function g(a, a) { arguments[0] = 1; return arguments.callee }"), false)
	f.Add([]byte("#!/usr/bin/env node\nvar await = 1, yield = 2; if (a) function f() { delete x; return this }\nmodule.exports = eval('1')"), true)
	f.Add([]byte("(function () { this.a = `${require('b')}`; Object.freeze(exports).c = 1 }).call(this)"), false)
	f.Add([]byte(strings.Repeat("process.env.A", 300)), false)
	f.Fuzz(func(t *testing.T, text []byte, asText bool) {
		defer inputtest.Bound(t)()
		MayLock(text)
		if tree, err := js.Parse(text); err == nil {
			tree.Bind()
			Locks(tree)
		}
		Read(text, !asText)
		written, err := Write(Module{Text: text, AsText: asText, Name: "a.js", Free: func(stem string) string { return stem + "9" }})
		if err != nil {
			return
		}
		if _, err := js.Parse([]byte(written)); err != nil {
			if _, own := js.Parse(text); own == nil {
				t.Errorf("%q became %q: %v", text, written, err)
			}
		}
	})
}
