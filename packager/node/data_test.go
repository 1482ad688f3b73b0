package node

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Data of packages ships where something names what reads it: in the bundle or beside it,
// or by a computed name. These are stand-ins for the packages, with their ways to read.
func TestDataOfPackages(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "data.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	const libs, messages, protos = "node_modules/typescript/lib/lib.d.ts node_modules/typescript/lib/lib.es5.d.ts",
		"node_modules/typescript/lib/de/diagnosticMessages.generated.json", "node_modules/google-gax/build/protos/google/a.proto"
	for _, c := range []struct{ code, answer, data string }{
		{`import ts from 'typescript'; export const handler = async () => ts.transpileModule()`, `"made"`, ""},
		{`import ts from 'typescript'; export const handler = async () => ts.createProgram()`, `"lib.es5 of lib"`, libs},
		{`import * as ts from 'typescript'; export const handler = async () => ts['createLanguage' + 'Service']()`, `"lib.es5 of lib"`, libs + " " + messages},
		{`const ts = require('typescript'); exports.handler = async () => ts.validateLocaleAndSetLanguage('de')`, `"{\"a\":\"b\"}"`, messages},
		{`import { checks } from 'checker'; export const handler = async () => checks()`, `"lib.es5 of lib"`, libs},
		{`import { Worker } from 'node:worker_threads'
export const handler = () => new Promise(done => new Worker(new URL('./worker.cjs', import.meta.url)).once('message', done))`, `"lib.es5 of lib"`, libs},
		{`import { GrpcClient } from 'google-gax'; export const handler = async () => new GrpcClient().loadProtoJSON()`, `"json"`, ""},
		{`import { GrpcClient } from 'google-gax'; export const handler = async () => new GrpcClient().loadProto('google/a.proto')`, `"proto"`, protos},
	} {
		b := build(t, strings.Replace(string(text), "CODE", c.code, 1))
		if got := ask(t, b); got != c.answer {
			t.Errorf("%s\nanswered %s, want %s", c.code, got, c.answer)
		}
		data := slices.DeleteFunc(fileNames(b.Files), func(name string) bool {
			return !strings.HasSuffix(name, ".d.ts") && !strings.HasSuffix(name, "generated.json") && !strings.HasSuffix(name, ".proto")
		})
		for _, want := range strings.Fields(c.data) {
			if !slices.Contains(data, want) {
				t.Errorf("%s\nlacks %s", c.code, want)
			}
		}
		if c.data == "" && len(data) > 0 {
			t.Errorf("%s\nships %v", c.code, data)
		}
	}
}
