package serverless_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
	"github.com/featherpack/featherpack/analyzer/manifest/serverless"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// variablesOf reads a serverless.yml from a project without discovering it.
func variablesOf(t testing.TB, content manifesttest.Files, o declared.Input) *serverless.Variables {
	t.Helper()
	if o.LookupEnv == nil {
		o.LookupEnv = func(name string) (string, bool) {
			v, ok := map[string]string{"HOME_TABLE": "from-env", "EMPTY": ""}[name]
			return v, ok
		}
	}
	o.FS = projectfs.New(projectfs.FindRoot(manifesttest.Project(t, content)), projectfs.Allowances{})
	root, p := yamltree.Parse("serverless.yml", []byte(content["serverless.yml"]))
	if p != nil {
		t.Fatal(p)
	}
	o.Service = declared.Service{Dir: ".", File: "serverless.yml", Root: root}
	return serverless.NewVariables(o)
}

func TestVariables(t *testing.T) {
	const manifest = `
service: shop
provider:
  name: aws
  stage: ${opt:stage, 'dev'}
  region: ${opt:region, 'eu-west-1'}
params:
  default: {table: t-default, size: 128}
  prod: {table: t-prod}
custom:
  one: 1
  list: [a, {b: c}]
  stages: {dev: D, prod: P}
  nested: ${self:custom.stages.${opt:stage, self:provider.stage}}
  via: ${self:custom.nested}
  empty: ''
  nothing: null
  map: {x: '${self:custom.one}', y: 2}
`
	extra := manifesttest.Files{
		"serverless.yml":   manifest,
		"config/dev.yml":   "db: {host: dev-host, port: 5432}\nref: ${self:custom.one}\nname: dev-${self:service}\n",
		"config/prod.json": `{"db": {"host": "prod-host"}}`,
		"note.txt":         "plain ${self:custom.one}",
		"code.js":          "module.exports = {}",
		"broken.yml":       "a: [",
	}
	for _, test := range []struct{ text, want string }{
		{"plain", `"plain"`},
		{"${self:service}", `"shop"`},
		{"${self:custom.one}", `1`},
		{"a-${self:custom.one}-b", `"a-1-b"`},
		{"${self:custom.list.1.b}", `"c"`},
		{"${self:custom.map}", `{x: "${self:custom.one}", y: 2}`},
		{"${self:provider.stage}", `"dev"`},
		{"${self:custom.nested}", `"D"`},
		{"${self:custom.via}", `"D"`},
		{"${self:custom.empty}", `""`},
		{"x${self:custom.empty}y", `"xy"`},
		{"${self:custom.none, 'lit'}", `"lit"`},
		{`${self:custom.none, "a\"b, }"}`, `"a\"b, }"`},
		{"${self:custom.none, self:custom.nothing, 5}", `5`},
		{"${self:custom.none, ${self:custom.one}}", `1`},
		{"${self:custom.none, true}", `true`},
		{"${self:custom.none, null}", `null`},
		{"${self:custom.none, ''}", `""`},
		{"${env:HOME_TABLE}", `"from-env"`},
		{"${env:EMPTY, 'x'}", `""`},
		{"${env:UNSET, 'x'}", `"x"`},
		{"${opt:stage, 'none'}", `"none"`},
		{"${sls:stage}", `"dev"`},
		{"${param:table}", `"t-default"`},
		{"${param:size}", `128`},
		{"${aws:region}", `"eu-west-1"`},
		{"${strToBool('true')}", `true`},
		{"${strToBool(0)}", `false`},
		{"${file(config/dev.yml):db.host}", `"dev-host"`},
		{"${file(./config/${sls:stage}.yml):db.port}", `5432`},
		{"${file(config/dev.yml):ref}", `1`},
		{"${file(config/dev.yml):name}", `"dev-shop"`},
		{"${file('config/prod.json'):db}", `{host: "prod-host"}`},
		{"${file(config/none.yml):a, 'gone'}", `"gone"`},
		{"${file(note.txt)}", `"plain 1"`},
		// Somebody else's, and escaped ones, stay.
		{"${AWS::Region}-${Stage}-${!x}", `"${AWS::Region}-${Stage}-${!x}"`},
		{"arn:${AWS::Region}:${self:service}", `"arn:${AWS::Region}:shop"`},
		{`\${self:service}`, `"${self:service}"`},
		{"$notone ${}", `"$notone ${}"`},
		// Not known before deployment.
		{"${ssm:/path/to~true}", `<${ssm:/path/to~true}: it is known only once deployed>`},
		{"x-${cf:stack.Output}", `"x-${cf:stack.Output}" <${cf:stack.Output}: it is known only once deployed>`},
		{"${cf(eu-west-1):stack.Output}", `<${cf(eu-west-1):stack.Output}: it is known only once deployed>`},
		{"${ssm:/x, 'fallback'}", `<${ssm:/x, 'fallback'}: it is known only once deployed>|"fallback"`},
		{"${s3:b/k, ssm:/x, self:custom.one}", `<${s3:b/k, ssm:/x, self:custom.one}: it is known only once deployed>|1`},
		{"${aws:accountId}", `<${aws:accountId}: it is known only once deployed>`},
		{"${sls:instanceId}", `<${sls:instanceId}: it is different in each deployment>`},
		{"${file(code.js):x}", `<${file(code.js):x}: a program computes it, which featherpack does not run>`},
		// Mistakes.
		{"${self:custom.none}", `<${self:custom.none}: the manifest has no such value>`},
		{"${env:UNSET}", `<${env:UNSET}: no such environment variable is set>`},
		{"${param:none}", `<${param:none}: no such parameter is given: --param NAME=VALUE>`},
		{"${opt:none}", `<${opt:none}: no such option is given>`},
		{"x${self:custom.map}", `<${self:custom.map}: gives a mapping in the middle of a text>`},
		{"${self:custom.one", `<${self:custom.one: the variable is not closed: } is missing>`},
		{"${self:custom.none, lit}", `<${self:custom.none, lit}: is not a variable source or a quoted literal>`},
		{"${file(../../../etc/passwd)}", `<${file(../../../etc/passwd)}: it leaves the project's root>`},
		{"${file(/etc/passwd)}", `<${file(/etc/passwd)}: it leaves the project's root>`},
		{"${file(broken.yml):a}", `<${file(broken.yml):a}: broken.yml:1:4 is not valid YAML or JSON>`},
		{"${file(config)}", `<${file(config)}: the file, or the value in it, does not exist>`},
	} {
		t.Run(test.text, func(t *testing.T) {
			r := variablesOf(t, extra, declared.Input{})
			got := r.Resolve(yamltree.NewText(test.text, r.Root.At)).String()
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}

	r := variablesOf(
		t, extra,
		declared.Input{
			Stage: "prod", Params: map[string]string{"size": "256"}, Opts: map[string]string{"region": "us-west-2"},
		},
	)
	for text, want := range map[string]string{
		"${self:provider.stage}": `"prod"`, "${self:custom.via}": `"P"`, "${sls:stage}": `"prod"`,
		"${param:table}": `"t-prod"`,
		"${param:size}":  `"256"`, "${aws:region}": `"us-west-2"`, "${opt:region}": `"us-west-2"`,
	} {
		if got := r.Resolve(yamltree.NewText(text, r.Root.At)).String(); got != want {
			t.Errorf("stage prod: %s = %s, want %s", text, got, want)
		}
	}
}

func TestCyclicVariables(t *testing.T) {
	p := manifesttest.Discover(t, manifesttest.Files{"serverless.yml": manifesttest.ServerlessHead + `custom:
  a: ${self:custom.b}
  b: x-${self:custom.c}
  c: ${self:custom.a, 'never'}
  self: ${self:custom.self}
functions:
  f: {handler: f.handler}
`, "f.ts": ""}, manifest.Options{})
	manifesttest.MustReport(t, p,
		"error cyclic-variable serverless.yml:6:6: variables refer to each other in a cycle: ${self:custom.b} -> ${self:custom.c} ->"+
			" ${self:custom.a} -> ${self:custom.b} | set one of them to a value that uses none of the others",
		"error cyclic-variable serverless.yml:9:9: variables refer to each other in a cycle: ${self:custom.self} -> ${self:custom.self}"+
			" | set one of them to a value that uses none of the others",
	)
	manifesttest.MustFind(t, p, "shop/f nodejs22.x x86_64 f.handler -> f.ts")

	p = manifesttest.Discover(
		t,
		manifesttest.Files{
			"serverless.yml": "service: s\nprovider: {name: aws, runtime: '${self:provider.runtime}'}\nfunctions:\n" +
				"  f: {handler: f.handler}\n",
			"f.ts": "",
		},
		manifest.Options{},
	)
	manifesttest.MustReport(t, p,
		"error cyclic-variable serverless.yml:2:32: variables refer to each other in a cycle: ${self:provider.runtime} ->"+
			" ${self:provider.runtime} | set one of them to a value that uses none of the others",
		"error bad-variable serverless.yml:2:32: f: runtime is ${self:provider.runtime}: it refers to itself:"+
			" ${self:provider.runtime} -> ${self:provider.runtime}"+
			" | correct the variable, or give it a default: ${source:name, 'default'}",
	)
	// A mapping that holds itself is only as deep as somebody looks.
	p = manifesttest.Discover(
		t,
		manifesttest.Files{
			"serverless.yml": manifesttest.ServerlessHead + "custom: {all: '${self:custom}', root: '${self:}'}\n" +
				"functions:\n  f: {handler: f.handler}\n",
			"f.ts": "",
		},
		manifest.Options{},
	)
	manifesttest.MustReport(t, p)
}

// A few lines must not ask for exponential work or memory.
func TestVariableBombs(t *testing.T) {
	double := manifesttest.ServerlessHead + "custom:\n  a0: aaaaaaaaaaaaaaaa\n"
	for i := 1; i <= 60; i++ {
		double += fmt.Sprintf("  a%d: ${self:custom.a%d}${self:custom.a%d}\n", i, i-1, i-1)
	}
	double += "functions:\n  f: {handler: '${self:custom.a60}.handler'}\n"
	cyclic := manifesttest.ServerlessHead + "custom:\n"
	for i := range 40 {
		cyclic += fmt.Sprintf(
			"  a%d: ${self:custom.a%d}${self:custom.a%d}${self:custom.a%d}\n", i, (i+1)%40, (i+2)%40, (i+3)%40,
		)
	}
	cyclic += "functions:\n  f: {handler: '${self:custom.a1}.handler'}\n"
	nested := manifesttest.ServerlessHead + "functions:\n  f: {handler: '" +
		strings.Repeat("${self:", 5000) + strings.Repeat("}", 5000) + "'}\n"
	chain := manifesttest.ServerlessHead + "custom:\n"
	for i := range 3000 {
		chain += fmt.Sprintf("  a%d: ${self:custom.a%d}\n", i, i+1)
	}
	chain += "functions:\n  f: {handler: '${self:custom.a0}.handler'}\n"
	include := manifesttest.ServerlessHead + "custom: ${file(serverless.yml):custom}\n" +
		"functions: ${file(serverless.yml):functions}\n"
	for name, text := range map[string]string{
		"double": double, "cyclic": cyclic, "nested": nested, "chain": chain, "include": include,
	} {
		t.Run(name, func(t *testing.T) {
			manifesttest.Bounded(t, "serverless.yml", text, 20_000)
		})
	}
}

func TestIncludeThroughALinkOutOfTheRoot(t *testing.T) {
	dir := manifesttest.Project(
		t,
		manifesttest.Files{
			"serverless.yml": manifesttest.ServerlessHead + "functions:\n  f: {handler: '${file(link.yml):h}'}\n",
		},
	)
	outside := filepath.Join(t.TempDir(), "x.yml")
	if err := os.WriteFile(outside, []byte("h: f.handler\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link.yml")); err != nil {
		t.Skip(err)
	}
	manifesttest.MustReport(t, manifest.Discover(dir, manifest.Options{}),
		"refused variable-outside serverless.yml:6:16: f: handler is ${file(link.yml):h}: it leaves the project's"+
			" root | nothing outside the project's root is read")
}
