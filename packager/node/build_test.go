package node

import (
	"bytes"
	"context"
	_ "embed"
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
		Name: name, ID: name, ServiceDir: ".", Family: analyzer.Node, Runtime: "nodejs20.x",
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
//
//go:embed testdata/dual.txtar
var dual string

// twin is a package whose builds export the same names.
//
//go:embed testdata/twin.txtar
var twin string

func TestModuleBuildIsPreferredWhereSafe(t *testing.T) {
	for _, e := range examples(t, "modules") {
		t.Run(e.name, func(t *testing.T) {
			b := e.bundle(t)
			if got := ask(t, b); got != e.want["answer"] {
				t.Errorf("answered %s, want %s", got, e.want["answer"])
			}
			if got := setting(b, "main"); got != e.want["main"] {
				t.Errorf("packages taken by main: %q, want %q", got, e.want["main"])
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

func TestHintsDependOnTheProject(t *testing.T) {
	for _, e := range examples(t, "hints") {
		t.Run(e.name, func(t *testing.T) {
			b := e.bundle(t)
			if len(b.Diagnostics) != 1 || b.Diagnostics[0].Hint != e.want["hint"] {
				t.Errorf("got %+v\nwant the hint %s", b.Diagnostics, e.want["hint"])
			}
		})
	}
}

func TestFormats(t *testing.T) {
	for _, e := range examples(t, "formats") {
		t.Run(e.name, func(t *testing.T) {
			b := e.bundle(t)
			if got := ask(t, b); got != e.want["answer"] {
				t.Errorf("answered %s, want %s", got, e.want["answer"])
			}
			if b.Files[0].Name != e.want["file"] {
				t.Errorf("the code is at %s, want %s", b.Files[0].Name, e.want["file"])
			}
		})
	}
}

func TestNamesAreKeptForLibrariesThatReadThem(t *testing.T) {
	archive := func(library string) string {
		return strings.ReplaceAll(`
-- fn.ts --
import {table} from 'LIBRARY'
class Customer {}
export const handler = async () => table(Customer)
-- node_modules/LIBRARY/package.json --
{"name": "LIBRARY"}
-- node_modules/LIBRARY/index.js --
exports.table = c => c.name
`, "LIBRARY", library)
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
		"note: sql can use absent, which is not installed; it is left out",
		"note: sql can use driver, which is installed only for development; it is left out",
	}
	if !slices.Equal(notes, want) {
		t.Errorf("notes: %q\nwant %q", notes, want)
	}
	b = build(t, `-- fn.js --
const sql = require('sql')
const {name} = require('driver')
exports.handler = async () => [name, sql.load()]
`+optionalDriver)
	if got := ask(t, b); got != `["driver","driver"]` {
		t.Errorf("what own code imports is part of the function, and it answered %s", got)
	}
}

func TestMissingExport(t *testing.T) {
	for _, e := range examples(t, "exports") {
		t.Run(e.name, func(t *testing.T) {
			said, hint := "", ""
			for _, d := range e.bundle(t).Diagnostics {
				said += string(d.Severity) + ": " + d.Message
				hint += d.Hint
			}
			if said != e.want["says"] || hint != e.want["hint"] {
				t.Errorf("got  %s / %s\nwant %s / %s", said, hint, e.want["says"], e.want["hint"])
			}
		})
	}
}

func TestSameNamesInDifferentFolders(t *testing.T) {
	p := project(t, `
-- a/fn.ts --
export const handler = async () => 'a'
-- b/fn.ts --
export const handler = async () => 'b'
`)
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
	const archive = `
-- src/fn.mjs --
import c from './c.cjs'
export const handler = async () => c
-- src/c.cjs --
module.exports = require('path').sep
`
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
	if b.Beside[0].Name != "src-fn.mjs.map" || m.SourceRoot != "../" || !slices.Contains(m.Sources, "src/c.cjs") ||
		!strings.HasPrefix(m.Mappings, ";") {
		t.Errorf("%s: %+v", b.Beside[0].Name, m)
	}
	b = build(t, archive, func(f *analyzer.Function) { f.Build.SourceMap = "zip" })
	comment := []byte("\n//# sourceMappingURL=fn.mjs.map\n")
	if len(b.Files) != 2 || b.Files[1].Name != "src/fn.mjs.map" || !bytes.HasSuffix(b.Files[0].Content, comment) {
		t.Errorf("a source map in the zip: %d files", len(b.Files))
	}
	b = build(t, archive, func(f *analyzer.Function) { f.Build.SourceMap = "none" })
	if len(b.Files) != 1 || len(b.Beside) != 0 {
		t.Errorf("no source map: %d files, %d beside", len(b.Files), len(b.Beside))
	}
}

// A source map may lead to the modules as they are installed: the maps that packages bring are
// not read then, in whichever comment they are named. The code is the same.
func TestSourceMapsLeadToModules(t *testing.T) {
	const archive = `-- fn.js --
const { a } = require('mapped'), { b } = require('mapped/b'), { text } = require('mapped/text')
exports.handler = async () => a() + b() + text
-- node_modules/mapped/package.json --
{"main": "a.js"}
-- node_modules/mapped/a.js --
exports.a = () => 'a'
//# sourceMappingURL=a.js.map
-- node_modules/mapped/a.js.map --
{"version": 3, "sources": ["src/index.ts"], "names": [], "mappings": "AAAA,EAAE;AAAA"}
-- node_modules/mapped/b.js --
exports.b = () => 'b' /*# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbInNyYy9pbmRleC50cyJdLCJuYW1lcyI6W10sIm1hcHBpbmdzIjoiQUFBQSxFQUFFIn0= */
-- node_modules/mapped/text.js --
exports.text = '//# sourceMappingURL=a.js.map'
`
	sources := func(b packager.Bundle) []string {
		if len(b.Beside) == 0 {
			t.Fatal(b.Diagnostics)
		}
		var m struct{ Sources []string }
		if err := json.Unmarshal(b.Beside[0].Content, &m); err != nil {
			t.Fatal(err)
		}
		return slices.Compact(slices.Sorted(slices.Values(m.Sources)))
	}
	mapped, whole := build(t, archive), build(t, archive, func(f *analyzer.Function) { f.Build.MapToModules = true })
	if got := strings.Join(sources(mapped), " "); !strings.Contains(got, "node_modules/mapped/src/index.ts") {
		t.Errorf("the package's own map is not read: %s", got)
	}
	want := "fn.js node_modules/mapped/a.js node_modules/mapped/b.js node_modules/mapped/text.js"
	if got := strings.Join(sources(whole), " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !bytes.Equal(mapped.Files[0].Content, whole.Files[0].Content) || !bytes.Contains(whole.Files[0].Content, []byte("sourceMappingURL=a.js.map")) {
		t.Errorf("the code is another:\n%s\n%s", mapped.Files[0].Content, whole.Files[0].Content)
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
	b := build(t, `-- fn.ts --
/*! own banner */
import {which} from 'dual'
export const handler = async () => which()
`+dual)
	last := b.Beside[len(b.Beside)-1]
	if last.Name != "fn.licenses.txt" || !bytes.Contains(last.Content, []byte("dual 1.2.3 (MIT)")) ||
		!bytes.Contains(last.Content, []byte("Copyright the authors of dual")) {
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
