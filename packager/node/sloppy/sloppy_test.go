package sloppy

import (
	"strings"
	"testing"
)

// What only a text can keep is found, at its place.
func TestReadFindsWhatIsLost(t *testing.T) {
	for _, test := range []struct{ code, want string }{
		{"with (a) b", "with"},
		{"delete a", "delete of a name"},
		{"function f() { eval('var x') }", "eval"},
		{"function f(a, a) {}", "two parameters of one name"},
		{"o = { m() { arguments.callee } }", "arguments.callee"},
		{"function f() { g(arguments) } function g(a) { a.callee }", "callee"},
		{"function f() { f.caller }", "the caller of a function"},
		{"function f() { return f.arguments }", "the arguments of a function"},
		{"function f(a) { arguments[0] = 1; a }", "an argument that is assigned, beside its parameter"},
		{"function f(a) { [].shift.call(arguments); a }", "arguments that other code may change, beside their parameters"},
		{"function f(a) { a += 1; arguments[0] }", "a parameter that is assigned, beside arguments"},
		{"function f(a) { var a = 1; g.apply(this, arguments) }", "a parameter that is assigned, beside arguments"},
		{"function f(a) { function a() {} arguments[0] }", "a function with the name of a parameter, beside arguments"},
		{"undefined = 1", "assignment to undefined"},
		{"function f() { arguments = 1 }", "assignment to arguments"},
		{"var eval", "eval as a name"},
		{"function f(static) {}", "static as a name"},
		{"function f() {} f.name = 1", "the name of a function that is changed"},
		{"'a'.b = 1", "a property of a text, a number or a truth value that is assigned"},
		{"Math.PI = 3", "a constant that is changed"},
		{"var o = { get a() {} }; o.a = 1", "a property that is changed, and that cannot be where the module defines it"},
		{"Object.defineProperty(o, 'a', { value: 1 }); o.a = 1", "a property that is changed, and that cannot be where the module defines it"},
		{"Object.defineProperty(o, k, { value: 1 }); o[k] = 1", "a property that is changed, and that cannot be where the module defines it"},
		{"var o = Object.freeze({}); o.a.b = 1", "a property that is changed, of an object that may be locked"},
		{"x.y = Object.seal({}); z.y.a = 1", "a property that is changed, of an object that may be locked"},
		{"function f(o) { Object.freeze(o) } x.a = 1", "a property that is changed, of an object that may be locked"},
		{"switch (a) { case 1: function f() {} }", "a function in a case"},
		{"function f(a) { { function a() {} } }", "a function in a block with the name of a parameter"},
		{"var await", "await as a name"},
	} {
		r := Read([]byte("\n  "+test.code), true).First
		if r == nil {
			t.Errorf("%s: nothing is lost", test.code)
		} else if r.What != test.want || r.Line != 2 || r.Column < 3 {
			t.Errorf("%s: lost %s at %d:%d", test.code, r.What, r.Line, r.Column)
		}
		if Read([]byte("'use strict';"+test.code), true).First != nil {
			t.Errorf("%s is lost in code that is strict", test.code)
		}
	}
}

// A function that reads this, and that may be called without a receiver, reads it as in
// sloppy code.
func TestReadGivesThis(t *testing.T) {
	for _, code := range []string{
		"function f() { THIS.a } f()", "var f = function () { return () => THIS }; f()", "function f() { THIS.a } f.call(null)",
		"function f() { THIS.a } f.apply('a')", "g(function () { THIS.a })", "a.map(function () { THIS.a })", "function f() { THIS.a } a.sort(f)",
		"new Promise(function () { THIS.a })", "String.prototype.a = function () { THIS.length }", "exports.a = function () { THIS.b }",
		"var o = { m: function () { THIS.a } }, m = o.m; m()", "function f() { return function () { THIS.a } } f()()",
		"a.each(b, function () { THIS.c })", "a.each(b, f); function f() { THIS.c }", "var f = function () { THIS.a }; a.b(c, f)", "a({ b: function () { THIS.c } })",
		"a.series([function () { THIS.b }])", "exports.a = function () { return function () { THIS.b } }", "module.exports = { a: function () { THIS.b } }",
		"function f() { THIS.a } module.exports = { f: f }", "var a = exports = module.exports = {}; a.b = function () { THIS.c }",
		"var a = {}; a.b = function () { THIS.c }; module.exports = a", "function f() { THIS.a } exports.f = g || f", "(function (a) { a() })(function () { THIS.b })",
	} {
		source := strings.ReplaceAll(code, "THIS", "this")
		written, err := Write(Module{Text: []byte(source)})
		if want := strings.ReplaceAll(code, "THIS", "globalThis.Object(this??globalThis)"); err != nil || written != want {
			t.Errorf("%s became %s (%v)", source, written, err)
		}
	}
}

// A module that reads this twice or more says so in one function, behind its code.
func TestReadGivesThisOnce(t *testing.T) {
	code := "var __featherpackThis; exports.a = function () { return this.b + new this.C() }"
	want := "var __featherpackThis; exports.a = function () { return __featherpackThis_(this).b + new (__featherpackThis_(this)).C() }\n" +
		"function __featherpackThis_(o){return globalThis.Object(o??globalThis)}"
	if written, err := Write(Module{Text: []byte(code)}); err != nil || written != want {
		t.Errorf("%s became %s (%v)", code, written, err)
	}
}

// An edit joins no statement to the one in front of it.
func TestEditsOfThisKeepStatements(t *testing.T) {
	for _, test := range []struct{ code, want string }{
		{"exports.f = function (a) {\n  a = a || {}\n  this.b = a\n}", "exports.f = function (a) {\n  a = a || {}\n  globalThis.Object(this??globalThis).b = a\n}"},
		{"exports.f = function () { new this.A.B(1) }", "exports.f = function () { new (globalThis.Object(this??globalThis)).A.B(1) }"},
		{"exports.f = function () { new this }", "exports.f = function () { new (globalThis.Object(this??globalThis)) }"},
		{"exports.f = function () { new A(this.b) }", "exports.f = function () { new A(globalThis.Object(this??globalThis).b) }"},
	} {
		if written, err := Write(Module{Text: []byte(test.code)}); err != nil || written != test.want {
			t.Errorf("%s became %s (%v)", test.code, written, err)
		}
	}
}

// Ordinary code is left alone.
func TestReadLeavesOrdinaryCode(t *testing.T) {
	for _, code := range []string{
		"delete a.b", "o.eval(a)", "var e = eval; e('a')", "function f(eval_) {}", "function f(a) { a = a || {}; g.apply(this, arguments) }",
		"function f(a) { var b = [].slice.call(arguments, 1); return a }", "function f() { arguments[0] = 1 }", "function f(a = 1) { a++; arguments[0] }",
		"function f(a) { a++; return arguments.length }", "function f(a, b) { b++; return arguments[0] }", "function f(a) { return [arguments[0], a] }",
		"function f(...a) { g(arguments); a }", "function f(a) { g(...arguments); a }", "function f(a) { return { b: arguments[0] } }",
		"o.static = { let: 1, yield: 2 }", "function* f() { yield 1 }", "async function f() { await 1 }", "o.caller = e.caller", "x.arguments",
		"f.displayName = 1; function f() {}", "this.name = 1", "var o = {}; o.name = 1", "Foo.prototype.name = 1; function Foo() {}", "text = ''; text.x",
		"o = { get a() {}, set a(x) {} }; o.a = 1", "Object.defineProperty(o, 'a', { value: 1, writable: true }); o.a = 1",
		"Object.defineProperty(exports, '__esModule', { value: true }); exports.a = 1", "var a = {}; Object.freeze(a); b.c = 1",
		"(Object.create ? function (o, k) { Object.defineProperty(o, k, {}) } : function (o, k) { o[k] = 1 })",
		"function Foo() { if (!(this instanceof Foo)) return new Foo(); this.a = 1 } Foo()", "function Foo() { this.a = 1 } new Foo()",
		"function f() { return g.apply(this, arguments) } f()", "var o = { m: function () { this.a } }; o.m()", "a.forEach(function () { this.b }, c)",
		"emitter.on('a', function () { this.b })", "setTimeout(function () { this.b })", "(function () { this.a }).call(this)",
		"Foo.prototype.a = function () { this.b }; function Foo() {} a(Foo)", "function Foo() { this.a = 1 } module.exports = Foo",
		"function foo() { this.a = 1 } foo.prototype.b = 1; exports.foo = foo", "function foo() { this.a = 1 } util.inherits(foo, Bar); exports.foo = foo",
		"Object.assign(Foo.prototype, { a: function () { this.b } })", "var o = { a: function () { this.b } }; g(o)", "g(a, function () { return 1 })",
		"(function (root, factory) { root.a = factory() }(this, function () { return 1 }))", "Foo.extend({ a: function () { this.b } })",
		"var __awaiter = (this && this.__awaiter) || function (a) { return a }", "module.exports = class { m() { this.a } }", "g(() => this.a)",
		"class A { m() { delete this.a } static s() { arguments } }", "function f() { 'use strict'; arguments[0] = 1 }",
		"function f(x) { { function y() {} } }", "switch (a) { case 1: { function f() {} } }", "if (a) { function f() {} }", "import('a')", "a.await = 1",
		"import a from 'a'; a.caller", "function f() { return arguments.callee(1) }",
	} {
		if r := Read([]byte(code), true); r.First != nil || len(r.Edits) > 0 {
			t.Errorf("%s: %+v %v", code, r.First, r.Edits)
		}
	}
}

// A module that is not evaluated as a text in a bundle that is not strict loses only what
// esbuild reads differently.
func TestReadOutsideStrictMode(t *testing.T) {
	for code, lost := range map[string]bool{
		"with (a) b": false, "delete a; function f(a, a) {}": false, "var await": true, "switch (a) { case 1: function f() {} }": true,
	} {
		if r := Read([]byte(code), false); (r.First != nil) != lost {
			t.Errorf("%s: %+v", code, r.First)
		}
	}
}

// Only a caller that other modules may be is worth a warning.
func TestReadCallers(t *testing.T) {
	for code, told := range map[string]bool{
		"function f() { return f.caller } exports.f = f": true, "exports.f = function () { return arguments.callee.caller }": true,
		"function f() { return f.caller } f()": false, "e.caller": false,
	} {
		if r := Read([]byte(code), true); (r.Callers != nil) != told {
			t.Errorf("%s: %+v", code, r.Callers)
		}
	}
}

// A module as a text gets its requests, and what the code around it holds, as parameters.
func TestWrite(t *testing.T) {
	free := func(stem string) string { return stem }
	for _, test := range []struct{ code, want string }{
		{"with (a) b", `(0,eval)("(function(exports,require,module){with (a) b\n})\n//# sourceURL=m.js").call(exports,exports,0,module)`},
		{"#!a\nwith (require('a')) __dirname", `(0,eval)("(function(exports,require,module,__dirname){//a\nwith (require('a')) __dirname\n})\n` +
			`//# sourceURL=m.js").call(exports,exports,(m=>k=>m[k]())({["a"]:()=>require("a")}),module,__dirname)`},
		{"with (a) require(b)", `(0,eval)("(function(exports,require,module){with (a) require(b)\n})\n//# sourceURL=m.js")` +
			`.call(exports,exports,require,module)`},
		{"with (a) import('b')", `(0,eval)("(function(exports,require,module,__featherpackImport){with (a) __featherpackImport('b')\n})\n` +
			`//# sourceURL=m.js").call(exports,exports,0,module,(m=>k=>Object.hasOwn(m,k)?m[k]():import(k))({["b"]:()=>import("b")}))`},
		{"with (a) process.env.NODE_ENV", `(0,eval)("(function(exports,require,module){with (a) (\"production\")\n})\n//# sourceURL=m.js")` +
			`.call(exports,exports,0,module)`},
	} {
		m := Module{Text: []byte(test.code), Name: "m.js", Free: free, Define: map[string]string{"process.env.NODE_ENV": `"production"`}}
		if got, err := Write(m); err != nil || got != test.want {
			t.Errorf("%s became (%v)\n     %s\nwant %s", test.code, err, got, test.want)
		}
	}
}

func TestShown(t *testing.T) {
	for name, want := range map[string]string{
		"services/a/node_modules/b/node_modules/c/d.js": "node_modules/b/node_modules/c/d.js",
		"node_modules/b/d.js":                           "node_modules/b/d.js",
		"services/a/src/old.js":                         "old.js",
	} {
		if got := shown(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
