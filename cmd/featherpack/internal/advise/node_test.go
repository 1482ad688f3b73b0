package advise

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

// TestReuseUnset checks for which functions it is known that the AWS SDK v2 lacks its setting.
func TestReuseUnset(t *testing.T) {
	root := manifesttest.Project(t, manifesttest.Files{"src/a.js": "exports.handler = async () => 1\n", "serverless.yml": `service: shop
provider: {name: aws, runtime: nodejs24.x}
functions:
  none: {handler: src/a.handler}
  other: {handler: src/a.handler, environment: {TABLE: orders}}
  off: {handler: src/a.handler, environment: {AWS_NODEJS_CONNECTION_REUSE_ENABLED: '0'}}
  on: {handler: src/a.handler, environment: {AWS_NODEJS_CONNECTION_REUSE_ENABLED: '1'}}
  number: {handler: src/a.handler, environment: {AWS_NODEJS_CONNECTION_REUSE_ENABLED: 1}}
  deployed: {handler: src/a.handler, environment: {AWS_NODEJS_CONNECTION_REUSE_ENABLED: !ImportValue reuse}}
  open: {handler: src/a.handler, environment: '${ssm:/shop/environment}'}
`})
	want := map[string]bool{"none": true, "other": true, "off": true}
	for _, f := range manifest.Discover(root, manifest.Options{}).Functions {
		if got := reuseUnset(f); got != want[f.Name] {
			t.Errorf("%s: %v", f.Name, got)
		}
	}
}
