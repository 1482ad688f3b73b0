package manifest_test

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

func TestSeveralServicesAreKeptApart(t *testing.T) {
	sls := func(name string) string {
		return "service: " + name + "\nprovider: {name: aws, runtime: nodejs22.x}\nfunctions:\n" +
			"  run: {handler: run.handler}\n"
	}
	p := manifesttest.Discover(t, manifesttest.Files{
		"services/b/serverless.yml": sls("api"), "services/b/run.ts": "",
		"services/a/serverless.yml": sls("api"), "services/a/run.ts": "",
		"services/c/template.yaml": "Resources:\n  Run:\n    Type: AWS::Serverless::Function\n" +
			"    Properties: {Runtime: nodejs22.x, Handler: run.handler, CodeUri: ./}\n",
		"services/c/run.js":             "",
		"node_modules/x/serverless.yml": sls("no"), ".aws-sam/build/template.yaml": "Resources: {X: {Type:" +
			" AWS::Serverless::Function}}",
		"cdk.out/Stack.template.json": `{"Resources": {"X": {"Type": "AWS::Lambda::Function"}}}`,
		"testdata/serverless.yml":     sls("no"), ".serverless/x/serverless.yml": sls("no"),
		"vendor/x/serverless.yml": sls("no"),
	}, manifest.Options{})
	manifesttest.MustReport(t, p)
	manifesttest.MustFind(t, p,
		"services-a/run nodejs22.x x86_64 run.handler -> services/a/run.ts",
		"services-b/run nodejs22.x x86_64 run.handler -> services/b/run.ts",
		"c/Run nodejs22.x x86_64 run.handler -> services/c/run.js",
	)
	if got := p.Functions[0].ID; got != "services/a/run" {
		t.Errorf("ID = %q", got)
	}
}

func TestRootIsTheOutermost(t *testing.T) {
	content := manifesttest.Files{
		"repo/.git/":                   "",
		"repo/apps/package.json":       `{"workspaces": ["*"]}`,
		"repo/apps/a/package.json":     `{"name": "a"}`,
		"repo/apps/a/run.ts":           "",
		"repo/featherpack.yaml":        "build: {minify: false}\n",
		"repo/apps/a/featherpack.yaml": "functions: {run: run.ts}\n",
		"work/pnpm-workspace.yaml":     "", "work/in/.git/": "", "work/in/x/run.ts": "",
		"gowork/go.work": "go 1.26\n", "gowork/m/go.mod": "module m\n",
		"alone/run.ts": "", "module/go.mod": "module m\n", "module/cmd/a/run.ts": "",
	}
	dir := manifesttest.Project(t, content)
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ dir, root, rel string }{
		{"repo/apps/a", "repo", "apps/a"},
		{"repo", "repo", "."},
		{"work/in/x", "work", "in/x"},
		{"gowork/m", "gowork", "m"},
		{"module/cmd/a", "module", "cmd/a"},
		{"alone", "alone", "."},
	} {
		p := manifest.Discover(filepath.Join(dir, test.dir), manifest.Options{})
		if p.Root != filepath.Join(real, test.root) || p.Dir != test.rel {
			t.Errorf("%s: root %s, dir %s", test.dir, p.Root, p.Dir)
		}
	}
	// A featherpack.yaml above the folder asked for counts too: a function is
	// built alike from wherever it is asked for.
	p := manifest.Discover(filepath.Join(dir, "repo/apps/a"), manifest.Options{})
	manifesttest.MustReport(t, p)
	if len(p.Functions) != 1 || !p.Functions[0].Build.NoMinify || p.Functions[0].Entry != "apps/a/run.ts" {
		t.Errorf("functions: %+v", p.Functions)
	}
}

func TestManifestPrecedence(t *testing.T) {
	const (
		sls = manifesttest.ServerlessHead + "functions:\n  run: {handler: run.handler}\n"
		sam = "Resources:\n  Run:\n    Type: AWS::Serverless::Function\n" +
			"    Properties: {Runtime: nodejs22.x, Handler: run.handler}\n"
		own = "functions:\n  mine: run.ts\n"
		cfn = "Resources:\n  Bucket: {Type: AWS::S3::Bucket}\n"
	)
	for _, test := range []struct {
		name      string
		files     manifesttest.Files
		options   manifest.Options
		functions []string
		told      []string
	}{
		{
			name:      "featherpack.yaml with functions wins",
			files:     manifesttest.Files{"featherpack.yaml": own, "serverless.yml": sls},
			functions: []string{"app/mine nodejs22.x x86_64 run.handler -> run.ts"},
			told: []string{"note manifest-ignored serverless.yml: featherpack.yaml names the functions, so this manifest" +
				" is ignored" +
				" | remove functions from featherpack.yaml to take them from here"},
		},
		{
			name:      "featherpack.yaml without functions leaves them to the framework",
			files:     manifesttest.Files{"featherpack.yaml": "build: {sdk: runtime}\n", "serverless.yml": sls},
			functions: []string{"shop/run nodejs22.x x86_64 run.handler -> run.ts"},
		},
		{
			name:  "two frameworks in one folder",
			files: manifesttest.Files{"serverless.yml": sls, "template.yaml": sam},
			told: []string{"error two-manifests template.yaml: two manifests in one folder: serverless.yml and template.yaml" +
				" | choose one with --config serverless.yml"},
		},
		{
			name:      "two frameworks, one chosen",
			files:     manifesttest.Files{"serverless.yml": sls, "template.yaml": sam},
			options:   manifest.Options{Config: "template.yaml"},
			functions: []string{"app/Run nodejs22.x x86_64 run.handler -> run.ts"},
		},
		{
			name:      "resources beside a serverless.yml are not a second manifest",
			files:     manifesttest.Files{"serverless.yml": sls, "template.yaml": cfn},
			functions: []string{"shop/run nodejs22.x x86_64 run.handler -> run.ts"},
		},
		{
			name:      "a template under any name",
			files:     manifesttest.Files{"infra/api.yaml": sam, "infra/run.ts": "", "infra/data.yml": cfn},
			functions: []string{"infra-api/Run nodejs22.x x86_64 run.handler -> infra/run.ts"},
		},
		{
			name:      "a template that serverless.yml includes is not a manifest",
			files:     manifesttest.Files{"serverless.yml": sls + "resources: ${file(infra/api.yml)}\n", "infra/api.yml": sam},
			functions: []string{"shop/run nodejs22.x x86_64 run.handler -> run.ts"},
		},
		{
			name:  "a manifest that is a program",
			files: manifesttest.Files{"serverless.ts": "export default {}"},
			told: []string{
				"error no-manifest there is no featherpack.yaml, serverless.yml or SAM template in the project's root or" +
					" below, nor a Go program for Lambda" +
					" | name a source file with --entry FILE, or write a featherpack.yaml (featherpack init makes one)",
				"warning manifest-is-code serverless.ts: this manifest is a program, which featherpack does not run" +
					" | let the framework call featherpack (featherpack hook serverless), or name the functions in a featherpack.yaml",
			},
		},
		{
			name: "nothing at all", files: manifesttest.Files{"x.txt": ""},
			told: []string{"error no-manifest there is no featherpack.yaml, serverless.yml or SAM template in the" +
				" project's root or below, nor a Go program for Lambda" +
				" | name a source file with --entry FILE, or write a featherpack.yaml (featherpack init makes one)"},
		},
		{
			name:  "Terraform's source without a plan",
			files: manifesttest.Files{"infra/main.tf": "# shop\n\n  resource \"aws_lambda_function\" \"run\" {}\n", "run.js": ""},
			told: []string{"error no-plan infra/main.tf:3:3: declares a Lambda function, which is read from a plan alone | in infra, run" +
				" terraform plan -out=tfplan, then terraform show -json tfplan > plan.json, and pass --config infra/plan.json"},
		},
		{
			name:  "Terraform's source with the module for Lambda",
			files: manifesttest.Files{"main.tf": "module \"run\" {\n  source = \"terraform-aws-modules/lambda/aws\"\n}\n"},
			told: []string{"error no-plan main.tf:2:3: declares a Lambda function, which is read from a plan alone | run terraform plan" +
				" -out=tfplan, then terraform show -json tfplan > plan.json, and pass --config plan.json"},
		},
		{
			name:  "Terraform's source as the manifest",
			files: manifesttest.Files{"main.tf": "resource \"aws_s3_bucket\" \"run\" {}\n"}, options: manifest.Options{Config: "main.tf"},
			told: []string{"error no-plan main.tf: is Terraform's source, which is read from a plan alone | run terraform plan" +
				" -out=tfplan, then terraform show -json tfplan > plan.json, and pass --config plan.json"},
		},
		{
			name:  "Terraform's source without a function",
			files: manifesttest.Files{"main.tf": "resource \"aws_s3_bucket\" \"run\" {}\n# resource \"aws_lambda_function\" \"run\" {}\n"},
			told: []string{"error no-manifest there is no featherpack.yaml, serverless.yml or SAM template in the" +
				" project's root or below, nor a Go program for Lambda" +
				" | name a source file with --entry FILE, or write a featherpack.yaml (featherpack init makes one)"},
		},
		{
			name:      "Terraform's source beside another manifest",
			files:     manifesttest.Files{"main.tf": "resource \"aws_lambda_function\" \"run\" {}\n", "template.yaml": sam, "run.ts": ""},
			functions: []string{"app/Run nodejs22.x x86_64 run.handler -> run.ts"},
		},
		{
			name: "an empty service", files: manifesttest.Files{"serverless.yml": manifesttest.ServerlessHead},
			told: []string{
				"error empty-service serverless.yml:1:1: names no functions" +
					" | add functions to it, or name source files with --entry FILE",
			},
		},
		{
			name: "an empty file", files: manifesttest.Files{"serverless.yml": ""},
			told: []string{
				"error empty-service serverless.yml:1:1: names no functions" +
					" | add functions to it, or name source files with --entry FILE",
			},
		},
		{
			name: "an empty featherpack.yaml function list", files: manifesttest.Files{"featherpack.yaml": "functions: {}\n"},
			told: []string{
				"error empty-service featherpack.yaml:1:1: names no functions" +
					" | add functions to it, or name source files with --entry FILE",
			},
		},
		{
			name: "an empty service beside another holds resources only",
			files: manifesttest.Files{
				"a/serverless.yml": sls, "a/run.ts": "", "b/serverless.yml": "service: data\nprovider: aws\n",
			},
			functions: []string{"shop/run nodejs22.x x86_64 run.handler -> a/run.ts"},
			told: []string{
				"note empty-service b/serverless.yml:1:1: names no functions" +
					" | add functions to it, or name source files with --entry FILE",
			},
		},
		{
			name: "--config names a file of no known" +
				" kind", files: manifesttest.Files{"x.yml": "a: 1\n"}, options: manifest.Options{Config: "x.yml"},
			told: []string{"error unknown-manifest x.yml: is not a manifest that featherpack can read" +
				" | it must be a featherpack.yaml, a serverless.yml, a SAM or CloudFormation template, or a plan from" +
				" terraform show -json"},
		},
		{
			name: "--config names nothing", files: manifesttest.Files{}, options: manifest.Options{Config: "no.yml"},
			told: []string{
				"error unreadable-manifest no.yml: cannot read it: no such file or directory" +
					" | --config names a file, relative to the folder that is built or to the current one",
			},
		},
		{
			name: "--config names another featherpack.yaml", files: manifesttest.Files{
				"ci/featherpack.yaml": own, "featherpack.yaml": "functions: {other: run.ts}\n",
			},
			options:   manifest.Options{Config: "ci/featherpack.yaml"},
			functions: []string{"app/mine nodejs22.x x86_64 run.handler -> run.ts"},
		},
		{
			name: "--config names a featherpack.yaml of another name", files: manifesttest.Files{"ci.yml": own},
			options:   manifest.Options{Config: "ci.yml"},
			functions: []string{"app/mine nodejs22.x x86_64 run.handler -> run.ts"},
		},
		{
			name:      "a file that only resembles a template",
			files:     manifesttest.Files{"serverless.yml": sls, "deploy.yml.j2": sam, "gen/stack.yml": "{% if x %}\n" + sam},
			functions: []string{"shop/run nodejs22.x x86_64 run.handler -> run.ts"},
			told:      []string{"warning manifest-syntax gen/stack.yml:1:2: unexpected directive value. document not started"},
		},
		{
			name: "--config outside the root", files: manifesttest.Files{}, options: manifest.Options{Config: "/etc/hostname"},
			told: []string{"refused config-outside --config names a file outside the project's root | " +
				"only a featherpack.yaml may be there: build the folder of the manifest, or copy it into the project"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, ok := test.files["x.txt"]; !ok {
				test.files["run.ts"] = ""
			}
			p := manifesttest.Discover(t, test.files, test.options)
			manifesttest.MustFind(t, p, test.functions...)
			manifesttest.MustReport(t, p, test.told...)
		})
	}
}

func TestEntries(t *testing.T) {
	content := manifesttest.Files{
		"src/orders.ts": "", "src/users/index.mts": "", "api/get.js": "", "web/get.js": "", "notes.md": "", "src/a.b.ts": "",
		"cmd/ingest/main.go": "package main\n", "featherpack.yaml": "build: {sdk: runtime}\n",
		"serverless.yml": manifesttest.ServerlessHead + "functions: {x: {handler: src/orders.handler}}\n",
	}
	dir := manifesttest.Project(t, content)
	arch := map[string]string{"arm64": "arm64"}[runtime.GOARCH]
	if arch == "" {
		arch = "x86_64"
	}
	p := manifest.Discover(
		dir,
		manifest.Options{
			Entries: []string{
				"src/orders.ts", "src/users/index.mts", "api/get.js", "web/get.js", "./cmd/ingest",
				filepath.Join(dir, "src/orders.ts"),
			},
		},
	)
	manifesttest.MustReport(t, p)
	manifesttest.MustFind(t, p,
		"/orders nodejs22.x "+arch+" src/orders.handler -> src/orders.ts",
		"/users nodejs22.x "+arch+" src/users/index.handler -> src/users/index.mts",
		"/api-get nodejs22.x "+arch+" api/get.handler -> api/get.js",
		"/web-get nodejs22.x "+arch+" web/get.handler -> web/get.js",
		"/ingest provided.al2023 "+arch+" cmd/ingest -> cmd/ingest",
	)
	if p.Functions[0].Build.SDK != "runtime" {
		t.Error("featherpack.yaml's settings do not hold for --entry")
	}
	p = manifest.Discover(dir, manifest.Options{Entries: []string{"cmd/ingest/main.go"}})
	manifesttest.MustFind(t, p, "/ingest provided.al2023 "+arch+" cmd/ingest/main.go -> cmd/ingest")

	p = manifest.Discover(
		dir,
		manifest.Options{
			Entries: []string{"src/order.ts", "notes.md", "src/Orders.ts", "src/a.b.ts", "/etc/passwd", "../up.ts"},
		},
	)
	manifesttest.MustReport(t, p,
		"refused entry-outside --entry passwd leads outside the project's root"+
			" | nothing outside the project's root is packed: give the folder that holds it",
		"refused entry-outside --entry up.ts leads outside the project's root"+
			" | nothing outside the project's root is packed: give the folder that holds it",
		"error no-such-handler src/Orders.ts: Orders: entry src/Orders.ts does not exist | did you mean src/orders.ts?",
		`error bad-handler src/a.b.ts: a.b: entry "src/a.b.ts": lambda reads a file's name up to its first dot`+
			` | rename the file so that its name holds no dot before the extension`,
		"error no-such-handler notes.md: notes.md: entry notes.md is not a source file"+
			" | give a source file (.ts .tsx .mts .cts .js .jsx .mjs .cjs) or a Go package",
		"error no-such-handler src/order.ts: order: entry src/order.ts does not exist | did you mean src/orders.ts?",
	)
	if got := analyzer.ExitStatus(p.Diagnostics); got != 3 {
		t.Errorf("exit status %d", got)
	}
}

func TestManifestAboveTheFolder(t *testing.T) {
	dir := manifesttest.Project(
		t, manifesttest.Files{".git/": "", "svc/serverless.yml": manifesttest.ServerlessHead, "svc/src/deep/a.ts": ""},
	)
	manifesttest.MustReport(t, manifest.Discover(filepath.Join(dir, "svc/src/deep"), manifest.Options{}),
		"error no-manifest there is no featherpack.yaml, serverless.yml or SAM template in svc/src/deep or below, nor"+
			" a Go program for Lambda"+
			" | svc/serverless.yml is in a parent folder: pass that folder")
}

func TestFolderAskedFor(t *testing.T) {
	dir := manifesttest.Project(t, manifesttest.Files{"file.txt": ""})
	p := manifest.Discover(filepath.Join(dir, "none"), manifest.Options{})
	manifesttest.MustReport(t, p, "error no-such-folder cannot read folder none: no such file or directory")
	p = manifest.Discover(filepath.Join(dir, "file.txt"), manifest.Options{})
	manifesttest.MustReport(
		t, p,
		"error no-such-folder file.txt is not a folder"+
			" | give the service's folder; a single source file goes with --entry FILE",
	)
}

// The same files give the same project, wherever they lie and in whatever
// order they were made.
func TestSameFilesSameProject(t *testing.T) {
	content := manifesttest.Files{"x.txt": ""}
	for _, s := range []string{"c", "a", "b"} {
		content[s+"/serverless.yml"] = "service: same\nprovider: {name: aws, runtime: nodejs18.x}\nfunctions:\n" +
			"  z: {handler: z.handler}\n  a: {handler: none.handler}\n"
		content[s+"/z.ts"] = ""
	}
	names := slices.Sorted(func(yield func(string) bool) {
		for n := range content {
			if !yield(n) {
				return
			}
		}
	})
	var first analyzer.Project
	for round := range 4 {
		dir := t.TempDir()
		for i := range names {
			name := names[(i+round)%len(names)]
			if round == 3 {
				name = names[len(names)-1-i]
			}
			full := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte(content[name]), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		p := manifest.Discover(dir, manifest.Options{})
		if len(p.Functions) != 6 || len(p.Diagnostics) != 6 {
			t.Fatalf("%d functions, %v", len(p.Functions), manifesttest.Reported(p))
		}
		p.Root = ""
		if round == 0 {
			first = p
		} else if diff := cmp.Diff(first, p); diff != "" {
			t.Errorf("round %d differs:\n%s", round, diff)
		}
	}
}

// No diagnostic may contain an absolute path of this machine.
func TestNoAbsolutePathsInDiagnostics(t *testing.T) {
	dir := manifesttest.Project(
		t,
		manifesttest.Files{
			"serverless.yml": manifesttest.ServerlessHead + "functions: {x: {handler: '${file(gone.yml):a}'}, y:" +
				" {handler: /etc/x.h}}\n",
		},
	)
	if err := os.Mkdir(filepath.Join(dir, "template.yaml"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, o := range []manifest.Options{
		{}, {Config: filepath.Join(dir, "none.yml")}, {Entries: []string{filepath.Join(dir, "none.ts")}},
	} {
		p := manifest.Discover(dir, o)
		if len(p.Diagnostics) == 0 {
			t.Error("no diagnostics")
		}
		for _, line := range manifesttest.Reported(p) {
			if strings.Contains(line, dir) || strings.Contains(line, os.TempDir()) {
				t.Errorf("names the machine's path: %s", line)
			}
		}
	}
}
