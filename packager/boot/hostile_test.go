package boot

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer"
)

// Each hostile function ends within a time limit, with a result that describes
// what happened, and without harm to this process.
func TestHostile(t *testing.T) {
	t.Setenv("CALLERS_SECRET", "from-the-caller")
	hurry := func(f *analyzer.Function, o *Options) { o.Timeout = time.Second }
	// Only the invocation has a short timeout: loading can take long on a busy machine.
	quick := func(f *analyzer.Function, o *Options) { o.Timeout, f.TimeoutSeconds = 20*time.Second, 1 }
	slow := func(f *analyzer.Function, o *Options) { o.Timeout = 20 * time.Second }
	for _, c := range []struct {
		name, code, reason string
		change             func(*analyzer.Function, *Options)
		logs               string
	}{
		{"throws while loading", `throw new TypeError("no")`, "failed while loading", slow, ""},
		{"exits while loading", `process.exit(7)`, "exited with status 7 before it was ready", slow, ""},
		{"exits in the handler", `exports.handler = async () => process.exit(0)`,
			"exited with status 0 before it answered", slow, ""},
		{"kills itself", `process.kill(process.pid, "SIGKILL")`, "was killed by signal SIGKILL before it was ready",
			slow, ""},
		{"hangs while loading", `for (;;) {}`, "was not ready after 1s", hurry, ""},
		{"waits while loading", `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`,
			"was not ready after 1s", hurry, ""},
		{"hangs in the handler", `exports.handler = async () => { for (;;) {} }`, "did not answer within 1s", quick,
			""},
		{"never answers", `exports.handler = () => new Promise(() => setInterval(() => {}, 100))`,
			"did not answer within 1s", quick, ""},
		{"streams and does not end",
			`exports.handler = awslambda.streamifyResponse(async (_, out) => { out.write("x") })`,
			"did not answer within 1s", quick, ""},
		{"floods its output",
			`const s = "x".repeat(65536); const fs = require("fs"); exports.handler = async () => { for (;;) ` +
				`fs.writeSync(1, s) }`,
			"did not answer within 1s", quick, ""},
		{"floods both outputs through console",
			`exports.handler = async () => { for (let i = 0; ; i++) { console.log("out", i); console.error("err", ` +
				`i) } }`,
			"did not answer within 1s", quick, ""},
		{"allocates buffers",
			`exports.handler = async () => { const all = []; for (;;) all.push(Buffer.alloc(8 << 20, 1)) }`,
			"320 MiB of memory", slow, ""},
		{"allocates objects",
			`exports.handler = async () => { const all = []; for (;;) all.push({ a: new ` +
				`Array(1000).fill(all.length + 0.5) }) }`,
			"", slow, "heap out of memory"},
		{"allocates in many processes", `
const { fork } = require("child_process");
if (process.argv[2] === "child") { const all = []; setInterval(() => all.push(Buffer.alloc(4 << 20, 1)), 20) }
else exports.handler = async () => {
	for (let i = 0; i < 8; i++) fork(__filename, ["child"]);
	await new Promise(() => {})
}`, "320 MiB of memory", slow, ""},
		{"fills /tmp",
			`const fs = require("fs"); exports.handler = async () => { for (let i = 0; ; i++) ` +
				`fs.writeFileSync("/tmp/" + i, Buffer.alloc(16 << 20)) }`,
			"answered its event with an error", slow, "ENOSPC"},
		{"fills /tmp with names",
			`const fs = require("fs"); exports.handler = async () => { for (let i = 0; ; i++) ` +
				`fs.writeFileSync("/tmp/" + i, "") }`,
			"answered its event with an error", slow, "ENOSPC"},
		{"opens files without end",
			`const fs = require("fs"); exports.handler = async () => { for (;;) fs.openSync("/dev/null") }`,
			"answered its event with an error", slow, "EMFILE"},
		{"forks without end", `
const { spawn } = require("child_process");
const bomb = ["-c", "f() { f | f & }; f; sleep 100"];
const go = () => {
	for (let i = 0; i < 4; i++) spawn("/bin/sh", bomb, { detached: true, stdio: "ignore" }).on("error", () => {})
};
exports.handler = () => new Promise(() => setInterval(go, 5))`, "", slow, ""},
		{"starts threads without end", `
const { Worker } = require("worker_threads");
const start = () => new Worker("setInterval(() => {}, 1000)", { eval: true }).on("error", () => {})
exports.handler = () => new Promise(() => setInterval(start, 1))`, "", slow, ""},
		{"kills its parent", `try { process.kill(process.ppid, "SIGKILL") } catch {} throw new Error("still here")`,
			"failed while loading", slow, "still here"},
		{"kills PID 1",
			`for (const s of ["SIGTERM", "SIGSEGV", "SIGQUIT", "SIGSTOP", "SIGHUP"]) try { process.kill(1, s) } ` +
				`catch {} throw new Error("still here")`, "failed while loading", slow, "still here"},
		{"reads its parent's environment",
			"console.log(require('fs').readFileSync(`/proc/${process.ppid}/environ`, 'utf8'))", "failed while loading",
			slow, "EACCES"},
		{"reads its parent's memory", "require('fs').openSync(`/proc/${process.ppid}/mem`)", "failed while loading",
			slow, "EACCES"},
		{"leaves through its parent's root", "require('fs').readdirSync(`/proc/${process.ppid}/root/home`)",
			"failed while loading", slow, "EACCES"},
		{"takes the Runtime API's port",
			`require("net").createServer().listen(9001, "127.0.0.1"); exports.handler = async () => 1`, "", slow,
			"EADDRINUSE"},
		{"answers twice",
			post + `exports.handler = async (_, c) => { await post("/invocation/" + c.awsRequestId + "/response", ` +
				`"1"); return 2 }`,
			"answered its invocation a second time", slow, ""},
		{"answers somebody else's invocation",
			post + `exports.handler = async () => { await post("/invocation/00000000-0000/response", "1"); return 2 }`,
			"answered an invocation that does not exist", slow, ""},
		{"answers before it is asked",
			post + `post("/invocation/8d0c5b4e-6a1f-4f0e-9c3d-2b7a1e5f6a90/response", "1"); exports.handler = ` +
				`async () => 2; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)`,
			"", slow, ""},
		{"fails after it was ready",
			post + `exports.handler = async () => { await post("/init/error", "{}"); return 2 }`,
			"reported an init error after it was ready", slow, ""},
		{"asks twice", post + `exports.handler = async () => { await get("/invocation/next"); return 2 }`,
			"requested the next invocation without answering", slow, ""},
		{"posts garbage as an error",
			"require('child_process').spawnSync(process.execPath, ['-e', " +
				strconv.Quote(post+`post("/init/error", "\x00\xff{{{" + "x".repeat(1000000))`) +
				"]); exports.handler = async () => 2",
			"", slow, ""},
		{"answers without end", `exports.handler = async () => "x".repeat(7 << 20)`,
			"answered its event with an error", slow, ""},
		{"streams without end",
			`exports.handler = awslambda.streamifyResponse(async (_, out) => { for (;;) { if ` +
				`(!out.write(Buffer.alloc(1 << 20))) await new Promise((r) => out.once("drain", r)) } })`,
			"", slow, ""},
		{"breaks off its answer", `
const s = require("net").connect(9001, "127.0.0.1");
exports.handler = async (_, c) => {
	s.end("POST /2018-06-01/runtime/invocation/" + c.awsRequestId +
		"/response HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
	await new Promise(() => setInterval(() => {}, 1000))
}`,
			"closed the connection before its answer was complete", slow, ""},
		{"answers drop by drop", `
const s = require("net").connect(9001, "127.0.0.1");
exports.handler = async (_, c) => {
	s.write("POST /2018-06-01/runtime/invocation/" + c.awsRequestId +
		"/response HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
	await new Promise(() => setInterval(() => s.write("x"), 50))
}`,
			"did not answer within 1s", quick, ""},
		{"opens connections without end", `
const net = require("net"), all = [];
const dial = () => { for (let i = 0; i < 20; i++) all.push(net.connect(9001, "127.0.0.1").on("error", () => {})) }
exports.handler = () => new Promise(() => setInterval(dial, 5))`,
			"did not answer within 1s", quick, ""},
		{"makes namespaces",
			`const r = require("child_process").spawnSync("/usr/bin/unshare", ["-r", "-m", "true"]); if (r.status) ` +
				`throw new Error(r.stderr.toString())`,
			"failed while loading", slow, "not permitted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			r := checkNodeCode(t, c.code, c.change)
			want(t, r, Failed, c.reason)
			everything := r.Logs + fmt.Sprint(r.Error)
			if !strings.Contains(everything, c.logs) {
				t.Errorf("logs and error do not contain %q: %s", c.logs, everything)
			}
			if strings.Contains(everything, "from-the-caller") {
				t.Error("the caller's environment was read")
			}
			if len(r.Logs) > 4*maxLog {
				t.Errorf("logs hold %d bytes", len(r.Logs))
			}
			t.Logf("%s: %s", time.Since(began).Round(time.Millisecond), r.Reason)
		})
	}
}

const post = `
const http = require("http");
const call = (method) => (path, body) => new Promise((done, fail) => {
  const to = { host: "127.0.0.1", port: 9001, method, path: "/2018-06-01/runtime" + path };
  const r = http.request(to, (res) => res.resume().on("end", () => done(res.statusCode)));
  r.on("error", fail).end(body);
});
const post = call("POST"), get = call("GET");
`

func checkNodeCode(t *testing.T, code string, change ...func(*analyzer.Function, *Options)) Result {
	t.Helper()
	return checkNode(t, "nodejs20.x", `{}`, files{"index.js": code}, change...)
}

// A port that a function listens on cannot be reached from outside, and two
// functions can use the same port.
func TestPortsAreIsolated(t *testing.T) {
	code := `const s = require("http").createServer((_, r) => r.end("hi")).listen(34567, "0.0.0.0");
exports.handler = async () => { await new Promise((r) => setTimeout(r, 700)); s.close(); return "done" }`
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			r := checkNodeCode(t, code)
			if r.Status != Answers || string(r.Answer) != `"done"` {
				t.Errorf("%+v", r)
			}
		})
	}
	until := time.Now().Add(900 * time.Millisecond)
	for time.Now().Before(until) {
		if c, err := net.DialTimeout("tcp", "127.0.0.1:34567", 50*time.Millisecond); err == nil {
			c.Close()
			t.Error("the function's port is reachable from outside")
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	all.Wait()
}

// Concurrent checks do not affect each other.
func TestConcurrent(t *testing.T) {
	needNode(t)
	before := openDescriptors(t)
	var all sync.WaitGroup
	for i := range 8 {
		path := zipOf(t,
			files{"index.js": fmt.Sprintf(`require("fs").writeFileSync("/tmp/mine", "%d"); exports.handler = async `+
				`() => require("fs").readFileSync("/tmp/mine", "utf8")`, i)})
		all.Go(func() {
			r := Check(t.Context(), path, nodeFunction("nodejs20.x"), Options{Event: []byte(`{}`), Runs: 2})
			if r.Status != Answers || string(r.Answer) != fmt.Sprintf(`"%d"`, i) {
				t.Errorf("%d: %+v", i, r)
			}
		})
	}
	all.Wait()
	if after := openDescriptors(t); after > before+4 {
		t.Errorf("descriptors leak: %d before, %d after", before, after)
	}
}

func openDescriptors(t *testing.T) int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("there is no /proc")
	}
	return len(entries)
}
