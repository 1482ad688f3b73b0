package node

import (
	"slices"
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
			got := names(b.Files)
			slices.Sort(got)
			if !slices.Equal(got, test.files) {
				t.Errorf("files %q, want %q", got, test.files)
			}
			if got := ask(t, b); got != test.answer {
				t.Errorf("answered %s", got)
			}
		})
	}

	inA := func(f *analyzer.Function) { f.ServiceDir, f.CodeDir, f.Handler = "a", "a", "src/fn.handler" }
	manifests := "-- package.json --\n{\"type\": \"module\", \"name\": \"root\"}\n-- a/package.json --\n{\"type\": \"module\"}\n"
	posts := "import { parentPort } from 'node:worker_threads'\nparentPort.postMessage(2)\n"

	b := build(t, "-- a/src/fn.cjs --\n"+worker+"-- a/src/w.js --\nimport '../../lib.js'\n"+posts+"-- lib.js --\n0\n"+manifests, inA)
	if got, want := toldOf(b), `error: a/src/w.js ships as a file and asks for "../../lib.js", which lies elsewhere in the zip`; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
}
