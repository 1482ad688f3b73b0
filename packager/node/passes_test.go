package node

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// off switches all passes off.
func off(f *analyzer.Function) { f.Build.Passes = f.Build.Passes.UpTo(0) }

// A function answers the same with its passes and without. "lacks" is a word of the code
// that goes, "holds" one that stays.
func TestPasses(t *testing.T) {
	for _, e := range examples(t, "passes") {
		t.Run(e.name, func(t *testing.T) {
			with, without := e.bundle(t), e.bundle(t, off)
			for _, b := range []packager.Bundle{with, without} {
				if got := ask(t, b); got != e.want["answer"] {
					t.Errorf("answered %s, want %s\n%s", got, e.want["answer"], b.Files[0].Content)
				}
			}
			code, before := string(with.Files[0].Content), string(without.Files[0].Content)
			for word := range strings.FieldsSeq(e.want["lacks"]) {
				if strings.Contains(code, word) || !strings.Contains(before, word) {
					t.Errorf("%s is not what the passes leave out of\n%s\nBefore:\n%s", word, code, before)
				}
			}
			for word := range strings.FieldsSeq(e.want["holds"]) {
				if !strings.Contains(code, word) {
					t.Errorf("%s is missing in\n%s", word, code)
				}
			}
		})
	}
}

// Node has no Response where an option takes it away.
func TestCloudflareTestWithoutFetch(t *testing.T) {
	for _, e := range examples(t, "passes") {
		if e.name != "a_test_for_cloudflare" {
			continue
		}
		b := e.bundle(t, func(f *analyzer.Function) {
			f.Environment = map[string]string{"NODE_OPTIONS": "--enable-source-maps --no-experimental-fetch"}
		})
		if code := b.Files[0].Content; !bytes.Contains(code, []byte("new Response(")) {
			t.Errorf("the test for Cloudflare is missing in\n%s", code)
		}
	}
}

// A table's bytes are those of the module that holds it, although it has grown.
func TestTablesKeepTheirOwner(t *testing.T) {
	for _, e := range examples(t, "passes") {
		if e.name != "json_tables" {
			continue
		}
		b := e.bundle(t)
		shares := map[string]int64{}
		for _, p := range b.Files[0].Parts {
			if p.Input >= 0 {
				shares[b.Graph.Inputs[p.Input].Path] += p.Bytes
			}
		}
		_, table, found := strings.Cut(string(b.Files[0].Content), `JSON.parse('{"b":1`)
		size := int64(strings.Index(table, "')"))
		if got := shares["node_modules/tables/table.json"]; !found || got < size {
			t.Errorf("table.json has %d bytes, its text alone %d", got, size)
		}
	}
}

// Modules that only hand names on for the pass dynamic-imports are not in the graph, and
// their bytes are their importer's.
func TestSomeNamesAreNoInputs(t *testing.T) {
	for _, e := range examples(t, "passes") {
		if e.name != "dynamic_imports" {
			continue
		}
		b := e.bundle(t)
		var edges []string
		for _, i := range b.Reached {
			in := b.Graph.Inputs[i]
			for _, im := range in.Imports {
				edges = append(edges, strings.Join([]string{path.Base(in.Path), im.Kind, im.Specifier, b.Graph.Inputs[im.To].Path}, " "))
			}
		}
		slices.Sort(edges)
		want := []string{
			"fn.mjs dynamic-import lazy/keys.js node_modules/lazy/keys.js",
			"fn.mjs dynamic-import lazy/loud.js node_modules/lazy/loud.js",
			"fn.mjs import lazy/quiet.js node_modules/lazy/quiet.js",
			"fn.mjs import lazy/shared.js node_modules/lazy/shared.js",
			"quiet.js import ./shared.js node_modules/lazy/shared.js",
		}
		if !slices.Equal(edges, want) {
			t.Errorf("the graph has %q, want %q", edges, want)
		}
	}
}

// The waterfall goes down to the packed code, with a step for each pass that does
// something: the one of the example's name, or "pass".
func TestWaterfall(t *testing.T) {
	for _, e := range examples(t, "passes") {
		if e.want["lacks"] == "" {
			continue
		}
		p := project(t, e.archive)
		p.Functions[0].Build = e.build
		var steps []packager.Step
		err := packager.Build(t.Context(), Builder{}, packager.Job{Project: p, Functions: p.Functions, Waterfall: true}, func(b packager.Bundle) {
			steps = b.Waterfall
			if last := steps[len(steps)-1].Bytes; last != int64(len(b.Files[0].Content)) {
				t.Errorf("%s: the last step has %d bytes, the code %d", e.name, last, len(b.Files[0].Content))
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		pass := cmp.Or(e.want["pass"], strings.ReplaceAll(e.name, "_", "-"))
		var names []string
		for _, s := range steps {
			names = append(names, s.Name)
		}
		for _, name := range []string{"unbundled", "reachable modules", "tree-shaken", "minified", pass} {
			if !slices.Contains(names, name) {
				t.Errorf("%s: there is no step %s in %v", e.name, name, steps)
			}
		}
	}
}

// Positions behind a changed import lead to the module's own lines.
func TestErrorsMapBackThroughPasses(t *testing.T) {
	b := build(t, `
-- src/fn.ts --
import {
  z,
} from 'full'

export const handler = async () => { const line: string = new Error(z.used()).stack!.split('\n')[1]; return line.replace(/.*[\\/]/, '') }
-- node_modules/full/package.json --
{"name": "full", "version": "1.0.0", "module": "index.js"}
-- node_modules/full/index.js --
export * as z from './z.js'
-- node_modules/full/z.js --
export const used = () => 'used', NotUsed = () => 'NotUsed'
-- package.json --
{"name": "p", "dependencies": {"full": "1.0.0"}}
`, func(f *analyzer.Function) { f.Build.SourceMap = "zip" })
	out, errors, err := invoke(t, b, "--enable-source-maps")
	if err != nil || !strings.HasPrefix(out, `"fn.ts:5:`) {
		t.Errorf("answered %s\n%s", out, errors)
	}
	if strings.Contains(string(b.Files[0].Content), "NotUsed") {
		t.Errorf("the namespace is not shaken:\n%s", b.Files[0].Content)
	}
}

// Behind characters that are not ASCII, the map leads to the exact column: where they stay,
// and where they become longer escapes since compiled code will lie beside the program. A
// regular expression would show the escapes.
func TestErrorsMapBackBehindCharacters(t *testing.T) {
	const line = `  const towns = ["Zürich", '東京', REGEX` + "`${event.x}ß𝒳`" + `]; return [towns.join(), new Error(towns[0]).stack!.split('\n')[1]]`
	for _, test := range []struct {
		cache, regex, text string
		escaped            bool
	}{
		{"", "/😀é/u, ", "Zürich,東京,/😀é/u,undefinedß𝒳", false},
		{"on", "/😀é/u, ", "Zürich,東京,/😀é/u,undefinedß𝒳", false},
		{"on", "", "Zürich,東京,undefinedß𝒳", true},
	} {
		line := strings.Replace(line, "REGEX", test.regex, 1)
		b := build(t, `
-- src/fn.ts --
export const handler = async (event: {x?: string}) => {
`+line+`
}
export const much = '`+strings.Repeat("text ", 2000)+`'
-- package.json --
{"name": "p"}
`, func(f *analyzer.Function) { f.Build.SourceMap, f.Build.CodeCache = "zip", test.cache })
		code := string(b.Files[0].Content)
		if strings.Contains(code, "東") == test.escaped {
			t.Errorf("%+v: escaped should be %t in\n%s", test, test.escaped, code[:1000])
		}
		out, errors, err := invoke(t, b, "--enable-source-maps")
		want := fmt.Sprintf("fn.ts:2:%d)", 1+len(utf16.Encode([]rune(line[:strings.Index(line, "new Error")]))))
		if err != nil || !strings.Contains(out, want) || !strings.Contains(out, `"`+test.text+`"`) {
			t.Errorf("%+v: answered %s, want %s\n%s", test, out, want, errors)
		}
	}
}
