package manifest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
)

// planText is a plan as terraform show -json prints it, of Terraform 1.11:
// resources of the root and of modules, made by count and for_each, archives
// that are read while planning (in prior_state) and when applied, and secrets
// wherever a plan may hold them, all of which contain "s3cret".
const planText = `{"format_version":"1.2","terraform_version":"1.11.4",
"variables":{"token":{"value":"s3cret-1"}},
"planned_values":{"outputs":{"o":{"sensitive":true,"value":"s3cret-2"}},"root_module":{"resources":[
` + planOrders + `,
{"address":"aws_lambda_function.each[\"in take\"]","mode":"managed","type":"aws_lambda_function","name":"each","index":"in take","values":{"architectures":null,"filename":"out/in take.zip","function_name":"intake","handler":"bootstrap","runtime":"provided.al2023","environment":[{"variables":{"S":"s3cret-3"}}]}},
{"address":"aws_lambda_function.later[1]","mode":"managed","type":"aws_lambda_function","name":"later","index":1,"values":{"handler":"report.handler","runtime":"nodejs22.x"}},
{"address":"aws_lambda_function.image","mode":"managed","type":"aws_lambda_function","name":"image","values":{"function_name":"image","package_type":"Image","image_uri":"s3cret-4.example.org/x:1"}},
{"address":"aws_lambda_function.s3","mode":"managed","type":"aws_lambda_function","name":"s3","values":{"function_name":"s3","s3_bucket":"s3cret-5","s3_key":"s3cret-6","runtime":"nodejs22.x","handler":"a.b"}},
{"address":"aws_lambda_function.made","mode":"managed","type":"aws_lambda_function","name":"made","values":{"function_name":"made","filename":"dist/made.zip","runtime":"nodejs22.x","handler":"a.b"}},
{"address":"aws_lambda_function.ours","mode":"managed","type":"aws_lambda_function","name":"ours","values":{"function_name":"ours","filename":".featherpack-terraform/1/ours.zip","runtime":"nodejs22.x","handler":"a.b"}},
{"address":"aws_lambda_function.python","mode":"managed","type":"aws_lambda_function","name":"python","values":{"function_name":"python","filename":"out/python.zip","runtime":"python3.13","handler":"a.b"}},
{"address":"aws_lambda_function.unknown","mode":"managed","type":"aws_lambda_function","name":"unknown","values":{"function_name":"unknown","runtime":"nodejs22.x","handler":"a.b"}},
{"address":"aws_db_instance.db","mode":"managed","type":"aws_db_instance","name":"db","values":{"password":"s3cret-7","filename":"s3cret-8","handler":"s3cret-9"},"sensitive_values":{"password":true}}
],"child_modules":[
{"resources":[{"address":"module.pay[\"eu.1\"].aws_lambda_function.this[0]","mode":"managed","type":"aws_lambda_function","name":"this","index":0,"values":{"architectures":["arm64"],"filename":"builds/x.zip","function_name":"pay","handler":"index.handler","runtime":"nodejs24.x","s3_bucket":null}}],"address":"module.pay[\"eu.1\"]","child_modules":[]},
{"resources":[{"address":"module.group.module.inner.aws_lambda_function.this[0]","mode":"managed","type":"aws_lambda_function","name":"this","index":0,"values":{"function_name":"inner","handler":"index.handler","runtime":"nodejs22.x","s3_bucket":"s3cret-10"}}],"address":"module.group.module.inner"}
]}},
"resource_changes":[{"address":"aws_db_instance.db","change":{"after":{"password":"s3cret-11"}}}],
"prior_state":{"format_version":"1.0","values":{"outputs":{"o":{"value":"s3cret-12"}},"root_module":{"resources":[
{"address":"data.archive_file.orders","mode":"data","type":"archive_file","name":"orders","values":{"source_dir":"./../services/orders","output_path":"./out/orders.zip","source_content":"s3cret-13"}},
{"address":"data.archive_file.each[\"in take\"]","mode":"data","type":"archive_file","name":"each","index":"in take","values":{"source_file":"../cmd/intake/bootstrap","output_path":"out/in take.zip"}},
{"address":"data.archive_file.python","mode":"data","type":"archive_file","name":"python","values":{"source_dir":"py","output_path":"out/python.zip"}}
],"child_modules":[{"resources":[{"address":"module.pay[\"eu.1\"].data.external.archive_prepare[0]","mode":"data","type":"external","name":"archive_prepare","index":0,"values":{"query":{"docker":"s3cret-14","source_path":"[{\"path\":\"../services/pay\",\"npm_requirements\":true,\"commands\":[\"s3cret-15\"]},\"../shared\"]"},"result":{"x":"s3cret-16"}}}]}]}}},
"configuration":{"provider_config":{"aws":{"expressions":{"secret_key":{"constant_value":"s3cret-17"}}}},"root_module":{
"variables":{"token":{"default":"s3cret-18","sensitive":true}},
"resources":[
{"address":"aws_lambda_function.later","mode":"managed","type":"aws_lambda_function","name":"later","expressions":{"filename":{"references":["data.archive_file.later.output_path","data.archive_file.later"]},"description":{"constant_value":"s3cret-19"}}},
{"address":"aws_lambda_function.ours","mode":"managed","type":"aws_lambda_function","name":"ours","expressions":{"filename":{"references":["data.external.featherpack.result","data.external.featherpack"]}}},
{"address":"data.archive_file.later","mode":"data","type":"archive_file","name":"later","expressions":{"source_dir":{"constant_value":"../services/report"},"source":[{"content":{"constant_value":"s3cret-20"}}]}}
],
"module_calls":{"group":{"source":"./group","expressions":{"source_path":{"constant_value":"s3cret-21"}},"module":{"module_calls":{"inner":{"source":"terraform-aws-modules/lambda/aws","expressions":{"source_path":{"constant_value":[{"path":"../services/inner","commands":["s3cret-22"]}]},"environment_variables":{"constant_value":{"A":"s3cret-23"}}},"module":{}}}}}}
}},"timestamp":"2026-11-24T00:16:27Z","errored":false}`

const planOrders = `{"address":"aws_lambda_function.orders","mode":"managed","type":"aws_lambda_function","name":"orders","provider_name":"registry.terraform.io/hashicorp/aws","values":{"architectures":["arm64"],"filename":"out/orders.zip","function_name":"orders","handler":"src/orders.handler","memory_size":512,"runtime":"nodejs22.x","environment":[{"variables":{"S":"s3cret-24"}}],"layers":["s3cret-25"]},"sensitive_values":{"environment":true}}`

var planFiles = files{
	".git/": "", "infra/plan.json": planText,
	"services/orders/src/orders.ts": "", "services/report/report.mjs": "", "services/pay/index.js": "", "services/inner/index.cjs": "",
	"go.mod": "module m\n", "cmd/intake/main.go": goMain, "infra/py/a.py": "",
}

func discoverPlan(t *testing.T, content files, plan string) (analyzer.Project, string) {
	t.Helper()
	all := files{}
	for name, text := range content {
		all[name] = text
	}
	all["infra/plan.json"] = plan
	dir := project(t, all)
	return Discover(filepath.Join(dir, "infra"), Options{Config: "plan.json"}), dir
}

func TestTerraformPlan(t *testing.T) {
	p, _ := discoverPlan(t, planFiles, planText)
	mustTell(t, p, "note several-sources infra/plan.json:15:15: pay: source_path names several folders or files, and the first is built | bring the others in by include in featherpack.yaml")
	want := []string{
		"infra-plan/orders nodejs22.x arm64 src/orders.handler -> services/orders/src/orders.ts",
		"infra-plan/intake provided.al2023 x86_64 bootstrap -> cmd/intake",
		"infra-plan/later-1 nodejs22.x x86_64 report.handler -> services/report/report.mjs",
		"infra-plan/pay nodejs24.x arm64 index.handler -> services/pay/index.js",
		"infra-plan/inner nodejs22.x x86_64 index.handler -> services/inner/index.cjs",
	}
	if diff := cmp.Diff(want, summary(p)); diff != "" {
		t.Errorf("functions (-want +got):\n%s", diff)
	}
	if f := p.Functions[0]; f.MemoryMB != 512 || f.Format != "terraform" || f.CodeDir != "services/orders" || f.Line != 4 || f.Column != 1 {
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

// Of a plan's secrets nothing is read into anything: neither into what is kept
// of the plan, nor into the project, and no message quotes one.
func TestTerraformPlanSecrets(t *testing.T) {
	if n := strings.Count(planText, "s3cret"); n != 25 {
		t.Fatalf("%d secrets are planted", n)
	}
	kept, ok := scanPlan(newPlanScan("plan.json", strings.NewReader(planText)))
	if !ok || kept.failed != nil || len(kept.functions) != 11 {
		t.Fatalf("%v %+v", ok, kept)
	}
	for _, r := range kept.functions {
		if text := fmt.Sprintf("%+v", r); strings.Contains(text, "s3cret") {
			t.Errorf("a secret is kept: %s", text)
		}
	}
	for _, r := range kept.archives {
		if text := fmt.Sprintf("%+v", r); strings.Contains(text, "s3cret") {
			t.Errorf("a secret is kept: %s", text)
		}
	}
	if text := fmt.Sprintf("%+v %+v", kept.configured, kept.calls); strings.Contains(text, "s3cret") {
		t.Errorf("a secret is kept: %s", text)
	}
	p, _ := discoverPlan(t, planFiles, planText)
	text, err := json.Marshal(p)
	if err != nil || strings.Contains(string(text)+strings.Join(told(p), "\n")+fmt.Sprintf("%+v", p), "s3cret") {
		t.Errorf("a secret is in the project: %s %v", text, err)
	}
	// Cut anywhere, spoiled anywhere, no secret shows.
	for i := 0; i < len(planText); i += 37 {
		for _, spoiled := range []string{planText[:i], planText[:i] + "\x01" + planText[i:], planText[:i] + `"s3cret-26` + planText[i:]} {
			kept, ok := scanPlan(newPlanScan("plan.json", strings.NewReader(spoiled)))
			if ok && kept.failed != nil && strings.Contains(kept.failed.Error()+kept.failed.Hint, "s3cret") {
				t.Fatalf("at %d: %v", i, kept.failed)
			}
			if ok && kept.failed == nil && !json.Valid([]byte(spoiled)) {
				t.Fatalf("at %d: taken for whole", i)
			}
		}
	}
}

func TestTerraformPlanOfManyKinds(t *testing.T) {
	resource := func(address, values string) string {
		_, name, _ := strings.Cut(address, ".")
		return `{"format_version":"1.2","planned_values":{"root_module":{"resources":[{"address":"` + address + `","mode":"managed","type":"aws_lambda_function","name":"` + name + `","values":{"runtime":"nodejs22.x","handler":"a.h","filename":"f.zip",` + values + `}}]}},` +
			`"prior_state":{"values":{"root_module":{"resources":[{"address":"data.archive_file.a","mode":"data","type":"archive_file","name":"a","values":{"output_path":"f.zip",`
	}
	archive := func(source string) string {
		return resource("aws_lambda_function.f", `"function_name":"f"`) + source + `}}]}}}}`
	}
	content := files{".git/": "", "src/a.ts": "", "infra/own/a.ts": "", "infra/b.ts": "", "other/": ""}
	for name, test := range map[string]struct {
		plan      string
		functions []string
		told      []string
	}{
		"a folder beside the plan":  {plan: archive(`"source_dir":"own"`), functions: []string{"infra-plan/f nodejs22.x x86_64 a.h -> infra/own/a.ts"}},
		"one source file":           {plan: archive(`"source_file":"../src/a.ts"`), functions: []string{"infra-plan/f nodejs22.x x86_64 a.h -> src/a.ts"}},
		"an absolute folder inside": {plan: archive(`"source_dir":"ROOT/src"`), functions: []string{"infra-plan/f nodejs22.x x86_64 a.h -> src/a.ts"}},
		"an absolute folder outside": {plan: archive(`"source_dir":"/usr"`), functions: []string{"infra-plan/f nodejs22.x x86_64 a.h -> "},
			told: []string{"refused code-outside infra/plan.json:1:71: f: source_dir leads outside the project's root | nothing outside the project's root is packed"}},
		"a folder above the root": {plan: archive(`"source_dir":"../../x"`), functions: []string{"infra-plan/f nodejs22.x x86_64 a.h -> "},
			told: []string{"refused code-outside infra/plan.json:1:71: f: source_dir leads outside the project's root | nothing outside the project's root is packed"}},
		"a folder that is not there": {plan: archive(`"source_dir":"dist"`), functions: []string{"infra-plan/f nodejs22.x x86_64 a.h -> "},
			told: []string{`error no-such-folder infra/plan.json:1:71: f: source_dir "dist": there is no infra/dist | keep the plan in the folder where Terraform runs, or name that folder`}},
		"two of one name": {plan: strings.Replace(archive(`"source_dir":"own"`), `"resources":[{`, `"resources":[{"address":"module.b.aws_lambda_function.f","mode":"managed","type":"aws_lambda_function","name":"f","values":{"runtime":"nodejs22.x","handler":"a.h","filename":"f.zip","function_name":"f"}},{`, 1),
			functions: []string{"infra-plan/b-f nodejs22.x x86_64 a.h -> infra/own/a.ts", "infra-plan/f nodejs22.x x86_64 a.h -> infra/own/a.ts"}},
		"no functions":             {plan: `{"format_version":"1.2","planned_values":{"root_module":{}}}`, told: []string{"error empty-service infra/plan.json:1:1: names no functions | add functions to it, or name source files with --entry FILE"}},
		"a state":                  {plan: `{"format_version":"1.0","values":{"root_module":{}}}`, told: []string{"error state-for-plan infra/plan.json: this is Terraform's state, which does not say what functions are made of | terraform plan -out=tfplan, then terraform show -json tfplan > plan.json"}},
		"a format to come":         {plan: `{"format_version":"2.0","planned_values":{}}`, told: []string{"error plan-version infra/plan.json: this plan's format is not the one of Terraform 1 | use a version of featherpack that reads it, or name the functions in a featherpack.yaml"}},
		"a plan cut short":         {plan: `{"format_version":"1.2","planned_values":{"root_mod`, told: []string{"error manifest-syntax infra/plan.json:1:52: is cut short | write it anew: terraform show -json tfplan > plan.json"}},
		"a plan in its own format": {plan: "PK\x03\x04s3cret", told: []string{"error binary-plan infra/plan.json: is a zip, such as a plan in Terraform's own format | terraform show -json plan.json > plan.json"}},
		"something else":           {plan: `{"a": 1}`, told: []string{"error unknown-manifest infra/plan.json: is no manifest of a known kind | it must be a featherpack.yaml, a serverless.yml, a SAM or CloudFormation template, or a plan from terraform show -json"}},
	} {
		t.Run(name, func(t *testing.T) {
			all := files{}
			for name, text := range content {
				all[name] = text
			}
			dir := project(t, all)
			real, err := filepath.EvalSymlinks(dir)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "infra/plan.json"), []byte(strings.ReplaceAll(test.plan, "ROOT", real)), 0o644); err != nil {
				t.Fatal(err)
			}
			p := Discover(filepath.Join(dir, "infra"), Options{Config: "plan.json"})
			if diff := cmp.Diff(test.functions, summary(p)); diff != "" {
				t.Errorf("functions (-want +got):\n%s", diff)
			}
			mustTell(t, p, test.told...)
		})
	}
}

// A plan is named or left alone, whatever it is called.
func TestTerraformPlanIsNotFoundByItself(t *testing.T) {
	p := discover(t, files{"tfplan.json": planText, "plan.tfplan.json": planText, "serverless.yml": serverlessHead + "functions: {f: {handler: f.handler}}\n", "f.ts": ""}, Options{})
	if len(p.Functions) != 1 || p.Functions[0].Format != "serverless" {
		t.Errorf("%+v", p.Functions)
	}
}

// Where Terraform runs may be named instead of keeping the plan there.
func TestTerraformPlanElsewhere(t *testing.T) {
	dir := project(t, planFiles)
	if err := os.Rename(filepath.Join(dir, "infra/plan.json"), filepath.Join(dir, "plan.out")); err != nil {
		t.Fatal(err)
	}
	p := Discover(filepath.Join(dir, "infra"), Options{Config: filepath.Join(dir, "plan.out")})
	if len(p.Functions) != 5 || p.Functions[0].Entry != "services/orders/src/orders.ts" {
		t.Errorf("%v\n%v", summary(p), told(p))
	}
}

// A plan of a hundred thousand resources is read as a stream.
func TestTerraformPlanLarge(t *testing.T) {
	filler := `{"address":"aws_x.y","mode":"managed","type":"aws_x","name":"y","values":{"policy":"` + strings.Repeat(`{\"s3cret\"}`, 40) + `"}},`
	text := strings.Replace(planText, planOrders, strings.Repeat(filler, 40_000)+planOrders, 1)
	start := cpuTime()
	p, ok := scanPlan(newPlanScan("plan.json", strings.NewReader(text)))
	if !ok || p.failed != nil || len(p.functions) != 11 {
		t.Fatalf("%v %+v", ok, p.failed)
	}
	if spent := cpuTime() - start; spent.Seconds() > 5 {
		t.Errorf("%d MB took %v", len(text)>>20, spent)
	}
	deep := `{"format_version":"1.2","planned_values":` + strings.Repeat("[", 2000)
	if p, ok := scanPlan(newPlanScan("plan.json", strings.NewReader(deep))); !ok || p.failed == nil || !strings.Contains(p.failed.Message, "nested too deep") {
		t.Errorf("%v", p.failed)
	}
}

func TestModuleOf(t *testing.T) {
	for address, want := range map[string][2]string{
		"aws_lambda_function.f":                                {"", ""},
		`aws_lambda_function.f["module.x"]`:                    {"", ""},
		"module.a.aws_lambda_function.f":                       {"module.a", "a"},
		`module.a["x.y]\".z"].module.b[0].data.archive_file.c`: {`module.a["x.y]\".z"].module.b[0]`, "a/b"},
		"module.a":   {"module.a", "a"},
		"module.":    {"module", ""},
		`module.a["`: {`module.a["`, "a"},
	} {
		if instance, path := moduleOf(address); instance != want[0] || path != want[1] {
			t.Errorf("%s: %q %q", address, instance, path)
		}
	}
}

func FuzzTerraform(f *testing.F) {
	dir := project(f, planFiles)
	for _, seed := range []string{planText, `{"format_version":"1.2","planned_values":{"root_module":{"resources":[` + planOrders + `]}}}`, `{"format_version":"0.1","values":[]}`, `{"format_version":"","planned_values":{"root_module":{"child_modules":[{"resources":[{}]}]}}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		p, ok := scanPlan(newPlanScan("plan.json", strings.NewReader(string(content))))
		if ok && p.failed == nil && !json.Valid(content) {
			t.Error("what is not JSON is taken for a plan")
		}
		if err := os.WriteFile(filepath.Join(dir, "infra/plan.json"), content, 0o644); err != nil {
			t.Fatal(err)
		}
		start := cpuTime()
		o := Options{Config: "plan.json"}
		found := Discover(filepath.Join(dir, "infra"), o)
		sound(t, found, start)
		if a, b := strings.Join(told(found), "\n"), strings.Join(told(Discover(filepath.Join(dir, "infra"), o)), "\n"); a != b {
			t.Errorf("told differently:\n%s\n%s", a, b)
		}
	})
}
