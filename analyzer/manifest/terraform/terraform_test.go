package terraform_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

var planFiles = manifesttest.Files{
	".git/": "", "infra/plan.json": planText,
	"services/orders/src/orders.ts": "", "services/report/report.mjs": "", "services/pay/index.js": "",
	"services/inner/index.cjs": "",
	"go.mod":                   "module m\n", "cmd/intake/main.go": manifesttest.GoMain, "infra/py/a.py": "",
}

func discoverPlan(t *testing.T, content manifesttest.Files, plan string) (analyzer.Project, string) {
	t.Helper()
	all := manifesttest.Files{}
	for name, text := range content {
		all[name] = text
	}
	all["infra/plan.json"] = plan
	dir := manifesttest.Project(t, all)
	return manifest.Discover(filepath.Join(dir, "infra"), manifest.Options{Config: "plan.json"}), dir
}

func TestTerraformPlan(t *testing.T) {
	p, _ := discoverPlan(t, planFiles, planText)
	manifesttest.MustReport(
		t, p,
		"note several-sources infra/plan.json:15:15: pay: source_path names several folders or files, and the first"+
			" is built | add the others with include in featherpack.yaml",
	)
	want := []string{
		"infra-plan/orders nodejs22.x arm64 src/orders.handler -> services/orders/src/orders.ts",
		"infra-plan/intake provided.al2023 x86_64 bootstrap -> cmd/intake",
		"infra-plan/later-1 nodejs22.x x86_64 report.handler -> services/report/report.mjs",
		"infra-plan/pay nodejs24.x arm64 index.handler -> services/pay/index.js",
		"infra-plan/inner nodejs22.x x86_64 index.handler -> services/inner/index.cjs",
	}
	if diff := cmp.Diff(want, manifesttest.Summary(p)); diff != "" {
		t.Errorf("functions (-want +got):\n%s", diff)
	}
	if f := p.Functions[0]; f.MemoryMB != 512 || f.TimeoutSeconds != 7 || f.Format != "terraform" || f.CodeDir != "services/orders" ||
		f.Line != 4 || f.Column != 1 {
		t.Errorf("%+v", f)
	}
	var skipped []string
	for _, s := range p.Skipped {
		skipped = append(skipped, s.Name+" "+s.Reason)
	}
	if diff := cmp.Diff([]string{
		"image is a container image",
		"s3 its code is in S3 already",
		"made ships made.zip as it is",
		"ours is packaged by data.external.featherpack already",
		"python runtime python3.13 is neither Node nor Go",
		"unknown its code is known only once deployed",
	}, skipped); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
}

// Of a plan's secrets nothing is read into the project.
func TestTerraformPlanSecretsInProject(t *testing.T) {
	p, _ := discoverPlan(t, planFiles, planText)
	text, err := json.Marshal(p)
	if err != nil || strings.Contains(
		string(text)+strings.Join(manifesttest.Reported(p), "\n")+fmt.Sprintf("%+v", p), "s3cret",
	) {
		t.Errorf("a secret is in the project: %s %v", text, err)
	}
}

func TestTerraformPlanOfManyKinds(t *testing.T) {
	resource := func(address, values string) string {
		_, name, _ := strings.Cut(address, ".")
		return `{"format_version":"1.2","planned_values":{"root_module":{"resources":[` +
			`{"address":"` + address + `","mode":"managed","type":"aws_lambda_function","name":"` + name + `","values":` +
			`{"runtime":"nodejs22.x","handler":"a.h","filename":"f.zip",` + values + `}}]}},` +
			`"prior_state":{"values":{"root_module":{"resources":[{"address":"data.archive_file.a","mode":"data",` +
			`"type":"archive_file","name":"a","values":{"output_path":"f.zip",`
	}
	archive := func(source string) string {
		return resource("aws_lambda_function.f", `"function_name":"f"`) + source + `}}]}}}}`
	}
	content := manifesttest.Files{".git/": "", "src/a.ts": "", "infra/own/a.ts": "", "infra/b.ts": "", "other/": ""}
	for name, test := range map[string]struct {
		plan      string
		functions []string
		told      []string
	}{
		"a folder beside the plan": {
			plan: archive(`"source_dir":"own"`), functions: []string{"infra-plan/f nodejs22.x x86_64 a.h -> infra/own/a.ts"},
		},
		"one source file": {
			plan:      archive(`"source_file":"../src/a.ts"`),
			functions: []string{"infra-plan/f nodejs22.x x86_64 a.h -> src/a.ts"},
		},
		"an absolute folder inside": {
			plan: archive(`"source_dir":"ROOT/src"`), functions: []string{"infra-plan/f nodejs22.x x86_64 a.h -> src/a.ts"},
		},
		"an absolute folder outside": {plan: archive(`"source_dir":"/usr"`),
			functions: []string{"infra-plan/f nodejs22.x x86_64 a.h -> "},
			told: []string{
				"refused code-outside infra/plan.json:1:71: f: source_dir leads outside the project's root" +
					" | nothing outside the project's root is packed",
			}},
		"a folder above the root": {plan: archive(`"source_dir":"../../x"`),
			functions: []string{"infra-plan/f nodejs22.x x86_64 a.h -> "},
			told: []string{
				"refused code-outside infra/plan.json:1:71: f: source_dir leads outside the project's root" +
					" | nothing outside the project's root is packed",
			}},
		"a folder that is not there": {plan: archive(`"source_dir":"dist"`),
			functions: []string{"infra-plan/f nodejs22.x x86_64 a.h -> "},
			told: []string{
				`error no-such-folder infra/plan.json:1:71: f: source_dir "dist": there is no infra/dist` +
					` | keep the plan in the folder where Terraform runs, or name that folder`,
			}},
		"two of one name": {plan: strings.Replace(
			archive(`"source_dir":"own"`), `"resources":[{`,
			`"resources":[{"address":"module.b.aws_lambda_function.f","mode":"managed","type":"aws_lambda_function",`+
				`"name":"f","values":{"runtime":"nodejs22.x","handler":"a.h","filename":"f.zip","function_name":"f"}},{`,
			1,
		),
			functions: []string{
				"infra-plan/b-f nodejs22.x x86_64 a.h -> infra/own/a.ts", "infra-plan/f nodejs22.x x86_64 a.h -> infra/own/a.ts",
			}},
		"no functions": {
			plan: `{"format_version":"1.2","planned_values":{"root_module":{}}}`,
			told: []string{
				"error empty-service infra/plan.json:1:1: names no functions" +
					" | add functions to it, or name source files with --entry FILE",
			},
		},
		"a state": {
			plan: `{"format_version":"1.0","values":{"root_module":{}}}`,
			told: []string{
				"error state-for-plan infra/plan.json: this is Terraform's state, which does not say what functions are" +
					" made of | terraform plan -out=tfplan, then terraform show -json tfplan > plan.json",
			},
		},
		"a format to come": {
			plan: `{"format_version":"2.0","planned_values":{}}`,
			told: []string{
				"error plan-version infra/plan.json: this plan's format is not the one of Terraform 1" +
					" | use a version of featherpack that reads it, or name the functions in a featherpack.yaml",
			},
		},
		"a plan cut short": {
			plan: `{"format_version":"1.2","planned_values":{"root_mod`,
			told: []string{
				"error manifest-syntax infra/plan.json:1:52: is cut short | write it anew: terraform show -json tfplan > plan.json",
			},
		},
		"a plan in its own format": {
			plan: "PK\x03\x04s3cret",
			told: []string{
				"error binary-plan infra/plan.json: is a zip, such as a plan in Terraform's own format" +
					" | terraform show -json plan.json > plan.json",
			},
		},
		"something else": {
			plan: `{"a": 1}`,
			told: []string{
				"error unknown-manifest infra/plan.json: is not a manifest that featherpack can read" +
					" | it must be a featherpack.yaml, a serverless.yml, a SAM or CloudFormation template, or a plan from" +
					" terraform show -json",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			all := manifesttest.Files{}
			for name, text := range content {
				all[name] = text
			}
			dir := manifesttest.Project(t, all)
			real, err := filepath.EvalSymlinks(dir)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(
				filepath.Join(dir, "infra/plan.json"), []byte(strings.ReplaceAll(test.plan, "ROOT", real)), 0o644,
			); err != nil {
				t.Fatal(err)
			}
			p := manifest.Discover(filepath.Join(dir, "infra"), manifest.Options{Config: "plan.json"})
			if diff := cmp.Diff(test.functions, manifesttest.Summary(p)); diff != "" {
				t.Errorf("functions (-want +got):\n%s", diff)
			}
			manifesttest.MustReport(t, p, test.told...)
		})
	}
}

// A plan is named or left alone, whatever it is called.
func TestTerraformPlanIsNotFoundByItself(t *testing.T) {
	p := manifesttest.Discover(
		t,
		manifesttest.Files{
			"tfplan.json": planText, "plan.tfplan.json": planText,
			"serverless.yml": manifesttest.ServerlessHead + "functions: {f: {handler: f.handler}}\n", "f.ts": "",
		},
		manifest.Options{},
	)
	if len(p.Functions) != 1 || p.Functions[0].Format != "serverless" {
		t.Errorf("%+v", p.Functions)
	}
}

// Where Terraform runs may be named instead of keeping the plan there.
func TestTerraformPlanElsewhere(t *testing.T) {
	dir := manifesttest.Project(t, planFiles)
	if err := os.Rename(filepath.Join(dir, "infra/plan.json"), filepath.Join(dir, "plan.out")); err != nil {
		t.Fatal(err)
	}
	p := manifest.Discover(filepath.Join(dir, "infra"), manifest.Options{Config: filepath.Join(dir, "plan.out")})
	if len(p.Functions) != 5 || p.Functions[0].Entry != "services/orders/src/orders.ts" {
		t.Errorf("%v\n%v", manifesttest.Summary(p), manifesttest.Reported(p))
	}
}

func FuzzTerraform(f *testing.F) {
	dir := manifesttest.Project(f, planFiles)
	for _, seed := range []string{
		planText,
		`{"format_version":"1.2","planned_values":{"root_module":{"resources":[` + planOrders + `]}}}`,
		`{"format_version":"0.1","values":[]}`,
		`{"format_version":"","planned_values":{"root_module":{"child_modules":[{"resources":[{}]}]}}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		defer inputtest.Bound(t)()
		if err := os.WriteFile(filepath.Join(dir, "infra/plan.json"), content, 0o644); err != nil {
			t.Fatal(err)
		}
		start := inputtest.CPUTime()
		o := manifest.Options{Config: "plan.json"}
		found := manifest.Discover(filepath.Join(dir, "infra"), o)
		manifesttest.Sound(t, found, start)
		if a, b := strings.Join(manifesttest.Reported(found), "\n"), strings.Join(
			manifesttest.Reported(manifest.Discover(filepath.Join(dir, "infra"), o)), "\n",
		); a != b {
			t.Errorf("told differently:\n%s\n%s", a, b)
		}
	})
}
