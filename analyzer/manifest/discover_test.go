package manifest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
)

// files are the content of a project by path.
type files map[string]string

// project writes files to a folder of its own.
func project(t testing.TB, content files) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range content {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(full, 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func discover(t testing.TB, content files, o Options) analyzer.Project {
	t.Helper()
	return Discover(project(t, content), o)
}

// told renders diagnostics one a line: severity, code, what is printed, hint.
func told(p analyzer.Project) []string {
	var lines []string
	for _, d := range p.Diagnostics {
		line := fmt.Sprintf("%s %s %s", d.Severity, d.Code, d.Error())
		if d.Hint != "" {
			line += " | " + d.Hint
		}
		lines = append(lines, line)
	}
	return lines
}

func mustTell(t *testing.T, p analyzer.Project, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, told(p)); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
}

// summary renders functions one a line: service, name, runtime, architecture, handler, entry.
func summary(p analyzer.Project) []string {
	var lines []string
	for _, f := range p.Functions {
		lines = append(lines, fmt.Sprintf("%s/%s %s %s %s -> %s", f.Service, f.Name, f.Runtime, f.Architecture, f.Handler, f.Entry))
	}
	return lines
}

func mustFind(t *testing.T, p analyzer.Project, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, summary(p)); diff != "" {
		t.Errorf("functions (-want +got):\n%s\n%s", diff, strings.Join(told(p), "\n"))
	}
}

const serverlessHead = "service: shop\nprovider:\n  name: aws\n  runtime: nodejs22.x\n"

func TestSeveralServicesAreKeptApart(t *testing.T) {
	sls := func(name string) string {
		return "service: " + name + "\nprovider: {name: aws, runtime: nodejs22.x}\nfunctions:\n  run: {handler: run.handler}\n"
	}
	p := discover(t, files{
		"services/b/serverless.yml": sls("api"), "services/b/run.ts": "",
		"services/a/serverless.yml": sls("api"), "services/a/run.ts": "",
		"services/c/template.yaml":      "Resources:\n  Run:\n    Type: AWS::Serverless::Function\n    Properties: {Runtime: nodejs22.x, Handler: run.handler, CodeUri: ./}\n",
		"services/c/run.js":             "",
		"node_modules/x/serverless.yml": sls("no"), ".aws-sam/build/template.yaml": "Resources: {X: {Type: AWS::Serverless::Function}}",
		"cdk.out/Stack.template.json": `{"Resources": {"X": {"Type": "AWS::Lambda::Function"}}}`,
		"testdata/serverless.yml":     sls("no"), ".serverless/x/serverless.yml": sls("no"), "vendor/x/serverless.yml": sls("no"),
	}, Options{})
	mustTell(t, p)
	mustFind(t, p,
		"services-a/run nodejs22.x x86_64 run.handler -> services/a/run.ts",
		"services-b/run nodejs22.x x86_64 run.handler -> services/b/run.ts",
		"c/Run nodejs22.x x86_64 run.handler -> services/c/run.js",
	)
	if got := p.ID(p.Functions[0]); got != "services-a/run" {
		t.Errorf("ID = %q", got)
	}
}

func TestRootIsTheOutermost(t *testing.T) {
	content := files{
		"repo/.git/":                   "",
		"repo/apps/package.json":       `{"workspaces": ["*"]}`,
		"repo/apps/a/package.json":     `{"name": "a"}`,
		"repo/apps/a/run.ts":           "",
		"repo/featherpack.yaml":        "build: {minify: false}\n",
		"repo/apps/a/featherpack.yaml": "functions: {run: run.ts}\n",
		"work/pnpm-workspace.yaml":     "", "work/in/.git/": "", "work/in/x/run.ts": "",
		"gowork/go.work": "go 1.26\n", "gowork/m/go.mod": "module m\n",
		"alone/run.ts": "",
	}
	dir := project(t, content)
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ dir, root, rel string }{
		{"repo/apps/a", "repo", "apps/a"},
		{"repo", "repo", "."},
		{"work/in/x", "work", "in/x"},
		{"gowork/m", "gowork", "m"},
		{"alone", "alone", "."},
	} {
		p := Discover(filepath.Join(dir, test.dir), Options{})
		if p.Root != filepath.Join(real, test.root) || p.Dir != test.rel {
			t.Errorf("%s: root %s, dir %s", test.dir, p.Root, p.Dir)
		}
	}
	// A featherpack.yaml above the folder asked for counts too: a function is
	// built alike from wherever it is asked for.
	p := Discover(filepath.Join(dir, "repo/apps/a"), Options{})
	mustTell(t, p)
	if len(p.Functions) != 1 || !p.Functions[0].Build.NoMinify || p.Functions[0].Entry != "apps/a/run.ts" {
		t.Errorf("functions: %+v", p.Functions)
	}
}

func TestWhichManifestCounts(t *testing.T) {
	const (
		sls = serverlessHead + "functions:\n  run: {handler: run.handler}\n"
		sam = "Resources:\n  Run:\n    Type: AWS::Serverless::Function\n    Properties: {Runtime: nodejs22.x, Handler: run.handler}\n"
		own = "functions:\n  mine: run.ts\n"
		cfn = "Resources:\n  Bucket: {Type: AWS::S3::Bucket}\n"
	)
	for _, test := range []struct {
		name      string
		files     files
		options   Options
		functions []string
		told      []string
	}{
		{
			name:      "featherpack.yaml with functions wins",
			files:     files{"featherpack.yaml": own, "serverless.yml": sls},
			functions: []string{"app/mine nodejs22.x x86_64 run.handler -> run.ts"},
			told: []string{"note manifest-ignored serverless.yml: featherpack.yaml names the functions, so this manifest is left alone" +
				" | remove functions from featherpack.yaml to take them from here"},
		},
		{
			name:      "featherpack.yaml without functions leaves them to the framework",
			files:     files{"featherpack.yaml": "build: {sdk: runtime}\n", "serverless.yml": sls},
			functions: []string{"shop/run nodejs22.x x86_64 run.handler -> run.ts"},
		},
		{
			name:  "two frameworks in one folder",
			files: files{"serverless.yml": sls, "template.yaml": sam},
			told: []string{"error two-manifests template.yaml: two manifests in one folder: serverless.yml and template.yaml" +
				" | choose one with --config serverless.yml"},
		},
		{
			name:      "two frameworks, one chosen",
			files:     files{"serverless.yml": sls, "template.yaml": sam},
			options:   Options{Config: "template.yaml"},
			functions: []string{"app/Run nodejs22.x x86_64 run.handler -> run.ts"},
		},
		{
			name:      "resources beside a serverless.yml are not a second manifest",
			files:     files{"serverless.yml": sls, "template.yaml": cfn},
			functions: []string{"shop/run nodejs22.x x86_64 run.handler -> run.ts"},
		},
		{
			name:      "a template under any name",
			files:     files{"infra/api.yaml": sam, "infra/run.ts": "", "infra/data.yml": cfn},
			functions: []string{"infra-api/Run nodejs22.x x86_64 run.handler -> infra/run.ts"},
		},
		{
			name:      "a template that serverless.yml includes is not a manifest",
			files:     files{"serverless.yml": sls + "resources: ${file(infra/api.yml)}\n", "infra/api.yml": sam},
			functions: []string{"shop/run nodejs22.x x86_64 run.handler -> run.ts"},
		},
		{
			name:  "a manifest that is a program",
			files: files{"serverless.ts": "export default {}"},
			told: []string{
				"error no-manifest there is no featherpack.yaml, serverless.yml or SAM template in the project's root or below, nor a Go program for Lambda" +
					" | name a source file with --entry FILE, or write a featherpack.yaml (featherpack init makes one)",
				"warning manifest-is-code serverless.ts: this manifest is a program, which featherpack does not run" +
					" | let the framework call featherpack (featherpack hook serverless), or name the functions in a featherpack.yaml",
			},
		},
		{
			name: "nothing at all", files: files{"x.txt": ""},
			told: []string{"error no-manifest there is no featherpack.yaml, serverless.yml or SAM template in the project's root or below, nor a Go program for Lambda" +
				" | name a source file with --entry FILE, or write a featherpack.yaml (featherpack init makes one)"},
		},
		{
			name: "an empty service", files: files{"serverless.yml": serverlessHead},
			told: []string{"error empty-service serverless.yml:1:1: names no functions | add functions to it, or name source files with --entry FILE"},
		},
		{
			name: "an empty file", files: files{"serverless.yml": ""},
			told: []string{"error empty-service serverless.yml:1:1: names no functions | add functions to it, or name source files with --entry FILE"},
		},
		{
			name: "an empty featherpack.yaml function list", files: files{"featherpack.yaml": "functions: {}\n"},
			told: []string{"error empty-service featherpack.yaml:1:1: names no functions | add functions to it, or name source files with --entry FILE"},
		},
		{
			name:      "an empty service beside another holds resources only",
			files:     files{"a/serverless.yml": sls, "a/run.ts": "", "b/serverless.yml": "service: data\nprovider: aws\n"},
			functions: []string{"shop/run nodejs22.x x86_64 run.handler -> a/run.ts"},
			told:      []string{"note empty-service b/serverless.yml:1:1: names no functions | add functions to it, or name source files with --entry FILE"},
		},
		{
			name: "--config names a file of no known kind", files: files{"x.yml": "a: 1\n"}, options: Options{Config: "x.yml"},
			told: []string{"error unknown-manifest x.yml: is no manifest of a known kind" +
				" | it must be a featherpack.yaml, a serverless.yml, a SAM or CloudFormation template, or a plan from terraform show -json"},
		},
		{
			name: "--config names nothing", files: files{}, options: Options{Config: "no.yml"},
			told: []string{"error unreadable-manifest no.yml: cannot read it: no such file or directory | --config names a file, relative to the folder that is built or to the current one"},
		},
		{
			name: "--config names another featherpack.yaml", files: files{"ci/featherpack.yaml": own, "featherpack.yaml": "functions: {other: run.ts}\n"},
			options:   Options{Config: "ci/featherpack.yaml"},
			functions: []string{"app/mine nodejs22.x x86_64 run.handler -> run.ts"},
		},
		{
			name: "--config names a featherpack.yaml of another name", files: files{"ci.yml": own},
			options:   Options{Config: "ci.yml"},
			functions: []string{"app/mine nodejs22.x x86_64 run.handler -> run.ts"},
		},
		{
			name:      "a file that only resembles a template",
			files:     files{"serverless.yml": sls, "deploy.yml.j2": sam, "gen/stack.yml": "{% if x %}\n" + sam},
			functions: []string{"shop/run nodejs22.x x86_64 run.handler -> run.ts"},
			told:      []string{"warning manifest-syntax gen/stack.yml:1:2: unexpected directive value. document not started"},
		},
		{
			name: "--config outside the root", files: files{}, options: Options{Config: "/etc/hostname"},
			told: []string{"refused config-outside --config leads outside the project's root | copy it into the project"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, ok := test.files["x.txt"]; !ok {
				test.files["run.ts"] = ""
			}
			p := discover(t, test.files, test.options)
			mustFind(t, p, test.functions...)
			mustTell(t, p, test.told...)
		})
	}
}

func TestEntries(t *testing.T) {
	content := files{
		"src/orders.ts": "", "src/users/index.mts": "", "api/get.js": "", "web/get.js": "", "notes.md": "", "src/a.b.ts": "",
		"cmd/ingest/main.go": "package main\n", "featherpack.yaml": "build: {sdk: runtime}\n",
		"serverless.yml": serverlessHead + "functions: {x: {handler: src/orders.handler}}\n",
	}
	dir := project(t, content)
	arch := hostArchitecture()
	p := Discover(dir, Options{Entries: []string{"src/orders.ts", "src/users/index.mts", "api/get.js", "web/get.js", "./cmd/ingest", filepath.Join(dir, "src/orders.ts")}})
	mustTell(t, p)
	mustFind(t, p,
		"/orders nodejs22.x "+arch+" src/orders.handler -> src/orders.ts",
		"/users nodejs22.x "+arch+" src/users/index.handler -> src/users/index.mts",
		"/api-get nodejs22.x "+arch+" api/get.handler -> api/get.js",
		"/web-get nodejs22.x "+arch+" web/get.handler -> web/get.js",
		"/ingest provided.al2023 "+arch+" cmd/ingest -> cmd/ingest",
	)
	if p.Functions[0].Build.SDK != "runtime" {
		t.Error("featherpack.yaml's settings do not hold for --entry")
	}
	p = Discover(dir, Options{Entries: []string{"cmd/ingest/main.go"}})
	mustFind(t, p, "/ingest provided.al2023 "+arch+" cmd/ingest/main.go -> cmd/ingest")

	p = Discover(dir, Options{Entries: []string{"src/order.ts", "notes.md", "src/Orders.ts", "src/a.b.ts", "/etc/passwd", "../up.ts"}})
	mustTell(t, p,
		"refused entry-outside --entry passwd leads outside the project's root | nothing outside the project's root is packed: give the folder that holds it",
		"refused entry-outside --entry up.ts leads outside the project's root | nothing outside the project's root is packed: give the folder that holds it",
		"error no-such-handler src/Orders.ts: Orders: entry src/Orders.ts does not exist | did you mean src/orders.ts?",
		`error bad-handler src/a.b.ts: a.b: entry "src/a.b.ts": lambda reads a file's name up to its first dot | rename the file so that its name holds no dot before the extension`,
		"error no-such-handler notes.md: notes.md: entry notes.md is no source file | give a source file (.ts .tsx .mts .cts .js .jsx .mjs .cjs) or a Go package",
		"error no-such-handler src/order.ts: order: entry src/order.ts does not exist | did you mean src/orders.ts?",
	)
	if got := analyzer.ExitStatus(p.Diagnostics); got != 3 {
		t.Errorf("exit status %d", got)
	}
}

func TestManifestAboveTheFolder(t *testing.T) {
	dir := project(t, files{".git/": "", "svc/serverless.yml": serverlessHead, "svc/src/deep/a.ts": ""})
	mustTell(t, Discover(filepath.Join(dir, "svc/src/deep"), Options{}),
		"error no-manifest there is no featherpack.yaml, serverless.yml or SAM template in svc/src/deep or below, nor a Go program for Lambda"+
			" | svc/serverless.yml lies above: give its folder")
}

func TestFolderAskedFor(t *testing.T) {
	dir := project(t, files{"file.txt": ""})
	p := Discover(filepath.Join(dir, "none"), Options{})
	mustTell(t, p, "error no-such-folder cannot read folder none: no such file or directory")
	p = Discover(filepath.Join(dir, "file.txt"), Options{})
	mustTell(t, p, "error no-such-folder file.txt is not a folder | give the service's folder; a single source file goes with --entry FILE")
}

// The same files give the same project, wherever they lie and in whatever
// order they were made.
func TestSameFilesSameProject(t *testing.T) {
	content := files{"x.txt": ""}
	for _, s := range []string{"c", "a", "b"} {
		content[s+"/serverless.yml"] = "service: same\nprovider: {name: aws, runtime: nodejs18.x}\nfunctions:\n  z: {handler: z.handler}\n  a: {handler: none.handler}\n"
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
		p := Discover(dir, Options{})
		if len(p.Functions) != 6 || len(p.Diagnostics) != 6 {
			t.Fatalf("%d functions, %v", len(p.Functions), told(p))
		}
		p.Root = ""
		if round == 0 {
			first = p
		} else if diff := cmp.Diff(first, p); diff != "" {
			t.Errorf("round %d differs:\n%s", round, diff)
		}
	}
}

// No diagnostic may hold a path of the machine.
func TestNoPathOfTheMachineIsTold(t *testing.T) {
	dir := project(t, files{"serverless.yml": serverlessHead + "functions: {x: {handler: '${file(gone.yml):a}'}, y: {handler: /etc/x.h}}\n"})
	if err := os.Mkdir(filepath.Join(dir, "template.yaml"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{{}, {Config: filepath.Join(dir, "none.yml")}, {Entries: []string{filepath.Join(dir, "none.ts")}}} {
		p := Discover(dir, o)
		if len(p.Diagnostics) == 0 {
			t.Error("nothing told")
		}
		for _, line := range told(p) {
			if strings.Contains(line, dir) || strings.Contains(line, os.TempDir()) {
				t.Errorf("names the machine's path: %s", line)
			}
		}
	}
}
