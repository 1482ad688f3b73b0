package node

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager"
)

// Functions that import the same modules are linked first with the plan that one of them
// has grown to. Where that is not their own plan, nothing of it stays.
func TestGuessesLeaveNoTrace(t *testing.T) {
	reads := "one(new Customer().constructor.name)"
	uses := map[string]string{
		"a": reads, "b": reads, "c": `one("plain")`, "d": reads, "e": `one("plain")`, // keep names or not
		"f": `one(drop({a: 1}))`, "g": `one(String(drop({a: 1})) + new Customer().constructor.name)`,
		"h": `missing(1)`, "i": `one(delete globalThis.process)`,
	}
	var archive strings.Builder
	for name, use := range uses {
		fmt.Fprintf(&archive, "-- %s/fn.js --\nimport {one} from 'p'\nimport {drop} from 'old'\nclass Customer {}\nexport const handler = async () => %s\n", name, use)
	}
	archive.WriteString(`
-- node_modules/p/package.json --
{"name": "p", "sideEffects": false, "type": "module"}
-- node_modules/p/index.js --
export const one = x => x
-- node_modules/old/package.json --
{"name": "old"}
-- node_modules/old/index.js --
exports.drop = function (o) { return delete o.a && delete this.b }
`)
	p := project(t, archive.String())
	keeps := func(b packager.Bundle) bool {
		return slices.Contains(b.Settings, packager.Setting{Name: "keepNames", Value: "yes"})
	}
	alone := map[string]packager.Bundle{}
	for _, f := range p.Functions {
		alone[f.ID] = buildAll(t, p, []analyzer.Function{f})[f.ID]
	}
	for name, use := range uses {
		if want := strings.Contains(use, "constructor.name"); keeps(alone[name+"-fn"]) != want {
			t.Fatalf("%s alone keeps names: %v", name, !want)
		}
	}
	for from := range p.Functions {
		functions := slices.Concat(p.Functions[from:], p.Functions[:from]) // each is the first once
		for id, b := range buildAll(t, p, functions) {
			want := alone[id]
			if !slices.Equal(b.Settings, want.Settings) || len(b.Files) != len(want.Files) || len(b.Diagnostics) != len(want.Diagnostics) {
				t.Errorf("%s, with %s first: %v, not %v", id, functions[0].ID, b.Settings, want.Settings)
				continue
			}
			for i, f := range b.Files {
				if !bytes.Equal(f.Content, want.Files[i].Content) {
					t.Errorf("%s, with %s first: %s differs", id, functions[0].ID, f.Name)
				}
			}
		}
	}
}

// Whether names are kept decides what esbuild knows of a branch, and so what it reaches.
func TestGuessesOfBranches(t *testing.T) {
	for _, branch := range []string{
		"{ const f = (x: unknown) => x; const DEBUG = false; return DEBUG ? import('q') : one(f(1)) }",
		"{ const all = [(x: unknown) => x]; const DEBUG = false; return DEBUG ? import('q') : one(all[0](1)) }",
		"(function same(x: unknown) { return x }) ? one(1) : import('q')",
		"!(function same(x: unknown) { return x }) ? import('q') : one(1)",
		"(function same(x: unknown) { return x }) || import('q')",
	} {
		p := project(t, fmt.Sprintf(`
-- a/fn.ts --
import {one} from 'p'
export const handler = async () => one(await import('q'))
-- b/fn.ts --
import {one} from 'p'
export const handler = async () => %s
-- node_modules/p/package.json --
{"name": "p", "sideEffects": false, "type": "module"}
-- node_modules/p/index.js --
export const one = x => x
-- node_modules/q/package.json --
{"name": "q", "sideEffects": false, "type": "module"}
-- node_modules/q/index.js --
export class Named extends Error { constructor() { super(); this.name = this.constructor.name } }
`, branch))
		both := buildAll(t, p, p.Functions)["b-fn"]
		alone := buildAll(t, p, p.Functions[1:])["b-fn"]
		if len(alone.Settings) != 1 {
			t.Errorf("%s\nbecomes %v by itself", branch, alone.Settings)
		}
		if !bytes.Equal(both.Files[0].Content, alone.Files[0].Content) || !slices.Equal(both.Settings, alone.Settings) {
			t.Errorf("%s\nbecomes %v, and beside another function %v", branch, alone.Settings, both.Settings)
		}
	}
}

// What a constant behind a function may decide.
func TestConstantsThatDecide(t *testing.T) {
	for text, want := range map[string]bool{
		"":                             false,
		"use(C)":                       false,
		"use({ table: C, list: [C] })": false,
		"export { C as D }":            false,
		"const client = new Client({ region: C }); use(client)": false,
		"use(`${C}-orders`, 'a' + C, C.length)":                 false,
		"export const handler = () => C":                        false,
		"use(async () => { await use(C); return C })":           false,
		"if (C) use()":                 true,
		"use(C ? 1 : 2)":               true,
		"use(C && 1)":                  true,
		"use('a' === C ? 1 : 2)":       true,
		"use(`${C}` || 1)":             true,
		"while (C) use()":              true,
		"switch (1) { case C: use() }": true,
		"const other = C":              true,
		"let other; other = C":         true,
		"use((a = C) => a ? 1 : 2)":    true,
		"import(C)":                    true,
		"require(C)":                   true,
		"new Worker(C)":                true,
		"if ([C][0]) use()":            true,
		"if ({ a: C }.a) use()":        true,
		"const { a } = { a: C }":       true,
		"if (import.meta[C]) use()":    true,
		"class A extends (C || B) {}":  true,
	} {
		read, err := js.Read(js.File{Path: "a.js", Source: []byte("const f = () => 1;\nconst C = 'value';\n" + text)})
		if err != nil {
			t.Fatal(err)
		}
		if got := foldsByFunctions(read.Top, false); got != want {
			t.Errorf("%s: may decide is %v", text, got)
		}
	}
	for text, want := range map[string]bool{"export const C = 1": true, "const C = 1; export { C }": true, "const C = 1; export default C": true, "const C = 1; use(C)": false} {
		read, err := js.Read(js.File{Path: "a.js", Source: []byte("const f = () => 1;\n" + text)})
		if err != nil {
			t.Fatal(err)
		}
		if got := foldsByFunctions(read.Top, true); got != want {
			t.Errorf("%s of a module that is imported: may decide is %v", text, got)
		}
	}
}
