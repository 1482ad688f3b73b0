package node

import (
	"fmt"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// modules is an archive of that many modules in a folder, each with its number.
func modules(dir string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "-- %s/m%d.js --\nmodule.exports = %d\n", dir, i, i)
	}
	return b.String()
}

// A name that may mean more than a thousand modules means all of them.
func TestManyModulesOfAComputedName(t *testing.T) {
	if testing.Short() {
		t.Skip("bundles 1,200 modules")
	}
	b := build(t, "-- fn.js --\nexports.handler = async () => require('icons')('m1199')\n"+
		"-- node_modules/icons/package.json --\n{\"name\": \"icons\"}\n"+
		"-- node_modules/icons/index.js --\nmodule.exports = n => require('./svg/' + n)\n"+
		modules("node_modules/icons/svg", 1200), func(*analyzer.Function) {})
	if got := ask(t, b); got != "1199" {
		t.Errorf("answered %s", got)
	}
}

// A module that a folder holds and that cannot be built is a warning with its place:
// the function may never load it. One that the function imports is an error.
func TestUnbuiltModulesOfAFolder(t *testing.T) {
	const folder = "-- fn.ts --\nimport fs from 'fs'\nimport path from 'path'\nconst dir = path.join(__dirname, 'jobs')\n" +
		"export const handler = async () => fs.readdirSync(dir).map(f => { try { return require(path.join(dir, f)).default } catch (e) { return String(e) } })\n" +
		"-- jobs/a.ts --\nimport missing from 'missing'\nexport default missing as string\n-- jobs/b.ts --\nexport default 'b' as string\n"
	b := build(t, folder, func(*analyzer.Function) {})
	const want = `warning unresolved-import jobs/a.ts:1:21: cannot resolve "missing"`
	if got := diagnosed(b.Diagnostics); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := ask(t, b); got != `["Error: jobs/a.ts was not built, as the build said","b"]` {
		t.Errorf("answered %s", got)
	}
	imported := build(t, strings.Replace(folder, "import fs", "import './jobs/a'\nimport fs", 1), func(*analyzer.Function) {})
	if got := diagnosed(imported.Diagnostics); got != strings.Replace(want, "warning", "error", 1) {
		t.Errorf("got %s", got)
	}
}

func diagnosed(all []analyzer.Diagnostic) string {
	var lines []string
	for _, d := range all {
		lines = append(lines, fmt.Sprintf("%s %s %s: %s", d.Severity, d.Code, d.Position, d.Message))
	}
	return strings.Join(lines, "\n")
}

// What a thread runs has a source map and its packages' licences, as the bundle has.
func TestBundlesOfWorkersHaveMapsAndLicences(t *testing.T) {
	const archive = "-- src/fn.ts --\nimport { Worker } from 'worker_threads'\nimport path from 'path'\n" +
		"export const handler = async () => new Promise(done => new Worker(path.join(__dirname, 'jobs/worker.js')).on('message', done))\n" +
		"-- src/jobs/worker.ts --\nimport { parentPort } from 'worker_threads'\nimport { by } from 'calc'\nparentPort!.postMessage(by(21 as number))\n" +
		"-- node_modules/calc/package.json --\n{\"name\": \"calc\", \"version\": \"1.0.0\", \"license\": \"MIT\"}\n" +
		"-- node_modules/calc/index.js --\nexports.by = n => 2 * n\n-- node_modules/calc/LICENSE --\nOf calc\n"
	b := build(t, archive, func(*analyzer.Function) {})
	if got := ask(t, b); got != "42" {
		t.Errorf("answered %s", got)
	}
	texts := map[string]string{}
	for _, f := range b.Beside {
		texts[f.Name] = string(f.Content)
	}
	if m := texts[b.ID+".src-jobs-worker.js.map"]; !strings.Contains(m, `"src/jobs/worker.ts"`) || !strings.Contains(m, "21 as number") {
		t.Errorf("maps: %v", texts)
	}
	if !strings.Contains(texts[b.ID+".licenses.txt"], "calc 1.0.0 (MIT)") {
		t.Errorf("licences: %s", texts[b.ID+".licenses.txt"])
	}
	inside := build(t, archive, func(f *analyzer.Function) { f.Build.SourceMap = "zip" })
	if names := strings.Join(fileNames(inside.Files), " "); names != "src/fn.js src/fn.js.map src/jobs/worker.js src/jobs/worker.js.map" {
		t.Errorf("files %s", names)
	}
}

// Modules that a function hands on, workers, and paths that modules export are the same
// whatever its neighbours do with the same files.
func TestSameBesideANeighbourOfTheSameFiles(t *testing.T) {
	p := project(t, `
-- afn.ts --
import fs from 'fs'
import path from 'path'
import { Worker } from 'worker_threads'
import { dir } from './lib/paths'
const jobs = path.join(__dirname, 'jobs')
export const worker = () => new Worker(path.join(__dirname, 'lib/worker.js'))
export const handler = async () => [fs.readdirSync(jobs).map(f => require(path.join(jobs, f)).default), fs.readFileSync(dir + '/text.txt', 'utf8')]
-- bfn.ts --
import one from './jobs/one'
import { text } from './lib/paths'
import fs from 'fs'
export const handler = async () => [one, fs.readFileSync(text, 'utf8')]
-- cfn.ts --
import './lib/worker'
import { handler as a } from './afn'
export const handler = a
-- jobs/one.ts --
import { text } from '../lib/paths'
export default text as string
-- jobs/two.ts --
import './missing'
export default 2 as number
-- lib/paths.ts --
import path from 'path'
export const dir = __dirname
export const text = path.join(dir, 'text.txt')
-- lib/worker.ts --
import { parentPort } from 'worker_threads'
import one from '../jobs/one'
parentPort?.postMessage(one)
-- lib/text.txt --
text
`)
	alone := map[string]string{}
	for _, f := range p.Functions {
		alone[f.Name] = toldOfEach(t, p, f)[f.Name]
	}
	if len(alone) < 3 {
		t.Fatalf("%d functions", len(alone))
	}
	for _, order := range [][]analyzer.Function{p.Functions, {p.Functions[2], p.Functions[1], p.Functions[0]}, {p.Functions[1], p.Functions[0]}} {
		for name, told := range toldOfEach(t, p, order...) {
			if told != alone[name] {
				t.Errorf("%s differs beside its neighbours:\n%s\nalone:\n%s", name, told, alone[name])
			}
		}
	}
}
