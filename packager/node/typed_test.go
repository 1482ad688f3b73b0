package node

import (
	"slices"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// TypeScript's compiler does more than drop types: its output and the bundle answer
// the same.
func TestTypeScriptAsItsCompilerMakesIt(t *testing.T) {
	for _, e := range examples(t, "typed") {
		t.Run(e.name, func(t *testing.T) {
			want := e.want["answer"]
			if got := ask(t, e.bundle(t)); got != want {
				t.Errorf("answered %s, want %s", got, want)
			}
			if compiled := compilerAnswers(t, e); compiled != "" && compiled != want {
				t.Errorf("the compiler's output answers %s, want %s", compiled, want)
			}
		})
	}
}

func TestEnumThatCannotBeComputed(t *testing.T) {
	b := build(t, `-- src/fn.ts --
import { Code } from 'codes'
export const handler = async () => Code.Odd
-- node_modules/codes/package.json --
{"name": "codes", "main": "index.js", "types": "index.d.ts"}
-- node_modules/codes/index.js --
-- node_modules/codes/index.d.ts --
export declare const enum Code { Odd = "a".length }
`)
	if !slices.ContainsFunc(b.Diagnostics, func(d analyzer.Diagnostic) bool {
		return d.Severity == analyzer.Error && d.Line == 2 && d.Column == 36 && d.Hint == "write the value itself there"
	}) {
		t.Errorf("%v", b.Diagnostics)
	}
}
