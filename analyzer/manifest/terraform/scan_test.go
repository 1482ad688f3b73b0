package terraform_test

import (
	_ "embed"
	"encoding/json"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/manifest/terraform"
)

// planText is a plan as terraform show -json prints it, of Terraform 1.11:
// resources of the root and of modules, made by count and for_each, archives
// that are read while planning (in prior_state) and when applied, and secrets
// wherever a plan may hold them, all of which contain "s3cret".
//
//go:embed testdata/plan.json
var planText string

// planOrders is the first function's resource.
var planOrders = strings.TrimSuffix(strings.Split(planText, "\n")[3], ",")

// A plan of a hundred thousand resources is read as a stream.
func TestTerraformPlanLarge(t *testing.T) {
	filler := `{"address":"aws_x.y","mode":"managed","type":"aws_x","name":"y","values":{"policy":"` +
		strings.Repeat(`{\"s3cret\"}`, 40) + `"}},`
	text := strings.Replace(planText, planOrders, strings.Repeat(filler, 40_000)+planOrders, 1)
	start := inputtest.CPUTime()
	if n, failed, _, ok := terraform.Scan(text); !ok || failed != nil || n != 11 {
		t.Fatalf("%v %v %d", ok, failed, n)
	}
	if spent := inputtest.CPUTime() - start; spent.Seconds() > 5 {
		t.Errorf("%d MB took %v", len(text)>>20, spent)
	}
	deep := `{"format_version":"1.2","planned_values":` + strings.Repeat("[", 2000)
	if _, failed, _, ok := terraform.Scan(deep); !ok || failed == nil ||
		!strings.Contains(failed.Message, "nested too deep") {
		t.Errorf("%v", failed)
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
		if instance, path := terraform.ModuleOf(address); instance != want[0] || path != want[1] {
			t.Errorf("%s: %q %q", address, instance, path)
		}
	}
}

// Of a plan's secrets nothing is kept, and no message quotes one.
func TestTerraformPlanSecrets(t *testing.T) {
	if n := strings.Count(planText, "s3cret"); n != 25 {
		t.Fatalf("%d secrets are planted", n)
	}
	n, failed, kept, ok := terraform.Scan(planText)
	if !ok || failed != nil || n != 11 {
		t.Fatalf("%v %v %d", ok, failed, n)
	}
	if strings.Contains(kept, "s3cret") {
		t.Errorf("a secret is kept: %s", kept)
	}
	// Cut anywhere, spoiled anywhere, no secret shows.
	for i := 0; i < len(planText); i += 37 {
		for _, spoiled := range []string{
			planText[:i], planText[:i] + "\x01" + planText[i:], planText[:i] + `"s3cret-26` + planText[i:],
		} {
			_, failed, _, ok := terraform.Scan(spoiled)
			if ok && failed != nil && strings.Contains(failed.Error()+failed.Hint, "s3cret") {
				t.Fatalf("at %d: %v", i, failed)
			}
			if ok && failed == nil && !json.Valid([]byte(spoiled)) {
				t.Fatalf("at %d: taken for whole", i)
			}
		}
	}
}

func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		planText, `{"format_version":"0.1","values":[]}`,
		`{"format_version":"","planned_values":{"root_module":{"child_modules":[{"resources":[{}]}]}}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		defer inputtest.Bound(t)()
		if _, failed, _, ok := terraform.Scan(string(content)); ok && failed == nil && !json.Valid(content) {
			t.Error("what is not JSON is taken for a plan")
		}
	})
}
