package node

import (
	"strings"
	"testing"
)

// Old code that may assign to what another module locks is evaluated as a text, where nothing
// happens, and no other old code is.
func TestLockedElsewhere(t *testing.T) {
	for _, test := range []struct {
		name, fn, old, other string
		text                 bool
	}{
		{"frozen exports", "old", "require('other').a = 1", "module.exports = Object.freeze({})", true},
		{"exports frozen later", "old", "require('other').a = 1", "exports.b = 1; Object.freeze(exports)", true},
		{"exports of a name", "old", "var o = require('other'); o.a = 1", "var o = {}; module.exports = o; Object.seal(o)", true},
		{"a part", "old", "var { a } = require('other'); a.b = 1", "exports.a = Object.freeze({})", true},
		{"a part of a literal", "old", "require('other').a.b = 1", "module.exports = { a: Object.freeze({}) }", true},
		{"deep", "old", "require('other').a.b.c = 1", "function deep(o) { Object.values(o).forEach(deep); return Object.freeze(o) } exports.a = deep({ b: {} })", true},
		{"a getter", "old", "require('other').a = 1", "module.exports = { get a() {} }", true},
		{"a getter that is defined", "old", "require('other').a = 1", "Object.defineProperty(exports, 'a', { get: () => 1 })", true},
		{"handed on", "old", "require('other').a = 1", "module.exports = require('./more.js')", true},
		{"made", "old", "var o = require('other'); o.make().a = 1", "exports.make = () => Object.freeze({})", true},
		{"made by new", "old", "var O = require('other'); var o = new O(); o.a = 1", "module.exports = class { get a() { return 1 } }", true},
		{"given", "old({})", "module.exports = function (o) { require('other')(function (e) { e.a = 1 }) }",
			"module.exports = f => f(Object.freeze({}))", true},
		{"passed", "old(Object.freeze({}))", "module.exports = function (o) { o.a = 1 }", "", true},
		{"passed in an object", "old({ o: Object.freeze({}) })", "module.exports = function (options) { options.o.a = 1 }", "", true},
		{"passed by name", "old(other)", "module.exports = function (o) { o.a = 1 }", "module.exports = Object.freeze({})", true},
		{"a namespace passed", "old(all)", "module.exports = function (o) { try { o.a = 1 } catch (e) {} }", "", true},
		{"Node's own", "old", "require('fs').promises = 1; process.version = 1; global.crypto = 1; require('os').constants.signals.a = 1", "", true},
		{"the callee of arguments", "old()", "var o = require('other'); module.exports = function f() { return o(arguments) === f }",
			"module.exports = a => a.callee", true},

		{"frozen elsewhere", "old", "require('other').a = 1", "exports.b = function () { var c = Object.freeze({}); return c.d }", false},
		{"a getter of another name", "old", "require('other').a = 1", "module.exports = { get b() {} }", false},
		{"a setter", "old", "require('other').a = 1", "module.exports = { get a() {}, set a(v) {} }", false},
		{"a copy", "old", "var o = Object.assign({}, require('other')); o.a = 1", "module.exports = Object.freeze({})", false},
		{"only read", "old", "module.exports = require('other').a", "module.exports = Object.freeze({})", false},
		{"own objects", "old", "var o = {}; o.a = 1; exports.b = require('other')", "module.exports = Object.freeze({})", false},
		{"in strict mode", "old", "'use strict'; try { require('other').a = 1 } catch (e) {}", "module.exports = Object.freeze({})", false},
		{"passed, not frozen", "old({})", "module.exports = function (o) { o.a = 1 }", "", false},
		{"a callee without arguments", "old", "exports.f = function () { return arguments.length }; require('other')", "module.exports = a => a.callee", false},
		{"Node's own that can", "old", "require('fs').old = 1; process.old = 1; global.old = 1", "", false},
		{"the marker of modules", "old", "require('other').__esModule = true", "exports.a = 1", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := build(t, "-- src/fn.mjs --\nimport old from 'old'\nimport other from 'other'\nimport * as all from 'other'\n"+
				"export const handler = async () => [other, all, ("+test.fn+"), 'ran'].pop()\n"+
				"-- node_modules/old/index.js --\n"+test.old+"\n"+
				"-- node_modules/other/index.js --\n'use strict'\n"+test.other+"\n-- node_modules/other/more.js --\n'use strict'\nmodule.exports = Object.freeze({})\n")
			if got := strings.Contains(string(b.Files[0].Content), "(0,eval)"); got != test.text {
				t.Errorf("evaluated as a text: %v", got)
			}
			if got := ask(t, b); got != `"ran"` {
				t.Errorf("answered %s", got)
			}
		})
	}
}
