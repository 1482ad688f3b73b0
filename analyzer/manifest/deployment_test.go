package manifest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

// deployed is what a manifest says about how its functions are deployed, a line for each of
// which it says anything. A position is shown by its line.
func deployed(p analyzer.Project) string {
	var said []string
	for _, f := range p.Functions {
		d, facts := f.Deployment, []string{f.Name}
		add := func(set bool, format string, args ...any) {
			if set {
				facts = append(facts, fmt.Sprintf(format, args...))
			}
		}
		add(d.Ready > 0, "ready=%d:%d", d.Ready, d.ReadyAt.Line)
		add(d.StorageMB > 0, "storage=%d:%d", d.StorageMB, d.StorageAt.Line)
		add(d.Gateway != "", "gateway=%s", d.Gateway)
		add(d.TimeoutAt.Line > 0, "timeout=%d:%d", f.TimeoutSeconds, d.TimeoutAt.Line)
		for _, w := range d.Warmers {
			add(true, "%s=%dx%d:%d", w.What, w.Minutes, w.Concurrency, w.Line)
		}
		for _, l := range d.Layered {
			add(true, "layered=%s %s %s", l.Layer, l.Name, l.Version)
		}
		add(d.TenantsAt.Line > 0, "tenants:%d", d.TenantsAt.Line)
		add(len(d.Together) > 0, "with=%s", strings.Join(d.Together, "+"))
		if len(facts) > 1 {
			said = append(said, strings.Join(facts, ", "))
		}
	}
	slices.Sort(said)
	return strings.Join(said, "\n")
}

// TestDeployment checks what manifests say about how functions run that no byte depends on.
func TestDeployment(t *testing.T) {
	for _, test := range []struct{ name, file, manifest, want string }{
		{"Serverless", "serverless.yml", `
service: s
frameworkVersion: '3'
provider: {name: aws, runtime: nodejs24.x, timeout: 60}
plugins: [serverless-plugin-warmup, serverless-offline]
custom: {warmup: {all: {enabled: true}, some: {enabled: [prod]}, off: {enabled: false}}}
functions:
  http: {handler: a.handler, events: [{httpApi: 'GET /'}, {httpApi: {method: POST, path: /}}], warmup: {all: {enabled: false}}}
  rest: {handler: b.handler, timeout: 30, events: [{http: {method: get, path: x}}]}
  both: {handler: b.handler, timeout: 30, events: [{http: {method: get, path: x}}, {sqs: arn}], provisionedConcurrency: 3}
  later: {handler: a.handler, events: [{http: {method: get, path: x, async: true}}], provisionedConcurrency: '${ssm:/n}'}
  url: {handler: a.handler, url: true, ephemeralStorageSize: 1024, events: [{httpApi: '*'}]}
  kept: {handler: a.handler, events: [{schedule: {rate: rate(5 minutes), input: {warmer: true}}}], warmup: {off: {enabled: true}}}
  cron: {handler: a.handler, events: [{schedule: {rate: rate(5 minutes), input: {warmer: false}}}, {schedule: rate(1 hour)}]}
`, `both, ready=3:10, timeout=30:10, serverless-plugin-warmup=5x1:6, with=cron+http+kept+later+url
cron, timeout=60:4, serverless-plugin-warmup=5x1:6, with=both+rest
http, gateway=HTTP API, timeout=60:4, with=both+rest
kept, timeout=60:4, serverless-plugin-warmup=5x1:6, serverless-plugin-warmup=5x1:6, a schedule=5x1:13, with=both+rest
later, timeout=60:4, serverless-plugin-warmup=5x1:6, with=both+rest
rest, gateway=REST API, timeout=30:9, serverless-plugin-warmup=5x1:6, with=cron+http+kept+later+url
url, storage=1024:12, timeout=60:4, serverless-plugin-warmup=5x1:6, with=both+rest`},
		{"Serverless, individually", "serverless.yml", `
service: s
frameworkVersion: '3'
provider: {name: aws, runtime: nodejs24.x}
package: {individually: true}
functions: {a: {handler: a.handler}, b: {handler: b.handler}}
`, ""},
		{"Serverless, with a bundler", "serverless.yml", `
service: s
frameworkVersion: ^3.38.0
provider: {name: aws, runtime: nodejs24.x}
plugins: {modules: [serverless-esbuild]}
functions: {a: {handler: a.handler}, b: {handler: b.handler}}
`, ""},
		{"Serverless of a version that is not known", "serverless.yml", `
service: s
provider: {name: aws, runtime: nodejs24.x}
functions: {a: {handler: a.handler}, b: {handler: b.handler}}
`, ""},
		{"Serverless 4", "serverless.yml", `
service: s
frameworkVersion: '4'
provider: {name: aws, runtime: nodejs24.x}
functions: {a: {handler: a.handler}, b: {handler: b.handler}}
`, ""},
		{"SAM", "template.yaml", `
Globals: {Function: {Runtime: nodejs24.x, CodeUri: ., Timeout: 45}}
Resources:
  Http:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.handler, Events: {A: {Type: HttpApi}, B: {Type: HttpApi, Properties: {Path: /, Method: get}}}}
  Own:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.handler, Events: {A: {Type: HttpApi, Properties: {TimeoutInMillis: 5000}}}}
    Metadata: {BuildMethod: esbuild}
  Url:
    Type: AWS::Serverless::Function
    Properties: {Handler: b.handler, FunctionUrlConfig: {AuthType: NONE}, Events: {A: {Type: Api}}, EphemeralStorage: {Size: 2048}}
  Kept:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.handler
      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}
      Events:
        Warm: {Type: Schedule, Properties: {Schedule: rate(10 minutes), Input: '{"source":"serverless-plugin-warmup"}'}}
        Work: {Type: Schedule, Properties: {Schedule: rate(1 day), Input: '{"source":"nightly"}'}}
`, `Http, gateway=HTTP API, timeout=45:2, with=Url
Kept, ready=2:18, timeout=45:2, a schedule=10x1:20, with=Url
Own, timeout=45:2
Url, storage=2048:13, timeout=45:2, with=Http+Kept`},
		{"CloudFormation", "template.yaml", `
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {Runtime: nodejs24.x, Handler: a.handler, Code: ., EphemeralStorage: {Size: 4096}}
  G:
    Type: AWS::Lambda::Function
    Properties: {Runtime: nodejs24.x, Handler: b.handler, Code: ., TenancyConfig: {TenantIsolationMode: PER_TENANT}}
  V:
    Type: AWS::Lambda::Version
    Properties: {FunctionName: !Ref F, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 7}}
`, `F, ready=7:11, storage=4096:5
G, tenants:8`},
		{"a layer", "template.yaml", `
Globals: {Function: {Runtime: nodejs24.x, CodeUri: ., Handler: a.handler, Layers: [!Ref Shared]}}
Resources:
  F: {Type: AWS::Serverless::Function}
  Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer}}
`, `F, layered=Shared one 1.2.0`},
	} {
		content := manifesttest.Files{
			test.file: test.manifest, "a.js": "exports.handler = async () => 1", "b.js": "exports.handler = async () => 2", ".git/HEAD": "x",
			"package.json": `{"dependencies": {"one": "1", "three": "1"}}`,
			"layer/nodejs/node_modules/one/package.json":  `{"version": "1.2.0"}`,
			"layer/nodejs/node_modules/two/package.json":  `{"version": "1.0.0"}`,
			"layer/nodejs/node_modules/four/package.json": `{"version": "1.0.0"}`,
		}
		got := deployed(manifesttest.Discover(t, content, manifest.Options{}))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s:\n%s", test.name, diff)
		}
	}
}
