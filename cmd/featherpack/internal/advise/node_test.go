package advise

import (
	"fmt"
	"strings"
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

// TestReuseUnsetByPlan checks the same for functions of a Terraform plan, whose planned values
// leave out what is known only once deployed.
func TestReuseUnsetByPlan(t *testing.T) {
	const resource = `{"address":"aws_lambda_function.%[1]s","mode":"managed","type":"aws_lambda_function","name":"%[1]s",` +
		`"values":{"filename":"src.zip","function_name":"%[1]s","handler":"a.handler","runtime":"nodejs24.x","package_type":"Zip"%[2]s}}`
	const change = `{"address":"aws_lambda_function.%[1]s","type":"aws_lambda_function","change":{"after_unknown":{"arn":true%[2]s}}}`
	const set, off = `,"environment":[{"variables":{"AWS_NODEJS_CONNECTION_REUSE_ENABLED":"1"}}]`, `,"environment":[{"variables":{"AWS_NODEJS_CONNECTION_REUSE_ENABLED":"0"}}]`
	functions := []struct {
		name, values, unknown string
		unset                 bool
	}{
		{"none", "", "", true},
		{"other", `,"environment":[{"variables":{"TABLE":"orders"}}]`, `,"environment":[{"variables":{}}]`, true},
		{"off", off, `,"environment":[{"variables":{}}]`, true},
		{"table", `,"environment":[{"variables":{}}]`, `,"environment":[{"variables":{"TABLE":true}}]`, true},
		{"on", set, `,"environment":[{"variables":{}}]`, false},
		{"deployed", `,"environment":[{"variables":{}}]`, `,"environment":[{"variables":{"AWS_NODEJS_CONNECTION_REUSE_ENABLED":true}}]`, false},
		{"variables", `,"environment":[{}]`, `,"environment":[{"variables":true}]`, false},
		{"whole", "", `,"environment":true`, false},
		{"unchanged", "", "-", false},
	}
	var resources, changes []string
	want := map[string]bool{}
	for _, f := range functions {
		resources = append(resources, fmt.Sprintf(resource, f.name, f.values))
		if f.unknown != "-" {
			changes = append(changes, fmt.Sprintf(change, f.name, f.unknown))
		}
		want[f.name] = f.unset
	}
	archive := `{"address":"data.archive_file.src","mode":"data","type":"archive_file","name":"src","values":{"source_dir":"src","output_path":"src.zip"}}`
	root := manifesttest.Project(t, manifesttest.Files{"src/a.js": "exports.handler = async () => 1\n", "plan.json": fmt.Sprintf(
		`{"format_version":"1.2","planned_values":{"root_module":{"resources":[%s,%s]}},"resource_changes":[%s]}`,
		strings.Join(resources, ","), archive, strings.Join(changes, ","),
	)})
	found := manifest.Discover(root, manifest.Options{Config: "plan.json"}).Functions
	if len(found) != len(functions) {
		t.Fatalf("found %d functions", len(found))
	}
	for _, f := range found {
		if got := reuseUnset(f); got != want[f.Name] {
			t.Errorf("%s: %v", f.Name, got)
		}
	}
}

func TestOpens(t *testing.T) {
	for _, c := range []struct {
		declared, subpath, file string
		want                    bool
	}{
		{`{}`, "lib/a", "lib/a.js", true}, {`{}`, "lib/a.js", "lib/a.js", true}, {`{}`, "a", "a.cjs", false},
		{`{"exports": "./index.js"}`, "a", "a.js", false}, {`{"exports": {".": "./index.js"}}`, "a", "a.js", false},
		{`{"exports": {"./a": {"import": "./a.js", "require": {"types": "./a.d.cts", "default": "./a.cjs"}}}}`, "a", "a.cjs", true},
		{`{"exports": {"./a": {"import": "./a.js"}}}`, "a", "a.js", false}, {`{"exports": {"./a": null}}`, "a", "a.js", false},
		{`{"exports": {"./src/*": "./src/*.js"}}`, "src/a", "src/a.js", true}, {`{"exports": {"./src/*": "./src/*.js"}}`, "src/a.js", "src/a.js", false},
		{`{"exports": {"./src/*": "./src/*"}}`, "src/a", "src/a.js", false}, {`{"exports": {"./src/*": "./src/*"}}`, "src/a.js", "src/a.js", true},
		{`{`, "a", "a.js", false},
	} {
		own := ownModules{source: func(string) ([]byte, error) { return []byte(c.declared), nil }}
		if got := own.opens("node_modules/a", c.subpath, c.file); got != c.want {
			t.Errorf("%s: %s as %s: %v", c.declared, c.file, c.subpath, got)
		}
	}
}
