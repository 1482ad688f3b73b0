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
	for _, e := range examples(t, "files") {
		t.Run(e.name, func(t *testing.T) {
			e.ships(t, e.bundle(t))
		})
	}
}

const withTracer = `
-- package.json --
{"dependencies": {"dd-trace": "1", "pg": "1"}}
-- node_modules/dd-trace/package.json --
{"name": "dd-trace", "version": "5.0.0"}
-- node_modules/dd-trace/index.js --
const Module = require('module'), load = Module._load
exports.init = () => {
  Module._load = function (name, ...rest) {
    const m = load.call(this, name, ...rest)
    if (name === 'pg') m.query = () => 'traced'
    return m
  }
}
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
	want := []string{
		"dd-trace: Datadog instruments it by hooking require",
		"pg: Datadog instruments it by hooking require",
		"pg-types: required by a package that ships as files",
	}
	if !slices.Equal(kept, want) {
		t.Errorf("kept %q\nwant %q", kept, want)
	}

	alone := "-- fn.js --\nconst pg = require('pg')\nexports.handler = async () => pg.query()\n"
	if b := build(t, alone+withTracer); len(b.Files) != 1 {
		t.Errorf("without a tracer there are files: %q", fileNames(b.Files))
	}
	for name, adjust := range map[string]func(*analyzer.Function){
		"a layer": func(f *analyzer.Function) {
			f.Layers = []string{"arn:aws:lambda:eu-west-1:1:layer:Datadog-Node20-x:1"}
		},
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
	const sdk = `
-- fn.mjs --
import {S3} from '@aws-sdk/client-s3'
export const handler = async () => S3
-- node_modules/@aws-sdk/client-s3/package.json --
{"name": "@aws-sdk/client-s3"}
-- node_modules/@aws-sdk/client-s3/index.js --
exports.S3 = 'bundled'
`
	if got := ask(t, build(t, sdk)); got != `"bundled"` {
		t.Errorf("by default the SDK is %s", got)
	}
	b := build(t, sdk, func(f *analyzer.Function) { f.Build.SDK = "runtime" })
	code := string(b.Files[0].Content)
	if strings.Contains(code, `"bundled"`) || !strings.Contains(code, `"@aws-sdk/client-s3"`) {
		t.Errorf("with sdk: runtime the code is %s", code)
	}
	b = build(t, "-- fn.js --\nexports.handler = async () => require('layered')\n",
		func(f *analyzer.Function) { f.Build.External = []string{"layered"} })
	if b.Failed() {
		t.Errorf("a layer's package is an error: %v", b.Diagnostics)
	}
}

func TestBuiltInsNewerThanTheRuntime(t *testing.T) {
	tests := []struct{ name, code, want string }{
		{"too new", "import 'node:sqlite'\nexport const handler = 1\n",
			`"node:sqlite" was added in Node 22, but the function's runtime is nodejs20.x`},
		{"no such", "import 'node:sqlight'\nexport const handler = 1\n", `"node:sqlight" is not a Node module`},
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
	b := build(t, `
-- fn.js --
exports.handler = async () => require('native')
-- node_modules/native/package.json --
{"name": "native"}
-- node_modules/native/index.js --
module.exports = require('./build/native.node')
-- node_modules/native/build/native.node --
no library at all
`)
	const hint = "install native again: npm install --force native"
	if len(b.Diagnostics) != 1 || b.Diagnostics[0].Code != "wrong-platform" || b.Diagnostics[0].Hint != hint {
		t.Errorf("%+v", b.Diagnostics)
	}
}

// A package that an ES module requires stays files as one that it imports does, here because
// it looks for its addon: pdfjs-dist loads @napi-rs/canvas like this.
func TestRequiresThatAnESModuleMakes(t *testing.T) {
	addon, err := os.ReadFile("../../analyzer/trace/native/testdata/linux-x64-glibc.node")
	if err != nil {
		t.Fatal(err)
	}
	for _, make := range []string{
		"import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
		"import { createRequire } from 'node:module'; const need = createRequire(import.meta.url)",
		"const require = process.getBuiltinModule('module').createRequire(import.meta.url)",
	} {
		name := "require"
		if strings.Contains(make, "need") {
			name = "need"
		}
		b := build(t, `-- fn.mjs --
`+make+`
let native
try { native = `+name+`('native') } catch {}
export const handler = async () => native?.()
-- node_modules/native/package.json --
{"name": "native"}
-- node_modules/native/index.js --
module.exports = () => require('bindings')('native.node')
-- node_modules/bindings/package.json --
{"name": "bindings"}
-- node_modules/bindings/index.js --
module.exports = name => require(require('path').join(__dirname, '../native/build/Release', name))
-- node_modules/native/build/Release/native.node --
`+string(addon))
		names := fileNames(b.Files)
		for _, want := range []string{"node_modules/native/index.js", "node_modules/native/build/Release/native.node"} {
			if !slices.Contains(names, want) {
				t.Errorf("%s: the zip lacks %s: %v %v", make, want, names, b.Diagnostics)
			}
		}
		if code := string(b.Files[0].Content); strings.Contains(code, "native.node") {
			t.Errorf("%s: the package is in the bundle: %s", make, code)
		}
	}
}

// An addon that does not use Node-API can be loaded by the version of Node that it is
// compiled for alone.
func TestAddonForAnotherVersionOfNode(t *testing.T) {
	addon, err := os.ReadFile("../../analyzer/trace/native/testdata/linux-x64-abi115.node")
	if err != nil {
		t.Fatal(err)
	}
	archive := `
-- fn.js --
exports.handler = async () => typeof require('native')
-- node_modules/native/package.json --
{"name": "native", "scripts": {"install": "node-gyp rebuild"}}
-- node_modules/bindings/package.json --
{"name": "bindings"}
-- node_modules/bindings/index.js --
module.exports = name => require(require('path').join(__dirname, '../native/build/Release', name))
`
	ways := map[string]string{
		"by its path": "module.exports = require('./build/Release/native.node')",
		"by bindings": "module.exports = require('bindings')('native.node')",
	}
	for way, code := range ways {
		with := archive + "-- node_modules/native/index.js --\n" + code + "\n-- node_modules/native/build/Release/native.node --\n" + string(addon)
		for runtime, want := range map[string]string{
			"nodejs20.x": "",
			"nodejs24.x": "the native addon of native is compiled for Node 20, but the function runs on Node 24: run npm rebuild native with Node 24",
		} {
			b := build(t, with, func(f *analyzer.Function) { f.Runtime = runtime })
			got := ""
			for _, d := range b.Diagnostics {
				if d.Severity == analyzer.Error {
					got += d.Message + ": " + d.Hint
				}
			}
			if got != want {
				t.Errorf("%s for %s: got %q, want %q", way, runtime, got, want)
			}
		}
	}
}

// npm's flags choose among packages. An addon that an install script brings needs that
// script's own.
func TestAddonOfAnInstallScriptHasItsOwnRemedy(t *testing.T) {
	arm, err := os.ReadFile("../../analyzer/trace/native/testdata/linux-arm64-glibc.node")
	if err != nil {
		t.Fatal(err)
	}
	for manifest, hint := range map[string]string{
		`{"name": "native"}`: "npm install --os=linux --cpu=x64 --libc=glibc native",
		`{"name": "native", "scripts": {"install": "prebuild-install"}}`: "its install script brings the addon: " +
			"install on Linux, or npm rebuild native --platform=linux --arch=x64 --target_platform=linux --target_arch=x64",
		`{"name": "native", "scripts": {"install": "node check"}, "optionalDependencies": {"native-linux-x64": "1"}}`: "npm install " +
			"--os=linux --cpu=x64 --libc=glibc native",
	} {
		p := project(t, "-- fn.js --\nexports.handler = async () => require('native')\n-- node_modules/native/package.json --\n"+manifest+
			"\n-- node_modules/native/index.js --\nmodule.exports = require('./build/native.node')\n-- node_modules/native/build/native.node --\n")
		if err := os.WriteFile(filepath.Join(p.Root, "node_modules/native/build/native.node"), arm, 0o644); err != nil {
			t.Fatal(err)
		}
		b := buildAll(t, p, p.Functions)[p.Functions[0].Name]
		if len(b.Diagnostics) != 1 || b.Diagnostics[0].Hint != hint {
			t.Errorf("%s: %+v", manifest, b.Diagnostics)
		}
	}
}

// esbuild 0.28.2 never comes back from such a source when it makes a source map.
func TestSourceCutShortInACharacterIsAnError(t *testing.T) {
	p := project(t, "-- fn.js --\nexports.handler = async () => 1\n")
	cut := []byte("exports.handler = async () => `\xf5Q`//\xc3")
	if err := os.WriteFile(filepath.Join(p.Root, "fn.js"), cut, 0o644); err != nil {
		t.Fatal(err)
	}
	d := buildAll(t, p, p.Functions)["fn"].Diagnostics
	if len(d) != 1 || d[0].File != "fn.js" || d[0].Severity != analyzer.Error ||
		!strings.Contains(d[0].Message, "ends in the middle of a character") {
		t.Errorf("%+v", d)
	}
}
