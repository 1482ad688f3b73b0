package cloudformation_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/cloudformation"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// A parameter that is a list is one, whether it is given or its default.
func TestListParameters(t *testing.T) {
	root, p := yamltree.Parse("t.yaml", []byte(`
Parameters:
  L: {Type: CommaDelimitedList, Default: 'a, b'}
  N: {Type: List<Number>}
  S: {Type: String}
`))
	if p != nil {
		t.Fatal(p)
	}
	in := declared.Input{Params: map[string]string{"L": "c,d", "N": "1, 2", "S": "e,f"}}
	in.Root = root
	for text, want := range map[string]string{
		"!Ref L":                `["c", "d"]`,
		"!Ref N":                `["1", "2"]`,
		"!Ref S":                `"e,f"`,
		"!Select [1, !Ref L]":   `"d"`,
		"!Join ['-', !Ref L]":   `"c-d"`,
		"!Join ['-', [!Ref S]]": `"e,f"`,
	} {
		v, p := yamltree.Parse("v.yaml", []byte(text))
		if p != nil {
			t.Fatal(p)
		}
		if got := cloudformation.NewIntrinsics(in).Resolve(v).String(); got != want {
			t.Errorf("%s gives %s, want %s", text, got, want)
		}
	}
}

// What is known only once deployed is reported, or named by its text.
func TestUnknownProperties(t *testing.T) {
	const template = `
Parameters:
  Layers: {Type: CommaDelimitedList}
  Maps: {Type: String}
Resources:
  F:
    Type: AWS::Serverless::Function
    Metadata:
      BuildMethod: esbuild
      BuildProperties:
        EntryPoints: [!Ref Maps, f.ts]
        Sourcemap: !Ref Maps
        Loader: [!Ref Maps]
        UseNpmCi: !Ref Maps
    Properties:
      Runtime: nodejs22.x
      Handler: f.handler
      Layers: !Ref Layers
      Environment: !Ref Maps
  G:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: esbuild, BuildProperties: !If [C, {Minify: true}, {Minify: false}]}
    Properties:
      Runtime: nodejs22.x
      Handler: f.handler
      Layers: [!Sub 'arn:${AWS::Region}:layer:Datadog-Node22-x:9', !Ref Base]
`
	const why = "!Ref Maps: the parameter has no Default and is not given" +
		" | the build needs it: write it out, or give a parameter as --param NAME=VALUE"
	p := manifesttest.Discover(t, manifesttest.Files{"template.yaml": template, "f.ts": ""},
		manifest.Options{Params: map[string]string{"Layers": "one,two"}})
	manifesttest.MustReport(t, p,
		"error unknown-value template.yaml:11:23: F: BuildProperties.EntryPoints is "+why,
		"error unknown-value template.yaml:12:20: F: BuildProperties.Sourcemap is "+why,
		"error unknown-value template.yaml:13:18: F: BuildProperties.Loader is "+why,
		"note unknown-environment template.yaml:19:20: F: its environment is only known once deployed",
		"error unknown-value template.yaml:22:55: G: BuildProperties is !If C: its condition is known only once deployed"+
			" | the build needs it: write it out, or give a parameter as --param NAME=VALUE",
	)
	var layers [][]string
	for _, f := range p.Functions {
		layers = append(layers, f.Layers)
	}
	want := [][]string{{"one", "two"}, {"arn:${AWS::Region}:layer:Datadog-Node22-x:9", "Base"}}
	if diff := cmp.Diff(want, layers); diff != "" {
		t.Errorf("layers (-want +got):\n%s", diff)
	}
}

// CloudFormation takes the last of two equal keys, whatever is built from the
// template. A serverless.yml with such keys is wrong.
func TestRepeatedKeys(t *testing.T) {
	const template = `Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: gone.handler, Handler: f.handler, CodeUri: .}
  F: {Type: AWS::SNS::Topic}
  F:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs24.x, Handler: f.handler}
`
	p := manifesttest.Discover(t, manifesttest.Files{"template.yaml": template, "f.ts": ""}, manifest.Options{})
	manifesttest.MustFind(t, p, "app/F nodejs24.x x86_64 f.handler -> f.ts")
	const remove = " | remove one of the two: CloudFormation takes the last"
	manifesttest.MustReport(t, p,
		`warning manifest-syntax template.yaml:4:62: "Handler" appears twice: first in line 4, again in line 4`+remove,
		`warning manifest-syntax template.yaml:5:3: "F" appears twice: first in line 2, again in line 5`+remove,
		`warning manifest-syntax template.yaml:6:3: "F" appears twice: first in line 2, again in line 6`+remove,
	)

	p = manifesttest.Discover(t, manifesttest.Files{
		"serverless.yml": manifesttest.ServerlessHead + "functions:\n  f: {handler: f.handler}\n" +
			"  f: {handler: f.handler}\n", "f.ts": "",
	}, manifest.Options{})
	manifesttest.MustReport(t, p, `error manifest-syntax serverless.yml:7:3: "f" appears twice: first in line 6,`+
		` again in line 7`+
		" | give one of the two another name, or remove it")
}
