package terraformtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// The hook's file is parsed as Terraform does, and its expressions are evaluated with a
// real answer to its query.
func TestTerraformFile(t *testing.T) {
	t.Parallel()
	printed := clitest.Run(t, "hook", "terraform")
	if printed.Status != clitest.Good || printed.Stderr != "" {
		t.Fatalf("status %d: %s", printed.Status, printed.Stderr)
	}
	body := parseHCL(t, []byte(printed.Stdout))
	// An older Terraform only reports startswith as an unknown function.
	if got := value(t, block(t, body, "terraform").Body.Attributes["required_version"].Expr,
		nil); got.AsString() != ">= 1.3" {
		t.Errorf("it is for Terraform %s", got.AsString())
	}
	question := block(t, body, "data", "external", "featherpack").Body.Attributes
	words := value(t, question["program"].Expr,
		map[string]cty.Value{"var": textObject("featherpack_binary", "featherpack")})
	if got := texts(words); !slices.Equal(got, []string{"featherpack", "build", "--external"}) {
		t.Errorf("the program is %q", got)
	}
	a := newAsker(t, shop)
	before := a.ask(`{"dir": ".", "install": "false"}`)
	a.write("services/pay.eu/serverless.yml",
		"service: pay\nprovider: {name: aws, runtime: nodejs22.x}\nfunctions: {orders: {handler: index.handler}}\n")
	a.write("services/pay.eu/index.js", "exports.handler = async () => 3\n")
	query := map[string]string{}
	for name, v := range value(t, question["query"].Expr,
		map[string]cty.Value{"var": textObject("featherpack_dir", ".")}).AsValueMap() {
		query[name] = v.AsString()
	}
	if query["dir"] != "." || query["install"] != "true" {
		t.Errorf("the question is %v", query)
	}
	// The packages of the shop do not exist, so they cannot be installed.
	answer := a.ask(`{"dir": ".", "install": "false"}`)
	// Another service with a function of the same name changes nothing.
	for name, text := range before {
		if answer[name] != text {
			t.Errorf("%s was %q and is %q", name, text, answer[name])
		}
	}

	result := map[string]cty.Value{}
	for name, text := range answer {
		result[name] = cty.StringVal(text)
	}
	external := cty.ObjectVal(map[string]cty.Value{"external": cty.ObjectVal(map[string]cty.Value{
		"featherpack": cty.ObjectVal(map[string]cty.Value{"result": cty.MapVal(result)}),
	})})
	functions := value(t, block(t, body, "locals").Body.Attributes["featherpack"].Expr,
		map[string]cty.Value{"data": external})
	resource := block(t, body, "resource", "aws_lambda_function", "featherpack").Body.Attributes
	each := value(t, resource["for_each"].Expr,
		map[string]cty.Value{"local": cty.ObjectVal(map[string]cty.Value{"featherpack": functions})})
	var names []string
	for key, settings := range each.AsValueMap() {
		scope := map[string]cty.Value{
			"each": cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal(key), "value": settings}),
			"var":  textObject("featherpack_role_arn", "arn"),
		}
		names = append(names, value(t, resource["function_name"].Expr, scope).AsString())
		for attribute, name := range map[string]string{
			"filename": "path", "source_code_hash": "source_code_hash", "handler": "handler", "runtime": "runtime",
			"memory_size": "memory", "timeout": "timeout",
		} {
			if got := value(t, resource[attribute].Expr, scope).AsString(); got != answer[name+"."+key] || got == "" {
				t.Errorf("%s of %s is %q, not %q", attribute, key, got, answer[name+"."+key])
			}
		}
		if got := texts(value(t, resource["architectures"].Expr, scope)); !slices.Equal(got,
			[]string{answer["architecture."+key]}) {
			t.Errorf("architectures of %s are %q", key, got)
		}
	}
	slices.Sort(names)
	if want := []string{"orders", "report", "services-pay-eu-orders"}; !slices.Equal(names, want) {
		t.Errorf("the functions are %q, want %q", names, want)
	}
}

// If terraform is installed, its own formatter checks the file.
func TestTerraformFileIsFormatted(t *testing.T) {
	printed := clitest.Must(t, "hook", "terraform")
	for _, name := range []string{"terraform", "tofu"} {
		program, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		cmd := exec.Command(program, "fmt", "-no-color", "-check", "-diff", "-")
		cmd.Stdin = strings.NewReader(printed)
		if diff, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s\n%s", err, diff)
		}
		return
	}
	if strings.Contains(printed, "\t") || strings.Contains(printed, " \n") {
		t.Error("tabs, or blanks at the end of a line")
	}
}

// The examples on the hooks' page are valid Terraform.
func TestTerraformPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(page), "```hcl\n")[1:]
	if len(blocks) == 0 {
		t.Error("it shows none")
	}
	for _, text := range blocks {
		text, _, _ = strings.Cut(text, "```")
		body := parseHCL(t, []byte(text))
		words := texts(value(t, block(t, body, "data", "external", "featherpack").Body.Attributes["program"].Expr, nil))
		if !slices.Equal(words, []string{"featherpack", "build", "--external"}) {
			t.Errorf("the program is %q", words)
		}
	}
}

func parseHCL(t *testing.T, text []byte) *hclsyntax.Body {
	t.Helper()
	file, problems := hclsyntax.ParseConfig(text, "featherpack.tf", hcl.InitialPos)
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return file.Body.(*hclsyntax.Body)
}

func block(t *testing.T, body *hclsyntax.Body, kind string, labels ...string) *hclsyntax.Block {
	t.Helper()
	for _, b := range body.Blocks {
		if b.Type == kind && slices.Equal(b.Labels, labels) {
			return b
		}
	}
	t.Fatalf("there is no %s %q", kind, labels)
	return nil
}

// value evaluates an expression with the Terraform functions that the file may use.
// startswith is reimplemented from Terraform; the others are HCL's.
func value(t *testing.T, e hcl.Expression, scope map[string]cty.Value) cty.Value {
	t.Helper()
	v, problems := e.Value(&hcl.EvalContext{Variables: scope, Functions: map[string]function.Function{
		"trimprefix": stdlib.TrimPrefixFunc,
		"replace":    replaceFunc,
		"startswith": function.New(&function.Spec{
			Params: []function.Parameter{{Name: "text", Type: cty.String}, {Name: "prefix", Type: cty.String}},
			Type:   function.StaticReturnType(cty.Bool),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				return cty.BoolVal(strings.HasPrefix(args[0].AsString(), args[1].AsString())), nil
			},
		}),
	}})
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return v
}

// replaceFunc is Terraform's replace: a pattern between slashes is an RE2 expression.
var replaceFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "text", Type: cty.String}, {Name: "old", Type: cty.String},
		{Name: "new", Type: cty.String}},
	Type: function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		old := args[1].AsString()
		if pattern, ok := strings.CutPrefix(old, "/"); ok && len(old) > 1 && strings.HasSuffix(pattern, "/") {
			return stdlib.RegexReplace(args[0], cty.StringVal(strings.TrimSuffix(pattern, "/")), args[2])
		}
		return stdlib.Replace(args[0], args[1], args[2])
	},
})

func textObject(name, text string) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{name: cty.StringVal(text)})
}

func texts(list cty.Value) []string {
	var all []string
	for _, v := range list.AsValueSlice() {
		all = append(all, v.AsString())
	}
	return all
}
