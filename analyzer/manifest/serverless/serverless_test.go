package serverless_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

func TestServerlessFunction(t *testing.T) {
	p := manifesttest.Discover(t, manifesttest.Files{
		"serverless.yml": `
service: shop
provider:
  name: aws
  runtime: nodejs22.x
  architecture: arm64
  memorySize: 512
  timeout: 10
  layers: [arn:base]
  environment:
    SHARED: shared
    SECRET: ${ssm:/secret}
    GONE: drop
package:
  individually: true
  patterns: ['!**/*.map', './assets/**']
  include: [old/**]
  exclude: [tmp/**]
functions:
  orders:
    handler: src/orders.handler
  report:
    handler: src/report.main
    runtime: nodejs24.x
    architecture: x86_64
    memorySize: '1024'
    timeout: 29
    layers: [!Ref ToolsLambdaLayer, {Ref: Other}, '${cf:stack.LayerArn}', {'Fn::GetAtt': [A, Arn]}]
    environment:
      SHARED: own
      GONE: null
      TABLE: !Ref Table
      TOPIC: {'Fn::GetAtt': [Topic, Arn]}
      BUCKET: ${cf:stack.Bucket}
      UNSET: ${env:FEATHERPACK_TEST_UNSET}
    package:
      patterns: [templates/**]
      exclude: ['!keep/**', src/**]
`,
		"src/orders.ts": "", "src/report.js": "",
	}, manifest.Options{})
	manifesttest.MustReport(t, p)
	at := func(line, column int) analyzer.Position {
		return analyzer.Position{File: "serverless.yml", Line: line, Column: column}
	}
	want := []analyzer.Function{
		{
			ID: "orders", Name: "orders", Service: "shop", ServiceDir: ".", CodeDir: ".", Format: "serverless",
			Family:  analyzer.Node,
			Runtime: "nodejs22.x", Architecture: "arm64", MemoryMB: 512, TimeoutSeconds: 10,
			Handler: "src/orders.handler", Entry: "src/orders.ts",
			Environment: map[string]string{"SHARED": "shared", "GONE": "drop"}, EnvironmentUnknown: []string{"SECRET"},
			Layers: []string{"arn:base"},
			Patterns: []analyzer.Pattern{
				{Glob: "tmp/**", Exclude: true, Position: at(18, 13)},
				{Glob: "old/**", Position: at(17, 13)},
				{Glob: "**/*.map", Exclude: true, Position: at(16, 14)}, {Glob: "assets/**", Position: at(16, 27)},
			},
			Deployment: analyzer.Deployment{RuntimeAt: at(5, 12), End: declared.EndOf("nodejs22.x"), TimeoutAt: at(8, 12)},
			Position:   at(20, 3),
		},
		{
			ID: "report", Name: "report", Service: "shop", ServiceDir: ".", CodeDir: ".", Format: "serverless",
			Family:  analyzer.Node,
			Runtime: "nodejs24.x", Architecture: "x86_64", MemoryMB: 1024, TimeoutSeconds: 29,
			Handler: "src/report.main", Entry: "src/report.js",
			Environment:        map[string]string{"SHARED": "own"},
			EnvironmentUnknown: []string{"BUCKET", "SECRET", "TABLE", "TOPIC", "UNSET"},
			Layers: []string{
				"ToolsLambdaLayer", "Other", "${cf:stack.LayerArn}", "(a layer known only once deployed)",
			},
			Patterns: []analyzer.Pattern{
				{Glob: "tmp/**", Exclude: true, Position: at(18, 13)},
				{Glob: "keep/**", Position: at(38, 17)}, {Glob: "src/**", Exclude: true, Position: at(38, 29)},
				{Glob: "old/**", Position: at(17, 13)},
				{Glob: "**/*.map", Exclude: true, Position: at(16, 14)}, {Glob: "assets/**", Position: at(16, 27)},
				{Glob: "templates/**", Position: at(37, 18)},
			},
			Deployment: analyzer.Deployment{RuntimeAt: at(24, 14), End: declared.EndOf("nodejs24.x"), TimeoutAt: at(27, 14)},
			Position:   at(22, 3),
		},
	}
	if diff := cmp.Diff(want, p.Functions); diff != "" {
		t.Error(diff)
	}
}

func TestServerlessShapes(t *testing.T) {
	for _, test := range []struct {
		name      string
		files     manifesttest.Files
		options   manifest.Options
		functions []string
		skipped   []string
		told      []string
	}{
		{
			name: "JSON",
			files: manifesttest.Files{
				"serverless.json": "{\n\t\"service\": \"shop\",\n" +
					"\t\"provider\": {\"name\": \"aws\", \"runtime\": \"nodejs22.x\"},\n" +
					"\t\"functions\": {\"f\": {\"handler\": \"f.handler\"}}\n}",
			},
			functions: []string{"shop/f nodejs22.x x86_64 f.handler -> f.ts"},
		},
		{
			name: "functions from a file, a list of files, and inline",
			files: manifesttest.Files{
				"serverless.yml": manifesttest.ServerlessHead + "functions:\n  - ${file(fns/a.yml)}\n" +
					"  - ${file(fns/b.json):functions}\n  - c: {handler: f.handler}\n",
				"fns/a.yml": "a: {handler: f.handler}\n", "fns/b.json": `{"functions": {"b": {"handler": "none.handler"}}}`,
			},
			functions: []string{
				"shop/a nodejs22.x x86_64 f.handler -> f.ts", "shop/b nodejs22.x x86_64 ${file(fns/b.json):functions.b.handler} -> ",
				"shop/c nodejs22.x x86_64 f.handler -> f.ts",
			},
			told: []string{
				`error no-such-handler fns/b.json:1:33: b: handler "${file(fns/b.json):functions.b.handler}" does not name` +
					` a source file and an export that can be packed | create the file, or name the one that is meant`,
			},
		},
		{
			name: "a function from a file",
			files: manifesttest.Files{
				"serverless.yml": manifesttest.ServerlessHead + "functions:\n  f: ${file(fns/f.yml)}\n",
				"fns/f.yml":      "handler: f.handler\n",
			},
			functions: []string{"shop/f nodejs22.x x86_64 f.handler -> f.ts"},
		},
		{
			name: "settings by stage",
			files: manifesttest.Files{
				"serverless.yml": "service: shop-${sls:stage}\n" +
					"provider: {name: aws, runtime: '${self:custom.${sls:stage}.runtime}'}\n" +
					"custom: {dev: {runtime: nodejs22.x}, prod: {runtime: nodejs24.x}}\nfunctions: {f: {handler: f.handler}}\n",
			},
			options:   manifest.Options{Stage: "prod"},
			functions: []string{"shop-prod/f nodejs24.x x86_64 f.handler -> f.ts"},
		},
		{
			name: "what is not ours",
			files: manifesttest.Files{"serverless.yml": manifesttest.ServerlessHead + `functions:
  image: {image: repo:latest}
  packed: {handler: x.h, package: {artifact: x.zip}}
  python: {handler: x.h, runtime: python3.12}
  rust: {handler: bootstrap, runtime: provided.al2023}
  f: {handler: f.handler}
`},
			functions: []string{"shop/f nodejs22.x x86_64 f.handler -> f.ts"},
			skipped: []string{
				"image: is a container image", "packed: ships its own package.artifact", "python: runtime python3.12 is" +
					" neither Node nor Go",
				"rust: runs on provided.al2023 and the project's root holds no Go main package that imports aws-lambda-go",
			},
		},
		{
			name: "an artifact for the whole service",
			files: manifesttest.Files{
				"serverless.yml": manifesttest.ServerlessHead + "package: {artifact: all.zip}\n" +
					"functions: {f: {handler: f.handler}}\n",
			},
			skipped: []string{"f: ships the service's package.artifact"},
		},
		{
			name: "another cloud",
			files: manifesttest.Files{
				"serverless.yml": "service: s\nprovider: {name: google}\nfunctions: {f: {handler: f.handler}}\n",
			},
			told: []string{
				"error no-manifest there is no featherpack.yaml, serverless.yml or SAM template in the project's root or" +
					" below, nor a Go program for Lambda" +
					" | name a source file with --entry FILE, or write a featherpack.yaml (featherpack init makes one)",
				`warning other-provider serverless.yml:2:18: provider "google" is not aws: its functions are left out`,
			},
		},
		{
			name:      "no runtime",
			files:     manifesttest.Files{"serverless.yml": "service: s\nprovider: aws\nfunctions: {f: {handler: f.handler}}\n"},
			functions: []string{"s/f  x86_64 f.handler -> "},
			told: []string{
				"error no-runtime serverless.yml:3:13: f: has no runtime | write nodejs22.x for it, or for the whole service",
			},
		},
		{
			name: "the framework's default runtime",
			files: manifesttest.Files{
				"serverless.yml":                 "service: s\nprovider: aws\nfunctions: {f: {handler: f.handler}}\n",
				"node_modules/osls/package.json": `{"version": "4.3.1"}`,
			},
			functions: []string{"s/f nodejs24.x x86_64 f.handler -> f.ts"},
			told: []string{"note default-runtime serverless.yml:3:13: f: has no runtime, so osls 4.3.1 gives it nodejs24.x" +
				" | write the runtime into the manifest"},
		},
		{
			name: "the framework's ended runtime",
			files: manifesttest.Files{
				"serverless.yml":                       "service: s\nprovider: aws\nfunctions: {f: {handler: f.handler}}\n",
				"node_modules/serverless/package.json": `{"version": "3.40.0"}`,
			},
			functions: []string{"s/f nodejs16.x x86_64 f.handler -> "},
			told: []string{
				"note default-runtime serverless.yml:3:13: f: has no runtime, so serverless 3.40.0 gives it nodejs16.x" +
					" | write the runtime into the manifest",
				"error unsupported-runtime serverless.yml:3:13: f: lambda does not support runtime \"nodejs16.x\": it is deprecated since" +
					" 12 June 2024 | move to nodejs22.x; for a platform that still runs it, name it in build.endedRuntimes: [nodejs16.x]",
			},
		},
		{
			name: "the runtime of the framework's version",
			files: manifesttest.Files{
				"serverless.yml": "service: s\nprovider: aws\nfunctions: {f: {handler: f.handler}}\nframeworkVersion: ^4.2.0\n",
			},
			functions: []string{"s/f nodejs20.x x86_64 f.handler -> f.ts"},
			told: []string{
				"warning deprecated-runtime serverless.yml:3:13: runtime nodejs20.x is deprecated since 30 April 2026; Lambda updates no" +
					" functions of it since 30 September 2026 | move to nodejs22.x",
				"note default-runtime serverless.yml:3:13: f: has no runtime, so serverless 4.2.0 gives it nodejs20.x" +
					" | write the runtime into the manifest",
			},
		},
		{
			name: "no one version of the framework",
			files: manifesttest.Files{
				"serverless.yml": "service: s\nprovider: aws\nfunctions: {f: {handler: f.handler}}\nframeworkVersion: '>=2.0.0 <4.0.0'\n",
			},
			functions: []string{"s/f  x86_64 f.handler -> "},
			told:      []string{"error no-runtime serverless.yml:3:13: f: has no runtime | write nodejs22.x for it, or for the whole service"},
		},
		{
			name: "a misspelt runtime of the service",
			files: manifesttest.Files{
				"serverless.yml": "service: s\nprovider: {name: aws, Runtime: nodejs22.x, runtimeManagement: auto}\nfunctions: {f: {handler: f.handler}}\n",
			},
			functions: []string{"s/f  x86_64 f.handler -> "},
			told:      []string{`error unknown-setting serverless.yml:2:23: f: the provider has no setting "Runtime" | did you mean runtime?`},
		},
		{
			name: "a misspelt runtime of a function",
			files: manifesttest.Files{
				"serverless.yml": "service: s\nprovider: {name: aws, runtimeManagement: auto}\nfunctions: {f: {handler: f.handler, runtme: nodejs22.x}}\n",
			},
			functions: []string{"s/f  x86_64 f.handler -> "},
			told:      []string{`error unknown-setting serverless.yml:3:37: f: the function has no setting "runtme" | did you mean runtime?`},
		},
		{
			name: "no handler",
			files: manifesttest.Files{
				"serverless.yml": manifesttest.ServerlessHead + "functions:\n  f: {timeout: 3}\n  g:\n",
			},
			functions: []string{"shop/f nodejs22.x x86_64  -> ", "shop/g  x86_64  -> "},
			told: []string{
				"error no-handler serverless.yml:6:3: f: has no handler | name the file and the export: handler: src/orders.handler",
				"error no-handler serverless.yml:7:3: g: has no handler | name the file and the export: handler: src/g.handler",
			},
		},
		{
			name: "a value that is needed and cannot be known",
			files: manifesttest.Files{
				"serverless.yml": manifesttest.ServerlessHead + "functions:\n  f: {handler: '${ssm:/handler}'}\n" +
					"  g: {handler: g.handler, runtime: '${self:custom.rt}'}\n  h: {handler: f.handler, architecture: {Ref: Arch}}\n",
			},
			functions: []string{
				"shop/f nodejs22.x x86_64  -> ", "shop/g  x86_64 g.handler -> ", "shop/h nodejs22.x x86_64 f.handler -> ",
			},
			told: []string{
				"error unknown-value serverless.yml:6:16: f: handler is ${ssm:/handler}: it is known only once deployed" +
					" | give it a default: ${source:name, 'default'}",
				"error bad-variable serverless.yml:7:36: g: runtime is ${self:custom.rt}: the manifest has no such value" +
					" | correct the variable, or give it a default: ${source:name, 'default'}",
				"error bad-manifest serverless.yml:8:41: h: architecture cannot be a mapping",
			},
		},
		{
			name: "a fallback serves offline",
			files: manifesttest.Files{
				"serverless.yml": "service: s\nprovider: {name: aws, runtime: \"${ssm:/rt, 'nodejs24.x'}\"}\n" +
					"functions: {f: {handler: f.handler}}\n",
			},
			functions: []string{"s/f nodejs24.x x86_64 f.handler -> f.ts"},
			told: []string{
				`note fallback-used serverless.yml:2:32: f: runtime uses its fallback "nodejs24.x", since` +
					` ${ssm:/rt, 'nodejs24.x'} is not known here`,
			},
		},
		{
			name:  "functions that cannot be known",
			files: manifesttest.Files{"serverless.yml": manifesttest.ServerlessHead + "functions: ${file(fns.js)}\n"},
			told: []string{
				"error unknown-value serverless.yml:5:12: functions is ${file(fns.js)}: a program computes it, which" +
					" featherpack does not run | give it a default: ${source:name, 'default'}",
			},
		},
		{
			name:  "functions are a text",
			files: manifesttest.Files{"serverless.yml": manifesttest.ServerlessHead + "functions: none\n"},
			told:  []string{"error bad-manifest serverless.yml:5:12: functions cannot be a text"},
		},
		{
			name: "two functions of one name",
			files: manifesttest.Files{
				"serverless.yml": manifesttest.ServerlessHead + "functions:\n  - f: {handler: f.handler}\n" +
					"  - f: {handler: g.handler}\n",
			},
			functions: []string{"shop/f nodejs22.x x86_64 f.handler -> "},
			told: []string{
				`error duplicate-function serverless.yml:7:5: f: function "f" is declared twice: first at serverless.yml:6:5,` +
					` again at serverless.yml:7:5 | rename one of them`,
			},
		},
		{
			name: "a bad pattern",
			files: manifesttest.Files{
				"serverless.yml": manifesttest.ServerlessHead + "functions:\n" +
					"  f: {handler: f.handler, package: {patterns: ['[x']}}\n",
			},
			functions: []string{"shop/f nodejs22.x x86_64 f.handler -> "},
			told: []string{
				`error bad-pattern serverless.yml:6:48: f: "[x" is not a valid pattern | close every bracket and brace`,
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.files["f.ts"] = ""
			p := manifesttest.Discover(t, test.files, test.options)
			manifesttest.MustFind(t, p, test.functions...)
			manifesttest.MustReport(t, p, test.told...)
			var skipped []string
			for _, s := range p.Skipped {
				skipped = append(skipped, s.Name+": "+s.Reason)
				if s.Line == 0 || s.Service == "" {
					t.Errorf("skipped without place: %+v", s)
				}
			}
			if diff := cmp.Diff(test.skipped, skipped); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Environment values are secrets as far as messages go.
func TestSecretsAreNotPrinted(t *testing.T) {
	p := manifesttest.Discover(t, manifesttest.Files{
		"serverless.yml": manifesttest.ServerlessHead + "  environment:\n    A: hunter2-plain\n    B: ${env:SECRET}\n" +
			"    C: ${file(secret.yml):x}\nfunctions:\n" +
			"  f: {handler: g.handler, environment: {D: hunter2-d, E: '${self:custom.${env:SECRET}}'}}\n",
		"secret.yml": "x: hunter2\n  y: hunter2\n", "f.ts": "",
	}, manifest.Options{LookupEnv: func(string) (string, bool) { return "hunter2-env", true }})
	for _, line := range manifesttest.Reported(p) {
		if strings.Contains(line, "hunter2") {
			t.Error(line)
		}
	}
	if len(p.Diagnostics) == 0 || p.Functions[0].Environment["D"] != "hunter2-d" ||
		p.Functions[0].Environment["B"] != "hunter2-env" {
		t.Errorf("%v %v", manifesttest.Reported(p), p.Functions[0].EnvironmentUnknown)
	}
}
