package node

import (
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/featherpack/featherpack/analyzer"
)

// recorder is a module that records what decorators and Reflect.metadata are called
// with.
//
//go:embed testdata/recorder.txtar
var recorder string

// Decorators see the metadata that TypeScript's own compiler emits, in its order.
// answer.json holds what its output answers; where the compiler is installed it is
// run again.
func TestMetadataIsThatOfTheCompiler(t *testing.T) {
	for _, e := range examples(t, "metadata") {
		t.Run(e.name, func(t *testing.T) {
			var want []string
			for _, f := range txtar.Parse([]byte(e.archive)).Files {
				if f.Name == "answer.json" {
					if err := json.Unmarshal(f.Data, &want); err != nil {
						t.Fatal(err)
					}
				}
			}
			e.archive += recorder
			sameRecords(t, want, ask(t, e.bundle(t, func(f *analyzer.Function) { f.Build.NoMinify = true })))
			if compiled := compilerAnswers(t, e); compiled != "" {
				sameRecords(t, want, compiled)
			}
		})
	}
}

func sameRecords(t *testing.T, want []string, answer string) {
	t.Helper()
	var got []string
	if err := json.Unmarshal([]byte(answer), &got); err != nil {
		t.Fatal(err)
	}
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("missing: %s", want[i])
		case i >= len(want):
			t.Errorf("too many: %s", got[i])
		case got[i] != want[i]:
			t.Errorf("record %d: %s, want %s", i, got[i], want[i])
		}
	}
}

// compilerAnswers is what an example's project answers as TypeScript's compiler makes
// it, "" where no compiler is installed.
func compilerAnswers(t *testing.T, e example) string {
	t.Helper()
	compiler := os.Getenv("FEATHERPACK_TSC")
	if compiler == "" {
		compiler, _ = filepath.Abs("../../testdata/apps/packages/node_modules/typescript/lib/tsc.js")
	}
	if _, err := os.Stat(compiler); err != nil || e.want["compiler"] != "" {
		return ""
	}
	root := t.TempDir()
	write(t, root, e.archive)
	project := "tsconfig.json"
	if named := e.want["project"]; named != "" {
		project = named
	}
	tsc := exec.CommandContext(t.Context(), "node", compiler, "-p", project, "--outDir", "out", "--rootDir", ".", "--noCheck")
	tsc.Dir = root
	output, err := tsc.CombinedOutput() // an error about types does not keep it from writing
	code := filepath.Join(root, "out", "src", "fn.js")
	if _, missing := os.Stat(code); missing != nil {
		t.Fatalf("the compiler wrote nothing: %v\n%s", err, output)
	}
	alias := `const M=require("module"),r=M._resolveFilename;M._resolveFilename=(q,...a)=>r.call(M,` +
		`q.startsWith("@lib/")?process.cwd()+"/out/lib/"+q.slice(5):q,...a);` +
		`require("./out/src/fn.js").handler().then(x=>console.log(JSON.stringify(x)))`
	run := exec.CommandContext(t.Context(), "node", "-e", alias)
	run.Dir = root
	answer, err := run.Output()
	if err != nil {
		t.Fatalf("the compiler's output does not run: %v", err)
	}
	return strings.TrimSpace(string(answer))
}

// What only a type checker could tell is an error at its place.
func TestMetadataThatCannotBeTold(t *testing.T) {
	b := build(t, `-- src/fn.ts --
import { z } from 'zod'
const schema = z.string()
type Told = 'a'
type Dto = z.infer<typeof schema>
type Result = ReturnType<typeof handler>
const dec: any = () => {}
class C {
  @dec told!: Told
  @dec direct!: ReturnType<typeof handler>
  @dec method(a: string, dto: Dto) {}
  undecorated!: Dto
}
export const handler = async () => C
-- node_modules/zod/package.json --
{"name": "zod", "main": "index.js", "types": "index.d.ts"}
-- node_modules/zod/index.js --
exports.z = { string() {} }
-- node_modules/zod/index.d.ts --
export * as z from './z'
-- node_modules/zod/z.d.ts --
export type infer<T extends { _output: any }> = T["_output"]
export declare function string(): { _output: string }
-- tsconfig.json --
{"compilerOptions": {"experimentalDecorators": true, "emitDecoratorMetadata": true}}
`)
	const want = `src/fn.ts:10:31: src-fn: emitDecoratorMetadata needs the type Dto, which only TypeScript's type checker can tell`
	if !slices.ContainsFunc(b.Diagnostics, func(d analyzer.Diagnostic) bool {
		return d.Error() == want && d.Code == "decorator-metadata" && d.Severity == analyzer.Error
	}) || len(b.Diagnostics) != 1 {
		t.Errorf("%v", b.Diagnostics)
	}
}
