package manifest_test

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

// NODE_COMPILE_CACHE changes how a Node function starts, also where its value is known only to
// a deployment.
func TestCompileCache(t *testing.T) {
	p := manifesttest.Discover(t, manifesttest.Files{"serverless.yml": `
service: s
provider: {name: aws, runtime: nodejs22.x}
functions:
  set: {handler: f.handler, environment: {NODE_COMPILE_CACHE: /tmp/cache}}
  later: {handler: f.handler, environment: {NODE_COMPILE_CACHE: '${ssm:/o}'}}
  empty: {handler: f.handler, environment: {NODE_COMPILE_CACHE: ''}}
  off: {handler: f.handler, environment: {NODE_DISABLE_COMPILE_CACHE: '1'}}
`, "f.js": "exports.handler = async () => 1\n"}, manifest.Options{})
	got := map[string]bool{}
	for _, f := range p.Functions {
		got[f.Name] = f.CompileCache
	}
	if len(got) != 4 || !got["set"] || !got["later"] || got["empty"] || got["off"] {
		t.Errorf("%v", got)
	}
}
