package node

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// contents are the texts of a bundle's files, by name.
func contents(t *testing.T, b packager.Bundle) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, f := range b.Files {
		content := f.Content
		if content == nil {
			var err error
			if content, err = os.ReadFile(f.Source); err != nil {
				t.Fatal(err)
			}
		}
		all[f.Name] = string(content)
		var sum int64
		for _, p := range f.Parts {
			sum += p.Bytes
		}
		if f.Name != b.Files[0].Name && sum != int64(len(content)) {
			t.Errorf("%s has %d bytes, its parts %d", f.Name, len(content), sum)
		}
	}
	return all
}

// A function answers the same with the pass kept-files and without. "smaller" are files
// that the pass shortens, "same" some that it must not touch, "lacks" some that stay out,
// and "gone" words that are in no file any more.
func TestKeptFiles(t *testing.T) {
	for _, e := range examples(t, "kept") {
		t.Run(e.name, func(t *testing.T) {
			without := e.bundle(t, func(f *analyzer.Function) { f.Build.Passes = f.Build.Passes.With(analyzer.KeptFiles, false) })
			with := e.bundle(t)
			for _, b := range []packager.Bundle{without, with} {
				if got := ask(t, b); got != e.want["answer"] {
					t.Errorf("answered %s, want %s", got, e.want["answer"])
				}
			}
			before, after := contents(t, without), contents(t, with)
			for name := range strings.FieldsSeq(e.want["smaller"]) {
				if after[name] == "" || len(after[name]) >= len(before[name]) {
					t.Errorf("%s is\n%s\nand was\n%s", name, after[name], before[name])
				}
			}
			for name := range strings.FieldsSeq(e.want["same"]) {
				if after[name] == "" || after[name] != before[name] {
					t.Errorf("%s is\n%s\nand was\n%s", name, after[name], before[name])
				}
			}
			for name := range strings.FieldsSeq(e.want["lacks"]) {
				if _, there := after[name]; there || before[name] == "" {
					t.Errorf("%s ships: %v; without the pass: %v", name, there, before[name] != "")
				}
			}
			for word := range strings.FieldsSeq(e.want["gone"]) {
				for name, text := range after {
					if strings.Contains(text, word) {
						t.Errorf("%s contains %s:\n%s", name, word, text)
					}
				}
			}
		})
	}
}

// What a file says about its licence is in the notices, and minify: false leaves code as
// it is written.
func TestKeptFilesTravelWithTheirLicences(t *testing.T) {
	for _, e := range examples(t, "kept") {
		if e.name != "modules" {
			continue
		}
		b := e.bundle(t, func(f *analyzer.Function) { f.Build.NoMinify = true })
		if got := contents(t, b)["node_modules/pg/index.js"]; !strings.Contains(got, "LICENSE-WORDS") {
			t.Errorf("minify: false changed a file:\n%s", got)
		}
		var notices []byte
		for _, f := range b.Beside {
			if strings.HasSuffix(f.Name, ".licenses.txt") {
				notices = f.Content
			}
		}
		if !bytes.Contains(notices, []byte("pg 8.0.0")) || !bytes.Contains(notices, []byte("LICENSE-WORDS")) {
			t.Errorf("the notices of a package that ships as files are missing:\n%s", notices)
		}
	}
}

// The pass has its own row in the waterfall.
func TestKeptFilesInTheWaterfall(t *testing.T) {
	for _, e := range examples(t, "kept") {
		p := project(t, e.archive)
		var steps []packager.Step
		err := packager.Build(t.Context(), Builder{}, packager.Job{Project: p, Functions: p.Functions, Waterfall: true}, func(b packager.Bundle) {
			steps = b.Waterfall
			var total int64
			for _, text := range contents(t, b) {
				total += int64(len(text))
			}
			if last := steps[len(steps)-1].Bytes; last != total {
				t.Errorf("%s: the last step has %d bytes, the files %d", e.name, last, total)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		before := int64(0)
		for i, s := range steps {
			if s.Name == analyzer.KeptFiles {
				before = steps[i-1].Bytes - s.Bytes
			}
		}
		if before <= 0 {
			t.Errorf("%s: the pass saves nothing in %v", e.name, steps)
		}
	}
}

// Two copies of a package that a tracer instruments stay files: one at the top, and one
// below the package that it is installed in, which stays with it.
func TestTwoCopiesAsFiles(t *testing.T) {
	const archive = `
-- fn.mjs --
import pg from 'pg'
import { version } from 'a'
export const handler = async () => [pg.version, version]
-- package.json --
{"dependencies": {"pg": "8", "a": "1"}}
-- node_modules/pg/package.json --
{"name": "pg", "version": "8.0.0"}
-- node_modules/pg/index.js --
exports.version = 8
-- node_modules/a/package.json --
{"name": "a", "version": "1.0.0", "dependencies": {"pg": "7"}}
-- node_modules/a/index.js --
exports.version = require('pg').version
-- node_modules/a/node_modules/pg/package.json --
{"name": "pg", "version": "7.0.0"}
-- node_modules/a/node_modules/pg/index.js --
exports.version = 7
`
	b := build(t, archive, func(f *analyzer.Function) { f.Layers = []string{"Datadog-Node20-x"} })
	if got := ask(t, b); got != "[8,7]" {
		t.Errorf("answered %s", got)
	}
	all := contents(t, b)
	if all["node_modules/pg/index.js"] == "" || all["node_modules/a/node_modules/pg/index.js"] == "" {
		t.Errorf("files %v", fileNames(b.Files))
	}
}

// Two versions of a package that both ship as files lie where each is found: the one for the
// bundle at the top, the other below the package that requires it.
func TestTwoVersionsAsFiles(t *testing.T) {
	b := build(t, `
-- src/fn.js --
const run = require('a')
exports.handler = async () => [run(run.c), run(require.resolve('b'))]
-- node_modules/a/index.js --
const { execFileSync } = require('child_process')
module.exports = file => execFileSync(process.execPath, ['-p', 'require(' + JSON.stringify(file) + ')']).toString().trim()
module.exports.c = require.resolve('c')
-- node_modules/a/node_modules/c/package.json --
{"name": "c", "version": "1.0.0"}
-- node_modules/a/node_modules/c/index.js --
module.exports = 'c with ' + require('b')
-- node_modules/a/node_modules/b/package.json --
{"name": "b", "version": "2.0.0"}
-- node_modules/a/node_modules/b/index.js --
module.exports = 'b 2'
-- node_modules/b/package.json --
{"name": "b", "version": "1.0.0"}
-- node_modules/b/index.js --
module.exports = 'b 1'
`)
	if got := ask(t, b); got != `["c with b 2","b 1"]` {
		t.Errorf("answered %s; %v", got, b.Diagnostics)
	}
}
