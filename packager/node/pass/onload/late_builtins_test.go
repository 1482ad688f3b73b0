package onload

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

func TestLateBuiltins(t *testing.T) {
	const http2 = `const http2 = ((asked) => () => asked ??= require('node:http2'))()`
	for _, test := range []struct{ before, after string }{
		{`const http2 = require('node:http2'); exports.f = (o) => http2.createServer(o)`, http2 + `; exports.f = (o) => http2().createServer(o)`},
		{`const a = 1, assert = require("assert"); exports.f = function () { assert(a); assert.ok(a, typeof assert) }`,
			`const a = 1, assert = ((asked) => () => asked ??= require("assert"))(); exports.f = function () { assert()(a); assert().ok(a, typeof assert()) }`},
		{`const http2 = require('node:http2'); class A { f() { return [new http2.Http2ServerRequest(1), new (http2.a.B), new http2.a.B] } }`,
			http2 + `; class A { f() { return [new (http2()).Http2ServerRequest(1), new ((http2()).a.B), new (http2()).a.B] } }`},
		{`const http2 = require('node:http2'); exports.f = () => { x = 1; { const http2 = 2; g(http2) } return { http2: http2.constants, k: { http2: 1 } } }`,
			http2 + `; exports.f = () => { x = 1; { const http2 = 2; g(http2) } return { http2: http2().constants, k: { http2: 1 } } }`},

		{`const http2 = require('node:http2'); const { constants } = http2; exports.f = () => http2.connect(constants)`, ""},
		{`const http2 = require('node:http2'); class A extends http2.B { c = http2 }; exports.f = () => http2`, ""},
		{`const http2 = require('node:http2'); exports.f = () => ({ http2 })`, ""},
		{`const http2 = require('node:http2'); exports.http2 = http2`, ""},
		{`const http2 = require('node:http2')`, ""},
		{`let http2 = require('node:http2'); exports.f = () => http2.connect()`, ""},
		{`var http2 = require('node:http2'); exports.f = () => http2.connect()`, ""},
		{`const { connect } = require('node:http2'); exports.f = () => connect()`, ""},
		{`const connect = require('node:http2').connect; exports.f = () => connect()`, ""},
		{`const cluster = require('cluster'), http = require('http'); exports.f = () => [cluster, http]`, ""},
		{`const http2 = require('node:http2'); exports.f = (code) => eval(code) + http2.connect`, ""},
		{`const http2 = require('node:http2'); exports.f = () => { http2 = 1; return http2 }`, ""},
		{`const require = (name) => name; const http2 = require('node:http2'); exports.f = () => http2`, ""},
		{`exports.g = (require) => { const http2 = require('node:http2'); return () => http2 }`, ""},
		{`import { createRequire as r } from 'module'; const http2 = require('node:http2'); export const f = () => http2`, ""},
		{`const http2 = require('node:http2' + x); exports.f = () => http2`, ""},
	} {
		want := test.after
		if want == "" {
			want = test.before
		}
		if got := apply(t, analyzer.LateBuiltins, "a.js", "-- a.js --\n"+test.before); got != want {
			t.Errorf("%s\nbecame %s\nwant   %s", test.before, got, want)
		}
	}
}
