package node

import (
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// A worker's modules ship as they are, and Node reads them by the nearest
// package.json.
func TestOwnFilesKeepTheirScope(t *testing.T) {
	for _, e := range examples(t, "scope") {
		t.Run(e.name, func(t *testing.T) {
			e.ships(t, e.bundle(t))
		})
	}
}

// In a repository of several services, code may look for files outside of the
// folder that becomes its zip's root.
func TestFilesOutsideTheCodesFolder(t *testing.T) {
	for _, e := range examples(t, "outside") {
		t.Run(e.name, func(t *testing.T) {
			b := e.bundle(t, func(f *analyzer.Function) { f.ServiceDir, f.CodeDir, f.Handler = "a", "a", "src/fn.handler" })
			if got := ask(t, b); got != e.want["answer"] {
				t.Errorf("answered %s, want %s; files %q", got, e.want["answer"], fileNames(b.Files))
			}
		})
	}
}

// A path such as lib/../data.txt is found only where lib is a folder, and the
// code that was in it is in the bundle.
func TestFoldersThatPathsGoThrough(t *testing.T) {
	read := func(path string) string {
		return strings.Replace(`
-- fn.js --
exports.handler = async () => require('pkg')
-- node_modules/pkg/package.json --
{"main": "lib/deep/index.js"}
-- node_modules/pkg/lib/deep/index.js --
module.exports = require('fs').readFileSync(PATH, 'utf8')
-- node_modules/pkg/data.txt --
data
`, "PATH", path, 1)
	}
	file := []string{"fn.js", "node_modules/pkg/data.txt"}
	andFolder := append(slices.Clone(file), "node_modules/pkg/lib/deep/.folder")
	for path, files := range map[string][]string{
		"__dirname + '/../../data.txt'":                          andFolder,
		"`${__dirname}/../../data.txt`":                          andFolder,
		"require('path').join(__dirname, '..', '../data.txt')":   file,
		"require('path').resolve(__dirname + '/../../data.txt')": file,
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
	if got, want := fileNames(b.Files), []string{"src/a.js", "src/fn.mjs"}; !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
	if got := ask(t, b); got != `"bundled"` {
		t.Errorf("answered %s", got)
	}
	const want = "a pattern matches src/fn.js, which is not packed: Lambda could load it instead of the bundle, src/fn.mjs"
	if !slices.ContainsFunc(b.Diagnostics, func(d analyzer.Diagnostic) bool { return d.Message == want }) {
		t.Errorf("reported %v", b.Diagnostics)
	}
}
