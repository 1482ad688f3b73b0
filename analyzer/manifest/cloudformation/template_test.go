package cloudformation_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/cloudformation"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

func TestSAMFunction(t *testing.T) {
	const template = `
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
  Arch: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Mappings:
  Sizes: {dev: {Memory: 256}, prod: {Memory: 1024}}
Globals:
  Function:
    Runtime: nodejs22.x
    Timeout: 7
    MemorySize: !FindInMap [Sizes, !Ref Stage, Memory]
    Architectures: [!Ref Arch]
    CodeUri: app/
    Layers: [!Ref Base]
    Environment: {Variables: {STAGE: !Ref Stage, TABLE: !Ref Table, SHARED: a}}
Resources:
  Table: {Type: AWS::DynamoDB::Table}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: orders.handler
      Layers: ['arn:layer', 'Fn::GetAtt': [More, Arn]]
      Environment:
        Variables: {SHARED: b, URL: !Sub 'https://${AWS::Region}/x', NAME: !Sub 'x-${Stage}',
          ONLY: !If [IsProd, p, !Ref AWS::NoValue]}
  Report:
    Type: AWS::Serverless::Function
    Properties:
      {Handler: !Sub '${Stage}/report.main', CodeUri: !Join ['/', [app, src]], Runtime: nodejs24.x, MemorySize: 128}
`
	p := manifesttest.Discover(t, manifesttest.Files{
		"infra/template.yaml": template,
		"infra/app/orders.ts": "", "infra/app/src/dev/report.js": "",
	}, manifest.Options{Params: map[string]string{"Arch": "arm64"}})
	manifesttest.MustReport(t, p)
	at := func(line, column int) analyzer.Position {
		return analyzer.Position{File: "infra/template.yaml", Line: line, Column: column}
	}
	want := []analyzer.Function{
		{
			ID: "infra/Orders", Name: "Orders", Service: "infra", ServiceDir: "infra", CodeDir: "infra/app", Format: "sam",
			Family:  analyzer.Node,
			Runtime: "nodejs22.x", Architecture: "arm64", MemoryMB: 256, TimeoutSeconds: 7, Handler: "orders.handler",
			Entry:              "infra/app/orders.ts",
			Environment:        map[string]string{"STAGE": "dev", "SHARED": "b", "NAME": "x-dev"},
			EnvironmentUnknown: []string{"TABLE", "URL"},
			Layers:             []string{"Base", "arn:layer", "!GetAtt More.Arn"}, Position: at(22, 3),
			Deployment: analyzer.Deployment{RuntimeAt: at(13, 14), End: declared.EndOf("nodejs22.x"), TimeoutAt: at(14, 14)},
		},
		{
			ID: "infra/Report", Name: "Report", Service: "infra", ServiceDir: "infra", CodeDir: "infra/app/src", Format: "sam",
			Family:  analyzer.Node,
			Runtime: "nodejs24.x", Architecture: "arm64", MemoryMB: 128, TimeoutSeconds: 7, Handler: "dev/report.main",
			Entry:              "infra/app/src/dev/report.js",
			Environment:        map[string]string{"STAGE": "dev", "SHARED": "a"},
			EnvironmentUnknown: []string{"TABLE"},
			Layers:             []string{"Base"}, Position: at(30, 3),
			Deployment: analyzer.Deployment{RuntimeAt: at(33, 87), End: declared.EndOf("nodejs24.x"), TimeoutAt: at(14, 14)},
		},
	}
	for i := range want {
		want[i].Layers[0] = "Base"
	}
	if diff := cmp.Diff(want, p.Functions); diff != "" {
		t.Error(diff)
	}
}

func TestTemplateShapes(t *testing.T) {
	const fn = "    Type: AWS::Serverless::Function\n    Properties: "
	for _, test := range []struct {
		name      string
		template  string
		options   manifest.Options
		functions []string
		skipped   []string
		told      []string
	}{
		{
			name: "plain CloudFormation in JSON",
			template: `{"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {
				"Runtime": {"Ref": "Rt"}, "Handler": {"Fn::Sub": "${Dir}.handler"}, "Code": "./src", "Architectures": ["arm64"]}}},
				"Parameters": {"Rt": {"Default": "nodejs22.x"}, "Dir": {"Default": "f"}}}`,
			functions: []string{"app/F nodejs22.x arm64 f.handler -> src/f.ts"},
		},
		{
			name:      "CodeUri left out is the template's folder",
			template:  "Resources:\n  F:\n" + fn + "{Runtime: nodejs22.x, Handler: src/f.handler}\n",
			functions: []string{"app/F nodejs22.x x86_64 src/f.handler -> src/f.ts"},
		},
		{
			name: "what is not ours",
			template: "Conditions: {Never: !Equals [a, b], Unknown: !Equals [!Ref AWS::Region, x]}\nResources:\n" +
				"  Image:\n" + fn + "{PackageType: Image}\n" +
				"  S3:\n" + fn + "{CodeUri: s3://b/k, Runtime: nodejs22.x, Handler: f.h}\n" +
				"  S3Map:\n" + fn + "{CodeUri: {Bucket: b, Key: k}}\n" +
				"  Zip:\n" + fn + "{CodeUri: dist/f.zip}\n" +
				"  Inline:\n" + fn + "{InlineCode: x}\n" +
				"  Python:\n" + fn + "{Runtime: python3.12, Handler: f.h, CodeUri: src}\n" +
				"  Never:\n    Condition: Never\n" + fn + "{Runtime: nodejs22.x}\n" +
				"  Built:\n    Metadata: {SkipBuild: true}\n" + fn + "{Runtime: nodejs22.x}\n" +
				"  Rust:\n    Metadata: {BuildMethod: rust-cargolambda}\n" + fn + "{Runtime: provided.al2023, Handler:" +
				" bootstrap, CodeUri: src}\n" +
				"  Later:\n" + fn + "{Runtime: nodejs22.x, CodeUri: !ImportValue x}\n" +
				"  CfnS3:\n    Type: AWS::Lambda::Function\n    Properties: {Code: {S3Bucket: b}}\n" +
				"  CfnZip:\n    Type: AWS::Lambda::Function\n    Properties: {Code: {ZipFile: 'x'}}\n" +
				"  CfnImage:\n    Type: AWS::Lambda::Function\n    Properties: {Code: {ImageUri: x}}\n" +
				"  'Fn::ForEach::Each': [N, [a], {'F${N}': {Type: AWS::Serverless::Function}}]\n" +
				"  F:\n    Condition: Unknown\n" + fn + "{Runtime: nodejs22.x, Handler: f.handler, CodeUri: src}\n",
			functions: []string{"app/F nodejs22.x x86_64 f.handler -> src/f.ts"},
			skipped: []string{
				"Image: is a container image", "S3: its code is in S3 already", "S3Map: its code is in S3" +
					" already", "Zip: ships f.zip as it is",
				"Inline: its code is inline", "Python: runtime python3.12 is neither Node nor" +
					" Go", "Never: its condition Never does not hold",
				"Built: is already built: Metadata.SkipBuild" +
					" is set", "Rust: is built by rust-cargolambda", "Later: its code is known only once deployed",
				"CfnS3: its code is in S3 already", "CfnZip: its code is inline", "CfnImage: is a container image",
				"Fn::ForEach::Each: is made by Fn::ForEach, which only CloudFormation expands",
			},
		},
		{
			name: "a needed value that is not known",
			template: "Parameters: {Rt: {Type: String}, Ssm: {Type: 'AWS::SSM::Parameter::Value<String>', Default:" +
				" /x}}\nResources:\n  F:\n" + fn + "{Runtime: !Ref Rt, Handler: f.handler, CodeUri: src}\n" +
				"  G:\n" + fn + "{Runtime: !Ref Ssm, Handler: !GetAtt A.B, CodeUri: src}\n",
			functions: []string{"app/F  x86_64 f.handler -> ", "app/G  x86_64  -> "},
			told: []string{
				"error unknown-value template.yaml:5:27: F: Runtime is !Ref Rt: the parameter has no Default and is not" +
					" given | the build needs it: write it out, or give a parameter as --param NAME=VALUE",
				"error unknown-value template.yaml:8:27: G: Runtime is !Ref Ssm: it is read from SSM once deployed" +
					" | the build needs it: write it out, or give a parameter as --param NAME=VALUE",
				"error unknown-value template.yaml:8:46: G: Handler is !GetAtt A.B: it is known only once deployed" +
					" | the build needs it: write it out, or give a parameter as --param NAME=VALUE",
			},
		},
		{
			name: "a folder that is not there",
			template: "Resources:\n  F:\n" + fn + "{Runtime: nodejs22.x, Handler: f.handler, CodeUri: Src}\n" +
				"  G:\n" + fn + "{Runtime: nodejs22.x, Handler: f.handler, CodeUri: ../..}\n",
			functions: []string{"app/F nodejs22.x x86_64 f.handler -> ", "app/G nodejs22.x x86_64 f.handler -> "},
			told: []string{
				`error no-such-folder template.yaml:4:68: F: CodeUri "Src": there is no folder Src | did you mean src?`,
				`refused code-outside template.yaml:7:68: G: CodeUri "../.." leaves the project's root` +
					` | nothing outside the project's root is packed`,
			},
		},
		{
			name:     "no functions",
			template: "Resources: {} # AWS::Serverless::Function\n",
			told: []string{
				"error empty-service template.yaml:1:1: names no functions" +
					" | add functions to it, or name source files with --entry FILE",
			},
		},
		{
			name:     "Resources are a list",
			template: "Resources: [AWS::Serverless::Function]\n",
			told:     []string{"error bad-manifest template.yaml:1:12: Resources must be a mapping, and is a list"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := manifesttest.Discover(t, manifesttest.Files{"template.yaml": test.template, "src/f.ts": ""}, test.options)
			manifesttest.MustFind(t, p, test.functions...)
			manifesttest.MustReport(t, p, test.told...)
			var skipped []string
			for _, s := range p.Skipped {
				skipped = append(skipped, s.Name+": "+s.Reason)
			}
			if diff := cmp.Diff(test.skipped, skipped); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSAMEsbuild(t *testing.T) {
	p := manifesttest.Discover(t, manifesttest.Files{
		"template.yaml": `
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: app.handler, CodeUri: fn/}
    Metadata:
      BuildMethod: esbuild
      BuildProperties:
        Minify: false
        Target: es2022
        Sourcemap: true
        EntryPoints: [src/app.ts]
        External: ['@aws-sdk/*', sharp]
        Format: esm
        Loader: ['.html=text']
        MainFields: module,main
        Conditions: [worker]
        Define: {X: '"1"'}
        Alias: [a=b]
        Inject: [shim.js]
        Banner: ['js=import x from "y"']
        Footer: {js: end()}
        KeepNames: true
        TreeShaking: true
        OutExtension: ['.js=.mjs']
        Splitting: true
  G:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: b/two.handler, CodeUri: fn/}
    Metadata: {BuildMethod: esbuild, BuildProperties: {EntryPoints: [src/a/one.ts, src/b/two.js]}}
  H:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: three.handler, CodeUri: fn/}
    Metadata: {BuildMethod: esbuild, BuildProperties: {EntryPoints: [src/app.ts]}}
  M:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: src/app.handler, CodeUri: fn/}
    Metadata: {BuildMethod: makefile}
`,
		"fn/src/app.ts": "", "fn/src/a/one.ts": "", "fn/src/b/two.ts": "",
	}, manifest.Options{})
	manifesttest.MustFind(t, p,
		"app/F nodejs22.x x86_64 app.handler -> fn/src/app.ts",
		"app/G nodejs22.x x86_64 b/two.handler -> fn/src/b/two.ts",
		"app/H nodejs22.x x86_64 three.handler -> ",
		"app/M nodejs22.x x86_64 src/app.handler -> fn/src/app.ts",
	)
	manifesttest.MustReport(t, p,
		"note build-property template.yaml:25:9: F: BuildProperties.OutExtension has no equivalent in featherpack and is ignored",
		"note build-property template.yaml:26:9: F: BuildProperties.Splitting has no equivalent in featherpack and is ignored",
		`error no-such-handler template.yaml:33:48: H: handler "three.handler" is not the output of any of EntryPoints`+
			` | sam writes each entry point below the folder they have in common`,
		"note makefile template.yaml:38:29: M: BuildMethod makefile: the Makefile is not run for a Node function"+
			" | if its recipe does more than bundling, add the settings for that to featherpack.yaml",
	)
	want := analyzer.BuildOptions{
		NoMinify: true, Target: "es2022", SourceMap: "zip", External: []string{"@aws-sdk/*", "sharp"}, Format: "esm",
		Loader: map[string]string{".html": "text"}, MainFields: []string{"module", "main"}, Conditions: []string{"worker"},
		Define: map[string]string{"X": `"1"`}, Alias: map[string]string{"a": "b"}, Inject: []string{"shim.js"},
		Banner: `import x from "y"`, Footer: "end()", KeepNames: "always",
	}
	if diff := cmp.Diff(want, p.Functions[0].Build); diff != "" {
		t.Error(diff)
	}
}

func TestIntrinsics(t *testing.T) {
	const template = `
Parameters:
  Stage: {Type: String, Default: dev}
  Zones: {Type: CommaDelimitedList, Default: 'a, b'}
  Open: {Type: String}
Mappings: {M: {dev: {x: 1}}}
Conditions:
  Dev: !Equals [!Ref Stage, dev]
  Not: !Not [!Condition Dev]
  And: !And [!Condition Dev, !Equals [a, a]]
  Or: !Or [!Condition Not, !Equals [!Ref Open, x], !Condition Dev]
  Maybe: !And [!Condition Dev, !Equals [!Ref Open, x]]
  Loop: !Not [!Condition Loop]
Resources: {Bucket: {Type: AWS::S3::Bucket}}
`
	for _, test := range []struct{ value, want string }{
		{"!Ref Stage", `"dev"`},
		{"{Ref: Stage}", `"dev"`},
		{"!Ref Zones", `["a", "b"]`},
		{"!Ref Open", `<!Ref Open: the parameter has no Default and is not given>`},
		{"!Ref AWS::NoValue", "nil"},
		{"!Ref Bucket", `<!Ref Bucket: it is known only once deployed>`},
		{"!Ref Bukket", `<!Ref Bukket: the template has no parameter and no resource of that name>`},
		{"!Sub 'a-${Stage}-${!Stage}'", `"a-dev-${Stage}"`},
		{"!Sub ['${x}-${Stage}', {x: !Ref Stage}]", `"dev-dev"`},
		{
			"{'Fn::Sub': 'a-${Bucket.Arn}'}",
			`"a-${Bucket.Arn}" <!Sub a-${Bucket.Arn}: ${Bucket.Arn} is known only once deployed>`,
		},
		{"!Sub 'open ${'", `"open ${"`},
		{"!Join ['-', [a, !Ref Stage, !Ref AWS::NoValue, 1]]", `"a-dev-1"`},
		{"{'Fn::Join': ['', !Split [',', 'a,b']]}", `"ab"`},
		{"!Select [1, !Ref Zones]", `"b"`},
		{"!Select [5, [a]]", `<!Select: its list has 1 entries>`},
		{"!FindInMap [M, !Ref Stage, x]", "1"},
		{"!FindInMap [M, prod, x]", `<!FindInMap M.prod.x: the template's Mappings have no such entry>`},
		{"!FindInMap [M, prod, x, {DefaultValue: 7}]", "7"},
		{"!If [Dev, yes, no]", `"yes"`},
		{"!If [Not, yes, no]", `"no"`},
		{"!If [And, yes, no]", `"yes"`},
		{"!If [Or, yes, no]", `"yes"`},
		{"!If [Maybe, yes, no]", `<!If Maybe: its condition is known only once deployed>`},
		{"!If [Loop, yes, no]", `<!If Loop: its condition is known only once deployed>`},
		{"!If [Dev]", `<Fn::If: needs a condition and two values>`},
		{"!GetAtt A.B.C", `<!GetAtt A.B.C: it is known only once deployed>`},
		{"{'Fn::GetAtt': [A, B]}", `<!GetAtt A.B: it is known only once deployed>`},
		{"!ImportValue x", `<Fn::ImportValue: it is known only once deployed>`},
		{"!Unheard x", `<!Unheard: it is known only once deployed>`},
		{"plain", `"plain"`},
	} {
		t.Run(test.value, func(t *testing.T) {
			root, p := yamltree.Parse("t.yaml", []byte(template))
			if p != nil {
				t.Fatal(p)
			}
			v, p := yamltree.Parse("v.yaml", []byte(test.value))
			if p != nil {
				t.Fatal(p)
			}
			in := declared.Input{Service: declared.Service{Root: root}}
			if got := cloudformation.NewIntrinsics(in).Resolve(v).String(); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// Nested functions and conditions are bounded.
func TestIntrinsicBombs(t *testing.T) {
	var conditions strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&conditions, "  C%d: !And [!Condition C%d, !Condition C%d, !Condition C%d]\n", i, i+1, i+2, i+3)
	}
	sub := "'" + strings.Repeat("${P}", 20_000) + "'"
	for name, template := range map[string]string{
		"conditions": "Conditions:\n" + conditions.String() + "Resources:\n" +
			"  F: {Type: AWS::Serverless::Function, Condition: C0}\n",
		"parameters": "Parameters:\n  P: {Type: String, Default: " + strings.Repeat("x", 100_000) +
			"}\nResources:\n  F: {Type: AWS::Serverless::Function, Properties: {Runtime: !Sub " + sub + "}}\n",
		"nested": "Resources:\n" +
			"  F: {Type: AWS::Serverless::Function, Properties:" +
			" {Runtime: " + strings.Repeat("!Join [a, [", 60) + strings.Repeat("]]", 60) + "}}\n",
	} {
		t.Run(name, func(t *testing.T) {
			manifesttest.Bounded(t, "template.yaml", template, 200_000)
		})
	}
}
