package node

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// A mark is what keeps a name. Functions that nothing but calls can reach have none; all others
// answer with their names.
func TestNamesOfFunctionsThatAreOnlyCalled(t *testing.T) {
	archive := `-- package.json --
{"type": "commonjs"}
-- fn.js --
const callee = require('./callee'), both = require('./both'), member = require('./member'), handed = require('./handed')
const nameOf = fn => fn.name
function onlyCalled(n) { return n ? onlyCalled(n - 1) : 1 }
const calledVariable = function () { return 2 }, calledArrow = n => n + 1
function passed() {}
function returned() { return returned }
function Made() {}
function byArguments() { return arguments.callee.name }
function replaced() { return 3 }
const kept = replaced
replaced = function () { return 4 }
const named = { property: function () {}, arrow: () => {}, other: function otherwise() {} }
let later
later = function () {}
class Method { called() { return new.target } }
exports.handler = async () => [
  onlyCalled(2), calledVariable(), calledArrow(2), callee(), both(), handed(),
  nameOf(passed), nameOf(returned()), new Made().constructor.name, byArguments(), nameOf(kept), replaced(), nameOf(named.property),
  nameOf(named.arrow), nameOf(named.other), nameOf(later), new Method().constructor.name, require('./reader')(both), member.own(), handed.name,
]
-- callee.js --
module.exports = function onlyRequired() { return 'called' }
-- both.js --
module.exports = function passedOn() { return 'both' }
-- member.js --
module.exports = function receiver() {}
module.exports.own = function () { return this.name }
-- handed.js --
function handedOn() { return 'handed' }
module.exports = handedOn
-- reader.js --
module.exports = function theReader(fn) { return fn.name }
`
	want := `[1,2,3,"called","both","handed","passed","returned","Made","byArguments","replaced",4,"property",` +
		`"arrow","otherwise","later","Method","passedOn","receiver","handedOn"]`
	unread := []string{"onlyCalled", "calledVariable", "calledArrow", "onlyRequired", "theReader"}
	keep := func(f *analyzer.Function) { f.Build.KeepNames = "always" }
	b := build(t, archive, keep)
	if got := ask(t, b); got != want {
		t.Errorf("answered %s\nwant     %s", got, want)
	}
	for _, name := range unread {
		if strings.Contains(string(b.Files[0].Content), name) {
			t.Errorf("the name %s is kept", name)
		}
	}
	off := build(t, archive, keep, func(f *analyzer.Function) { f.Build.Passes = f.Build.Passes.With(analyzer.Names, false) })
	if got := ask(t, off); got != want {
		t.Errorf("switched off it answered %s", got)
	}
	if !strings.Contains(string(off.Files[0].Content), "onlyCalled") {
		t.Error("switched off it keeps no name")
	}
	evaluated := build(t, archive+"-- other.js --\n", keep, func(f *analyzer.Function) {
		f.Build.Footer = "globalThis.reader = text => eval(text);"
	})
	if !strings.Contains(string(evaluated.Files[0].Content), "onlyCalled") {
		t.Error("a name is dropped although eval may read it")
	}
}
