package manifest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

// What a framework resolved is taken as it is; what was written only says where
// things stand.
func TestResolvedService(t *testing.T) {
	p := manifesttest.Discover(t, manifesttest.Files{
		"serverless.yml": `
service: shop
provider:
  name: aws
  runtime: ${param:runtime}
functions:
  - orders:
      handler: src/${sls:stage}.handler
      environment: {TOKEN: '${ssm:/token}', NODE_OPTIONS: --enable-source-maps}
      package: {patterns: ['!**/*.md', assets/**]}
      featherpack: {sdk: runtime, external: [pg]}
  - ${file(more.yml)}
`,
		"more.yml": "late: {handler: src/late.handler, featherpack: false}", "src/prod.ts": "",
		"featherpack.yaml": "build: {minify: false}\n",
	}, manifest.Options{Resolved: []byte(`{"format": "serverless", "manifest": "serverless.yml", "document": {
		"service": "shop", "provider": {"name": "aws", "runtime": "nodejs22.x", "memorySize": 1024}, "package": {},
		"functions": {
			"orders": {"handler": "src/prod.handler", 
				"environment": {"TOKEN": {}, "NODE_OPTIONS": "--enable-source-maps", "TEXT": "${notAVariable}"},
				"package": {"patterns": ["!**/*.md", "assets/**"]}, "featherpack": {"sdk": "runtime", "external": ["pg"]}},
			"late": {"handler": "src/late.handler", "featherpack": false}
		}}}`)})
	manifesttest.MustReport(t, p)
	at := func(line, column int) analyzer.Position {
		return analyzer.Position{File: "serverless.yml", Line: line, Column: column}
	}
	want := []analyzer.Function{{
		ID: "orders", Name: "orders", Service: "shop", ServiceDir: ".", CodeDir: ".", Format: "serverless",
		Family:  analyzer.Node,
		Runtime: "nodejs22.x", Architecture: "x86_64", MemoryMB: 1024, TimeoutSeconds: 6, Handler: "src/prod.handler", Entry: "src/prod.ts",
		Environment:        map[string]string{"NODE_OPTIONS": "--enable-source-maps", "TEXT": "${notAVariable}"},
		EnvironmentUnknown: []string{"TOKEN"}, EnableSourceMaps: true,
		Patterns: []analyzer.Pattern{
			{Glob: "**/*.md", Exclude: true, Position: at(10, 28)}, {Glob: "assets/**", Position: at(10, 40)},
		},
		Build:      analyzer.BuildOptions{NoMinify: true, SDK: "runtime", External: []string{"pg"}},
		Deployment: analyzer.Deployment{RuntimeAt: at(5, 12), End: declared.EndOf("nodejs22.x")},
		Position:   at(7, 5),
	}}
	if diff := cmp.Diff(want, p.Functions); diff != "" {
		t.Error(diff)
	}
	if len(p.Skipped) != 1 || p.Skipped[0].Reason != "sets featherpack: false" {
		t.Errorf("skipped: %+v", p.Skipped)
	}
}

// A framework may be told to read a file that is called as our settings are:
// the hook's service is that file's, and no setting comes of it. Without the
// hook it is told what it is, and nothing else about it.
func TestManifestWithTheNameOfOurSettings(t *testing.T) {
	const named = "has the name of featherpack's own settings but holds a framework manifest" +
		" | rename it, for example to "
	serverless := "service: shop\nprovider: {name: aws, runtime: nodejs22.x}\nplugins: [x]\n" +
		"functions: {orders: {handler: a.handler}}\n"
	for _, name := range []string{"featherpack.yml", "featherpack.yaml", "shop.featherpack.yml"} {
		service := `{"format": "serverless", "manifest": "` + name + `", "document": {"service": "shop", "provider":` +
			` {"name": "aws", "runtime": "nodejs22.x"}, "functions": {"orders": {"handler": "a.handler"}}}}`
		p := manifesttest.Discover(
			t, manifesttest.Files{name: serverless, "a.js": ""}, manifest.Options{Resolved: []byte(service)},
		)
		manifesttest.MustReport(t, p)
		manifesttest.MustFind(t, p, "shop/orders nodejs22.x x86_64 a.handler -> a.js")
		p = manifesttest.Discover(t, manifesttest.Files{name: serverless, "a.js": ""}, manifest.Options{Config: name})
		manifesttest.MustReport(t, p, "error framework-manifest "+name+":1:1: "+named+"serverless.yml")
		manifesttest.MustFind(t, p)
	}
	p := manifesttest.Discover(
		t, manifesttest.Files{"featherpack.yml": "Resources: {Orders: {Type: 'AWS::Serverless::Function'}}\n", "a.js": ""},
		manifest.Options{},
	)
	manifesttest.MustReport(t, p, "error framework-manifest featherpack.yml:1:1: "+named+"template.yaml")
}

// What is wrong is told where the service is written, be it by a program.
func TestResolvedMistakes(t *testing.T) {
	document := func(manifest, functions string) string {
		return fmt.Sprintf(
			`{"format": "serverless", "manifest": %q, "document": {"service": "shop", "provider": {"name": "aws",`+
				` "runtime": "nodejs22.x"}, "functions": %s}}`,
			manifest, functions,
		)
	}
	for _, test := range []struct {
		name, resolved string
		files          manifesttest.Files
		told           []string
	}{
		{
			name: "a handler that is nowhere", files: manifesttest.Files{
				"serverless.yml": "functions:\n  gone:\n    handler: ${opt:handler}\n",
			},
			resolved: document("serverless.yml", `{"gone": {"handler": "src/gone.handler"}}`),
			told: []string{
				`error no-such-handler serverless.yml:3:14: gone: handler "${opt:handler}" does not name a source file and` +
					` an export that can be packed | create the file, or name the one that is meant`,
			},
		},
		{
			name: "a manifest that is a program", files: manifesttest.Files{"serverless.ts": "export default {}"},
			resolved: document("serverless.ts", `{"gone": {"handler": "src/gone.handler"}}`),
			told: []string{
				`error no-such-handler serverless.ts: gone: handler "src/gone.handler": there is no src/gone with any of` +
					` .ts .tsx .mts .cts .js .jsx .mjs .cjs | create the file, or name the one that is meant`,
			},
		},
		{
			name: "a setting that there is not", files: manifesttest.Files{
				"serverless.yml": "functions:\n  f:\n    handler: f.handler\n    featherpack: {minfy: true}\n", "f.ts": "",
			},
			resolved: document("serverless.yml", `{"f": {"handler": "f.handler", "featherpack": {"minfy": true}}}`),
			told: []string{
				`error bad-config serverless.yml:4:19: f: featherpack has no setting "minfy" | did you mean minify?`,
			},
		},
		{
			name: "no functions", resolved: document("serverless.yml", "{}"),
			told: []string{
				"error empty-service serverless.yml:1:1: names no functions" +
					" | add functions to it, or name source files with --entry FILE",
			},
		},
		{
			name: "nothing", resolved: "",
			told: []string{
				"error bad-resolved standard input: is not a resolved service: it ends too early" +
					" | featherpack hook NAME prints a hook that writes it",
			},
		},
		{
			name: "cut off", resolved: `{"format": "serverless", "document": {"se`,
			told: []string{
				"error bad-resolved standard input: is not a resolved service: it ends too early" +
					" | featherpack hook NAME prints a hook that writes it",
			},
		},
		{
			name: "no JSON", resolved: "service: shop",
			told: []string{
				"error bad-resolved standard input: is not a resolved service: byte 1: invalid character 's' looking for" +
					" beginning of value | featherpack hook NAME prints a hook that writes it",
			},
		},
		{
			name: "two documents", resolved: document("serverless.yml", "{}") + "{}",
			told: []string{
				"error bad-resolved standard input: is not a resolved service: something follows its end" +
					" | featherpack hook NAME prints a hook that writes it",
			},
		},
		{
			name: "a key twice", resolved: document("serverless.yml", `{"f": {}, "f": {}}`),
			told: []string{
				"error bad-resolved standard input: is not a resolved service: it has a key twice" +
					" | featherpack hook NAME prints a hook that writes it",
			},
		},
		{
			name: "too deep", resolved: strings.Repeat("[", 300),
			told: []string{
				"error bad-resolved standard input: is not a resolved service: it is nested deeper than 200 levels" +
					" | featherpack hook NAME prints a hook that writes it",
			},
		},
		{
			name: "too large", resolved: strings.Repeat(" ", manifest.MaxResolved+1),
			told: []string{"error bad-resolved standard input: is larger than 8 MiB | split the service"},
		},
		{
			name: "another format", resolved: `{"format": "sam", "document": {}}`,
			told: []string{
				"error bad-resolved standard input: is not a resolved service in a known format" +
					" | the format is serverless, and the document a mapping",
			},
		},
		{
			name: "a plain service", resolved: `{"service": "shop", "functions": {}}`,
			told: []string{
				`error bad-resolved standard input: is not a resolved service | write {"format", "manifest", "document"}`,
			},
		},
		{
			name: "a manifest elsewhere", resolved: document("../../serverless.yml", "{}"),
			told: []string{
				"error bad-resolved standard input: names a manifest outside the project's root | name it relative to the folder",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.files == nil {
				test.files = manifesttest.Files{"package.json": "{}"}
			}
			manifesttest.MustReport(
				t, manifesttest.Discover(t, test.files, manifest.Options{Resolved: []byte(test.resolved)}), test.told...,
			)
		})
	}
}

func FuzzResolved(f *testing.F) {
	f.Add([]byte(`{"format": "serverless", "manifest": "serverless.yml", "document": {"service": "s", "provider":` +
		` {"name": "aws", "runtime": "nodejs22.x"}, "functions": {"f": {"handler": "f.handler", "featherpack":` +
		` {"external": ["a"]}}}}}`))
	f.Add([]byte(`{"format": "serverless", "document": {"functions": [{"f": {"package": {"artifact": true}}},` +
		` {"f": null}]}}`))
	f.Fuzz(func(t *testing.T, resolved []byte) {
		defer inputtest.Bound(t)()
		start := inputtest.CPUTime()
		dir := manifesttest.Project(
			t, manifesttest.Files{"serverless.yml": "functions:\n  f: {handler: f.handler}\n", "f.ts": ""},
		)
		if resolved == nil {
			resolved = []byte{}
		}
		manifesttest.Sound(t, manifest.Discover(dir, manifest.Options{Resolved: resolved}), start)
	})
}
