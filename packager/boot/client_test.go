package boot

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// Handlers answer or fail in every way that Lambda's Node runtimes support. The
// column legacy is for runtimes up to nodejs22.x, modern for nodejs24.x and newer.
func TestHandlers(t *testing.T) {
	const refused = "!Runtime.CallbackHandlerDeprecated"
	for _, c := range []struct {
		name, code     string
		legacy, modern string // JSON, or "!" and the error's type
	}{
		{"async", `exports.handler = async (e) => e.a`, `1`, `1`},
		{"async, nothing returned", `exports.handler = async () => {}`, `null`, `null`},
		{"callback", `exports.handler = (e, c, done) => setTimeout(done, 20, null, e.a)`, `1`, refused},
		{"callback with an error", `exports.handler = (e, c, done) => done(new RangeError("far"))`, `!RangeError`,
			refused},
		{"callback with a string", `exports.handler = (e, c, done) => done("far")`, `!string`, refused},
		{"callback, then more",
			`exports.handler = (e, c, done) => { done(null, 1); done(null, 2); c.fail(new Error("late")) }`, `1`,
			refused},
		{"callback and a timer",
			`exports.handler = (e, c, done) => { setTimeout(() => {}, 150); done(null, "waited") }`, `"waited"`,
			refused},
		{"callback and an interval",
			`exports.handler = (e, c, done) => { setInterval(() => {}, 50); c.callbackWaitsForEmptyEventLoop = ` +
				`false; done(null, "at once") }`, `"at once"`, refused},
		{"two arguments, plain value", `exports.handler = (e, c) => "plain"`, `null`, `"plain"`},
		{"no callback called", `exports.handler = (e, c, done) => { setTimeout(() => {}, 10) }`, `null`, refused},
		{"rest arguments reach the callback", `exports.handler = (...all) => all[2]?.(null, "called")`, `"called"`,
			`null`},
		{"context.succeed", `exports.handler = (e, c) => c.succeed("yes")`, `"yes"`, `!TypeError`},
		{"context.fail", `exports.handler = (e, c) => c.fail(new SyntaxError("no"))`, `!SyntaxError`, `!TypeError`},
		{"context.fail without an error", `exports.handler = (e, c) => c.fail()`, `!string`, `!TypeError`},
		{"context.done", `exports.handler = (e, c) => c.done(null, 3)`, `3`, `!TypeError`},
		{"async throws",
			`exports.handler = async () => { throw Object.assign(new Error("own"), { name: "OrderMissing" }) }`,
			`!OrderMissing`, `!OrderMissing`},
		{"throws", `exports.handler = () => { throw new TypeError("now") }`, `!TypeError`, `!TypeError`},
		{"throws a string", `exports.handler = async () => { throw "text" }`, `!string`, `!string`},
		{"thenable", `exports.handler = () => ({ then: (done) => setTimeout(done, 10, "thenable") })`, `"thenable"`,
			`"thenable"`},
		{"circular answer", `exports.handler = async () => { const a = {}; a.a = a; return a }`, `!Error`,
			`!Runtime.JSONStringifyError`},
		{"exception nobody catches",
			`exports.handler = () => new Promise(() => setTimeout(() => { throw new RangeError("late") }, 10))`,
			`!RangeError`, `!Runtime.ExitError`},
		{"rejection nobody catches",
			`exports.handler = () => new Promise(() => { setTimeout(() => Promise.reject(new Error("late")), 10); ` +
				`setTimeout(() => {}, 5000) })`,
			`!Runtime.UnhandledPromiseRejection`, `!Runtime.ExitError`},
		{"nested export", `exports.handler = undefined; exports.a = { b: { c: async () => "deep" } }`, `"deep"`,
			`"deep"`},
		{"time left",
			`exports.handler = async (e, c) => { const ms = c.getRemainingTimeInMillis(); return ms > 1000 && ms ` +
				`<= 20000 }`, `true`, `true`},
		{"context", `exports.handler = async (e, c) => [c.functionName, c.functionVersion, c.memoryLimitInMB, ` +
			`c.logGroupName, c.invokedFunctionArn.split(":").length, c.awsRequestId.length]`,
			`["orders","$LATEST","256","/aws/lambda/orders",7,36]`,
			`["orders","$LATEST","256","/aws/lambda/orders",7,36]`},
		{"trace", `exports.handler = async () => process.env._X_AMZN_TRACE_ID.startsWith("Root=1-")`, `true`, `true`},
		{"stream", `exports.handler = awslambda.streamifyResponse(async (e, out, c) => { ` +
			`out.setContentType("text/plain"); out.write("a"); await new Promise((r) => setTimeout(r, 10)); ` +
			`out.write("b"); out.end() })`,
			`"ab"`, `"ab"`},
		{"stream through a pipeline", `
const { pipeline } = require("stream/promises"), { Readable } = require("stream");
exports.handler = awslambda.streamifyResponse(async (e, out) => {
	await pipeline(Readable.from(["[1,", "2]"]), out)
})`, `[1,2]`, `[1,2]`},
		{"stream with status and headers",
			`exports.handler = awslambda.streamifyResponse(async (e, out) => { const http = ` +
				`awslambda.HttpResponseStream.from(out, { statusCode: 201 }); http.write("body"); http.end() })`,
			`"{\"statusCode\":201}\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000body"`,
			`"{\"statusCode\":201}\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000body"`},
		{"stream of bytes",
			`exports.handler = awslambda.streamifyResponse(async (e, out) => { out.write(new Uint8Array([255, ` +
				`254])); out.end() })`, `"//4="`, `"//4="`},
		{"stream fails midway",
			`exports.handler = awslambda.streamifyResponse(async (e, out) => { out.write("half"); throw new ` +
				`RangeError("midway") })`, `!RangeError`, `!RangeError`},
		{"stream handler that is not async",
			`exports.handler = awslambda.streamifyResponse((e, out) => { out.write("x") })`, `!string`, `!Error`},
		{"stream, three arguments",
			`exports.handler = awslambda.streamifyResponse(async (e, out, c) => { out.end(c.functionName) })`,
			`"orders"`, `"orders"`},
		{"adapter that returns a callback handler",
			`const adapt = (f) => (e, c, done) => done(null, f(e)); exports.handler = adapt((e) => e.a)`, `1`, refused},
	} {
		for _, runtime := range []string{"nodejs20.x", "nodejs24.x"} {
			t.Run(c.name+"/"+runtime, func(t *testing.T) {
				t.Parallel()
				r := checkNode(t, runtime, `{"a":1}`, files{"index.js": c.code},
					func(f *analyzer.Function, _ *Options) {
						if strings.Contains(c.name, "nested") {
							f.Handler = "index.a.b.c"
						}
					})
				expected := c.legacy
				if runtime == "nodejs24.x" {
					expected = c.modern
				}
				if kind, fails := strings.CutPrefix(expected, "!"); fails {
					if r.Status != Failed || r.Error == nil || r.Error.Type != kind {
						t.Errorf("want the error %s, got %+v %+v", kind, r, r.Error)
					}
				} else if r.Status != Answers || string(r.Answer) != expected {
					t.Errorf("want %s, got %s: %+v %+v", expected, r.Answer, r, r.Error)
				}
			})
		}
	}
}

// Where the client looks for a handler, and its errors if there is none.
func TestHandlerLookup(t *testing.T) {
	const cjs, esm = `exports.handler = async () => "cjs"`, `export const handler = async () => "esm"`
	for _, c := range []struct {
		name, handler  string
		entries        files
		legacy, modern string
	}{
		{"folder", "src/orders.handler", files{"src/orders.js": cjs}, `"cjs"`, `"cjs"`},
		{"mjs", "index.handler", files{"index.mjs": esm}, `"esm"`, `"esm"`},
		{"cjs", "index.handler", files{"index.cjs": cjs}, `"cjs"`, `"cjs"`},
		{"js before mjs", "index.handler", files{"index.js": cjs, "index.mjs": esm}, `"cjs"`, `"cjs"`},
		{"mjs before cjs", "index.handler", files{"index.cjs": cjs, "index.mjs": esm}, `"esm"`, `"esm"`},
		{"type module", "index.handler", files{"index.js": esm, "package.json": `{"type":"module"}`}, `"esm"`, `"esm"`},
		{"type module above", "a/b.handler", files{"a/b.js": esm, "package.json": `{"type":"module"}`}, `"esm"`,
			`"esm"`},
		{"nearest package.json", "a/b.handler", files{"a/b.js": cjs, "a/package.json": `{}`,
			"package.json": `{"type":"module"}`}, `"cjs"`, `"cjs"`},
		{"top-level await", "index.handler",
			files{"index.mjs": `const v = await Promise.resolve("awaited"); export const handler = async () => v`},
			`"awaited"`, `"awaited"`},
		{"default export of a module", "index.handler",
			files{"index.mjs": `export default { handler: async () => "default" }`}, `!Runtime.HandlerNotFound`,
			`"default"`},
		{"package in node_modules", "pkg.handler", files{"node_modules/pkg/index.js": cjs}, `"cjs"`, `"cjs"`},
		{"missing file", "nothing.handler", files{"index.js": cjs}, `!Runtime.ImportModuleError`,
			`!Runtime.ImportModuleError`},
		{"missing package", "index.handler", files{"index.js": `require("left-pad")`}, `!Runtime.ImportModuleError`,
			`!Runtime.ImportModuleError`},
		{"missing package of a module", "index.handler", files{"index.mjs": `import "left-pad"`}, `!Error`, `!Error`},
		{"missing export", "index.main", files{"index.js": cjs}, `!Runtime.HandlerNotFound`,
			`!Runtime.HandlerNotFound`},
		{"export is no function", "index.handler", files{"index.js": `exports.handler = { a: 1 }`},
			`!Runtime.HandlerNotFound`, `!Runtime.HandlerNotFound`},
		{"syntax error", "index.handler", files{"index.js": `exports.handler = async () => {`},
			`!Runtime.UserCodeSyntaxError`, `!Runtime.UserCodeSyntaxError`},
		{"no dot", "index", files{"index.js": cjs}, `!Runtime.MalformedHandlerName`, `!Runtime.MalformedHandlerName`},
		{"leaves the folder", "../index.handler", files{"index.js": cjs}, `!Runtime.MalformedHandlerName`,
			`!Runtime.MalformedHandlerName`},
		{"unknown kind of streaming", "index.handler",
			files{"index.js": `exports.handler = async () => 1; ` +
				`exports.handler[Symbol.for("aws.lambda.runtime.handler.streaming")] = "request"`},
			`!Runtime.MalformedStreamingHandler`, `!Runtime.MalformedStreamingHandler`},
	} {
		for _, runtime := range []string{"nodejs20.x", "nodejs24.x"} {
			t.Run(c.name+"/"+runtime, func(t *testing.T) {
				t.Parallel()
				r := checkNode(t, runtime, `{}`, c.entries,
					func(f *analyzer.Function, _ *Options) { f.Handler = c.handler })
				expected := c.legacy
				if runtime == "nodejs24.x" {
					expected = c.modern
				}
				if kind, fails := strings.CutPrefix(expected, "!"); fails {
					if r.Status != Failed || r.Reason != "failed while loading" || r.Error == nil ||
						r.Error.Type != kind {
						t.Errorf("want the error %s, got %+v %+v", kind, r, r.Error)
					}
				} else if r.Status != Answers || string(r.Answer) != expected {
					t.Errorf("want %s, got %s: %+v %+v", expected, r.Answer, r, r.Error)
				}
			})
		}
	}
}

// AWS publishes its loader as a package. For every handler in a table, our loader
// finds the same function, or fails with the same kind of error. The messages are
// the same too, except those that contain a path.
//
// Version 2.1.0 is the last one whose loader can be called separately. It does not
// support .mjs, .cjs and top-level await, so the tests above cover those.
func TestLoaderAgreesWithAWS(t *testing.T) {
	needNode(t)
	oracle := installRIC(t)
	dir := t.TempDir()
	task := filepath.Join(dir, "task")
	sources := files{
		"index.js": `exports.handler = async () => {}; exports.a = { b: { c: () => {} }, ` +
			`text: "t", no: null }; exports["x-y"] = () => {}; exports.default = () => {}`,
		"index.test.js":   `exports.handler = () => {}`,
		"plain":           `exports.handler = () => {}`,
		"both":            `exports.handler = () => {}; exports.plain = () => {}`,
		"both.js":         `exports.handler = () => {}`,
		"src/orders.js":   `exports.handler = () => {}`,
		"src/deep/er.js":  `module.exports = () => {}; module.exports.handler = () => {}`,
		"folder/index.js": `exports.handler = () => {}`,
		"throws.js":       `throw new RangeError("own")`,
		"syntax.js":       `exports.handler = {`,
		"misses.js":       `require("not-there")`,
		"missesfile.js":   `require("./not-there")`,
		"empty.js":        ``,
		"class.js":        `exports.handler = class A {}`,
		"getter.js": `Object.defineProperty(exports, "handler", { enumerable: true, get: () => ` +
			`() => {} })`,
		"function.js":                   `module.exports = function () {}; module.exports.handler = () => {}`,
		"data.json":                     `{"handler": 1}`,
		"node_modules/pkg/index.js":     `exports.handler = () => {}`,
		"node_modules/pkg/sub.js":       `exports.handler = () => {}`,
		"node_modules/@s/pkg/index.js":  `exports.handler = () => {}`,
		"src/node_modules/own/index.js": `exports.handler = () => {}`,
		"throwsnull.js":                 `throw Object.assign(new Error("coded"), { code: "EOWN" })`,
	}
	for name, text := range sources {
		path := filepath.Join(task, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := writeClient(dir); err != nil {
		t.Fatal(err)
	}
	handlers := []string{
		"index.handler", "index.a.b.c", "index.a.text", "index.a.no", "index.a.b", "index.missing",
		"index.missing.more",
		"index.x-y", "index.default", "index.", "index", ".handler", "", ".", "index..handler", "../index.handler",
		"a/../index.handler",
		"./index.handler", "/index.handler", "index.handler.", "index.test.handler", "plain.handler", "both.handler",
		"both.plain",
		"src/orders.handler", "./src/orders.handler", "src/orders.missing", "src/deep/er.handler",
		"src//orders.handler", "src/orders.handler/",
		"folder.handler", "folder/index.handler", "throws.handler", "syntax.handler", "misses.handler",
		"missesfile.handler",
		"empty.handler", "class.handler", "getter.handler", "function.handler", "function.name", "function.length",
		"data.handler",
		"pkg.handler", "pkg/sub.handler", "@s/pkg.handler", "own.handler", "src/own.handler", "fs.readFileSync",
		"path.join", "nothing.handler",
		"nothing/at/all.handler", "index.constructor", "index.toString", "index.__proto__", "throwsnull.handler",
		"index.handler.name", "index.handler.call",
		filepath.Join(task, "index.handler"), "src.orders.handler", "index handler", "index.handler ",
		" index.handler", "INDEX.handler",
	}
	list, err := json.Marshal(handlers)
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(dir, "compare.mjs")
	text := `
import { createRequire } from "node:module";
import { load } from "./loader.mjs";
const aws = createRequire(import.meta.url)(process.argv[2]).load;
const task = process.argv[3];
// In 2.1.0 the error's class has the name; in newer versions the error itself has it.
const own = /^(ImportModule|HandlerNotFound|MalformedHandler|UserCode)/;
const kind = (e) => /^Runtime\./.test(e.name) ? e.name.slice(8) :
	own.test(e.constructor.name) ? e.constructor.name : e.name + (e.code ? " " + e.code : "");
// Only the first line: the rest is the require stack. The messages about ".." differ.
const words = (e) => (kind(e) === "MalformedHandlerName" ? "" : String(e.message).split("\n")[0]);
const seen = async (find) => {
	try { const f = await find(); return { found: String(f), length: f.length } }
	catch (e) { return { kind: kind(e), words: words(e) } }
};
const rows = [];
for (const handler of JSON.parse(process.argv[4])) {
  const ours = await seen(async () => (await load(task, handler, 20)).handler);
  rows.push({ handler, aws: await seen(() => aws(task, handler)), ours });
}
console.log(JSON.stringify(rows));
`
	if err := os.WriteFile(script, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", script, oracle, task, string(list))
	cmd.Dir = task // as on Lambda
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Handler   string
		AWS, Ours json.RawMessage
	}
	if err := json.Unmarshal(out, &rows); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, row := range rows {
		if string(row.AWS) != string(row.Ours) {
			t.Errorf("%q:\n  AWS  %s\n  ours %s", row.Handler, row.AWS, row.Ours)
		}
		if strings.Contains(string(row.AWS), `"found"`) {
			found++
		}
	}
	if len(rows) != len(handlers) || found < 15 || found > len(rows)-15 {
		t.Errorf("%d rows, %d of them found: the table proves little", len(rows), found)
	}
}

// installRIC returns the path of the loader of aws-lambda-ric 2.1.0, which is kept
// between test runs.
func installRIC(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("npm is not installed")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip("this user has no cache folder")
	}
	dir := filepath.Join(cache, "featherpack", "test", "aws-lambda-ric-2.1.0")
	loader := filepath.Join(dir, "node_modules", "aws-lambda-ric", "lib", "utils", "UserFunction.js")
	if _, err := os.Stat(loader); err == nil {
		return loader
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"private":true}`), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact",
		"aws-lambda-ric@2.1.0")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("aws-lambda-ric cannot be installed: %s", out)
	}
	return loader
}
