package node

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/packager"
)

// A library asks for a package that it does not list. What is then true of the
// function holds whether the library is in the bundle or stays as files.
func TestUnlistedRequires(t *testing.T) {
	const (
		brought  = "{\"name\": \"x\"}\n-- node_modules/x/index.js --\nmodule.exports = 'x'\n"
		leftOut  = "note: pg can use x, which is installed only for development and stays out"
		absent   = "note: pg can use x, which is not installed and stays out"
		notThere = `error: cannot resolve "x", which pg requires as it loads and does not list among its dependencies`
	)
	tests := []struct {
		name, library    string
		bundled, answer  string // with x among the project's development dependencies
		missing, asFiles string // without x, in the bundle and as files
	}{
		{name: "as it loads", library: "exports.query = () => x\nrequire('fs')\nconst x = require('x')",
			answer: `"x"`, missing: notThere, asFiles: notThere},
		{name: "in a module that it always loads", library: "exports.query = () => require('./always')\nrequire('./always')\n-- node_modules/pg/always.js --\nmodule.exports = require('x')",
			answer: `"x"`, missing: notThere, asFiles: notThere},
		{name: "in a module that it loads for some", library: "exports.query = e => e ? require('./seldom') : 'without'\n-- node_modules/pg/seldom.js --\nmodule.exports = require('x')",
			answer: `"without"`, missing: absent, asFiles: "note: pg asks for x, which is not there, and it stays out"},
		{name: "in a wrapper for several kinds of module", library: "(function (f) { typeof exports === 'object' ? f(exports, require('x')) : f({}, x) })(function (exports, x) { exports.query = () => x })",
			answer: `"x"`, missing: notThere, asFiles: notThere},
		{name: "guarded", library: "let x = 'without'\ntry { x = require('x') } catch {}\nexports.query = () => x",
			bundled: leftOut, answer: `"without"`, missing: absent},
		{name: "in a function", library: "exports.driver = () => require('x')\nexports.query = () => 'without'",
			bundled: leftOut, answer: `"without"`, missing: absent, asFiles: "note: pg asks for x, which is not there, and it stays out"},
		{name: "in a branch", library: "if (process.env.DRIVER) exports.driver = require('x')\nexports.query = () => 'without'",
			bundled: leftOut, answer: `"without"`, missing: absent, asFiles: "note: pg asks for x, which is not there, and it stays out"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			archive := "-- fn.js --\nconst pg = require('pg')\nexports.handler = async () => pg.query()\n" +
				"-- package.json --\n{\"dependencies\": {\"pg\": \"1\"}, \"devDependencies\": {\"x\": \"1\"}}\n" +
				"-- node_modules/pg/package.json --\n{\"name\": \"pg\"}\n-- node_modules/pg/index.js --\n" + test.library + "\n"
			tracer := withTracer[:strings.Index(withTracer, "-- node_modules/pg/")]
			traced := strings.Replace(archive, "-- fn.js --\n", "-- fn.js --\nrequire('dd-trace')\n", 1) + tracer
			installed := "-- node_modules/x/package.json --\n" + brought

			b := build(t, archive+installed)
			if got := toldOf(b); got != test.bundled {
				t.Errorf("told %q, want %q", got, test.bundled)
			}
			if got := ask(t, b); got != test.answer {
				t.Errorf("the bundle answered %s, want %s", got, test.answer)
			}
			if got := toldOf(build(t, archive)); got != test.missing {
				t.Errorf("not installed: told %q, want %q", got, test.missing)
			}
			if got := toldOf(build(t, traced)); got != test.asFiles {
				t.Errorf("not installed and as files: told %q, want %q", got, test.asFiles)
			}
		})
	}
}

// toldOf is what a build says of a function, without the remedies.
func toldOf(b packager.Bundle) string {
	var told []string
	for _, d := range b.Diagnostics {
		told = append(told, string(d.Severity)+": "+d.Message)
	}
	return strings.Join(told, "; ")
}
