package serverlesstest

import (
	"archive/zip"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
)

// smallService has no packages and two functions that a framework cannot ship without a
// bundler: TypeScript, and a module with top-level await.
const smallService = `
-- serverless.yml --
service: shop
configValidationMode: error
params:
  default: {folder: nowhere}
  prod: {folder: src}
provider: {name: aws, runtime: nodejs20.x, region: eu-west-1}
plugins: [./serverless-featherpack.cjs]
custom: {featherpack: {}}
functions:
  hello:
    handler: ${param:folder}/hello.handler
    environment: {STAGE: '${sls:stage}'}
  late:
    handler: ${param:folder}/late.handler
-- src/hello.ts --
export const handler = async (event: {name: string}): Promise<object> =>
  ({hello: event.name, from: __filename.split(/[\\/]/).slice(-4).join('/'), stage: process.env.STAGE})
-- src/late.mts --
const greeting = await Promise.resolve('late hello')
export const handler = async (event: {name: string}) => ({[greeting]: event.name})
-- event.json --
{"name": "ann"}
`

// layService writes a service with the hook into a new folder. Edits replace text in its
// files; an edit of "" creates a file.
func layService(t *testing.T, edits ...[3]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shop")
	content := map[string]string{"package.json": `{"private": true}`}
	for _, f := range txtar.Parse([]byte(smallService)).Files {
		content[f.Name] = string(f.Data)
	}
	for _, edit := range edits {
		if !strings.Contains(content[edit[0]], edit[1]) {
			t.Fatalf("%s has no %q", edit[0], edit[1])
		}
		content[edit[0]] = strings.Replace(content[edit[0]], edit[1], edit[2], 1)
	}
	for name, text := range content {
		clitest.Write(t, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
	writeHookTo(t, dir)
	return dir
}

// options is the edit that gives the hook options.
func options(text string) [3]string {
	return [3]string{"serverless.yml", "featherpack: {}", "featherpack: {" + text + "}"}
}

// plugin returns the edits that load another plugin before or after the hook.
func plugin(code string, before bool) [][3]string {
	list := "[./serverless-featherpack.cjs, ./other.cjs]"
	if before {
		list = "[./other.cjs, ./serverless-featherpack.cjs]"
	}
	return [][3]string{
		{"serverless.yml", "[./serverless-featherpack.cjs]", list},
		{"other.cjs", "", "module.exports = class Other { constructor(sls) {\n" + code + "\n} }\n"},
	}
}

// TestServerlessRefuses checks that every error ends the framework's command with its
// reason and leaves no zip to deploy, although an earlier zip exists before each run.
func TestServerlessRefuses(t *testing.T) {
	clitest.SkipUnlessLong(t)
	installFrameworks(t)
	fake := func(script string) func(*testing.T, string) []string {
		return func(t *testing.T, dir string) []string {
			name := filepath.Join(dir, "fake")
			clitest.WriteMode(t, name, "#!/bin/sh\n"+script+"\n", 0o755)
			return []string{"FEATHERPACK_BINARY=" + name}
		}
	}
	for i, test := range []struct {
		name  string
		edits [][3]string
		// spoil breaks the working service and returns the environment.
		spoil func(t *testing.T, dir string) []string
		want  []string
		// early is set if the command ends before the hook uses the out-dir: existing
		// files stay unchanged, and nothing refers to them.
		early bool
	}{
		{
			name:  "no binary",
			spoil: func(*testing.T, string) []string { return []string{"FEATHERPACK_BINARY=", "PATH=" + os.DevNull} },
			want:  []string{"the featherpack binary is not installed; run npm install --save-dev featherpack"},
		},
		{
			name: "no binary where one is named", edits: [][3]string{options("binary: bin/featherpack")},
			want: []string{"there is no featherpack binary at bin/featherpack; correct the binary option"},
		},
		{
			name: "a binary that cannot be run",
			spoil: func(t *testing.T, dir string) []string {
				return []string{"FEATHERPACK_BINARY=" + filepath.Join(dir, "event.json")}
			},
			want: []string{"cannot run ", "EACCES"},
		},
		{
			name:  "a binary of another version",
			spoil: fake(`echo '{"schema": 99, "tool": {"name": "featherpack", "version": "9.0.0"}}'`),
			want: []string{"reads reports of version 1, but the binary is 9.0.0 and writes version 99; use the " +
				"same version of both"},
		},
		{name: "another program", spoil: fake("echo hello"),
			want: []string{"featherpack build printed no report; check that the binary is featherpack"}},
		{name: "a binary that is killed", spoil: fake("kill -9 $$"),
			want: []string{"featherpack build failed with exit status SIGKILL"}},
		{
			name: "a build that fails",
			spoil: func(t *testing.T, dir string) []string {
				clitest.Write(t, filepath.Join(dir, "src", "late.mts"),
					"import './gone'\nexport const handler = async () => 1\n")
				return nil
			},
			want: []string{`src/late.mts:1:`, `"./gone"`, "featherpack build failed with exit status 2"},
		},
		{
			name: "an out-dir that cannot be made",
			spoil: func(t *testing.T, dir string) []string {
				if err := os.RemoveAll(filepath.Join(dir, outdir.Default)); err != nil {
					t.Fatal(err)
				}
				clitest.WriteMode(t, filepath.Join(dir, outdir.Default), "in the way", 0o444)
				return nil
			},
			want: []string{"cannot use the out-dir", "not a directory"},
		},
		{
			name: "an out-dir of somebody else", edits: [][3]string{options("out: src")},
			want: []string{"contains files that featherpack did not write, such as",
				"featherpack build failed with exit status 3"}, early: true,
		},
		{
			name: "a framework outside the range", edits: plugin("sls.version = '2.72.3'", true),
			want: []string{"needs Serverless Framework 3 or 4 or osls 3 or 4, but this is version 2.72.3"}, early: true,
		},
		{
			name: "the plugin listed twice",
			edits: [][3]string{{"serverless.yml", "[./serverless-featherpack.cjs]",
				"[./serverless-featherpack.cjs, ./serverless-featherpack.cjs]"}},
			want: []string{"duplicate plugin"}, early: true,
		},
		{
			name: "another bundler",
			edits: plugin("this.hooks = {'package:createDeploymentArtifacts': () => { "+
				"sls.service.getFunction('late').package.artifact = 'event.json' }}", false),
			want: []string{"another plugin has replaced the artifact that featherpack built for function late"},
		},
		{
			name: "a zip that changes on the way",
			edits: plugin("this.hooks = {'package:createDeploymentArtifacts': () => "+
				"require('fs').appendFileSync(sls.service.getFunction('late').package.artifact, 'x')}", false),
			want: []string{"the zip of function late is not the one that featherpack built"},
		},
		{
			name: "an option that there is not", edits: [][3]string{options("colour: blue")},
			want: []string{"custom.featherpack", "colour"}, early: true,
		},
		{
			name:  "a function's setting that there is not",
			edits: [][3]string{{"serverless.yml", "late.handler\n", "late.handler\n    featherpack: {minfy: true}\n"}},
			want: []string{`serverless.yml:15:19: late: featherpack has no setting "minfy"`,
				"hint: did you mean minify?"},
		},
		{
			name: "over budget",
			edits: [][3]string{options("budgets: true"),
				{"featherpack.yaml", "", "budgets: [{match: late, zip: {max: 100 B}}]\n"}},
			want: []string{`"late" is `, " over its zip budget of 100 B", "over budget: nothing is deployed"},
		},
		{
			name: "a budget of growth, and nothing to compare with",
			edits: [][3]string{options("budgets: true"),
				{"featherpack.yaml", "", "budgets: [{match: late, zip: {grow: 1%}}]\n"}},
			want: []string{"there is no baseline", "a budget could not be judged: nothing is deployed"},
		},
		{
			name:  "a baseline, and no budgets asked for",
			edits: [][3]string{options("baseline: base.json")},
			want:  []string{"custom.featherpack.baseline needs budgets"},
		},
		{
			name: "a function that does not start",
			edits: [][3]string{options("boot: true"), {"src/own.mjs", "", "export default 'own'\n"}, {"src/late.mts",
				"await Promise.resolve('late hello')", "await import(Buffer.from('Li9vd24ubWpz', 'base64').toString())"}},
			want: []string{"late: does not run as its source: the source loads, and the zip fails while it loads"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			framework := frameworks[i%len(frameworks)]
			if !slices.Contains(frameworksOnce(), framework) || i%4 > 1 {
				clitest.SkipUnlessLong(t) // each starts a framework, which takes most of the time
			}
			t.Parallel()
			dir := layService(t, test.edits...)
			earlier, err := outdir.Open(t.Context(), dir, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"hello", "late"} {
				for _, stale := range []string{filepath.Join(outdir.Default, name+".zip"),
					filepath.Join(".serverless", name+".featherpack.zip")} {
					clitest.Write(t, filepath.Join(dir, stale), "of an earlier run")
				}
			}
			earlier.Close()
			var env []string
			if test.spoil != nil {
				env = test.spoil(t, dir)
			}
			output, status := sls(t, framework, dir, env, "package", "--stage", "prod")
			if status == 0 {
				t.Errorf("%s succeeds", framework)
			}
			for _, want := range test.want {
				if !strings.Contains(output, want) {
					t.Errorf("%s does not say %q:\n%s", framework, want, output)
				}
			}
			if strings.Contains(output, "at ServerlessFeatherpack") {
				t.Errorf("%s shows a stack:\n%s", framework, output)
			}
			if clitest.Exists(filepath.Join(dir, ".serverless", "cloudformation-template-update-stack.json")) {
				t.Error("there is a template to deploy")
			}
			for _, name := range []string{"hello", "late"} {
				for _, file := range []string{filepath.Join(dir, outdir.Default, name+".zip"),
					filepath.Join(dir, ".serverless", name+".featherpack.zip")} {
					if text, err := os.ReadFile(file); err == nil && string(text) == "of an earlier run" &&
						!test.early {
						rel, _ := filepath.Rel(dir, file)
						t.Errorf("the old %s is still there", rel)
					}
				}
			}
		})
	}
}

// The user decides whether a broken budget ends the deploy, and what it is compared with.
func TestServerlessBudgets(t *testing.T) {
	clitest.SkipUnlessLong(t)
	installFrameworks(t)
	for _, test := range []struct{ name, budgets, options, want string }{
		{"warned of", "{match: late, zip: {max: 100 B}}", "budgets: warn", " over its zip budget of 100 B"},
		{"not known, warned of", "{match: late, zip: {grow: 1%}}", "budgets: warn", "there is no baseline"},
		{"compared", "{match: late, zip: {grow: 1%}}", "budgets: true, baseline: base.json",
			"featherpack: 2 functions"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := layService(t, options(test.options),
				[3]string{"featherpack.yaml", "", "budgets: [" + test.budgets + "]\n"})
			if strings.Contains(test.options, "baseline") {
				clitest.Must(t, "build", "--stage", "prod", "--quiet", "-o", "json="+filepath.Join(dir, "base.json"),
					"--out", filepath.Join(t.TempDir(), "out"), dir)
			}
			output := mustSls(t, "osls", dir, nil, "package", "--stage", "prod")
			if !strings.Contains(output, test.want) {
				t.Errorf("does not say %q:\n%s", test.want, output)
			}
			if len(stackOf(t, dir, "shop-prod-").key) != 2 {
				t.Error("not everything is packaged")
			}
		})
	}
}

// TestServerlessSideBySide runs two services at once, one with each framework,
// and the second with two copies of the plugin.
func TestServerlessSideBySide(t *testing.T) {
	clitest.SkipUnlessLong(t)
	installFrameworks(t)
	dirs := []string{layService(t, [3]string{"src/hello.ts", "hello: event.name", "first: event.name"}), layService(t,
		[3]string{"serverless.yml", "[./serverless-featherpack.cjs]",
			"[./serverless-featherpack.cjs, ./copy/serverless-featherpack.cjs]"},
		[3]string{"copy/README", "", "see there"})}
	writeHookTo(t, filepath.Join(dirs[1], "copy"))
	outputs := make([]string, len(dirs))
	var wait sync.WaitGroup
	for i, dir := range dirs {
		wait.Go(func() { outputs[i], _ = sls(t, frameworks[i], dir, nil, "package", "--stage", "prod") })
	}
	wait.Wait()
	for i, dir := range dirs {
		out := filepath.Join(t.TempDir(), "out")
		clitest.Must(t, "build", "--stage", "prod", "--quiet", "--compress", "best", "--out", out, dir)
		for name, key := range stackOf(t, dir, "shop-prod-").key {
			if !bytes.Equal(clitest.Read(t, filepath.Join(out, name+".zip")),
				clitest.Read(t, filepath.Join(dir, ".serverless", key))) {
				t.Errorf("%s of %s is another's", name, frameworks[i])
			}
		}
	}
	if !strings.Contains(outputs[1], "listed twice in the plugins; this copy does nothing") {
		t.Errorf("the second copy says nothing:\n%s", outputs[1])
	}
}

// TestServerlessLeavesOtherPartsUnchanged packages a service with many parts that
// featherpack does not build, including a layer with the name of a function. Each part
// must ship the same files as without the hook.
func TestServerlessLeavesOtherPartsUnchanged(t *testing.T) {
	clitest.SkipUnlessLong(t)
	installFrameworks(t)
	for _, framework := range frameworksOnce() {
		t.Run(framework, func(t *testing.T) {
			t.Parallel()
			dir := layService(t,
				[3]string{"serverless.yml", "late.handler\n", `late.handler
    package: {patterns: ['texts/**']}
  python: {handler: src/python.handler, runtime: python3.11}
  own: {handler: src/own.handler, package: {artifact: own.zip}}
  plain: {handler: src/plain.handler, featherpack: false}
  model: {image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/model@sha256:` + strings.Repeat("a1", 32) + `'}
  ingest: {handler: ./ingest, runtime: provided.al2023}
layers:
  hello: {path: layer}
`},
				[3]string{"src/python.py", "", "def handler(event, context): return 1\n"},
				[3]string{"src/plain.js", "", "exports.handler = async () => 1\n"},
				[3]string{"texts/a.txt", "", "a text\n"}, [3]string{"layer/nodejs/a.js", "", "1\n"},
				[3]string{"go.mod", "", "module example.org/shop\n\ngo 1.26\n"},
				[3]string{"ingest/main.go", "", ingestProgram})
			zipOf(t, filepath.Join(dir, "own.zip"),
				map[string]string{"src/own.js": "exports.handler = async () => 1\n"})
			// The frameworks read the stack because of the layer, even to package.
			env := inAccount(t, framework, &account{code: map[string][]byte{}})
			output := mustSls(t, framework, dir, env, "package", "--stage", "prod", "--verbose")
			for _, want := range []string{
				"featherpack does not build python: runtime python3.11 is neither Node nor Go",
				"featherpack does not build own: ships its own package.artifact",
				"featherpack does not build plain: sets featherpack: false",
				"featherpack does not build model: is a container image",
			} {
				if !strings.Contains(output, want) {
					t.Errorf("does not say %q:\n%s", want, output)
				}
			}
			got := stackOf(t, dir, "shop-prod-")
			for name, want := range map[string]string{
				"hello": "hello.featherpack.zip", "late": "late.featherpack.zip", "ingest": "ingest.featherpack.zip",
				"python": "shop.zip", "plain": "shop.zip", "own": "own.zip", "model": ".",
			} {
				if got.key[name] != want {
					t.Errorf("%s ships %s, not %s", name, got.key[name], want)
				}
			}
			if !slices.Equal(got.layers, []string{"hello.zip"}) ||
				!slices.Contains(namesIn(t, filepath.Join(dir, ".serverless", "hello.zip")), "nodejs/a.js") {
				t.Errorf("layers: %v", got.layers)
			}
			if names := namesIn(t, filepath.Join(dir, ".serverless", "late.featherpack.zip")); !slices.Equal(names,
				[]string{"src/late.mjs", "texts/a.txt"}) {
				t.Errorf("late holds %v", names)
			}
			if names := namesIn(t, filepath.Join(dir, ".serverless", "ingest.featherpack.zip")); !slices.Equal(names,
				[]string{"bootstrap"}) {
				t.Errorf("ingest holds %v", names)
			}
		})
	}
	t.Run("all of it", func(t *testing.T) {
		t.Parallel()
		dir := layService(t, [3]string{"serverless.yml", "functions:", "package: {artifact: own.zip}\nfunctions:"})
		zipOf(t, filepath.Join(dir, "own.zip"), map[string]string{"src/hello.js": "exports.handler = async () => 1\n"})
		mustSls(t, "osls", dir, nil, "package", "--stage", "prod")
		if got := stackOf(t, dir, "shop-prod-"); got.key["hello"] != "own.zip" || got.key["late"] != "own.zip" {
			t.Errorf("ships %v", got.key)
		}
	})
}

// ingestProgram requests events from the Runtime API as aws-lambda-go does.
const ingestProgram = `package main

import (
	"net/http"
	"os"
)

func main() {
	http.Get("http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/next")
}
`

func zipOf(t *testing.T, name string, content map[string]string) {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for file, text := range content {
		f, err := w.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	clitest.Write(t, name, b.String())
}

func namesIn(t *testing.T, name string) []string {
	t.Helper()
	r, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var names []string
	for _, f := range r.File {
		names = append(names, f.Name)
	}
	return names
}

// TestServerlessPlaces checks the paths of the hook's files on each operating system.
func TestServerlessPlaces(t *testing.T) {
	clitest.SkipUnlessLong(t)
	dir := layService(t)
	for _, test := range []struct{ system, service, out, want string }{
		{"posix", "/home/änne/my shop", "",
			`{"out":"/home/änne/my shop/.featherpack","zip":"/home/änne/my shop/.featherpack/shop/hello.zip",` +
				`"unpacked":"/home/änne/my shop/.featherpack/.unpacked/shop/hello","artifact":"/home/änne/my ` +
				`shop/.serverless/hello.featherpack.zip"} hello.featherpack.zip`},
		{"posix", "/srv/shop", "/var/build",
			`{"out":"/var/build","zip":"/var/build/shop/hello.zip","unpacked":"/var/build/.unpacked/shop/hello",` +
				`"artifact":"/srv/shop/.serverless/hello.featherpack.zip"} hello.featherpack.zip`},
		{"win32", `C:\Users\Änne\my shop`, "build/lambda",
			`{"out":"C:\\Users\\Änne\\my shop\\build\\lambda","zip":"C:\\Users\\Änne\\my ` +
				`shop\\build\\lambda\\shop\\hello.zip","unpacked":"C:\\Users\\Änne\\my ` +
				`shop\\build\\lambda\\.unpacked\\shop\\hello","artifact":"C:\\Users\\Änne\\my ` +
				`shop\\.serverless\\hello.featherpack.zip"} hello.featherpack.zip`},
		{"win32", `\\server\share\shop`, `D:\out`,
			`{"out":"D:\\out","zip":"D:\\out\\shop\\hello.zip","unpacked":"D:\\out\\.unpacked\\shop\\hello",` +
				`"artifact":"\\\\server\\share\\shop\\.serverless\\hello.featherpack.zip"} hello.featherpack.zip`},
	} {
		// The framework uses the part after the last separator as the name on S3.
		code := `const paths = require('path')[process.argv[1]]
			const at = require(process.argv[4]).places(paths, process.argv[2], process.argv[3], 'hello', 'shop/hello.zip')
			process.stdout.write(JSON.stringify(at) + ' ' + at.artifact.split(paths.sep).pop())`
		got, err := exec.Command("node", "-e", code, test.system, test.service, test.out,
			filepath.Join(dir, "serverless-featherpack.cjs")).CombinedOutput()
		if err != nil || string(got) != test.want {
			t.Errorf("%s %s: %v\n got %s\nwant %s", test.system, test.service, err, got, test.want)
		}
	}
}
