package node

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

func fileNames(files []packager.File) []string {
	var all []string
	for _, f := range files {
		all = append(all, f.Name)
	}
	slices.Sort(all)
	return all
}

func TestFilesReadAtRunTimeShip(t *testing.T) {
	tests := []struct {
		name, archive, answer string
		files                 []string
	}{
		{"beside own code", "-- src/fn.ts --\nimport fs from 'fs'\nimport path from 'path'\nexport const handler = async () => fs.readFileSync(path.join(__dirname, '../texts/hello.txt'), 'utf8')\n-- texts/hello.txt --\nhi\n", `"hi\n"`, []string{"src/fn.js", "texts/hello.txt"}},
		{"beside an ES module", "-- src/fn.mjs --\nimport fs from 'node:fs'\nexport const handler = async () => fs.readFileSync(new URL('./hello.txt', import.meta.url), 'utf8')\n-- src/hello.txt --\nhi\n", `"hi\n"`, []string{"src/fn.mjs", "src/hello.txt"}},
		{"by an installed package", "-- fn.js --\nexports.handler = async () => require('reader')()\n-- node_modules/reader/package.json --\n{\"name\": \"reader\"}\n-- node_modules/reader/index.js --\nmodule.exports = () => require('fs').readFileSync(__dirname + '/data/a.txt', 'utf8')\n-- node_modules/reader/data/a.txt --\na\n-- node_modules/reader/data/b.txt --\nb\n", `"a\n"`, []string{"fn.js", "node_modules/reader/data/a.txt"}},
		{"from the working folder", "-- src/fn.js --\nexports.handler = async () => require('fs').readFileSync('data.txt', 'utf8')\n-- data.txt --\nd\n", `"d\n"`, []string{"data.txt", "src/fn.js"}},
		{"a module of a computed name", "-- fn.js --\nexports.handler = async () => ['a', 'b'].map(n => require('./parts/' + n)(n))\n-- parts/a.js --\nmodule.exports = n => n + 1\n-- parts/b.js --\nmodule.exports = n => n + 2\n", `["a1","b2"]`, []string{"fn.js"}},
		{"a module of a computed internal name", "-- fn.js --\nexports.handler = async () => require('named')('x')\n-- node_modules/named/package.json --\n{\"name\": \"named\", \"imports\": {\"#sub/*\": \"./sub/*.js\"}}\n-- node_modules/named/index.js --\nmodule.exports = n => require('#sub/' + n)\n-- node_modules/named/sub/x.js --\nmodule.exports = 'x'\n", `"x"`, []string{"fn.js"}},
		{"templates that a template includes", "-- src/fn.js --\nexports.handler = async () => require('engine')(require('path').join(__dirname, 'views/page.pug'))\n-- src/views/page.pug --\ninclude parts/head.pug\n-- src/views/parts/head.pug --\nhead\n-- src/views/other.pug --\n-- node_modules/engine/package.json --\n{\"name\": \"engine\"}\n-- node_modules/engine/index.js --\nconst fs = require('fs'), path = require('path')\nmodule.exports = file => fs.readFileSync(file, 'utf8').replace(/include (\\S+)/, (_, name) => fs.readFileSync(path.join(path.dirname(file), name), 'utf8'))\n", `"head\n\n"`, []string{"src/fn.js", "src/views/page.pug", "src/views/parts/head.pug"}},
		{"a driver, an optional peer that is asked for by name", "-- package.json --\n{\"dependencies\": {\"orm\": \"1\", \"driver\": \"1\"}, \"devDependencies\": {\"dev\": \"1\"}}\n-- fn.js --\nexports.handler = async () => require('orm')('driver')\n-- node_modules/orm/package.json --\n{\"name\": \"orm\", \"peerDependencies\": {\"driver\": \"1\", \"dev\": \"1\", \"none\": \"1\"}, \"peerDependenciesMeta\": {\"driver\": {\"optional\": true}, \"dev\": {\"optional\": true}, \"none\": {\"optional\": true}}}\n-- node_modules/orm/index.js --\nmodule.exports = name => load(name)\nfunction load(name) { return require(name) }\n-- node_modules/driver/package.json --\n{\"name\": \"driver\"}\n-- node_modules/driver/index.js --\nmodule.exports = 'driven'\n-- node_modules/dev/package.json --\n{\"name\": \"dev\"}\n-- node_modules/dev/index.js --\nmodule.exports = 'dev'\n", `"driven"`, []string{"fn.js"}},
		{"a view engine, required by another package", "-- package.json --\n{\"dependencies\": {\"web\": \"1\", \"engine\": \"1\"}}\n-- fn.js --\nconst app = require('web')()\napp.set('view engine', 'engine')\nexports.handler = async () => app.render()\n-- node_modules/web/package.json --\n{\"name\": \"web\"}\n-- node_modules/web/index.js --\nmodule.exports = () => { const s = {}; return { set: (k, v) => { s[k] = v }, render: () => { const mod = s['view engine']; return require(mod)() } } }\n-- node_modules/engine/package.json --\n{\"name\": \"engine\"}\n-- node_modules/engine/index.js --\nmodule.exports = () => 'drawn'\n", `"drawn"`, []string{"fn.js", "node_modules/engine/index.js", "node_modules/engine/package.json"}},
		{"a package that tells where it lies", "-- fn.js --\nexports.handler = async () => require('fs').readFileSync(require('ui/at')() + '/' + ['ui', 'js'].join('.'), 'utf8')\n-- node_modules/ui/package.json --\n{\"name\": \"ui\"}\n-- node_modules/ui/at.js --\nmodule.exports = function () { return require('path').resolve(__dirname) }\n-- node_modules/ui/ui.js --\nrequire('other')\n-- node_modules/ui/ui.js.map --\n{}\n-- node_modules/other/package.json --\n{\"name\": \"other\"}\n-- node_modules/other/index.js --\n", `"require('other')\n"`, []string{"fn.js", "node_modules/ui/at.js", "node_modules/ui/package.json", "node_modules/ui/ui.js"}},
		{"required beside the import, by createRequire", "-- src/fn.mjs --\nimport { createRequire } from 'node:module'\nimport { x } from 'dual'\nconst require = createRequire(import.meta.url)\nexport const handler = async () => [x, require('dual').x]\n-- node_modules/dual/package.json --\n{\"name\": \"dual\", \"exports\": {\"import\": \"./i.mjs\", \"require\": \"./r.cjs\"}}\n-- node_modules/dual/i.mjs --\nexport const x = 'i'\n-- node_modules/dual/r.cjs --\nexports.x = 'r'\n", `["i","r"]`, []string{"src/fn.mjs"}},
		{"a package named like a built-in module", "-- src/fn.js --\nconst {Worker} = require('worker_threads')\nexports.handler = async () => [require('punycode/'), require('process/browser'), await new Promise((done, fail) => new Worker(__dirname + '/worker.js').on('message', done).on('error', fail))]\n-- src/worker.js --\nrequire('worker_threads').parentPort.postMessage(require('punycode/') + require('process/browser'))\n-- node_modules/punycode/package.json --\n{\"name\": \"punycode\"}\n-- node_modules/punycode/index.js --\nmodule.exports = 'p'\n-- node_modules/process/package.json --\n{\"name\": \"process\"}\n-- node_modules/process/browser.js --\nmodule.exports = 'b'\n", `["p","b","pb"]`, []string{"node_modules/process/browser.js", "node_modules/process/package.json", "node_modules/punycode/index.js", "node_modules/punycode/package.json", "src/fn.js", "src/worker.js"}},
		{"nothing for who has a parent", "-- fn.js --\nexports.handler = async () => require('selftest')\n-- node_modules/selftest/package.json --\n{\"name\": \"selftest\"}\n-- node_modules/selftest/index.js --\nmodule.exports = module.parent ? typeof module.parent.filename : 'main'\n", `"string"`, []string{"fn.js"}},
		{"nothing for await that only the other build has", "-- fn.js --\nexports.handler = async () => require('two')()\n-- node_modules/two/package.json --\n{\"name\": \"two\", \"main\": \"./c.js\", \"module\": \"./m.mjs\", \"exports\": {\"module\": \"./m.mjs\", \"import\": \"./m.mjs\", \"default\": \"./c.js\"}}\n-- node_modules/two/m.mjs --\nexport default await 1\n-- node_modules/two/c.js --\nmodule.exports = () => 'cjs'\n", `"cjs"`, []string{"fn.js"}},
		{"a worker", "-- src/fn.mjs --\nimport {Worker} from 'node:worker_threads'\nexport const handler = () => new Promise((done, fail) => new Worker(new URL('./worker.mjs', import.meta.url)).on('message', done).on('error', fail))\n-- src/worker.mjs --\nimport {parentPort} from 'node:worker_threads'\nimport {x} from 'dep'\nparentPort.postMessage(x)\n-- node_modules/dep/package.json --\n{\"name\": \"dep\", \"exports\": {\"import\": \"./index.mjs\", \"default\": \"./index.js\"}}\n-- node_modules/dep/index.mjs --\nexport const x = 'esm'\n-- node_modules/dep/index.js --\nexports.x = 'cjs'\n", `"esm"`, []string{"node_modules/dep/index.mjs", "node_modules/dep/package.json", "src/fn.mjs", "src/worker.mjs"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := build(t, test.archive)
			if got := fileNames(b.Files); !slices.Equal(got, test.files) {
				t.Errorf("files %q, want %q", got, test.files)
			}
			if got := ask(t, b); got != test.answer {
				t.Errorf("answered %s, want %s", got, test.answer)
			}
		})
	}
}

const withTracer = `
-- package.json --
{"dependencies": {"dd-trace": "1", "pg": "1"}}
-- node_modules/dd-trace/package.json --
{"name": "dd-trace", "version": "5.0.0"}
-- node_modules/dd-trace/index.js --
const Module = require('module'); const load = Module._load
exports.init = () => { Module._load = function (name, ...rest) { const m = load.call(this, name, ...rest); if (name === 'pg') m.query = () => 'traced'; return m } }
-- node_modules/pg/package.json --
{"name": "pg", "version": "8.0.0", "dependencies": {"pg-types": "1"}}
-- node_modules/pg/index.js --
exports.query = () => require('pg-types')
-- node_modules/pg-types/package.json --
{"name": "pg-types"}
-- node_modules/pg-types/index.js --
module.exports = 'plain'
`

func TestTracersStillInstrument(t *testing.T) {
	code := "-- fn.js --\nrequire('dd-trace').init()\nconst pg = require('pg')\nexports.handler = async () => pg.query()\n"
	b := build(t, code+withTracer)
	if got := ask(t, b); got != `"traced"` {
		t.Errorf("the tracer no longer instruments pg: %s", got)
	}
	var kept []string
	for _, k := range b.Kept {
		kept = append(kept, k.Package+": "+k.Reason)
	}
	if want := []string{"dd-trace: Datadog instruments it by hooking require", "pg: Datadog instruments it by hooking require", "pg-types: required by a package that stays as files"}; !slices.Equal(kept, want) {
		t.Errorf("kept %q\nwant %q", kept, want)
	}

	alone := "-- fn.js --\nconst pg = require('pg')\nexports.handler = async () => pg.query()\n"
	if b := build(t, alone+withTracer); len(b.Files) != 1 {
		t.Errorf("without a tracer there are files: %q", fileNames(b.Files))
	}
	for name, adjust := range map[string]func(*analyzer.Function){
		"a layer": func(f *analyzer.Function) { f.Layers = []string{"arn:aws:lambda:eu-west-1:1:layer:Datadog-Node20-x:1"} },
		"NODE_OPTIONS": func(f *analyzer.Function) {
			f.Environment = map[string]string{"NODE_OPTIONS": "--require dd-trace/init"}
		},
	} {
		if b := build(t, alone+withTracer, adjust); !slices.Contains(fileNames(b.Files), "node_modules/pg/index.js") {
			t.Errorf("with a tracer in %s pg is bundled: %q", name, fileNames(b.Files))
		}
	}
}

func TestExternals(t *testing.T) {
	const sdk = "-- fn.mjs --\nimport {S3} from '@aws-sdk/client-s3'\nexport const handler = async () => S3\n-- node_modules/@aws-sdk/client-s3/package.json --\n{\"name\": \"@aws-sdk/client-s3\"}\n-- node_modules/@aws-sdk/client-s3/index.js --\nexports.S3 = 'bundled'\n"
	if got := ask(t, build(t, sdk)); got != `"bundled"` {
		t.Errorf("by default the SDK is %s", got)
	}
	b := build(t, sdk, func(f *analyzer.Function) { f.Build.SDK = "runtime" })
	if code := string(b.Files[0].Content); strings.Contains(code, `"bundled"`) || !strings.Contains(code, `"@aws-sdk/client-s3"`) {
		t.Errorf("with sdk: runtime the code is %s", code)
	}
	b = build(t, "-- fn.js --\nexports.handler = async () => require('layered')\n", func(f *analyzer.Function) { f.Build.External = []string{"layered"} })
	if b.Failed() {
		t.Errorf("a layer's package is an error: %v", b.Diagnostics)
	}
}

func TestBuiltInsNewerThanTheRuntime(t *testing.T) {
	tests := []struct{ name, code, want string }{
		{"too new", "import 'node:sqlite'\nexport const handler = 1\n", `"node:sqlite" came with Node 22, and the function's runtime is nodejs20.x`},
		{"no such", "import 'node:sqlight'\nexport const handler = 1\n", `"node:sqlight" is no module of Node`},
		{"guarded", "let s\ntry { s = require('node:sqlite') } catch {}\nexport const handler = s\n", ""},
		{"there", "import 'node:test'\nexport const handler = 1\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			for _, d := range build(t, "-- fn.ts --\n"+test.code).Diagnostics {
				got += d.Message
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestForeignAddonIsAnErrorWithTheInstallCommand(t *testing.T) {
	const archive = "-- fn.js --\nexports.handler = async () => require('native')\n-- node_modules/native/package.json --\n{\"name\": \"native\"}\n-- node_modules/native/index.js --\nmodule.exports = require('./build/native.node')\n-- node_modules/native/build/native.node --\nno library at all\n"
	b := build(t, archive)
	if len(b.Diagnostics) != 1 || b.Diagnostics[0].Code != "wrong-platform" || b.Diagnostics[0].Hint != "install native again: npm install --force native" {
		t.Errorf("%+v", b.Diagnostics)
	}
}

// esbuild 0.28.2 never comes back from such a source when it makes a source map.
func TestSourceCutShortInACharacterIsAnError(t *testing.T) {
	p := project(t, "-- fn.js --\nexports.handler = async () => 1\n")
	if err := os.WriteFile(filepath.Join(p.Root, "fn.js"), []byte("exports.handler = async () => `\xf5Q`//\xc3"), 0o644); err != nil {
		t.Fatal(err)
	}
	d := buildAll(t, p, p.Functions)["fn"].Diagnostics
	if len(d) != 1 || d[0].File != "fn.js" || d[0].Severity != analyzer.Error || !strings.Contains(d[0].Message, "ends in the middle of a character") {
		t.Errorf("%+v", d)
	}
}
