package serverless_test

import (
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
	"github.com/featherpack/featherpack/analyzer/manifest/serverless"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

func FuzzServerless(f *testing.F) {
	manifesttest.Fuzz(f, "serverless.yml", manifesttest.Files{
		"f.ts": "", "src/g.js": "", "x.yml": "a: {handler: f.handler}\n", "cmd/a/main.go": manifesttest.GoMain,
		"go.mod": "module m\n",
	},
		manifesttest.ServerlessHead+"functions:\n"+
			"  f: {handler: f.handler, environment: {A: !Ref B, C: '${ssm:/x}'}, package: {patterns: ['!a/**']}}\n",
		manifesttest.ServerlessHead+"custom: {a: '${self:custom.b}', b: \"${opt:x, 'y'}\"}\nfunctions: ${file(x.yml)}\n",
		manifesttest.ServerlessHead+"functions:\n  - a: {handler: src/g.h, layers: [{Ref: X}]}\n  - ${file(x.yml)}\n",
		"service: s\nprovider: {name: aws, runtime: provided.al2023}\n"+
			"custom: {go: {baseDir: cmd, cmd: go build -tags x}}\nfunctions: {a: {handler: a}}\n",
		"a: &a [x]\nb: [*a, *a]\n", "{\"functions\": {\"f\": null}}",
		manifesttest.ServerlessHead+"plugins: [serverless-esbuild, serverless-webpack, serverless-go-plugin]\n"+
			"custom: {esbuild: {minify: true, target: [node20], define: {a: '\"b\"', K: '${env:SET}'}, loader: {.md:"+
			" text}, exclude: ['*', x], external: y, banner: {js: \"a\\u0085\\n\"}}, webpack: {includeModules:"+
			" {forceExclude: [z]}}, go: {cgo: 1, cmd: go build -tags a -ldflags='-X b=c'}}\n"+
			"build: {esbuild: {sourcemap: {type: linked}}}\nfunctions: {f: {handler: f.handler, skipEsbuild: true}}\n",
	)
}

func FuzzVariables(f *testing.F) {
	r := variablesOf(
		f,
		manifesttest.Files{
			"serverless.yml": "custom: {a: '${self:custom.b}', b: \"x${opt:stage, 'dev'}\", c: {d: [1," +
				" '${self:custom.c}']}, e: '${self:custom.e}'}\nprovider: {stage: '${sls:stage}'}\n",
			"x.yml": "a: {b: '${self:custom.a}'}\n",
		},
		declared.Input{},
	)
	for _, s := range []string{
		"${self:custom.a}", "a${opt:x, 'b'}c", "${file(x.yml):a.b}", "${ssm:/x, self:custom.a, 5," +
			" null}", "${self:custom.${opt:s, ${env:A," +
			" \"b\"}}}",
		`\${a:b}${AWS::Region}`, "${strToBool(true)}", "${cf(eu, 'x'):a.b}", "${self:}", "${param:a}${sls:stage}",
		"${self:custom.c.d.1.d.0}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		defer inputtest.Bound(t)()
		start := inputtest.CPUTime()
		fresh := serverless.NewVariables(r.Input)
		v := fresh.Resolve(yamltree.NewText(s, analyzer.Position{File: "x", Line: 1}))
		if fresh.Busy() {
			t.Error("the stack is not empty")
		}
		if v != nil && v.Kind == yamltree.Text && len(v.Text) > serverless.MaxResolvedText {
			t.Errorf("a text of %d bytes", len(v.Text))
		}
		if !strings.Contains(s, "${") && (v == nil || v.Text != s) {
			t.Errorf("%q became %v", s, v)
		}
		if spent := inputtest.CPUTime() - start; spent > 2*time.Second {
			t.Errorf("took %v", spent)
		}
	})
}
