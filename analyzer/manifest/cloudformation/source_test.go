package cloudformation_test

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

// A template that deploys featherpack's zips says beside them what they are
// built from.
func TestTemplateSource(t *testing.T) {
	const fn = "    Type: AWS::Serverless::Function\n"
	for _, test := range []struct {
		name      string
		template  string
		functions []string
		skipped   []string
		told      []string
	}{
		{
			name: "zips of Node and Go",
			template: "Globals: {Function: {Runtime: nodejs22.x}}\nParameters: {Dir: {Default: src}}\nResources:\n" +
				"  Orders:\n" + fn + "    Metadata: {featherpack: {entry: ./src/orders.ts}}\n" +
				"    Properties: {Handler: src/orders.handler, CodeUri: .featherpack/Orders.zip}\n" +
				"  Short:\n" + fn + "    Metadata: {featherpack: !Sub '${Dir}/orders.ts'}\n" +
				"    Properties: {Handler: index.main, CodeUri: ./.featherpack/Short.zip}\n" +
				"  Plain:\n" + fn + "    Metadata: {featherpack: {}}\n" +
				"    Properties: {Handler: src/orders.handler, CodeUri: out/Plain.zip}\n" +
				"  Ingest:\n" + fn + "    Metadata: {featherpack: {entry: cmd/b}}\n" +
				"    Properties: {Runtime: provided.al2023, Handler: bootstrap, CodeUri: .featherpack/Ingest.zip}\n" +
				"  Cfn:\n    Type: AWS::Lambda::Function\n    Metadata: {featherpack: {entry: src/orders.ts}}\n" +
				"    Properties: {Runtime: nodejs24.x, Handler: src/orders.handler, Code: .featherpack/Cfn.zip}\n",
			functions: []string{
				"app/Orders nodejs22.x x86_64 src/orders.handler ->" +
					" src/orders.ts", "app/Short nodejs22.x x86_64 index.main -> src/orders.ts",
				"app/Plain nodejs22.x x86_64 src/orders.handler ->" +
					" src/orders.ts", "app/Ingest provided.al2023 x86_64 cmd/b -> cmd/b",
				"app/Cfn nodejs24.x x86_64 src/orders.handler -> src/orders.ts",
			},
		},
		{
			name: "a folder, its entry relative to it",
			template: "Resources:\n  Orders:\n" + fn + "    Metadata: {BuildMethod: esbuild, featherpack: {entry:" +
				" orders.ts}}\n    Properties: {Runtime: nodejs22.x, Handler: app.handler, CodeUri: src}\n" +
				"  Ingest:\n" + fn + "    Metadata: {BuildMethod: makefile, featherpack: {entry: ./cmd/a}}\n" +
				"    Properties: {Runtime: provided.al2023, Handler: bootstrap, CodeUri: .}\n",
			functions: []string{
				"app/Orders nodejs22.x x86_64 app.handler -> src/orders.ts", "app/Ingest provided.al2023 x86_64 ./cmd/a -> cmd/a",
			},
		},
		{
			name: "a zip of another name would be an old one",
			template: "Resources:\n  Orders:\n" + fn + "    Metadata: {featherpack: {entry: src/orders.ts}}\n" +
				"    Properties: {Runtime: nodejs22.x, Handler: src/orders.handler, CodeUri: .featherpack/orders.zip}\n" +
				"  Mine:\n" + fn + "    Properties: {Runtime: nodejs22.x, Handler: src/orders.handler, CodeUri:" +
				" .featherpack/Mine.zip}\n",
			functions: []string{"app/Orders nodejs22.x x86_64 src/orders.handler -> "},
			skipped:   []string{"Mine: ships Mine.zip, but no Metadata.featherpack names its source"},
			told: []string{
				"error bad-config template.yaml:5:77: Orders: the code is .featherpack/orders.zip, and featherpack writes" +
					" Orders.zip | name it .featherpack/Orders.zip",
			},
		},
		{
			name: "mistakes",
			template: "Resources:\n" +
				"  A:\n" + fn + "    Metadata: {featherpack: {enty: src/orders.ts}}\n" +
				"    Properties: {Runtime: nodejs22.x, Handler: a.b, CodeUri: .featherpack/A.zip}\n" +
				"  B:\n" + fn + "    Metadata: {featherpack: {entry: src/order.ts}}\n" +
				"    Properties: {Runtime: nodejs22.x, Handler: a.b, CodeUri: .featherpack/B.zip}\n" +
				"  C:\n" + fn + "    Metadata: {featherpack: {entry: ../../x.ts}}\n" +
				"    Properties: {Runtime: nodejs22.x, Handler: a.b, CodeUri: .featherpack/C.zip}\n" +
				"  D:\n" + fn + "    Metadata: {featherpack: {entry: [x]}}\n" +
				"    Properties: {Runtime: nodejs22.x, Handler: a.b, CodeUri: .featherpack/D.zip}\n" +
				"  E:\n" + fn + "    Metadata: {featherpack: {entry: /cmd/a}}\n" +
				"    Properties: {Runtime: provided.al2023, Handler: a.b, CodeUri: .featherpack/E.zip}\n",
			functions: []string{
				"app/A nodejs22.x x86_64 a.b -> ", "app/B nodejs22.x x86_64 a.b -> ", "app/C nodejs22.x x86_64 a.b -> ",
				"app/D nodejs22.x x86_64 a.b -> ", "app/E provided.al2023 x86_64 /cmd/a -> ",
			},
			told: []string{
				`error bad-config template.yaml:4:30: A: Metadata.featherpack has no setting "enty" | did you mean entry?`,
				`error no-such-handler template.yaml:8:37: B: entry src/order.ts does not exist | did you mean src/orders.ts?`,
				`refused handler-outside template.yaml:12:37: C: entry "../../x.ts" leaves the project's root` +
					` | nothing outside the project's root is packed`,
				`error bad-config template.yaml:16:37: D: Metadata.featherpack.entry must be a text, and is a list` +
					` | write a single value for it`,
				`refused handler-outside template.yaml:20:37: E: handler "/cmd/a" is an absolute path` +
					` | give it relative to the service's folder`,
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			const main = "package main\nimport _ \"github.com/aws/aws-lambda-go/lambda\"\n"
			p := manifesttest.Discover(t, manifesttest.Files{
				".git/HEAD": "", "template.yaml": test.template, "src/orders.ts": "",
				"go.mod": "module example.org/app\n", "cmd/a/main.go": main, "cmd/b/main.go": main,
			}, manifest.Options{})
			manifesttest.MustFind(t, p, test.functions...)
			manifesttest.MustReport(t, p, test.told...)
			var skipped []string
			for _, s := range p.Skipped {
				skipped = append(skipped, s.Name+": "+s.Reason)
			}
			if len(skipped) != len(test.skipped) || len(skipped) > 0 && skipped[0] != test.skipped[0] {
				t.Errorf("skipped %q, not %q", skipped, test.skipped)
			}
		})
	}
}

// Settings in the template are the function's own, and win over featherpack.yaml's.
func TestTemplateSourceSettings(t *testing.T) {
	p := manifesttest.Discover(t, manifesttest.Files{
		"featherpack.yaml": "build: {sdk: bundle, minify: true}\n", "src/a.ts": "",
		"template.yaml": "Resources:\n  A:\n    Type: AWS::Serverless::Function\n" +
			"    Metadata: {featherpack: {minify: false, sdk: runtime, include: ['x/**']}}\n" +
			"    Properties: {Runtime: nodejs22.x, Handler: src/a.handler}\n",
	}, manifest.Options{})
	manifesttest.MustReport(t, p)
	f := p.Functions[0]
	if !f.Build.NoMinify || f.Build.SDK != "runtime" || len(f.Patterns) != 1 {
		t.Errorf("settings are %+v, %v", f.Build, f.Patterns)
	}
}
