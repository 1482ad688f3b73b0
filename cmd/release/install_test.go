package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/hook"
)

const testVersion = "1.2.3-rc.1"

// project is an empty folder in which npm installs the packages of a release.
type project struct{ dir, registry string }

func newProject(t *testing.T, registry string) project {
	t.Helper()
	p := project{filepath.Join(t.TempDir(), "my projekt ü"), registry}
	p.write(t, "package.json", `{"private": true}`)
	p.write(t, ".git/HEAD", "")
	p.write(t, "featherpack.yaml", "functions: {hello: {entry: src/hello.js, runtime: nodejs22.x}}\n")
	p.write(t, "src/hello.js", "exports.handler = async () => 'hello'\n")
	return p
}

func (p project) write(t *testing.T, name, content string) {
	t.Helper()
	file := filepath.Join(p.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// run runs a program in the project and returns its exit status and output.
func (p project) run(t *testing.T, env []string, program ...string) (status int, stdout, stderr string) {
	t.Helper()
	cmd := exec.Command(program[0], program[1:]...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "NO_COLOR=1", "npm_config_registry="+p.registry, "npm_config_update_notifier=false",
		"npm_config_cache="+filepath.Join(filepath.Dir(p.dir), "cache"))
	cmd.Env = append(cmd.Env, env...)
	var out, told bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &told
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), told.String()
}

// succeeds runs a program and returns its output. The exit status must be 0.
func (p project) succeeds(t *testing.T, program ...string) string {
	t.Helper()
	status, stdout, stderr := p.run(t, nil, program...)
	if status != 0 {
		t.Fatalf("%s: exit status %d\n%s%s", strings.Join(program, " "), status, stdout, stderr)
	}
	return stdout
}

// TestInstalled installs a release as users do, and uses all of its features.
func TestInstalled(t *testing.T) {
	if testing.Short() || os.Getenv("FEATHERPACK_LONG") != "1" {
		t.Skip("builds a release, which takes long; FEATHERPACK_LONG=1 runs it, and .ci/run does")
	}
	out := filepath.Join(t.TempDir(), "out")
	if err := run(t.Context(), []string{"--source", "../..", "--version", testVersion, out}, io.Discard); err != nil {
		t.Fatal(err)
	}
	t.Run("files", func(t *testing.T) { checkRelease(t, out) })
	served := registry(t, out, testVersion)
	p := newProject(t, served)
	p.succeeds(t, "npm", "install", "--save-dev", "--no-audit", "--no-fund", "featherpack")

	t.Run("installs only this platform's binary", func(t *testing.T) {
		entries, err := os.ReadDir(filepath.Join(p.dir, "node_modules", "@featherpack"))
		if err != nil || len(entries) != 1 {
			t.Fatalf("%v, %v", entries, err)
		}
		lock, err := os.ReadFile(filepath.Join(p.dir, "package-lock.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, platform := range platforms {
			if !strings.Contains(string(lock), `"node_modules/@featherpack/`+platform.os+"-"+platform.cpu+`"`) {
				t.Errorf("the lockfile lacks the package for %s-%s", platform.os, platform.cpu)
			}
		}
		if strings.Contains(string(lock), "hasInstallScript") {
			t.Error("the packages have install scripts")
		}
	})
	t.Run("npx", func(t *testing.T) {
		if got := p.succeeds(t, "npx", "--no-install", "featherpack", "version"); got != "featherpack v"+testVersion+
			"\n" {
			t.Errorf("npx featherpack version printed %q", got)
		}
	})
	t.Run("exit statuses", func(t *testing.T) { exitStatuses(t, p) })
	t.Run("signals", func(t *testing.T) { signals(t, p) })
	t.Run("API", func(t *testing.T) { api(t, p) })
	t.Run("types", func(t *testing.T) { types(t, p) })
	for _, h := range hook.All {
		if slices.Contains(modules, h.Name) {
			t.Run(h.Name, func(t *testing.T) {
				// An empty project does not have the framework's own packages.
				_, _, stderr := p.run(t, nil, "node", "-e", "require('featherpack/"+h.Name+"')")
				if stderr != "" &&
					!regexp.MustCompile(`Cannot find module '(aws-cdk-lib|constructs)`).MatchString(stderr) {
					t.Error(stderr)
				}
			})
		}
	}
	t.Run("the same from another folder", func(t *testing.T) { again(t, out) })
	t.Run("from files", func(t *testing.T) { fromFiles(t, out, served) })
	t.Run("without optional dependencies", func(t *testing.T) { withoutOptional(t, served) })
}

func shim(p project) string { return filepath.Join(p.dir, "node_modules", ".bin", "featherpack") }

func exitStatuses(t *testing.T, p project) {
	for name, test := range map[string]struct {
		want  int
		files map[string]string
	}{
		"good": {0,
			map[string]string{"featherpack.yaml": "functions: {a: {entry: a.js, runtime: nodejs22.x}}\n"}},
		"over budget": {1,
			map[string]string{"featherpack.yaml": "functions: {a: {entry: a.js, runtime: nodejs22.x}}\nbudgets: " +
				"[{zip: {max: 1 B}}]\n"}},
		"failed": {2, map[string]string{"featherpack.yaml": "functions: {a: {entry: b.js, runtime: nodejs22.x}}\n"}},
		"refused": {3,
			map[string]string{"featherpack.yaml": "functions: {a: {entry: ../../../a.js, runtime: nodejs22.x}}\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			here := project{filepath.Join(t.TempDir(), "service"), p.registry}
			here.write(t, ".git/HEAD", "")
			here.write(t, "a.js", "exports.handler = async () => 1\n")
			for file, content := range test.files {
				here.write(t, file, content)
			}
			status, stdout, stderr := here.run(t, nil, shim(p), "check", "--quiet")
			if status != test.want {
				t.Errorf("exit status %d, want %d\n%s%s", status, test.want, stdout, stderr)
			}
		})
	}
}

// signals tests that the program that npx runs reacts to signals as the binary does.
func signals(t *testing.T, p project) {
	for name, test := range map[string]struct {
		script string
		signal syscall.Signal
		want   string
	}{
		"handled": {"#!/bin/sh\ntrap 'exit 7' TERM\necho ready\nfor i in $(seq 600); do sleep 0.1; done\n",
			syscall.SIGTERM, "exit status 7"},
		"fatal":   {"#!/bin/sh\necho ready\nexec sleep 60\n", syscall.SIGTERM, "signal: terminated"},
		"hung up": {"#!/bin/sh\necho ready\nexec sleep 60\n", syscall.SIGHUP, "signal: hangup"},
		"typed":   {"#!/bin/sh\necho ready\nexec sleep 60\n", syscall.SIGINT, "signal: interrupt"},
	} {
		t.Run(name, func(t *testing.T) {
			script := filepath.Join(t.TempDir(), "featherpack")
			if err := os.WriteFile(script, []byte(test.script), 0o755); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), shim(p))
			cmd.Env = append(os.Environ(), "FEATHERPACK_BINARY="+script)
			cmd.WaitDelay = 10 * time.Second
			stdout, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(stdout, make([]byte, len("ready\n"))); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Process.Signal(test.signal); err != nil {
				t.Fatal(err)
			}
			// The pipe closes only after the binary has ended too. Without the signal
			// that would take a minute.
			sent := time.Now()
			io.Copy(io.Discard, stdout)
			if took := time.Since(sent); took > 30*time.Second {
				t.Errorf("the signal did not reach the binary, which ran for %v", took)
			}
			if err := cmd.Wait(); err == nil || err.Error() != test.want {
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
}

// api uses the package from CommonJS and from an ES module. Each program prints its
// result to stdout. Messages for users go to stderr.
func api(t *testing.T, p project) {
	p.write(t, "../over/.git/HEAD", "")
	p.write(t, "../over/featherpack.yaml",
		"functions: {a: {entry: a.js, runtime: nodejs22.x}}\nbudgets: [{zip: {max: 1 B}}]\n")
	p.write(t, "../over/a.js", "exports.handler = async () => 1\n")
	p.write(t, "../broken/.git/HEAD", "")
	p.write(t, "../broken/featherpack.yaml", "functions: {a: {entry: missing.js, runtime: nodejs22.x}}\n")
	for name, test := range map[string]struct{ source, want, stderr string }{
		"build": {"const r = await featherpack.build({quiet: true, out: 'out', output: {markdown: 'r.md'}})\n" +
			"console.log(r.functions.map((f) => [f.id, f.status, f.artifact.zipBytes === " +
			"require('fs').statSync('out/hello.zip').size]), require('fs').existsSync('r.md'), r.tool.version)",
			"[ [ 'hello', 'built', true ] ] true v" + testVersion + "\n", ""},
		"check": {"const {passed, report} = await featherpack.check({dir: '../over', " +
			"quiet: true}); console.log(passed, report.verdicts[0].outcome)", "false fail\n", ""},
		"discover": {"const p = await featherpack.discover({dir: '../over'}); " +
			"console.log(p.functions[0].entry, p.functions[0].runtime)", "a.js nodejs22.x\n", ""},
		"discover what cannot be built": {"const p = await featherpack.discover({dir: '../broken'}); " +
			"console.log(p.functions[0].entry === '', p.diagnostics[0].severity)", "true error\n", ""},
		"discover nowhere": {"await featherpack.discover({dir: 'nowhere'}).catch((e) => console.log(e.name, e.code))",
			"FeatherpackError FEATHERPACK\n", "there is no folder nowhere"},
		"failed build": {"await featherpack.build({dir: '../broken'}).catch((e) => console.log(e instanceof " +
			"featherpack.FeatherpackError, e.message))",
			"true featherpack build failed with exit status 2; the messages above say why\n", "missing.js"},
		"misspelt option": {"await featherpack.build({onyl: 'a'}).catch((e) => console.log(e.message.slice(0, 27)))",
			"build has no option onyl; i\n", ""},
		"many": {"const r = await Promise.all(['one', 'two'].map((out) => featherpack.build({out, only: ['hel*'], " +
			"quiet: true}))); console.log(r[0].functions[0].artifact.sha256 === r[1].functions[0].artifact.sha256)",
			"true\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for kind, program := range map[string]string{
				"cjs": "const featherpack = require('featherpack')\n;(async () => {\n" + test.source + "\n})()\n",
				"mjs": "import * as featherpack from 'featherpack'\nimport { createRequire } from " +
					"'node:module'\nconst require = createRequire(import.meta.url)\n" + test.source + "\n",
			} {
				p.write(t, "use."+kind, program)
				status, stdout, stderr := p.run(t, nil, "node", "use."+kind)
				if status != 0 || stdout != test.want || !strings.Contains(stderr, test.stderr) || test.stderr == "" &&
					stderr != "" && name != "discover what cannot be built" {
					t.Errorf("%s: exit status %d\n%s%s", kind, status, stdout, stderr)
				}
			}
		})
	}
}

// types checks with TypeScript a program that uses all types, and one with mistakes.
func types(t *testing.T, p project) {
	compiler := t.TempDir()
	if err := os.CopyFS(compiler, os.DirFS(filepath.Join("testdata", "types"))); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = compiler
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, text)
	}
	for _, name := range []string{"use.mts", "tsconfig.json"} {
		content, err := os.ReadFile(filepath.Join(compiler, name))
		if err != nil {
			t.Fatal(err)
		}
		p.write(t, name, string(content))
	}
	p.succeeds(t, "node", filepath.Join(compiler, "node_modules", "typescript", "bin", "tsc"), "-p", ".")
}

// fromFiles installs an unpublished release as the README describes: the main package
// and the package with this platform's binary.
func fromFiles(t *testing.T, out, served string) {
	p := newProject(t, served)
	args := []string{"npm", "install", "--save-dev", "--no-audit", "--no-fund"}
	for _, name := range []string{"featherpack", "featherpack-" + hostName(t)} {
		file, err := filepath.Abs(filepath.Join(out, name+"-"+testVersion+".tgz"))
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	p.succeeds(t, args...)
	if got := p.succeeds(t, "npx", "--no-install", "featherpack", "version"); got != "featherpack v"+testVersion+"\n" {
		t.Errorf("npx featherpack version printed %q", got)
	}
	p.succeeds(t, "npx", "--no-install", "featherpack", "build", "--quiet")
}

// withoutOptional tests the message for users whose npm skips optional dependencies, and
// that its hint works.
func withoutOptional(t *testing.T, served string) {
	p := newProject(t, served)
	p.succeeds(t, "npm", "install", "--save-dev", "--omit=optional", "--no-audit", "--no-fund", "featherpack")
	status, stdout, stderr := p.run(t, nil, shim(p), "version")
	want := "featherpack: @featherpack/" + hostName(t) + " (the binary for this platform) is not installed\n  hint: "
	if status != 2 || stdout != "" || !strings.HasPrefix(stderr, want) || !strings.Contains(stderr,
		"npm install --include=optional") {
		t.Errorf("exit status %d\n%s%s", status, stdout, stderr)
	}
	status, _, stderr = p.run(t, []string{"PATH=" + filepath.Dir(nodeAt(t))}, "node", "-e",
		"require('featherpack').build().catch((e) => { console.error(e.message); process.exitCode = 9 })")
	if status != 9 || !strings.Contains(stderr, "the featherpack binary is not installed") {
		t.Errorf("API: exit status %d\n%s", status, stderr)
	}
	p.succeeds(t, "npm", "install", "--include=optional", "--no-audit", "--no-fund")
	p.succeeds(t, shim(p), "version")
}

// again builds the release from a copy of the sources in another folder. No byte may
// differ. release --verify does the same with an empty build cache.
func again(t *testing.T, out string) {
	want, err := os.ReadFile(filepath.Join(out, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "sources")
	if err := copySources(t.Context(), filepath.Join("..", ".."), elsewhere); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(elsewhere, "LICENSE"), 0o600); err != nil {
		t.Fatal(err)
	}
	here := slices.DeleteFunc(slices.Clone(platforms), func(p platform) bool { return !p.host() })
	got, err := release{version: testVersion, source: elsewhere, platforms: here}.make(t.Context(),
		filepath.Join(elsewhere, "out"))
	if err != nil || got != string(want) {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
}

// TestGoInstall installs featherpack with go install.
func TestGoInstall(t *testing.T) {
	if testing.Short() {
		t.Skip("links the binary")
	}
	bin := t.TempDir()
	cmd := exec.Command("go", "install", "./cmd/featherpack")
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), "GOBIN="+bin)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go install: %v\n%s", err, text)
	}
	text, err := exec.Command(filepath.Join(bin, "featherpack"), "version").Output()
	if err != nil || !strings.HasPrefix(string(text), "featherpack ") {
		t.Errorf("%s, %v", text, err)
	}
}

func hostName(t *testing.T) string {
	t.Helper()
	i := slices.IndexFunc(platforms, platform.host)
	if i < 0 {
		t.Skipf("there is no release for %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	return platforms[i].os + "-" + platforms[i].cpu
}

func nodeAt(t *testing.T) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal(err)
	}
	return node
}

// TestDiscoveredFunction compares the type of a listed function, whose fields are picked
// by hand from the report's type, with the fields that are written.
func TestDiscoveredFunction(t *testing.T) {
	texts, err := hook.Package(hook.Values{})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(texts, func(text hook.Text) bool { return text.Path == "index.d.ts" })
	_, picked, _ := strings.Cut(texts[i].Content, "ReportFunction,\n")
	picked, _, _ = strings.Cut(picked, "\n>")
	var got, want []string
	for _, m := range regexp.MustCompile(`\| '(\w+)'`).FindAllStringSubmatch(picked, -1) {
		got = append(got, m[1])
	}
	var names func(reflect.Type)
	names = func(of reflect.Type) {
		for field := range of.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			switch {
			case name == "-":
			case field.Anonymous && name == "":
				names(field.Type)
			default:
				want = append(want, name)
			}
		}
	}
	names(reflect.TypeFor[analyzer.Function]())
	if !slices.Equal(got, want) {
		t.Errorf("index.d.ts picks %q, but a function is written with %q", got, want)
	}
}
