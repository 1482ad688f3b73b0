package manifest_test

import (
	"fmt"
	"testing"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

// A function that sets nothing has the values that its framework writes into what it
// deploys. Memory and timeout of 0 mean Lambda's own: 128 MB and 3 s.
func TestFrameworkDefaults(t *testing.T) {
	plan := func(values string) string {
		return `{"format_version": "1.2", "planned_values": {"root_module": {"resources": [{"address": "aws_lambda_function.f", "mode": "managed",` +
			` "type": "aws_lambda_function", "name": "f", "values": {"function_name": "f", "runtime": "nodejs22.x", "handler": "f.handler",` +
			` "filename": "f.zip"` + values + `}}, {"address": "data.archive_file.f", "mode": "data", "type": "archive_file", "name": "f",` +
			` "values": {"source_dir": "./code", "output_path": "f.zip"}}]}}}`
	}
	template := func(kind, properties string) string {
		return "Resources:\n  f:\n    Type: AWS::" + kind + "::Function\n    Properties: {Runtime: nodejs22.x, Handler: f.handler" + properties + "}\n"
	}
	guessed := func(file, at, hint string) string {
		return "warning unknown-memory " + file + at + " f: its memory is known only once deployed; 1024 MB are assumed | " + hint
	}
	const parameter = "write it out, or give the parameter a default or a value with --param"
	for _, test := range []struct{ name, file, text, want, told string }{
		{"SAM", "template.yaml", "Transform: AWS::Serverless-2016-10-31\n" + template("Serverless", ", CodeUri: ."), "nodejs22.x x86_64 0 MB 0 s", ""},
		{
			"a parameter of SAM", "template.yaml",
			"Transform: AWS::Serverless-2016-10-31\nParameters: {M: {Type: Number}}\n" + template("Serverless", ", CodeUri: ., MemorySize: !Ref M, Timeout: !Ref M"),
			"nodejs22.x x86_64 1024 MB 900 s", guessed("template.yaml", ":6:83:", parameter),
		},
		{"CloudFormation", "template.yaml", template("Lambda", ", Code: ."), "nodejs22.x x86_64 0 MB 0 s", ""},
		{
			"Serverless", "serverless.yml", "service: s\nprovider: {name: aws, runtime: nodejs22.x}\nfunctions: {f: {handler: f.handler}}\n",
			"nodejs22.x x86_64 1024 MB 6 s", "",
		},
		{
			"an output of another stack", "serverless.yml",
			"service: s\nprovider: {name: aws, runtime: nodejs22.x, timeout: '${cf:other.T}'}\nfunctions: {f: {handler: f.handler}}\n",
			"nodejs22.x x86_64 1024 MB 900 s", "",
		},
		{"featherpack", "featherpack.yaml", "functions: {f: f.js}\n", "nodejs22.x x86_64 0 MB 0 s", ""},
		{"Terraform", "plan.json", plan(`, "package_type": "Zip", "memory_size": 128, "timeout": 3`), "nodejs22.x x86_64 128 MB 3 s", ""},
		{
			"a variable of Terraform", "plan.json", plan(`, "package_type": "Zip"`), "nodejs22.x x86_64 1024 MB 900 s",
			guessed("plan.json", ":1:76:", "write memory_size out, or give its variable a value when the plan is made"),
		},
		{
			"a sensitive value of Terraform", "plan.json",
			plan(`, "package_type": "Zip", "memory_size": 512, "timeout": 7}, "sensitive_values": {"memory_size": true, "timeout": true`),
			"nodejs22.x x86_64 1024 MB 900 s", "warning unknown-memory plan.json:1:76: f: the plan marks its memory_size as sensitive; 1024 MB are assumed" +
				" | a memory size is no secret: write memory_size = nonsensitive(...)",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := manifest.Options{}
			if test.file == "plan.json" {
				o.Config = test.file
			}
			p := manifesttest.Discover(t, manifesttest.Files{test.file: test.text, "f.js": "", "code/f.js": ""}, o)
			var told []string
			if test.told != "" {
				told = []string{test.told}
			}
			manifesttest.MustReport(t, p, told...)
			if len(p.Functions) != 1 {
				t.Fatalf("%d functions", len(p.Functions))
			}
			f := p.Functions[0]
			if got := fmt.Sprintf("%s %s %d MB %d s", f.Runtime, f.Architecture, f.MemoryMB, f.TimeoutSeconds); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}
