package compiled

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/boot"
)

// long runs what takes too long for `go test ./...`; .ci/run sets it.
var long = os.Getenv("FEATHERPACK_LONG") == "1"

func needLong(t *testing.T) {
	t.Helper()
	if !long {
		t.Skip("takes long; FEATHERPACK_LONG=1 runs it, and .ci/run does")
	}
}

// more is long, and the test says if it does less without it: .ci/run runs it once more.
func more(t *testing.T) bool {
	t.Helper()
	if !long {
		t.Log("does less than with FEATHERPACK_LONG=1, which .ci/run does")
	}
	return long
}

// runtimes are those whose Node can be downloaded.
func runtimes() []string {
	if long {
		return []string{"nodejs20.x", "nodejs22.x", "nodejs24.x"}
	}
	return []string{"nodejs22.x"}
}

func function(id, runtime string) analyzer.Function {
	return analyzer.Function{
		Name: id, ID: id, Family: analyzer.Node, Runtime: runtime, Handler: "src/main.handler", MemoryMB: 512,
		Architecture: analyzer.HostArchitecture(), Build: analyzer.BuildOptions{CodeCache: "on"},
	}
}

// bundle has the program at the handler's path, and more files.
func bundle(f analyzer.Function, program string, more map[string]string) packager.Bundle {
	b := packager.Bundle{Function: f, ID: f.ID, Graph: &analyzer.Graph{}}
	b.Files = []packager.File{{Name: "src/main.js", Content: []byte(program)}}
	for _, name := range slices.Sorted(maps.Keys(more)) {
		b.Files = append(b.Files, packager.File{Name: name, Content: []byte(more[name])})
	}
	return b
}

// compiler is the Node of a runtime, downloaded if needed.
func compiler(t *testing.T, runtimeName string) boot.Compiler {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("Lambda's Node runs on Linux")
	}
	c, err := boot.FindCompiler(context.Background(), function("f", runtimeName), "", boot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// add compiles a bundle and fails unless that worked.
func add(t *testing.T, b packager.Bundle) packager.Bundle {
	t.Helper()
	b.Files = slices.Clone(b.Files)
	Add(context.Background(), &b, nil, boot.Options{})
	if len(b.Files) < 3 || b.Failed() {
		t.Fatalf("not compiled: %v", b.Diagnostics)
	}
	return b
}

func check(t *testing.T, b packager.Bundle, c boot.Compiler, event string) boot.Result {
	t.Helper()
	artifact, err := packager.Pack(t.Context(), b, t.TempDir(), packager.Options{Compress: "fast"})
	if err != nil {
		t.Fatal(err)
	}
	return boot.Check(t.Context(), artifact.Path, b.Function, boot.Options{Event: []byte(event), Node: c.Path(), Timeout: 2 * time.Minute})
}

const facts = `#!/usr/bin/env node
"use strict";
const path = require("path"), own = require("./own.json"), { Worker } = require("worker_threads"), v8 = require("v8");
const warnings = []; process.on("warning", (w) => warnings.push(w.message));
process.emitWarning("careful");
const early = (() => { try { null.x } catch (e) { return e.stack.split("\n")[1].trim() } })();
const far = (() => { const towns = "Zürich 東京 😀"; try { null[towns] } catch (e) { return e.stack.split("\n")[1].trim() } })();
const top = [this === exports, this === module.exports, arguments.length, typeof require.main, typeof module.parent];
exports.handler = async (event) => {
  const inner = await Promise.all([1, 2].map(async () => (await import("./o" + "ther.mjs")).name));
  const inWorker = await new Promise((done) => new Worker(
    "require('worker_threads').parentPort.postMessage(require('v8').getHeapStatistics().heap_size_limit)",
    { eval: true }).on("message", done));
  return {
    sum: own.a + event.b, warnings, early, far, top, file: __filename, dir: __dirname, id: module.id, at: module.filename,
    paths: module.paths, resolved: require.resolve("./own.json"), cached: require.cache[__filename] === module,
    imported: (await import("./other.mjs")).name, builtin: typeof (await import("node:fs")).readFileSync,
    stack: new Error("here").stack.split("\n")[1].trim(), text: "Zürich 東京", heap: v8.getHeapStatistics().heap_size_limit,
    typed: (await new Function("s", "return import(s)")("./other.mjs")).name, late: (await Function("return s => import(s)")()("node:path")).sep,
    inWorker, inner, source: String(exports.handler).length, function: new Function("return 1")(), gc: typeof gc,
  };
};
`

// What a program can see of itself, of its module and of its process is the same with
// compiled code, at every memory size that Lambda has flags for: with one runtime at all of
// them, with the others at the smallest and the largest.
func TestCompiledSame(t *testing.T) {
	needLong(t)
	t.Parallel()
	for _, name := range runtimes() {
		c := compiler(t, name)
		more := map[string]string{
			"src/own.json": `{"a": 1}`, "src/other.mjs": `export const name = import.meta.url.split("/").at(-1);`,
		}
		plain := bundle(function("facts", name), facts, more)
		with := add(t, plain)
		sizes := []int{128, 10240}
		if name == "nodejs22.x" {
			sizes = []int{128, 512, 1024, 3008, 10240}
		}
		for _, memory := range sizes {
			plain.Function.MemoryMB, with.Function.MemoryMB = memory, memory
			want, got := check(t, plain, c, `{"b":2}`), check(t, with, c, `{"b":2}`)
			if want.Status != boot.Answers || got.Status != boot.Answers || !bytes.Equal(want.Answer, got.Answer) {
				t.Errorf("%s, %d MB:\n%s %s %s\n%s %s %s", name, memory, want.Status, want.Answer, want.Logs,
					got.Status, got.Answer, got.Logs)
			}
			if strings.Contains(got.Logs, "not used") || strings.Contains(got.Logs, "Experimental") {
				t.Errorf("%s, %d MB: %s", name, memory, got.Logs)
			}
		}
	}
}

// Handlers of every kind answer or fail in the same way.
func TestCompiledHandlers(t *testing.T) {
	needLong(t)
	t.Parallel()
	c := compiler(t, "nodejs22.x")
	programs := []string{
		`exports.handler = async (e) => e.a`,
		`throw new TypeError("at load")`,
		`exports.handler = awslambda.streamifyResponse(async (e, out) => { out.write("a"); out.end("b") })`,
		`module.exports = { handler: async () => module.exports.size, size: 3 }`,
		`exports.handler = async () => (await new Function("s", "return import(s)")("node:path")).sep`,
		`exports.handler = async () => (await new Function("s", ["return import(s)"].join())("node:path")).sep`,
		`exports.other = 1`,
		`exports.handler = (e, c, done) => setTimeout(done, 20, null, e.a)`,
		`exports.handler = async () => { throw new RangeError("own") }`,
		`require("not-there")`,
		`const x = () => y; var y = 1; with_ = 1; exports.handler = async () => [x(), with_, (function () { return typeof this })()]`,
		`"use strict"; exports.handler = async () => (function () { return typeof this })()`,
		`const é = "\x85ÿ", r = /[\x9bà-ÿ]/; exports.handler = async () => [é, é.length, r.source, r.test("é"), String.raw` + "`\\é`" + `] // ü`,
		`const é = "–ÿ"; exports.handler = async () => [é, é.length]`,
		`module.exports = { ...module.exports }; Object.defineProperty(module.exports, "handler", { get: () => async () => 1 })`,
		`exports.handler = async () => { await new Promise((r) => setTimeout(r, 5)); Promise.reject(new Error("late")); ` +
			`await new Promise((r) => setTimeout(r, 50)) }`,
	}
	if !long {
		programs = programs[:7]
	}
	for _, program := range programs {
		plain := bundle(function("f", "nodejs22.x"), program, nil)
		want, got := check(t, plain, c, `{"a":7}`), check(t, add(t, plain), c, `{"a":7}`)
		if want.Status != got.Status || !bytes.Equal(want.Answer, got.Answer) || failure(want) != failure(got) {
			t.Errorf("%s\n%s %s %s\n%s %s %s\n%s", program, want.Status, want.Answer, failure(want), got.Status, got.Answer,
				failure(got), got.Logs)
		}
	}
}

func failure(r boot.Result) string {
	if r.Error == nil {
		return ""
	}
	return r.Error.Type + ": " + r.Error.Message
}

// A program of Latin-1's characters is stored in that, and any other in UTF-8. No input's
// bytes are more than it has.
func TestEncoding(t *testing.T) {
	for _, c := range []struct{ program, encoding, stored string }{
		{"a='e'", "latin1", "a='e'"},
		{"a='éÿ'", "latin1", "a='\xe9\xff'"},
		{"a='é–'", "utf8", "a='é–'"},
		{"a='\xe9'", "utf8", "a='\xe9'"},
	} {
		content := []byte(strings.Repeat(c.program+"\n", 100))
		p, reason := split([]packager.File{{Name: "a.js", Content: content, Parts: []packager.Part{{Input: 0, Bytes: int64(len(content))}}}})
		want := wrapped(strings.Repeat(c.stored+"\n", 100))
		if reason != "" || p.encoding != c.encoding || string(p.text.Content) != want || p.text.Parts[0].Bytes > int64(len(want)) {
			t.Errorf("%q: %q %s %v %q", c.program, reason, p.encoding, p.text.Parts, p.text.Content)
		}
	}
}

func wrapped(program string) string { return "(" + wrapperStart + program + wrapperEnd + ")" }

// What cannot be started by the loader ships as it was, and says why.
func TestUnfit(t *testing.T) {
	for _, c := range []struct{ file, text, options, reason string }{
		{"src/main.js", "exports.handler = () => new Function('s', `return import(s)`)('./other.mjs')", "", "Node 20"},
		{"src/main.mjs", "export {}", "", "top-level await"},
		{"src/main.js", "x()\n//# sourceMappingURL=main.js.map\n", "", "source map is inside"},
		{"src/main.js", "x()", "--enable-source-maps --stack-size=2000", "--stack-size"},
		{"src/main.js", "x()", "--no_opt", "--no_opt"},
	} {
		f := function("f", "nodejs20.x")
		f.Environment = map[string]string{"NODE_OPTIONS": c.options}
		b := packager.Bundle{Function: f, ID: f.ID, Files: []packager.File{{Name: c.file, Content: []byte(c.text)}}}
		Add(t.Context(), &b, nil, boot.Options{})
		if len(b.Files) != 1 || string(b.Files[0].Content) != c.text || len(b.Diagnostics) != 1 ||
			b.Diagnostics[0].Severity != analyzer.Note || !strings.Contains(b.Diagnostics[0].Message, c.reason) {
			t.Errorf("%v: %v", c, b.Diagnostics)
		}
	}
}

// The code is the same in every run, whatever runs beside it, and whichever functions V8
// has optimised by then. What runs differently each time is compiled without being run.
func TestCompiledDeterministic(t *testing.T) {
	needLong(t)
	t.Parallel()
	programs := []string{
		"const table = {};\n" + strings.Repeat("table[Object.keys(table).length] = (x) => { return x + 1 };\n", 300) +
			"for (const f of Object.values(table)) f(1);\nexports.handler = async () => Object.keys(table).length;\n",
		"const f = [];\n" + strings.Repeat("f.push((o, n) => { let t = 0; for (let i = 0; i < n; i++) t += o.a; return t });\n", 600) +
			"for (let k = 0; k < f.length; k++) for (let i = 0; i < 40 + k % 300; i++)\n" +
			"  f[k](i < 20 + k % 300 ? { a: 1 } : i % 2 ? { b: 1, a: i / 7 } : { c: 1, a: 2 }, 100);\n",
	}
	differs := func(b packager.Bundle) bool {
		return slices.ContainsFunc(b.Diagnostics, func(d analyzer.Diagnostic) bool {
			return strings.Contains(d.Message, errDiffers.Error())
		})
	}
	for _, name := range runtimes() {
		for n, program := range programs {
			b := bundle(function("f", name), program, nil)
			first := add(t, b)
			for range map[bool]int{false: 1, true: 5}[long] {
				again := add(t, b)
				if differs(again) {
					t.Errorf("%s, program %d: %v", name, n, again.Diagnostics)
				}
				for i := range first.Files {
					if !bytes.Equal(first.Files[i].Content, again.Files[i].Content) {
						t.Errorf("%s, program %d: %s differs", name, n, first.Files[i].Name)
					}
				}
			}
		}
		chance := add(t, bundle(function("f", name), "const t = [];\n"+
			strings.Repeat("t.push(function () { let x = 1; return () => x });\n", 64)+
			"for (const f of t) if (process.hrtime.bigint() / 7n % 2n) f();\nexports.handler = async () => 1;\n", nil))
		if !differs(chance) {
			t.Errorf("%s: %v", name, chance.Diagnostics)
		}
	}
}

// Whatever happens to the files, and whatever Node runs them, the answer is right, the
// process lives, and one line of the log says why the code was not used.
func TestCompiledDamaged(t *testing.T) {
	t.Parallel()
	c := compiler(t, "nodejs22.x")
	f := function("f", "nodejs22.x")
	program := "exports.answer = [1, 2, 3].map((x) => x * 2).join();\n"
	b := add(t, bundle(f, program+strings.Repeat("// more\n", 100), nil))
	other := add(t, bundle(f, strings.Replace(program, "x * 2", "x * 3", 1)+strings.Repeat("// more\n", 100), nil))
	files := map[string][]byte{}
	for _, file := range b.Files {
		files[filepath.Base(file.Name)] = file.Content
	}
	swapped := other.Files[2].Content
	if len(swapped) != len(files["main.cache"]) {
		t.Logf("the other code has %d bytes, this has %d", len(swapped), len(files["main.cache"]))
	}
	flipped := func(at int) []byte {
		code := bytes.Clone(files["main.cache"])
		code[at%len(code)] ^= 1 << (at % 8)
		return code
	}
	type state struct {
		name, node string
		flags      []string
		code       []byte // nil: there is no such file
		reason     string
		program    []byte // nil: the program as it was built
	}
	node22, code := c.Path(), files["main.cache"]
	states := []state{
		{name: "good", node: node22, code: code},
		{name: "good, Lambda's flags", node: node22, code: code, flags: []string{"--max-old-space-size=922",
			"--max-semi-space-size=51", "--expose-gc", "--max-http-header-size=81920"}},
		{name: "missing", node: node22, reason: "it cannot be read"},
		{name: "empty", node: node22, code: []byte{}, reason: "its size is wrong"},
		{name: "truncated", node: node22, code: code[:len(code)/2], reason: "its size is wrong"},
		{name: "longer", node: node22, code: append(slices.Clip(code), 0), reason: "its size is wrong"},
		{name: "of another program", node: node22, code: swapped, reason: "its digest is wrong"},
		{name: "program changed", node: node22, code: code, reason: "its digest is wrong",
			program: bytes.Replace(files["main.program"], []byte("more"), []byte("lore"), 1)},
		{name: "hostile flags", node: node22, code: code, flags: []string{"--stack-size=900", "--no-opt"}, reason: "V8 rejected it"},
		{name: "max-lazy", node: node22, code: code, flags: []string{"--max-lazy"}, reason: "V8 rejected it"},
	}
	flips := 4
	if more(t) {
		flips = 40
		if os.Getenv("FEATHERPACK_FAULTS") != "" { // .ci/long
			flips = 200
		}
		states = append(states, state{name: "other version", node: compiler(t, "nodejs24.x").Path(), code: code,
			reason: "another Node"})
	}
	for at := range flips {
		states = append(states, state{name: fmt.Sprintf("bit %d flipped", at*997), node: node22, code: flipped(at * 997),
			reason: "its digest is wrong"})
	}
	for _, s := range states {
		content := maps.Clone(files)
		content["main.cache"] = s.code
		if s.program != nil {
			content["main.program"] = s.program
		}
		line := start(t, s.name, s.node, s.flags, content)
		if line.Reason != s.reason || s.reason != "" && (line.BuiltFor != c.Version+" "+c.Arch || line.Running == "") {
			t.Errorf("%s logged %+v, want the reason %q", s.name, line, s.reason)
		}
	}
}

// On Node 20, the loader does not load zlib, and Node says nothing of how it comes by the
// digest. The answer tells whether zlib is loaded.
func TestCompiledWithoutZlib(t *testing.T) {
	needLong(t)
	t.Parallel()
	c := compiler(t, "nodejs20.x")
	const loaded = `process.moduleLoadList.includes("NativeModule zlib") ? "loaded" : "2,4,6"`
	files := map[string][]byte{}
	for _, file := range add(t, bundle(function("f", "nodejs20.x"), "exports.answer = "+loaded+";\n", nil)).Files {
		files[filepath.Base(file.Name)] = file.Content
	}
	flipped := maps.Clone(files)
	flipped["main.cache"] = append(bytes.Clone(files["main.cache"][:99]), slices.Concat([]byte{files["main.cache"][99] ^ 1}, files["main.cache"][100:])...)
	if line := start(t, "flipped", c.Path(), nil, flipped); line.Reason != "its digest is wrong" {
		t.Errorf("a flipped bit logged %+v", line)
	}
	if line := start(t, "good", c.Path(), nil, files); line.Reason != "" {
		t.Errorf("logged %+v", line)
	}
	for _, flag := range []string{"--pending-deprecation", "--experimental-permission"} {
		args := []string{flag, "-p", `require("./main.js").answer`}
		if flag == "--experimental-permission" {
			args = append([]string{"--allow-fs-read=*", "--no-warnings"}, args...)
		}
		dir := t.TempDir()
		for name, content := range files {
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command(c.Path(), args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil || string(out) != "loaded\n" {
			t.Errorf("%s: %q, %v", flag, out, err)
		}
	}
}

// logLine is what the loader logs.
type logLine struct{ Featherpack, Reason, BuiltFor, Running string }

// start runs the loader among the files, of which those without content are missing, and
// returns what it logged. The answer must be right.
func start(t *testing.T, name, node string, flags []string, files map[string][]byte) (line logLine) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if content == nil {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(node, append(slices.Clone(flags), "-p", `require("./main.js").answer`)...)
	cmd.Dir = dir
	var log bytes.Buffer
	cmd.Stderr = &log
	if out, err := cmd.Output(); err != nil || string(out) != "2,4,6\n" {
		t.Errorf("%s: %q, %v, %s", name, out, err, &log)
	}
	if text := log.String(); text != "" {
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Errorf("%s logged %q", name, text)
		}
	}
	return line
}

// The digest tells every flipped bit of a small program's code, and any of a large one's.
func TestCompiledDigest(t *testing.T) {
	t.Parallel()
	sizes := map[int]int{1: 0}
	if more(t) {
		sizes[20_000] = 10_000
	}
	for functions, sample := range sizes {
		b := add(t, bundle(function("f", "nodejs22.x"), strings.Repeat("exports.f = () => 1;\n", functions), nil))
		dir := t.TempDir()
		for _, f := range b.Files {
			if err := os.WriteFile(filepath.Join(dir, filepath.Base(f.Name)), f.Content, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		script := fmt.Sprintf(`
const fs = require("fs"), { crc32 } = require("zlib"), digest = Number(/,(\d{5,})\]/.exec(fs.readFileSync("main.js"))[1]);
const code = fs.readFileSync("main.cache");
if (crc32(code) !== digest) throw new Error("the digest is wrong to begin with");
let seed = 1, n = 0;
const check = (at, bit) => {
  code[at] ^= 1 << bit;
  if (crc32(code) === digest) throw new Error("missed bit " + bit + " of byte " + at);
  code[at] ^= 1 << bit;
  n++;
};
if (%[1]d) for (; n < %[1]d;) check((seed = seed * 48271 %% 2147483647) %% code.length, seed %% 8);
else for (let at = 0; at < code.length; at++) for (let bit = 0; bit < 8; bit++) check(at, bit);
console.log(n >= (%[1]d || 8 * code.length));`, sample)
		cmd := exec.Command(compiler(t, "nodejs22.x").Path(), "-e", script)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil || string(out) != "true\n" {
			t.Errorf("%d functions: %v %s", functions, err, out)
		}
	}
}

// Code for another architecture is made by an emulated Node, twice the same, and is taken
// by that Node only.
func TestCompiledEmulated(t *testing.T) {
	needLong(t)
	t.Parallel()
	f := function("f", "nodejs22.x")
	f.Architecture = map[string]string{"x86_64": "arm64", "arm64": "x86_64"}[analyzer.HostArchitecture()]
	c, err := boot.FindCompiler(t.Context(), f, "", boot.Options{})
	if err != nil {
		if !strings.Contains(err.Error(), "qemu-user-static") {
			t.Error(err)
		}
		t.Skip(err)
	}
	b := add(t, bundle(f, "exports.answer = [1, 2, 3].map((x) => x * 2).join();\n", nil))
	dir := t.TempDir()
	for _, file := range b.Files {
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(file.Name)), file.Content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, start := range [][]string{c.Command(), {compiler(t, "nodejs22.x").Path()}} {
		cmd := exec.Command(start[0], append(start[1:], "-p", `require("./main.js").answer`)...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if own := len(start) > 1; err != nil || !strings.Contains(string(out), "2,4,6\n") ||
			strings.Contains(string(out), "another Node") == own {
			t.Errorf("%v: %v %s", start, err, out)
		}
	}
}

// Without its compiled code, V8 parses a program once: it does not skim the function that
// holds the program first. V8 logs each arrow function that it parses.
func TestCompiledRejectedIsParsedOnce(t *testing.T) {
	t.Parallel()
	c := compiler(t, "nodejs22.x")
	const arrow, functions = "() => 1234567", 300
	program := "exports.answer = [1, 2, 3].map((x) => x * 2).join();\n" + strings.Repeat("exports.f = "+arrow+";\n", functions)
	for _, program := range []string{program, program + "exports.load = () => import('node:fs');\n"} {
		files := map[string][]byte{}
		for _, file := range add(t, bundle(function("f", "nodejs22.x"), program, nil)).Files {
			files[filepath.Base(file.Name)] = file.Content
		}
		files["main.cache"] = nil
		log := filepath.Join(t.TempDir(), "v8.log")
		start(t, "missing", c.Path(), []string{"--log-function-events", "--no-logfile-per-isolate", "--logfile=" + log}, files)
		events, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		parsed := 0
		for line := range strings.Lines(string(events)) {
			var script, from, to int
			_, err := fmt.Sscanf(line, "function,parse,%d,%d,%d,", &script, &from, &to)
			if err == nil && to-from == len(arrow) {
				parsed++
			}
		}
		if parsed < functions || parsed >= 2*functions {
			t.Errorf("V8 parsed %d arrow functions, the program has %d:\n%s", parsed, functions, program[max(0, len(program)-60):])
		}
	}
}
