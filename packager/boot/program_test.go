package boot

import (
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/boot/sandbox"
)

func TestFlagsMatchLambda(t *testing.T) {
	both := map[string]bool{"--no-experimental-require-module": true, "--no-experimental-detect-module": true}
	for _, c := range []struct {
		runtime, options string
		memory           int
		accepts          map[string]bool
		want             string
	}{
		{"nodejs18.x", "", 128, both, "--max-http-header-size=81920 --max-semi-space-size=6 --max-old-space-size=116"},
		{"nodejs20.x", "", 1024, both,
			"--max-http-header-size=81920 --max-semi-space-size=51 --max-old-space-size=922 " +
				"--no-experimental-require-module"},
		{"nodejs22.x", "", 1024, both,
			"--max-http-header-size=81920 --max-semi-space-size=51 --max-old-space-size=922 " +
				"--no-experimental-require-module --no-experimental-detect-module"},
		{"nodejs22.x", "--experimental-require-module", 1024, both,
			"--max-http-header-size=81920 --max-semi-space-size=51 --max-old-space-size=922 " +
				"--no-experimental-detect-module"},
		{"nodejs22.x", "", 1024, nil, "--max-http-header-size=81920 --max-semi-space-size=51 --max-old-space-size=922"},
		{"nodejs24.x", "", 1024, both,
			"--max-http-header-size=81920 --max-semi-space-size=51 --max-old-space-size=922"},
	} {
		p := program{node: &nodeBinary{accepts: c.accepts}, runtime: c.runtime, options: c.options, memoryMB: c.memory}
		if got := strings.Join(p.flags(), " "); got != c.want {
			t.Errorf("%s %q: %s", c.runtime, c.options, got)
		}
	}
}

func TestEnvironment(t *testing.T) {
	f := analyzer.Function{
		Name: "orders", Runtime: "nodejs22.x", Handler: "a/b.c", MemoryMB: 512,
		Environment: map[string]string{"TABLE": "t", "AWS_REGION": "no", "LAMBDA_TASK_ROOT": "/no",
			"TZ": "Europe/Oslo", "A=B": "x", "": "y", "NUL": "a\x00"},
		EnvironmentUnknown: []string{"B_URL", "A_ARN", "TABLE", "A_ARN", "PORT", "X=", "OTHER"},
	}
	env, placeholders := environment(f, lambdaPlaces)
	if !slices.IsSorted(env) {
		t.Error("not sorted")
	}
	for _, line := range []string{
		"TABLE=t", "AWS_REGION=us-east-1", "LAMBDA_TASK_ROOT=/var/task", "TZ=Europe/Oslo", "_HANDLER=a/b.c",
		"AWS_EXECUTION_ENV=AWS_Lambda_nodejs22.x",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512", "B_URL=https://placeholder.invalid", "PORT=1", "OTHER=placeholder",
		"PWD=/var/task",
		"NODE_PATH=/opt/nodejs/node22/node_modules:/opt/nodejs/node_modules:" +
			"/var/runtime/node_modules:/var/runtime:/var/task",
	} {
		if !slices.Contains(env, line) {
			t.Errorf("%s is not set: %v", line, env)
		}
	}
	if got := strings.Join(placeholders, " "); got != "A_ARN B_URL OTHER PORT" {
		t.Errorf("placeholders: %s", got)
	}
	for _, line := range env {
		if strings.ContainsRune(line, 0) || strings.HasPrefix(line, "=") || strings.HasPrefix(line, "A=B") {
			t.Errorf("unusable: %q", line)
		}
	}
	provided, _ := environment(analyzer.Function{Runtime: "provided.al2023"}, lambdaPlaces)
	for _, line := range provided {
		if strings.HasPrefix(line, "NODE_PATH=") || strings.HasPrefix(line, "AWS_EXECUTION_ENV=") {
			t.Errorf("not set for a bootstrap: %s", line)
		}
	}
}

func otherArchitecture() string {
	if analyzer.HostArchitecture() == "arm64" {
		return "x86_64"
	}
	return "arm64"
}

// An artifact that this machine cannot run as Lambda would is not run, and the
// result is never a pass.
func TestNotRun(t *testing.T) {
	other := otherArchitecture()
	entries := files{"index.js": `exports.handler = async () => process.arch`}
	for _, c := range []struct {
		name, reason string
		change       func(*analyzer.Function, *Options)
	}{
		{"other architecture", "the function runs on " + other,
			func(f *analyzer.Function, _ *Options) { f.Architecture = other }},
		{"no such Node", "the Node given as --boot-node does not run",
			func(_ *analyzer.Function, o *Options) { o.Node = "no/such/node" }},
		{"wrapper from a layer", "which a layer provides", func(f *analyzer.Function, _ *Options) {
			f.Environment = map[string]string{"AWS_LAMBDA_EXEC_WRAPPER": "/opt/otel-handler"}
		}},
		{"options from a layer", "which a layer provides", func(f *analyzer.Function, _ *Options) {
			f.Environment = map[string]string{"NODE_OPTIONS": "--require /opt/x.js"}
		}},
		{"event that is not JSON", "the event is not JSON",
			func(_ *analyzer.Function, o *Options) { o.Event = []byte("{") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, checkNode(t, "nodejs20.x", `{}`, entries, c.change), NotRun,
				c.reason)
		})
	}

	t.Run("other architecture, allowed", func(t *testing.T) {
		asked := func(f *analyzer.Function, o *Options) { f.Architecture, o.OtherArchitecture = other, true }
		r := checkNode(t, "nodejs20.x", `{}`, entries, asked)
		want(t, r, Answers, "")
		if !r.StoodIn {
			t.Error("StoodIn is false for another architecture")
		}
		native := files{"index.js": entries["index.js"], "node_modules/x/build/addon.node": "\x7fELF..."}
		want(t, checkNode(t, "nodejs20.x", `{}`, native, asked), NotRun, "addon.node is native code")
	})
	t.Run("no Node at all", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		r := Check(t.Context(), zipOf(t, entries), nodeFunction("nodejs20.x"), Options{})
		want(t, r, NotRun, "this machine has no Node")
	})
}

// A package that a layer or the runtime provides is not the artifact's fault.
func TestProvidedPackages(t *testing.T) {
	for _, c := range []struct {
		code, status string
		build        analyzer.BuildOptions
	}{
		{`require("@aws-sdk/client-s3")`, NotRun, analyzer.BuildOptions{}}, // the runtime has it
		{`require("aws-sdk")`, Failed, analyzer.BuildOptions{}},
		{`require("@aws-sdk/client-s3")`, NotRun, analyzer.BuildOptions{SDK: "runtime"}},
		{`require("@acme/shared/log")`, NotRun, analyzer.BuildOptions{External: []string{"@acme/shared"}}},
		{`require("@acme/other")`, NotRun, analyzer.BuildOptions{External: []string{"@acme/*"}}},
		{`require("@acme/other")`, Failed, analyzer.BuildOptions{External: []string{"@acme/oth"}}},
		{`require("./gone")`, Failed, analyzer.BuildOptions{External: []string{"*"}}},
		{`exports.handler = async () => require("sharp")`, NotRun, analyzer.BuildOptions{External: []string{"sharp"}}},
	} {
		r := checkNode(t, "nodejs20.x", `{}`, files{"index.js": c.code},
			func(f *analyzer.Function, _ *Options) { f.Build = c.build })
		if r.Status != c.status {
			t.Errorf("%s with %+v: %s %s", c.code, c.build, r.Status, r.Reason)
		}
	}
}

func TestBootstrapChecks(t *testing.T) {
	foreign := elfHeader(map[string]byte{"arm64": 0x3e, "x86_64": 0xb7}[analyzer.HostArchitecture()])
	for _, c := range []struct {
		name    string
		entries files
		layers  []string
		status  string
		reason  string
	}{
		{"missing", files{"main": "x"}, nil, Failed, "no file named bootstrap"},
		{"missing, perhaps in a layer", files{"main": "x"}, []string{"l"}, NotRun, "a layer may provide it"},
		{"in a folder", files{"bin/bootstrap!": "x"}, nil, Failed, "no file named bootstrap"},
		{"not executable", files{"bootstrap": "#!/bin/sh\n"}, nil, Failed, "not executable"},
		{"not a program", files{"bootstrap!": "hello"}, nil, Failed, "neither a Linux executable nor a script"},
		{"empty", files{"bootstrap!": ""}, nil, Failed, "neither a Linux executable nor a script"},
		{"another architecture's", files{"bootstrap!": foreign}, nil, Failed, "is built for"},
		{"script without its interpreter", files{"bootstrap!": "#!/no/such/shell\n"}, nil, Failed, "does not start"},
		{"truncated executable",
			files{"bootstrap!": elfHeader(map[string]byte{"x86_64": 0x3e, "arm64": 0xb7}[analyzer.HostArchitecture()])}, nil,
			Failed, "does not start"},
		{"script that ends", files{"bootstrap!": "#!/bin/sh\necho hello; exit 4\n"}, nil, Failed,
			"exited with status 4 before it was ready"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if runtime.GOOS != "linux" {
				t.Skip("a bootstrap runs on Linux")
			}
			f := analyzer.Function{Name: "g", Family: analyzer.Go, Runtime: "provided.al2023",
				Architecture: analyzer.HostArchitecture(), Layers: c.layers}
			r := Check(t.Context(), zipOf(t, c.entries), f, Options{})
			if strings.Contains(r.Reason, sandbox.ErrContainment.Error()) {
				t.Skip(r.Reason)
			}
			want(t, r, c.status, c.reason)
		})
	}
	t.Run("for the other architecture without an emulator", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		f := analyzer.Function{Family: analyzer.Go, Runtime: "provided.al2023", Architecture: otherArchitecture()}
		want(t, Check(t.Context(), zipOf(t, files{"bootstrap!": foreign}), f, Options{}), NotRun, "has no qemu-")
	})
}

// elfHeader returns a 64-bit little-endian executable without sections.
func elfHeader(machine byte) string {
	h := make([]byte, 64)
	copy(h, "\x7fELF\x02\x01\x01")
	h[16], h[18], h[20], h[52] = 2, machine, 1, 64
	return string(h)
}

// goBootstrap is a Go program that calls the Runtime API with only the standard library.
const goBootstrap = `package main

import ("bytes";"fmt";"io";"net/http";"os")

func main() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime"
	for {
		r, err := http.Get(api + "/invocation/next")
		if err != nil { panic(err) }
		event, _ := io.ReadAll(r.Body)
		id := r.Header.Get("Lambda-Runtime-Aws-Request-Id")
		if string(event) == "\"fail\"" {
			failure := "{\"errorType\":\"own\",\"errorMessage\":\"asked to\"}"
			http.Post(api+"/invocation/"+id+"/error", "", bytes.NewBufferString(failure))
			continue
		}
		if string(event) == "\"panic\"" { panic("asked to") }
		answer := fmt.Sprintf("{\"got\":%s,\"handler\":%q,\"uid\":%t}", event, os.Getenv("_HANDLER"), os.Getuid() > 0)
		http.Post(api+"/invocation/"+id+"/response", "", bytes.NewBufferString(answer))
	}
}
`

// goBootstrapBySockets calls the Runtime API without package net.
const goBootstrapBySockets = `package main

import ("io";"os";"runtime";"strconv";"strings";"syscall")

// call sends one request and returns the head and the body of the answer.
func call(head, body string) (string, string) {
	host, port, _ := strings.Cut(os.Getenv("AWS_LAMBDA_RUNTIME_API"), ":")
	n, err := strconv.Atoi(port)
	if err != nil || host != "127.0.0.1" { panic("the API is at " + host + ":" + port) }
	s, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil { panic(err) }
	if err := syscall.Connect(s, &syscall.SockaddrInet4{Port: n, Addr: [4]byte{127, 0, 0, 1}}); err != nil { panic(err) }
	f := os.NewFile(uintptr(s), "api")
	defer f.Close()
	length := ""
	if body != "" { length = "Content-Length: " + strconv.Itoa(len(body)) + "\r\n" }
	io.WriteString(f, head + " HTTP/1.1\r\nHost: api\r\nConnection: close\r\n" + length + "\r\n" + body)
	answer, err := io.ReadAll(f)
	if err != nil { panic(err) }
	head, body, _ = strings.Cut(string(answer), "\r\n\r\n")
	return head, body
}

func main() {
	for {
		head, event := call("GET /2018-06-01/runtime/invocation/next", "")
		_, id, _ := strings.Cut(head, "Lambda-Runtime-Aws-Request-Id: ")
		id, _, _ = strings.Cut(id, "\r\n")
		call("POST /2018-06-01/runtime/invocation/"+id+"/response", "{\"got\":" + event + ",\"machine\":\"" + runtime.GOARCH + "\"}")
	}
}
`

func buildGo(t *testing.T, dir string, arch string) string {
	t.Helper()
	out := filepath.Join(dir, "bootstrap-"+arch)
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", out, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+arch, "GOFLAGS=-mod=mod", "GOWORK=off")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("cannot build: %s", text)
	}
	binary, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(binary)
}

func TestGoBootstrap(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a bootstrap runs on Linux")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"main.go": goBootstrap, "go.mod": "module bootstrap\n\ngo 1.24\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	path := zipOf(t, files{"bootstrap!": buildGo(t, dir, runtime.GOARCH)})
	f := analyzer.Function{Name: "g", Family: analyzer.Go, Runtime: "provided.al2023",
		Architecture: analyzer.HostArchitecture(), Handler: "bootstrap", TimeoutSeconds: 5}
	for _, c := range []struct{ event, status, reason, answer string }{
		{``, Loads, "", ``},
		{`{"n":1}`, Answers, "", `{"got":{"n":1},"handler":"bootstrap","uid":true}`},
		{`"fail"`, Failed, "answered its event with an error", ``},
		{`"panic"`, Failed, "exited with status 2 before it answered", ``},
	} {
		o := Options{Runs: 2}
		if c.event != "" {
			o.Event = []byte(c.event)
		}
		r := Check(t.Context(), path, f, o)
		if strings.Contains(r.Reason, sandbox.ErrContainment.Error()) {
			t.Skip(r.Reason)
		}
		want(t, r, c.status, c.reason)
		if string(r.Answer) != c.answer {
			t.Errorf("%s: answer %s", c.event, r.Answer)
		}
		if r.Node != "" || len(r.Measured.LoadMillis) == 0 || r.Measured.PeakMemoryBytes == 0 {
			t.Errorf("%+v", r)
		}
		t.Logf("%+v", r.Measured)
	}

	// A program for the other architecture runs only under an emulator. This one compiles
	// quickly: nothing else compiles the network's packages for that architecture.
	other := map[string]string{"amd64": "arm64", "arm64": "amd64"}[runtime.GOARCH]
	f.Architecture = otherArchitecture()
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(goBootstrapBySockets), 0o644); err != nil {
		t.Fatal(err)
	}
	r := Check(t.Context(), zipOf(t, files{"bootstrap!": buildGo(t, dir, other)}), f, Options{Event: []byte(`{"n":1}`)})
	if r.Status == NotRun {
		want(t, r, NotRun, "has no qemu-")
		return
	}
	want(t, r, Answers, "")
	if answer := `{"got":{"n":1},"machine":"` + other + `"}`; string(r.Answer) != answer {
		t.Errorf("under an emulator: answer %s, want %s", r.Answer, answer)
	}
}

// A program that uses aws-lambda-go itself, as most users do.
func TestAWSLambdaGo(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a bootstrap runs on Linux")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"main.go": `package main

import ("context"; "errors"; "github.com/aws/aws-lambda-go/lambda"; "github.com/aws/aws-lambda-go/lambdacontext")

func main() {
	lambda.StartWithOptions(func(ctx context.Context, in map[string]int) (map[string]any, error) {
		if in["n"] < 0 { return nil, errors.New("negative") }
		c, _ := lambdacontext.FromContext(ctx)
		_, deadline := ctx.Deadline()
		return map[string]any{"double": in["n"] * 2, "arn": c.InvokedFunctionArn, "deadline": deadline}, nil
	}, lambda.WithEnableSIGTERM())
}
`,
		"go.mod": "module bootstrap\n\ngo 1.24\n\nrequire github.com/aws/aws-lambda-go v1.55.1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	path := zipOf(t, files{"bootstrap!": buildGo(t, dir, runtime.GOARCH)})
	f := analyzer.Function{Name: "g", Family: analyzer.Go, Runtime: "provided.al2023", Architecture: analyzer.HostArchitecture()}
	r := Check(t.Context(), path, f, Options{Event: []byte(`{"n":21}`)})
	if strings.Contains(r.Reason, sandbox.ErrContainment.Error()) {
		t.Skip(r.Reason)
	}
	want(t, r, Answers, "")
	if string(r.Answer) != `{"arn":"arn:aws:lambda:us-east-1:123456789012:function:g","deadline":true,"double":42}` {
		t.Errorf("answer %s", r.Answer)
	}
	r = Check(t.Context(), path, f, Options{Event: []byte(`{"n":-1}`)})
	want(t, r, Failed, "answered its event with an error")
	if r.Error == nil || r.Error.Type != "errorString" || r.Error.Message != "negative" {
		t.Errorf("%+v", r.Error)
	}
}

// If downloads are allowed, every runtime runs on a Node of its own major version.
func TestFetchedNodes(t *testing.T) {
	if testing.Short() || runtime.GOOS != "linux" {
		t.Skip("fetches Nodes")
	}
	needNode(t)
	for _, version := range []string{"22", "24"} {
		t.Run(version, func(t *testing.T) {
			r := checkNode(t, "nodejs"+version+".x", `{}`, files{
				"index.mjs": `
import { createRequire } from "node:module";
const tried = async (act) => { try { await act(); return "ok" } catch (e) { return e.code ?? e.name } };
export const handler = async () => [
  process.versions.node.split(".")[0], await tried(() => createRequire(import.meta.url)("./esm.mjs")),
  await tried(() => import("./typeless.js")),
  Math.round(process.constrainedMemory ? 1 : 0), await new WebAssembly.Memory({ initial: 1, maximum: 65536 }).grow(100),
]`,
				"esm.mjs":     `export const a = 1`,
				"typeless.js": `import "node:fs"; export const a = 1`,
			}, func(_ *analyzer.Function, o *Options) { o.Node = "auto" })
			if r.StoodIn {
				t.Skip("no Node could be downloaded")
			}
			want(t, r, Answers, "")
			expected := map[string]string{"22": `["22","ERR_REQUIRE_ESM","SyntaxError",1,1]`,
				"24": `["24","ok","ok",1,1]`}[version]
			if string(r.Answer) != expected {
				t.Errorf("answer %s, want %s", r.Answer, expected)
			}
			t.Logf("Node %s %+v", r.Node, r.Measured)
		})
	}
}

// A file that does not match a pinned hash is never run.
func TestFetchRejectsUnpinnedNodes(t *testing.T) {
	dir := t.TempDir()
	pack := filepath.Join(dir, "x.tgz")
	if err := os.WriteFile(pack, []byte("anything"), 0o644); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "node")
	if err := extractNode(pack, releases["22/x64"][0], file); err == nil || !strings.Contains(err.Error(), "integrity") {
		t.Errorf("%v", err)
	}
	sum := sha512.Sum512([]byte("anything"))
	if err := extractNode(pack, release{integrity: base64.StdEncoding.EncodeToString(sum[:])}, file); err == nil ||
		!strings.Contains(err.Error(), "gzip") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a file was written to the cache")
	}
	if _, err := fetchNode(context.Background(), 18, npmArchitecture(analyzer.HostArchitecture()), "", dir); err == nil {
		t.Error("a Node that is not pinned was downloaded")
	}
	for name, known := range releases {
		for _, r := range known {
			if raw, err := base64.StdEncoding.DecodeString(r.integrity); err != nil || len(raw) != 64 ||
				len(r.digest) != 64 || !strings.HasPrefix(r.version, name[:2]+".") {
				t.Errorf("the pinned entry %s is malformed", name)
			}
		}
	}
}

// The result is part of the public report, so its JSON names must not change.
func TestResultAsJSON(t *testing.T) {
	text, err := json.Marshal(Result{
		Status: Failed, Reason: "r", Answer: json.RawMessage(`1`), AnswerEncoding: "text",
		Error: &Failure{"T", "m", []string{"s"}},
		Node:  "22.1.0", StoodIn: true, Uncontained: []string{"network"}, Placeholders: []string{"A"}, Logs: "l",
		Measured: Measured{[]float64{1.5}, []float64{1}, []float64{0.5}, 2, 3},
	})
	if err != nil {
		t.Fatal(err)
	}
	const expected = `{"status":"failed","reason":"r","answer":1,"answerEncoding":"text","error":{"type":"T",` +
		`"message":"m","stack":["s"]},` +
		`"node":"22.1.0","stoodIn":true,"uncontained":["network"],"placeholders":["A"],` +
		`"measured":{"loadMillis":[1.5],"cpuMillis":[1],"handlerMillis":[0.5],"peakMemoryBytes":2,"filesOpened":3},"logs":"l"}`
	if string(text) != expected {
		t.Errorf("%s", text)
	}
}
