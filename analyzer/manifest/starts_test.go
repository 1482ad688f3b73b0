package manifest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

// starts are what a manifest says of how its functions start.
func starts(p analyzer.Project) string {
	var said []string
	for _, f := range p.Functions {
		said = append(
			said,
			fmt.Sprintf("%s snap=%t ready=%t maps=%t", f.Name, f.SnapStart, f.ProvisionedConcurrency, f.EnableSourceMaps),
		)
	}
	return strings.Join(said, "\n")
}

// TestHowFunctionsStart: what starts otherwise than on demand, and what makes
// Node read source maps. A value that only a deployment knows counts as set.
func TestHowFunctionsStart(t *testing.T) {
	for _, test := range []struct {
		name, file, manifest, want string
	}{
		{
			"Serverless Framework", "serverless.yml", `
service: s
provider:
  {name: aws, runtime: nodejs22.x, environment: {NODE_OPTIONS: '--enable-source-maps --max-old-space-size=100'}}
functions:
  plain: {handler: f.handler, environment: {NODE_OPTIONS: '--trace-warnings'}}
  inherits: {handler: f.handler}
  snap: {handler: f.handler, snapStart: true}
  ready: {handler: f.handler, provisionedConcurrency: 5}
  none: {handler: f.handler, snapStart: false, provisionedConcurrency: 0}
  later: {handler: f.handler, provisionedConcurrency: '${ssm:/n}', environment: {NODE_OPTIONS: '${ssm:/o}'}}
  fallback: {handler: f.handler, provisionedConcurrency: '${ssm:/n, 0}'}
`, `plain snap=false ready=false maps=false
inherits snap=false ready=false maps=true
snap snap=true ready=false maps=true
ready snap=false ready=true maps=true
none snap=false ready=false maps=true
later snap=false ready=true maps=false
fallback snap=false ready=false maps=true`,
		},
		{
			"SAM", "template.yaml", `
Conditions: {Prod: !Equals [!Ref AWS::Region, x]}
Globals: {Function: {Runtime: nodejs22.x, Handler: f.handler, CodeUri: ., SnapStart: {ApplyOn: PublishedVersions}}}
Resources:
  Inherits:
    Type: AWS::Serverless::Function
    Properties: {Environment: {Variables: {NODE_OPTIONS: --enable-source-maps}}}
  Off: {Type: AWS::Serverless::Function, Properties: {SnapStart: {ApplyOn: None}}}
  Ready:
    Type: AWS::Serverless::Function
    Properties:
      SnapStart: {ApplyOn: None}
      AutoPublishAlias: live
      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}
  Later:
    Type: AWS::Serverless::Function
    Properties:
      SnapStart: {ApplyOn: None}
      ProvisionedConcurrencyConfig: !If [Prod, {ProvisionedConcurrentExecutions: 2}, !Ref AWS::NoValue]
`, `Inherits snap=true ready=false maps=true
Off snap=false ready=false maps=false
Ready snap=false ready=true maps=false
Later snap=false ready=true maps=false`,
		},
		{
			"CloudFormation", "template.yaml", `
Resources:
  Snap:
    Type: AWS::Lambda::Function
    Properties: {Runtime: nodejs22.x, Handler: f.handler, Code: ., SnapStart: {ApplyOn: PublishedVersions}}
  ByAlias: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs22.x, Handler: f.handler, Code: .}}
  ByVersion: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs22.x, Handler: f.handler, Code: .}}
  Plain: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs22.x, Handler: f.handler, Code: .}}
  Live:
    Type: AWS::Lambda::Alias
    Properties:
      {FunctionName: !GetAtt ByAlias.Arn, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 1}}
  One:
    Type: AWS::Lambda::Version
    Properties: {FunctionName: !Ref ByVersion, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 1}}
  Two: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Plain}}
`, `Snap snap=true ready=false maps=false
ByAlias snap=false ready=true maps=false
ByVersion snap=false ready=true maps=false
Plain snap=false ready=false maps=false`,
		},
		{
			"featherpack.yaml", "featherpack.yaml", `
functions:
  plain: f.js
  snap: {entry: f.js, snapStart: true}
  ready: {entry: f.js, provisionedConcurrency: 3, environment: {NODE_OPTIONS: --enable-source-maps}}
`, `plain snap=false ready=false maps=false
snap snap=true ready=false maps=false
ready snap=false ready=true maps=true`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := manifesttest.Discover(t, manifesttest.Files{test.file: test.manifest, "f.js": ""}, manifest.Options{})
			for _, d := range p.Diagnostics {
				if d.Severity == analyzer.Error || d.Severity == analyzer.Refused {
					t.Error(d)
				}
			}
			if diff := cmp.Diff(test.want, starts(p)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
