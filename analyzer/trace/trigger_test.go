package trace

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

func TestTriggered(t *testing.T) {
	for _, c := range []struct {
		source string
		want   bool
	}{
		{"const a = require('a'), b = require( \"b\" );\nrequire(`c`)", false},
		{"import a from 'b'; import('c'); export * from 'd'", false},
		{"if (require.main === module) main(); delete require.cache[x]", false},
		{"typeof require === 'undefined'; typeof module.exports", false},
		{"// you may require the module, or import it", false},
		{"a.node = b.prototype; requires(x); imported(y)", false},
		{"require(a)", true}, {"require('a' + b)", true}, {"require(`${a}`)", true}, {"require\n(a)", true},
		{"const r = require", true}, {"f(require)", true}, {"require.resolve('a')", true}, {"module.require('a')", true},
		{"if (!module.parent) f()", true}, {"module.\vrequire('q')", true}, {"global .\f require('q')", true}, {"const m =\t\t\t\t\t\t\t\t\t\tmodule", true},
		{"f(\u00a0require\u2003)", true}, {"\ufeffrequire\u2028(a)", true}, {"\u00e9require(a)", false}, {"import\u00a0(a)", true},
		{"import(a)", true}, {"import.meta.url", true}, {"__dirname", true}, {"x+__filename", true},
		{"process.cwd()", true}, {"const {cwd} = process", true}, {"fs.readFileSync('a')", true},
		{"require('worker_threads')", true}, {"require('./a.node')", true}, {"require('bindings')('a')", true},
		{"app.set('view engine', x)", true}, {"app.set('views', x)", true}, {"load('a.proto')", true},
		{"eval('require')", true}, {"({ transport: { target: 'x' } })", true}, {"import m from 'node:module'", true},
		{"process.getBuiltinModule('fs')", true},
	} {
		if got := Triggered([]byte(c.source)); got != c.want {
			t.Errorf("%q: %v", c.source, got)
		}
		if got := Triggered([]byte(strings.Repeat("// text\n", 7) + c.source + "\n// text")); got != c.want {
			t.Errorf("%q among text: %v", c.source, got)
		}
	}
}

// seeds are the sources of the other tests' kinds, for fuzzing.
var seeds = []string{
	`require('fs').readFileSync(require('path').join(__dirname, 'a' + b))`,
	"import { Worker } from 'worker_threads'; new Worker(new URL(`./${a}.js`, import.meta.url))",
	`const r = require; for (const a of ['b', 'c']) try { r('./' + a) } catch {}`,
	`class A extends B { static x = __dirname; #y; get z() { return this.x } static { f(require) } }`,
	`switch (process.platform) { case 'linux': require('./a.node'); default: eval('require')(process.cwd()) }`,
	`app.set('view engine', 'pug'); pino({ transport: { target: 'x' } }); module.require('q')`,
	`var {a: [b = __filename], ...c} = d, e = async (f, {g} = h) => await import(f), i = j ? k : l ?? m || n && o`,
	`label: for (var x in /[/]/g) { do y--; while (z) } function* f() { yield* g }`,
}

// FuzzTrace looks for what ends the program, for places outside the text, and
// for modules of interest that the scan would have missed.
func FuzzTrace(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	files := project("a.js", "b.js", "x.node", "p.proto", "views/i.pug", "d/e.txt",
		`package.json={"imports":{"#a/*":"./d/*"}}`)
	f.Fuzz(func(t *testing.T, src []byte) {
		defer inputtest.Bound(t)()
		m := onLinux("lib/m.js", string(src))
		r, err := trace(m, files, onDisk{&tracer{Evaluator: &value.Evaluator{Setting: value.Setting{Files: files}}}})
		if err != nil {
			return
		}
		var places []js.Place
		for _, a := range r.Assets {
			places = append(places, a.Place)
			for _, file := range append(a.Files, a.Path) {
				if strings.HasPrefix(file, "/") || value.LeadsOut(file) || strings.ContainsAny(file, value.Marks) {
					t.Fatalf("asset %q of %q", file, src)
				}
			}
		}
		for _, e := range append(r.Modules, r.Addons...) {
			places = append(places, e.Place, js.Place{Start: e.ArgStart, End: e.ArgEnd, Line: 1, Column: 1})
			if strings.ContainsAny(e.Specifier+e.Pattern, value.Marks) {
				t.Fatalf("specifier %q%q of %q", e.Specifier, e.Pattern, src)
			}
		}
		for _, u := range r.Uncertain {
			places = append(places, u.Place)
		}
		for _, e := range r.Edits {
			places = append(places, js.Place{Start: e.Start, End: e.End, Line: 1, Column: 1})
		}
		for _, p := range places {
			if p.Start < 0 || p.End < p.Start || p.End > len(src) || p.Line < 1 || p.Column < 1 {
				t.Fatalf("impossible place %+v in %q", p, src)
			}
		}
		if len(places) > 0 && !Triggered(src) {
			t.Fatalf("the scan misses %q: %v", src, asLines(r))
		}
	})
}

// plainModule is code of a common kind that holds nothing of interest.
func plainModule(b *testing.B) []byte {
	text, err := os.ReadFile("../js/testdata/plain.js")
	if err != nil {
		b.Fatal(err)
	}
	return bytes.Repeat(text, 200)
}

func BenchmarkTriggered(b *testing.B) {
	source := plainModule(b)
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		if Triggered(source) {
			b.Fatal("triggered")
		}
	}
}

func BenchmarkTrace(b *testing.B) {
	source := append(plainModule(b), `const t = require('fs').readFileSync(require('path').join(__dirname, 'x'))`...)
	files := project("lib/x")
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		r, err := traceIn(files, Module{File: js.File{Path: "lib/m.js", Source: source}, PackageDir: "."})
		if err != nil || len(r.Assets) != 1 {
			b.Fatal(err, r.Assets)
		}
	}
}
