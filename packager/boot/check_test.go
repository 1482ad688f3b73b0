package boot

import (
	"archive/zip"
	"cmp"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/boot/sandbox"
)

// files maps names to contents of a zip's entries. A "!" at the end of a name
// makes the file executable.
type files map[string]string

func zipOf(t testing.TB, entries files) string {
	t.Helper()
	modes := map[string]fs.FileMode{}
	for name := range entries {
		if strings.HasSuffix(name, "!") {
			modes[name] = 0o755
		}
	}
	return zipWithModes(t, entries, modes)
}

// zipWithModes is a zip of entries whose modes are 0644 unless they are given.
func zipWithModes(t testing.TB, entries files, modes map[string]fs.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "function.zip")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	w := zip.NewWriter(out)
	for name, text := range entries {
		h := &zip.FileHeader{Name: strings.TrimSuffix(name, "!"), Method: zip.Deflate}
		h.SetMode(cmp.Or(modes[name], 0o644))
		to, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func needNode(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed")
	}
}

// nodeFunction returns a function whose Node is this machine's, whatever version
// that is. So the tests mean the same on every machine.
func nodeFunction(runtime string) analyzer.Function {
	return analyzer.Function{
		Name: "orders", Family: analyzer.Node, Runtime: runtime, Architecture: analyzer.HostArchitecture(),
		Handler: "index.handler", MemoryMB: 256, TimeoutSeconds: 20,
	}
}

func checkNode(t *testing.T, runtime, event string, entries files,
	change ...func(*analyzer.Function, *Options)) Result {
	t.Helper()
	needNode(t)
	f := nodeFunction(runtime)
	o := Options{}
	if event != "" {
		o.Event = []byte(event)
	}
	for _, c := range change {
		c(&f, &o)
	}
	r := Check(t.Context(), zipOf(t, entries), f, o)
	if strings.Contains(r.Reason, sandbox.ErrContainment.Error()) {
		t.Skip(r.Reason)
	}
	return r
}

func want(t *testing.T, r Result, status, reason string) {
	t.Helper()
	if r.Status != status || !strings.Contains(r.Reason, reason) {
		text, _ := json.MarshalIndent(r, "", "  ")
		t.Fatalf("want %s (%s), got:\n%s", status, reason, text)
	}
}

func TestLoadsAndAnswers(t *testing.T) {
	entries := files{"index.js": `exports.handler = async (event) => ({got: event.n + 1})`}
	r := checkNode(t, "nodejs20.x", "", entries)
	want(t, r, Loads, "")
	if len(r.Measured.LoadMillis) != 1 || r.Measured.LoadMillis[0] <= 0 || len(r.Measured.CPUMillis) != 1 ||
		r.Measured.CPUMillis[0] <= 0 {
		t.Errorf("load was not measured: %+v", r.Measured)
	}
	if r.Measured.PeakMemoryBytes < 10<<20 {
		t.Errorf("peak memory is %d, too little for a Node", r.Measured.PeakMemoryBytes)
	}
	if r.Measured.FilesOpened != 1 {
		t.Errorf("one file is opened, counted %d", r.Measured.FilesOpened)
	}
	if r.Node == "" || len(r.Uncontained) > 0 {
		t.Errorf("node %q, uncontained %v", r.Node, r.Uncontained)
	}
	r = checkNode(t, "nodejs20.x", `{"n":41}`, entries, func(_ *analyzer.Function, o *Options) { o.Runs = 3 })
	want(t, r, Answers, "")
	if string(r.Answer) != `{"got":42}` {
		t.Errorf("answer is %s", r.Answer)
	}
	if len(r.Measured.LoadMillis) != 3 || len(r.Measured.CPUMillis) != 3 {
		t.Errorf("three fresh processes, %+v", r.Measured)
	}
	t.Logf("%+v", r.Measured)
}

// The end of a check leaves nothing in the log of a function that waits for its next event.
func TestEndLeavesNoLog(t *testing.T) {
	r := checkNode(t, "nodejs22.x", "1", files{"index.js": `exports.handler = async () => { console.log("mine"); return 1 }`},
		func(_ *analyzer.Function, o *Options) { o.Runs = 8 })
	want(t, r, Answers, "")
	if strings.Contains(r.Logs, "Error") || !strings.Contains(r.Logs, "mine") {
		t.Error(r.Logs)
	}
	r = checkNode(t, "nodejs22.x", "", files{"index.js": `exports.handler = async () => 1`})
	if want(t, r, Loads, ""); r.Logs != "" {
		t.Error(r.Logs)
	}
}

// A function sees Lambda's environment, and nothing of this machine.
func TestEnvironmentMatchesLambda(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("CALLERS_SECRET", "from the caller")
	r := checkNode(t, "nodejs20.x", `{}`, files{
		"lib/data.txt": "asset",
		"index.js": `
const fs = require("fs"), os = require("os"), net = require("net"), path = require("path");
const tryTo = (act) => { try { act(); return "ok"; } catch (e) { return e.code; } };
const connect = (port, host) => new Promise((done) => {
  const s = net.connect({ port, host, timeout: 2000 });
  s.on("connect", () => done("ok")).on("error", (e) => done(e.code)).on("timeout", () => done("timeout"));
});
exports.handler = async () => ({
  dir: __dirname, cwd: process.cwd(), uid: process.getuid() > 0, main: require.main === undefined,
  asset: fs.readFileSync(path.join(__dirname, "lib/data.txt"), "utf8"),
  parents: require.resolve.paths("x").filter((p) =>
    p.endsWith("/node_modules") && !p.startsWith("/var/task") && fs.existsSync(p)),
  writeTask: tryTo(() => fs.writeFileSync("/var/task/x", "")), writeEtc: tryTo(() => fs.writeFileSync("/etc/passwd", "")),
  writeTmp: tryTo(() => fs.writeFileSync("/tmp/x", "x")), tmp: fs.readdirSync("/tmp"),
  root: fs.readdirSync("/").includes("home"), source: tryTo(() => fs.readdirSync(` + "`" + here + "`" + `)),
  env: Object.keys(process.env).sort(), tz: new Date(0).toString(), user: os.userInfo().username,
  environ: tryTo(() => fs.readFileSync("/proc/1/environ")), pids: fs.readdirSync("/proc").filter((n) => +n > 0).length,
  outside: await connect(53, "8.8.8.8"), interfaces: Object.keys(os.networkInterfaces()), shm: fs.existsSync("/dev/shm"),
  ptrace: fs.readFileSync("/proc/self/status", "utf8").match(/CapBnd:\s*(\w+)/)[1],
});`}, func(f *analyzer.Function, _ *Options) {
		f.Environment = map[string]string{"TABLE": "orders", "AWS_REGION": "mars-1", "NODE_OPTIONS": ""}
		f.EnvironmentUnknown = []string{"QUEUE_URL", "TOPIC_ARN"}
	})
	want(t, r, Answers, "")
	var saw struct {
		Dir, Cwd, Asset, Tz, User                                       string
		UID, Main, Root, Shm                                            bool
		Parents, Tmp, Env, Interfaces                                   []string
		WriteTask, WriteEtc, WriteTmp, Source, Environ, Outside, Ptrace string
		Pids                                                            int
	}
	if err := json.Unmarshal(r.Answer, &saw); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"__dirname", saw.Dir, "/var/task"},
		{"cwd", saw.Cwd, "/var/task"},
		{"asset", saw.Asset, "asset"},
		{"unprivileged", saw.UID, true},
		{"user", saw.User, "sbx_user1051"},
		{"require.main is undefined", saw.Main, true},
		{"node_modules above", len(saw.Parents), 0},
		{"writing the task folder", saw.WriteTask, "EROFS"},
		{"writing /etc", saw.WriteEtc != "ok", true},
		{"writing /tmp", saw.WriteTmp, "ok"},
		{"/tmp holds", strings.Join(saw.Tmp, " "), "x"},
		{"homes", saw.Root, false},
		{"the caller's folder", saw.Source, "ENOENT"},
		{"the stage's environment", saw.Environ, "EACCES"},
		{"processes", saw.Pids, 2},
		{"the network", saw.Outside, "ENETUNREACH"},
		{"interfaces", strings.Join(saw.Interfaces, " "), "lo"},
		{"/dev/shm", saw.Shm, false},
		{"capabilities to gain", strings.Trim(saw.Ptrace, "0"), ""},
		{"time zone", strings.Contains(saw.Tz, "GMT+0000"), true},
		{"placeholders", strings.Join(r.Placeholders, " "), "QUEUE_URL TOPIC_ARN"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
	for _, name := range []string{"TABLE", "QUEUE_URL", "_HANDLER", "LAMBDA_TASK_ROOT", "AWS_LAMBDA_FUNCTION_NAME",
		"AWS_SESSION_TOKEN", "_X_AMZN_TRACE_ID"} {
		if !slices.Contains(saw.Env, name) {
			t.Errorf("%s is not set", name)
		}
	}
	if slices.Contains(saw.Env, "CALLERS_SECRET") || slices.Contains(saw.Env, "HOME") {
		t.Errorf("the caller's environment leaks: %v", saw.Env)
	}
}

// A result holds no paths of this machine and no secrets of the function.
func TestResultHoldsNoSecrets(t *testing.T) {
	r := checkNode(t, "nodejs20.x", "",
		files{"index.js": `console.log("token is", process.env.TOKEN); throw new Error("bad " + process.env.TOKEN)`},
		func(f *analyzer.Function, _ *Options) { f.Environment = map[string]string{"TOKEN": "hunter2-hunter2"} })
	want(t, r, Failed, "failed while loading")
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"hunter2", os.TempDir() + "/feather", "featherpack-boot-"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the result holds %q: %s", secret, text)
		}
	}
	if !strings.Contains(r.Logs, "token is [TOKEN]") || r.Error == nil || r.Error.Message != "bad [TOKEN]" {
		t.Errorf("logs %q, error %+v", r.Logs, r.Error)
	}
}

func TestInterrupted(t *testing.T) {
	needNode(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan Result, 1)
	path := zipOf(t, files{"index.js": `exports.handler = () => new Promise(() => setInterval(() => {}, 1000))`})
	go func() { done <- Check(ctx, path, nodeFunction("nodejs20.x"), Options{Event: []byte(`{}`)}) }()
	time.Sleep(300 * time.Millisecond)
	stop()
	select {
	case r := <-done:
		want(t, r, NotRun, "interrupted")
	case <-time.After(5 * time.Second):
		t.Fatal("an interrupted check did not end")
	}
}

// A check leaves no folders and no processes behind.
func TestLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	r := checkNode(t, "nodejs20.x", `{}`, files{"index.js": `
require("child_process").spawn("sleep", ["4242"], { detached: true, stdio: "ignore" }).unref();
exports.handler = async () => 1`})
	want(t, r, Answers, "")
	left, err := os.ReadDir(dir)
	if err != nil || slices.ContainsFunc(left, func(e fs.DirEntry) bool {
		return strings.HasPrefix(e.Name(),
			"featherpack-")
	}) {
		t.Errorf("left in the temporary folder: %v, %v", left, err)
	}
	if runs(t, "sleep\x004242\x00") {
		t.Error("a process outlives the check")
	}
}

// runs reports whether a process on this machine has the given command line.
func runs(t *testing.T, commandLine string) bool {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(lines) == 0 {
		t.Skip("there is no /proc")
	}
	return slices.ContainsFunc(lines, func(name string) bool {
		text, err := os.ReadFile(name)
		return err == nil && strings.Contains(string(text), commandLine)
	})
}

// A template without a timeout gets Lambda's, and a source tree has longer to load.
func TestTimeLimits(t *testing.T) {
	for name, c := range map[string]struct {
		*check
		loading, invoking time.Duration
	}{
		"nothing is known":       {&check{}, 10 * time.Second, 30 * time.Second},
		"a template":             {&check{f: analyzer.Function{Format: "sam"}}, 10 * time.Second, 3 * time.Second},
		"a template's timeout":   {&check{f: analyzer.Function{Format: "sam", TimeoutSeconds: 9}}, 10 * time.Second, 9 * time.Second},
		"a long timeout":         {&check{f: analyzer.Function{TimeoutSeconds: 900}}, 10 * time.Second, 30 * time.Second},
		"a source tree":          {&check{tree: &Tree{}}, 30 * time.Second, 30 * time.Second},
		"what the options limit": {&check{f: analyzer.Function{Format: "sam"}, o: Options{Timeout: time.Second}}, time.Second, time.Second},
	} {
		if loading, invoking := c.limits(); loading != c.loading || invoking != c.invoking {
			t.Errorf("%s: %s and %s, want %s and %s", name, loading, invoking, c.loading, c.invoking)
		}
	}
}
