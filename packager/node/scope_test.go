package node

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// A worker's modules ship as they are, and Node reads them by the nearest
// package.json.
func TestOwnFilesKeepTheirScope(t *testing.T) {
	const (
		worker  = "const { Worker } = require('node:worker_threads')\nexports.handler = () => new Promise((done, fail) => new Worker(__dirname + '/w.js').on('message', done).on('error', fail))\n"
		answers = "import { parentPort } from 'node:worker_threads'\nimport answer from '#answer'\nparentPort.postMessage(answer)\n-- src/answer.js --\nexport default 'an ES module'\n"
		scope   = `{"type": "module", "imports": {"#answer": "./src/answer.js"}}` + "\n"
	)
	tests := []struct {
		name, archive, answer string
		files                 []string
	}{
		{"ES modules beside a bundle of CommonJS", "-- src/fn.cjs --\n" + worker + "-- src/w.js --\n" + answers + "-- package.json --\n" + scope,
			`"an ES module"`, []string{"package.json", "src/answer.js", "src/fn.cjs", "src/w.js"}},
		{"CommonJS says nothing", "-- src/fn.cjs --\n" + worker + "-- src/w.js --\nrequire('worker_threads').parentPort.postMessage(1)\n-- package.json --\n{}\n",
			"1", []string{"src/fn.js", "src/w.js"}},
		{"a folder with a main", "-- src/fn.js --\n" + worker + "-- src/w.js --\nrequire('worker_threads').parentPort.postMessage(require('./part'))\n-- src/part/package.json --\n{\"main\": \"that.js\"}\n-- src/part/that.js --\nmodule.exports = 'main'\n",
			`"main"`, []string{"src/fn.js", "src/part/package.json", "src/part/that.js", "src/w.js"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := build(t, test.archive)
			got := fileNames(b.Files)
			slices.Sort(got)
			if !slices.Equal(got, test.files) {
				t.Errorf("files %q, want %q", got, test.files)
			}
			if got := ask(t, b); got != test.answer {
				t.Errorf("answered %s", got)
			}
		})
	}
}

// In a repository of several services, code may look for files outside of the
// folder that becomes its zip's root.
func TestFilesOutsideTheCodesFolder(t *testing.T) {
	const (
		manifests = "-- package.json --\n{\"type\": \"module\"}\n-- a/package.json --\n{\"type\": \"commonjs\"}\n"
		worker    = "const { Worker } = require('node:worker_threads')\nexports.handler = () => new Promise((done, fail) => new Worker(__dirname + '%s').on('message', done).on('error', fail))\n"
		read      = "const { readFileSync: read } = require('fs')\n"
		post      = "import { parentPort } from 'node:worker_threads'\nimport lib from '../../lib.js'\nparentPort.postMessage(lib)\n-- lib.js --\nexport default 2\n"
	)
	tests := []struct{ name, archive, answer string }{
		{"read", "-- a/src/fn.js --\n" + read + "exports.handler = async () => read(__dirname + '/../../data.txt', 'utf8') + read(__dirname + '/own.txt', 'utf8')\n-- data.txt --\nroot\n-- a/src/own.txt --\nown\n", `"root\nown\n"`},
		{"read from the working folder too", "-- a/src/fn.js --\n" + read + "exports.handler = async () => read(__dirname + '/../../data.txt', 'utf8') + read('src/own.txt', 'utf8')\n-- data.txt --\nroot\n-- a/src/own.txt --\nown\n", `"root\nown\n"`},
		{"of a package", "-- a/src/fn.js --\n" + read + "exports.handler = async () => read(__dirname + '/../../node_modules/x/data.txt', 'utf8')\n-- node_modules/x/package.json --\n{}\n-- node_modules/x/data.txt --\nx\n", `"x\n"`},
		{"a worker", "-- a/src/fn.js --\n" + fmt.Sprintf(worker, "/../../w.js") + "-- w.js --\n" + strings.ReplaceAll(post, "../../lib", "./lib"), "2"},
		{"of a worker", "-- a/src/fn.js --\n" + fmt.Sprintf(worker, "/w.mjs") + "-- a/src/w.mjs --\n" + post, "2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := build(t, test.archive+manifests, func(f *analyzer.Function) { f.ServiceDir, f.CodeDir, f.Handler = "a", "a", "src/fn.handler" })
			if got := ask(t, b); got != test.answer {
				t.Errorf("answered %s, want %s; files %q", got, test.answer, fileNames(b.Files))
			}
		})
	}
}

// A path such as lib/../data.txt is found only where lib is a folder, and the
// code that was in it is in the bundle.
func TestFoldersThatPathsGoThrough(t *testing.T) {
	read := func(path string) string {
		return "-- fn.js --\nexports.handler = async () => require('pkg')\n-- node_modules/pkg/package.json --\n{\"main\": \"lib/deep/index.js\"}\n" +
			"-- node_modules/pkg/lib/deep/index.js --\nmodule.exports = require('fs').readFileSync(" + path + ", 'utf8')\n-- node_modules/pkg/data.txt --\ndata\n"
	}
	for path, files := range map[string][]string{
		"__dirname + '/../../data.txt'":                          {"fn.js", "node_modules/pkg/data.txt", "node_modules/pkg/lib/deep/.folder"},
		"`${__dirname}/../../data.txt`":                          {"fn.js", "node_modules/pkg/data.txt", "node_modules/pkg/lib/deep/.folder"},
		"require('path').join(__dirname, '..', '../data.txt')":   {"fn.js", "node_modules/pkg/data.txt"},
		"require('path').resolve(__dirname + '/../../data.txt')": {"fn.js", "node_modules/pkg/data.txt"},
	} {
		b := build(t, read(path))
		if got := ask(t, b); got != `"data\n"` {
			t.Errorf("%s: answered %s", path, got)
		}
		got := fileNames(b.Files)
		slices.Sort(got)
		if !slices.Equal(got, files) {
			t.Errorf("%s: files %q, want %q", path, got, files)
		}
	}
}

// A pattern that covers the sources brings no file that Lambda would load in
// place of the bundle.
func TestSourcesDoNotShadowTheBundle(t *testing.T) {
	b := build(t, `-- src/fn.js --
import { a } from './a.js'
export const handler = async () => a
-- src/a.js --
export const a = 'bundled'
-- package.json --
{"type": "module"}
`, func(f *analyzer.Function) { f.Patterns = []analyzer.Pattern{{Glob: "src/**"}} })
	if got, want := fileNames(b.Files), []string{"src/a.js", "src/fn.mjs"}; !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("files %q, want %q", got, want)
	}
	if got := ask(t, b); got != `"bundled"` {
		t.Errorf("answered %s", got)
	}
	const want = "a pattern includes src/fn.js, which stays out: Lambda could load it in place of the bundle, src/fn.mjs"
	if !slices.ContainsFunc(b.Diagnostics, func(d analyzer.Diagnostic) bool { return d.Message == want }) {
		t.Errorf("told %v", b.Diagnostics)
	}
}
