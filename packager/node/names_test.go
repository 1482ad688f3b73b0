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

// Own code that compares the name of a class in another way than by an operator: the classes
// of packages have the names that it mentions, those of errors, and no others.
func TestNamesThatOwnCodeMentions(t *testing.T) {
	archive := `-- package.json --
{"type": "commonjs"}
-- fn.js --
const { find, lose, late, Client, Closed: Shut } = require('shop')
const status = require('./status')
const tried = f => { try { f() } catch (e) { return e } }
function answer(e) {
  switch (e?.constructor?.name) {
    case 'NotFound': return 404
  }
  return status[e.constructor.name] ?? (['Lost', 'Gone'].includes(e.constructor.name) ? 410 : 500)
}
exports.handler = async () => [answer(tried(find)), answer(tried(lose)), answer(tried(() => find.other())), answer(tried(() => find.none())), tried(late).constructor.name,
  new Client().constructor.name, new Shut().constructor.name]
-- status.js --
module.exports = { TooMany: 429 }
-- node_modules/shop/package.json --
{"name": "shop", "main": "shop.js"}
-- node_modules/shop/shop.js --
class NotFound extends Error {}
class Lost extends Error {}
class TooMany extends Error {}
class NobodyAsksFor extends Error {}
class TimeoutError extends Error {}
exports.Client = class Client {}
exports.Closed = class extends exports.Client {}
exports.late = () => { throw new TimeoutError() }
exports.find = () => { throw new NotFound() }
exports.lose = () => { throw new Lost() }
exports.find.other = () => { throw new TooMany() }
exports.find.none = () => { throw new NobodyAsksFor() }
`
	b := build(t, archive)
	if got, want := ask(t, b), `[404,410,429,500,"TimeoutError","Client",""]`; got != want {
		t.Errorf("answered %s\nwant     %s", got, want)
	}
	if strings.Contains(string(b.Files[0].Content), "NobodyAsksFor") {
		t.Error("a name is kept with which nothing compares")
	}
}

// What a function of a package returns is data, also where the name of a class is a part of
// it: openai sends it as its user agent. What it says in an error is none.
func TestNamesInTextsThatPackagesReturn(t *testing.T) {
	for returns, want := range map[string]string{
		"return `${this.constructor.name}/JS 6`":                                           `"Client/JS 6"`,
		"return `agent ${ this.constructor.name } 6`":                                      `"agent Client 6"`,
		"return this.constructor.name + '/6'":                                              `"Client/6"`,
		"return this.constructor.name":                                                     `"Client"`,
		"throw Error(`${this.constructor.name} is gone`)":                                  "",
		"return require('util').inspect([], () => { return this.constructor.name + ' ' })": "",
	} {
		b := build(t, `-- fn.js --
const { Client } = require('web')
exports.handler = async () => new Client().agent()
-- node_modules/web/package.json --
{"name": "web", "main": "web.js"}
-- node_modules/web/web.js --
exports.Client = class Client {
  agent() {
    `+returns+`
  }
}
`)
		if named := strings.Contains(string(b.Files[0].Content), `"Client"`); named != (want != "") {
			t.Errorf("%s: the name is kept: %v", returns, named)
		}
		if want == "" {
			continue
		}
		if got := ask(t, b); got != want {
			t.Errorf("%s: answered %s, want %s", returns, got, want)
		}
	}
}
