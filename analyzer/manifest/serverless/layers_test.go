package serverless_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

// A function leaves the packages of the service's own layers to them, by the names that the
// framework gives their resources, unless its package.json lists them.
func TestPackagesOfOwnLayers(t *testing.T) {
	p := manifesttest.Discover(t, manifesttest.Files{
		"serverless.yml": `
service: shop
provider: {name: aws, runtime: nodejs22.x}
layers:
  shared: {path: layers/shared}
  my-data_set: {path: layers/data}
  gone: {path: layers/gone}
  packed: {package: {artifact: layer.zip}}
functions:
  a: {handler: a.handler, layers: [{Ref: SharedLambdaLayer}]}
  b: {handler: a.handler, layers: [!Ref MyDashdataUnderscoresetLambdaLayer, !Ref GoneLambdaLayer]}
  c: {handler: a.handler, layers: ["arn:aws:lambda:eu-west-1:1:layer:shared:1", {Ref: PackedLambdaLayer}]}
`,
		"package.json": `{"dependencies": {"listed": "1"}}`, "a.js": "",
		"layers/shared/nodejs/node_modules/tools/package.json":  "{}",
		"layers/shared/nodejs/node_modules/listed/package.json": "{}",
		"layers/data/nodejs/package.json":                       `{"dependencies": {"@data/set": "1"}}`,
	}, manifest.Options{})
	manifesttest.MustReport(t, p)
	got := map[string][]string{}
	for _, f := range p.Functions {
		got[f.Name] = f.Build.External
	}
	if diff := cmp.Diff(map[string][]string{"a": {"tools"}, "b": {"@data/set"}, "c": nil}, got); diff != "" {
		t.Error(diff)
	}
}
