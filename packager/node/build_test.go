package node

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// project writes a txtar archive as a source tree and makes a function of
// every file whose stem ends in "fn".
func project(t *testing.T, archive string) analyzer.Project {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write(t, root, archive)
	p := analyzer.Project{Root: root, Dir: "."}
	for _, file := range txtar.Parse([]byte(archive)).Files {
		stem := strings.TrimSuffix(file.Name, filepath.Ext(file.Name))
		if strings.HasSuffix(stem, "fn") {
			p.Functions = append(p.Functions, function(strings.ReplaceAll(stem, "/", "-"), file.Name))
		}
	}
	return p
}

func write(t *testing.T, root, archive string) {
	t.Helper()
	for _, file := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(root, filepath.FromSlash(file.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, file.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func function(name, entry string) analyzer.Function {
	stem := strings.TrimSuffix(entry, filepath.Ext(entry))
	return analyzer.Function{
		Name: name, ServiceDir: ".", Family: analyzer.Node, Runtime: "nodejs20.x",
		Handler: stem + ".handler", Entry: entry, Format: "entry",
	}
}

// buildAll builds and indexes the bundles by function.
func buildAll(t *testing.T, p analyzer.Project, functions []analyzer.Function) map[string]packager.Bundle {
	t.Helper()
	bundles := map[string]packager.Bundle{}
	err := packager.Build(t.Context(), Builder{}, packager.Job{Project: p, Functions: functions}, func(b packager.Bundle) {
		if _, twice := bundles[b.ID]; twice {
			t.Errorf("%s was emitted twice", b.ID)
		}
		bundles[b.ID] = b
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(bundles) != len(functions) {
		t.Fatalf("%d bundles for %d functions", len(bundles), len(functions))
	}
	return bundles
}

// build builds a project of one function.
func build(t *testing.T, archive string, adjust ...func(*analyzer.Function)) packager.Bundle {
	t.Helper()
	p := project(t, archive)
	if len(p.Functions) != 1 {
		t.Fatalf("the project has %d functions", len(p.Functions))
	}
	for _, f := range adjust {
		f(&p.Functions[0])
	}
	return buildAll(t, p, p.Functions)[p.Functions[0].Name]
}

func setting(b packager.Bundle, name string) string {
	for _, s := range b.Settings {
		if s.Name == name {
			return s.Value
		}
	}
	return ""
}

// dual is a package with a CommonJS main and an ES module build that say which
// of them they are.
const dual = `
-- node_modules/dual/package.json --
{"name": "dual", "version": "1.2.3", "main": "lib/index.js", "module": "es/index.js", "license": "MIT"}
-- node_modules/dual/LICENSE --
Copyright the authors of dual
-- node_modules/dual/lib/index.js --
Object.defineProperty(exports, "__esModule", {value: true});
exports.which = () => "main";
exports.onlyMain = () => "only in main";
exports.default = () => "default of main";
-- node_modules/dual/lib/deep.js --
exports.deep = () => require("./index.js").which();
-- node_modules/dual/es/index.js --
export const which = () => "module";
export default () => "default of module";
`

func TestModuleBuildIsPreferredWhereSafe(t *testing.T) {
	tests := []struct{ name, archive, answer, main string }{
		{"imported by name", "-- fn.ts --\nimport {which} from 'dual'\nexport const handler = async () => which()\n" + dual, `"module"`, ""},
		{"imported by default", "-- fn.ts --\nimport d from 'dual'\nexport const handler = async () => d()\n" + dual, `"default of module"`, ""},
		{"required", "-- fn.js --\nconst {which} = require('dual')\nexports.handler = async () => which()\n" + dual, `"main"`, "dual"},
		{"imported here, required there", "-- fn.ts --\nimport {which} from 'dual'\nimport other from './other.cjs'\nexport const handler = async () => [which(), other()]\n-- other.cjs --\nmodule.exports = () => require('dual').which()\n" + dual, `["main","main"]`, "dual"},
		{"imported, and a CommonJS file of it too", "-- fn.ts --\nimport {which} from 'dual'\nimport {deep} from 'dual/lib/deep.js'\nexport const handler = async () => [which(), deep()]\n" + dual, `["main","main"]`, "dual"},
		{"an export only main has", "-- fn.ts --\nimport {onlyMain} from 'dual'\nexport const handler = async () => onlyMain()\n" + dual, `"only in main"`, "dual"},
		{"an export only main has, by namespace", "-- fn.ts --\nimport * as dual from 'dual'\nexport const handler = async () => dual.onlyMain()\n" + dual, `"only in main"`, "dual"},
		{"default import as Node does it for an ES module", "-- fn.mjs --\nimport d from 'dual'\nexport const handler = async () => d.which()\n" + dual, `"main"`, "dual"},
		{"named import in an ES module", "-- fn.mjs --\nimport { which } from 'dual'\nexport const handler = async () => which()\n" + dual, `"module"`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := build(t, test.archive)
			if got := ask(t, b); got != test.answer {
				t.Errorf("answered %s, want %s", got, test.answer)
			}
			if got := setting(b, "main"); got != test.main {
				t.Errorf("packages taken by main: %q, want %q", got, test.main)
			}
		})
	}
}

// many is a service whose functions differ in what they share, in format and
// in plan.
func many() string {
	var b strings.Builder
	for i := range 3 * batchSize {
		fmt.Fprintf(&b, "-- src/f%02d/fn.ts --\nimport {shared} from '../shared'\nimport {which} from 'dual'\n", i)
		if i%3 == 1 {
			b.WriteString("import other from '../other.cjs'\nexport const also = other\n")
		}
		if i%4 == 2 {
			b.WriteString("const late = await Promise.resolve(1)\nexport const x = late\n")
		}
		fmt.Fprintf(&b, "export const handler = async () => [%d, shared(%d), which()]\n", i, i)
	}
	b.WriteString("-- src/shared.ts --\nexport const shared = (n: number) => `${n} füße`\n")
	b.WriteString("-- src/other.cjs --\nmodule.exports = () => require('dual').which()\n")
	return b.String() + dual
}

func TestBytesDependOnTheFunctionAlone(t *testing.T) {
	p := project(t, many())
	all := buildAll(t, p, p.Functions)
	same := func(t *testing.T, b packager.Bundle) {
		t.Helper()
		want := all[b.ID]
		for i, f := range b.Files {
			if !bytes.Equal(f.Content, want.Files[i].Content) || f.Name != want.Files[i].Name {
				t.Errorf("%s: %s differs from the full build", b.ID, f.Name)
			}
		}
		for i, f := range b.Beside {
			if !bytes.Equal(f.Content, want.Beside[i].Content) {
				t.Errorf("%s: %s differs from the full build", b.ID, f.Name)
			}
		}
	}
	t.Run("alone", func(t *testing.T) {
		for _, f := range p.Functions {
			for _, b := range buildAll(t, p, []analyzer.Function{f}) {
				same(t, b)
			}
		}
	})
	t.Run("in reverse", func(t *testing.T) {
		reversed := slices.Clone(p.Functions)
		slices.Reverse(reversed)
		for _, b := range buildAll(t, p, reversed) {
			same(t, b)
		}
	})
	t.Run("some", func(t *testing.T) {
		for _, b := range buildAll(t, p, p.Functions[5:5+batchSize+3]) {
			same(t, b)
		}
	})
	t.Run("beside a broken one", func(t *testing.T) {
		write(t, p.Root, "-- src/broken/fn.ts --\nimport 'missing'\nexport const handler = 1\n")
		broken := function("broken", "src/broken/fn.ts")
		for id, b := range buildAll(t, p, append([]analyzer.Function{broken}, p.Functions...)) {
			if id == "broken" {
				if !b.Failed() {
					t.Error("the broken function was built")
				}
				continue
			}
			same(t, b)
		}
	})
}

func TestBrokenFunctionIsReportedAlone(t *testing.T) {
	p := project(t, `
-- afn.ts --
export const handler = async () => "a"
-- bfn.ts --
import x from "lodahs"
export const handler = async () => x
-- cfn.ts --
export const handler = async () => {
-- package.json --
{"dependencies": {"lodash": "^4"}}
`)
	bundles := buildAll(t, p, p.Functions)
	if got := ask(t, bundles["afn"]); got != `"a"` {
		t.Errorf("the sound neighbour answered %s", got)
	}
	for id, want := range map[string]string{
		"bfn": `bfn.ts:1:15: bfn: cannot resolve "lodahs" / did you mean "lodash"? package.json does not list "lodahs"`,
		"cfn": `cfn.ts:2:1: cfn: unexpected end of file / `,
	} {
		d := bundles[id].Diagnostics
		if len(d) != 1 || d[0].Severity != analyzer.Error {
			t.Fatalf("%s: %v", id, d)
		}
		if got := d[0].Error() + " / " + d[0].Hint; !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s\nwant %s", id, got, want)
		}
		if len(bundles[id].Files) != 0 {
			t.Errorf("%s: a broken function has files", id)
		}
	}
}

func TestHintsKnowTheProject(t *testing.T) {
	tests := []struct{ name, archive, hint string }{
		{"listed, nothing installed", "-- fn.ts --\nimport 'a'\n-- package.json --\n{\"dependencies\": {\"a\": \"1\"}}\n", "package.json lists it and nothing is installed: run again with --install"},
		{"listed, not installed", "-- fn.ts --\nimport 'a'\n-- package.json --\n{\"dependencies\": {\"a\": \"1\"}}\n-- node_modules/b/package.json --\n{}\n", "package.json lists it and it is not installed: run again with --install"},
		{"not listed", "-- fn.ts --\nimport 'a'\n-- package.json --\n{}\n", "package.json does not list it: npm install a; if a layer brings it, list it in build.external"},
		{"no package.json", "-- src/fn.ts --\nimport 'a'\n", "there is no package.json at or above src: npm init && npm install a"},
		{"SDK v2", "-- fn.ts --\nimport 'aws-sdk'\n-- package.json --\n{}\n", "nodejs20.x does not bring the AWS SDK v2: npm install aws-sdk, or better move to the @aws-sdk/client-* packages"},
		{"a neighbour's name", "-- fn.ts --\nimport './ordres'\n-- orders.ts --\nexport {}\n", `did you mean "./orders"?`},
		{"a library's dependency", "-- fn.ts --\nimport 'a'\n-- node_modules/a/package.json --\n{\"name\": \"a\", \"dependencies\": {\"b\": \"1\"}}\n-- node_modules/a/index.js --\nrequire('b')\n", "a needs it and the install is incomplete: run again with --install, or install b yourself; if a layer brings it, list it in build.external"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := build(t, test.archive)
			if len(b.Diagnostics) != 1 || b.Diagnostics[0].Hint != test.hint {
				t.Errorf("got %+v\nwant the hint %s", b.Diagnostics, test.hint)
			}
		})
	}
}

func TestFormats(t *testing.T) {
	tests := []struct{ name, archive, file, answer string }{
		{"CommonJS", "-- src/fn.js --\nexports.handler = async () => typeof module\n", "src/fn.js", `"object"`},
		{"TypeScript", "-- src/fn.ts --\nexport const handler = async () => 1 as number\n", "src/fn.js", "1"},
		{"a module by its name", "-- fn.mjs --\nexport const handler = async () => typeof module\n", "fn.mjs", `"undefined"`},
		{"a module by its package.json", "-- fn.ts --\nexport const handler = async () => 1\n-- package.json --\n{\"type\": \"module\"}\n", "fn.mjs", "1"},
		{"top-level await", "-- fn.ts --\nconst x = await Promise.resolve(7)\nexport const handler = async () => x\n", "fn.mjs", "7"},
		{"require and __dirname inside an ES module", "-- fn.mjs --\nimport c from './c.cjs'\nexport const handler = async () => c()\n-- c.cjs --\nconst p = require('path')\nmodule.exports = () => [p.basename(__filename), __dirname === p.dirname(__filename)]\n", "fn.mjs", `["c.cjs",true]`},
		{"import.meta inside CommonJS", "-- src/fn.ts --\nimport {u} from './m.mjs'\nexport const handler = async () => u\n-- src/m.mjs --\nimport {fileURLToPath} from 'node:url'\nexport const u = fileURLToPath(import.meta.url).endsWith('/src/m.mjs')\n", "src/fn.js", "true"},
		{"an import of JSON, JSX and paths of tsconfig", "-- fn.tsx --\nimport {n} from '~/n.json'\nconst h = (tag: string, _: null, kid: number) => tag + kid\nexport const handler = async () => <b>{n}</b>\n-- lib/n.json --\n{\"n\": 4}\n-- tsconfig.json --\n{\"compilerOptions\": {\"paths\": {\"~/*\": [\"./lib/*\"]}, \"jsx\": \"react\", \"jsxFactory\": \"h\"}}\n", "fn.js", `"b4"`},
		{"production is the environment", "-- fn.js --\nexports.handler = async () => process.env.NODE_ENV\n", "fn.js", `"production"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := build(t, test.archive)
			if got := ask(t, b); got != test.answer {
				t.Errorf("answered %s, want %s", got, test.answer)
			}
			if b.Files[0].Name != test.file {
				t.Errorf("the code is at %s, want %s", b.Files[0].Name, test.file)
			}
		})
	}
}

func TestNamesAreKeptForLibrariesThatReadThem(t *testing.T) {
	archive := func(library string) string {
		return "-- fn.ts --\nimport {table} from '" + library + "'\nclass Customer {}\nexport const handler = async () => table(Customer)\n" +
			"-- node_modules/" + library + "/package.json --\n{\"name\": \"" + library + "\"}\n" +
			"-- node_modules/" + library + "/index.js --\nexports.table = c => c.name\n"
	}
	if got := ask(t, build(t, archive("typeorm"))); got != `"Customer"` {
		t.Errorf("with typeorm the class is named %s", got)
	}
	if got := ask(t, build(t, archive("plain"))); got == `"Customer"` {
		t.Error("without such a library names are kept: the test shows nothing")
	}
	always := func(f *analyzer.Function) { f.Build.KeepNames = "always" }
	if got := ask(t, build(t, archive("plain"), always)); got != `"Customer"` {
		t.Errorf("with keepNames the class is named %s", got)
	}
}

const optionalDriver = `
-- package.json --
{"dependencies": {"sql": "1"}, "devDependencies": {"driver": "1"}}
-- node_modules/sql/package.json --
{"name": "sql", "peerDependencies": {"driver": "*"}, "peerDependenciesMeta": {"driver": {"optional": true}}}
-- node_modules/sql/index.js --
exports.load = () => { try { return require("driver").name } catch { return "none" } }
exports.lazy = () => require("absent")
-- node_modules/driver/package.json --
{"name": "driver"}
-- node_modules/driver/index.js --
exports.name = "driver"
`

func TestOptionalRequires(t *testing.T) {
	b := build(t, "-- fn.js --\nconst sql = require('sql')\nexports.handler = async () => sql.load()\n"+optionalDriver)
	if got := ask(t, b); got != `"none"` {
		t.Errorf("a development dependency answered a library's optional require: %s", got)
	}
	var notes []string
	for _, d := range b.Diagnostics {
		notes = append(notes, string(d.Severity)+": "+d.Message)
	}
	want := []string{
		"note: sql can use absent, which is not installed and stays out",
		"note: sql can use driver, which is installed only for development and stays out",
	}
	if !slices.Equal(notes, want) {
		t.Errorf("notes: %q\nwant %q", notes, want)
	}
	b = build(t, "-- fn.js --\nconst sql = require('sql')\nconst {name} = require('driver')\nexports.handler = async () => [name, sql.load()]\n"+optionalDriver)
	if got := ask(t, b); got != `["driver","driver"]` {
		t.Errorf("what own code imports is part of the function, and it answered %s", got)
	}
}

func TestMissingExport(t *testing.T) {
	tests := []struct{ name, archive, want string }{
		{"there", "-- fn.ts --\nexport const handler = 1\n", ""},
		{"a TypeScript one of another name", "-- fn.ts --\nexport const handlr = 1, other = 2\n", `error: fn.ts does not export "handler" / did you mean "handlr"? it exports handlr, other; correct the handler "fn.handler", or export a function of that name`},
		{"none", "-- fn.mjs --\nconst handler = 1\n", `error: fn.mjs exports nothing, and the handler names "handler" / export a function of that name, or correct the handler "fn.handler"`},
		{"exported from elsewhere", "-- fn.ts --\nexport * from './other'\n-- other.ts --\nexport const handler = 1\n", ""},
		{"CommonJS", "-- fn.js --\nexports.handler = 1\n", ""},
		{"CommonJS that never says it", "-- fn.js --\nexports.main = 1\n", `warning: fn.js never mentions "handler", which the handler names / export a function of that name, or correct the handler "fn.handler"`},
		{"CommonJS that hands on another module", "-- fn.js --\nmodule.exports = require('./other')\n-- other.js --\nexports.handler = 1\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			for _, d := range build(t, test.archive).Diagnostics {
				got += string(d.Severity) + ": " + d.Message + " / " + d.Hint
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestSameNamesInDifferentFolders(t *testing.T) {
	p := project(t, "-- a/fn.ts --\nexport const handler = async () => 'a'\n-- b/fn.ts --\nexport const handler = async () => 'b'\n")
	for id, b := range buildAll(t, p, p.Functions) {
		if got, want := ask(t, b), `"`+id[:1]+`"`; got != want {
			t.Errorf("%s answered %s", id, got)
		}
	}
}

func TestBytesSumAndNothingLeaks(t *testing.T) {
	p := project(t, many())
	for id, b := range buildAll(t, p, p.Functions) {
		var sum int64
		for _, part := range b.Files[0].Parts {
			sum += part.Bytes
		}
		if size := int64(len(b.Files[0].Content)); sum > size || sum == 0 {
			t.Errorf("%s: parts are %d of %d bytes", id, sum, size)
		}
		for _, f := range append(b.Files, b.Beside...) {
			if bytes.Contains(f.Content, []byte(p.Root)) || bytes.Contains(f.Content, []byte("featherpack-entr")) {
				t.Errorf("%s: %s holds a path of this machine", id, f.Name)
			}
		}
	}
}

func TestSourceMaps(t *testing.T) {
	const archive = "-- src/fn.mjs --\nimport c from './c.cjs'\nexport const handler = async () => c\n-- src/c.cjs --\nmodule.exports = require('path').sep\n"
	read := func(t *testing.T, f packager.File) (m struct {
		SourceRoot string
		Sources    []string
		Mappings   string
	}) {
		t.Helper()
		if err := json.Unmarshal(f.Content, &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	b := build(t, archive)
	m := read(t, b.Beside[0])
	if b.Beside[0].Name != "src-fn.mjs.map" || m.SourceRoot != "../" || !slices.Contains(m.Sources, "src/c.cjs") || !strings.HasPrefix(m.Mappings, ";") {
		t.Errorf("%s: %+v", b.Beside[0].Name, m)
	}
	b = build(t, archive, func(f *analyzer.Function) { f.Build.SourceMap = "zip" })
	if len(b.Files) != 2 || b.Files[1].Name != "src/fn.mjs.map" || !bytes.HasSuffix(b.Files[0].Content, []byte("\n//# sourceMappingURL=fn.mjs.map\n")) {
		t.Errorf("a source map in the zip: %d files", len(b.Files))
	}
	b = build(t, archive, func(f *analyzer.Function) { f.Build.SourceMap = "none" })
	if len(b.Files) != 1 || len(b.Beside) != 0 {
		t.Errorf("no source map: %d files, %d beside", len(b.Files), len(b.Beside))
	}
}

func TestTextOfPackagesInSourceMapsIsOptional(t *testing.T) {
	archive := "-- fn.ts --\nimport {which} from 'dual'\nexport const handler = async () => which()\n" + dual
	for _, wanted := range []bool{false, true} {
		b := build(t, archive, func(f *analyzer.Function) { f.Build.SourceMapPackages = wanted })
		if got := bytes.Contains(b.Beside[0].Content, []byte("default of module")); got != wanted {
			t.Errorf("asked for %v, and the map holds the package's text: %v", wanted, got)
		}
	}
}

func TestLicencesAreBesideTheZip(t *testing.T) {
	b := build(t, "-- fn.ts --\n/*! own banner */\nimport {which} from 'dual'\nexport const handler = async () => which()\n"+dual)
	last := b.Beside[len(b.Beside)-1]
	if last.Name != "fn.licenses.txt" || !bytes.Contains(last.Content, []byte("dual 1.2.3 (MIT)")) || !bytes.Contains(last.Content, []byte("Copyright the authors of dual")) {
		t.Errorf("%s: %s", last.Name, last.Content)
	}
	if bytes.Contains(b.Files[0].Content, []byte("own banner")) {
		t.Error("a legal comment is in the code")
	}
}

func TestCancelledBuildStops(t *testing.T) {
	p := project(t, many())
	ctx, cancel := context.WithCancel(t.Context())
	emitted := 0
	job := packager.Job{Project: p, Functions: p.Functions}
	err := packager.Build(ctx, Builder{}, job, func(packager.Bundle) { emitted++; cancel() })
	if err == nil || emitted >= len(p.Functions) {
		t.Errorf("err = %v after %d functions", err, emitted)
	}
}
