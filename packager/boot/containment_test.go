//go:build linux

package boot

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/boot/sandbox"
)

// An unprivileged user can contain a function as well as root can. The test runs
// this test program again as such a user, with the same tests.
func TestUnprivileged(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("this user is unprivileged, so all other tests cover it")
	}
	if testing.Short() {
		t.Skip("repeats other tests")
	}
	needNode(t)
	dir := t.TempDir()
	home := filepath.Join(dir, "home")
	if err := errors.Join(os.Mkdir(home, 0o755), os.Chown(home, 65534, 65534)); err != nil {
		t.Fatal(err)
	}
	for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
		os.Chmod(d, 0o755)
	}
	tests := "^(TestLoadsAndAnswers|TestEnvironmentMatchesLambda|TestResultHoldsNoSecrets|TestLeavesNothingBehind|" +
		"TestConcurrent|TestPortsAreIsolated|TestHostile)$/" +
		"^(kills|reads|leaves|makes|takes|forks|allocates_b|fills_/tmp$)"
	cmd := exec.Command("/proc/self/exe", "-test.run="+tests, "-test.v", "-test.count=1", "-test.parallel=3")
	cmd.Dir = home
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TMPDIR=" + home}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	text := string(out)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if skipped := strings.Count(text, "--- SKIP"); skipped > 0 {
		if strings.Contains(text, "--- SKIP: TestLoadsAndAnswers") {
			t.Skip("this machine allows unprivileged users no namespaces")
		}
		t.Fatalf("%d tests were skipped\n%s", skipped, text)
	}
	if passed := strings.Count(text, "--- PASS"); passed < 15 {
		t.Fatalf("only %d tests ran\n%s", passed, text)
	}
}

// On a machine that cannot contain processes, a function runs only if the options
// allow it. Then the result lists what was not contained, and no process outlives
// the check.
func TestUncontained(t *testing.T) {
	needNode(t)
	t.Setenv(sandbox.ForbidContainment, "1")
	entries := files{
		"asset.txt": "asset",
		"index.js": `
require("child_process").spawn("sleep", ["4343"], { detached: true, stdio: "inherit" }).unref();
exports.handler = async () => ({
	asset: require("fs").readFileSync(__dirname + "/asset.txt", "utf8"),
	root: __dirname === process.env.LAMBDA_TASK_ROOT, home: process.env.HOME ?? null,
	tmp: require("fs").writeFileSync(require("os").tmpdir() + "/x", "") ?? "written",
	fd: require("fs").readdirSync("/proc/self/fd").length < 30,
})`,
	}
	f := nodeFunction("nodejs20.x")
	r := Check(t.Context(), zipOf(t, entries), f, Options{Event: []byte(`{}`)})
	want(t, r, NotRun, sandbox.ErrContainment.Error())

	r = Check(t.Context(), zipOf(t, entries), f, Options{Event: []byte(`{}`), AllowUncontained: true})
	want(t, r, Answers, "")
	if string(r.Answer) != `{"asset":"asset","root":true,"home":null,"tmp":"written","fd":true}` {
		t.Errorf("answer is %s", r.Answer)
	}
	for _, name := range []string{"files", "network", "processes"} {
		if !slices.Contains(r.Uncontained, name) {
			t.Errorf("Uncontained lacks %s: %v", name, r.Uncontained)
		}
	}
	if slices.Contains(r.Uncontained, "user") == (os.Geteuid() == 0) {
		t.Errorf("user: %v", r.Uncontained)
	}
	if runs(t, "sleep\x004343\x00") {
		t.Error("a process outlives the check")
	}
	for _, c := range []struct{ name, code, reason string }{
		{"allocates", `const all = []; for (;;) all.push(Buffer.alloc(8 << 20, 1))`, "320 MiB of memory"},
		{"hangs", `for (;;) {}`, "was not ready after 2s"},
		{"exits", `process.exit(3)`, "exited with status 3"},
		{"throws with paths", `throw new Error(__dirname)`, "failed while loading"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Check(t.Context(), zipOf(t, files{"index.js": c.code}), f,
				Options{AllowUncontained: true, Timeout: 2e9})
			want(t, r, Failed, c.reason)
			if text, _ := json.Marshal(r); strings.Contains(string(text), "featherpack-boot-") {
				t.Errorf("the result holds a path of this machine: %s", text)
			}
		})
	}
}

// The function cannot read files that only their owner may read. On Lambda it runs
// as another user than the owner.
func TestModesAsOnLambda(t *testing.T) {
	program := `const read = (n) => { try { require("./" + n); return "ok" } catch (e) { return e.code } }; ` +
		`exports.handler = async () => [read("private.json"), read("public.json")]`
	path := zipWithModes(t, files{"index.js": program, "private.json": "{}", "public.json": "{}"},
		map[string]os.FileMode{"private.json": 0o600, "public.json": 0o604})
	f := nodeFunction("nodejs20.x")
	needNode(t)
	r := Check(t.Context(), path, f, Options{Event: []byte(`{}`)})
	if strings.Contains(r.Reason, sandbox.ErrContainment.Error()) {
		t.Skip(r.Reason)
	}
	want(t, r, Answers, "")
	if string(r.Answer) != `["EACCES","ok"]` {
		t.Errorf("answer is %s", r.Answer)
	}
}

func TestUnknownRuntime(t *testing.T) {
	for _, runtime := range []string{"python3.13", "", "nodejs", "nodejsx", "nodejs99999.x"} {
		f := analyzer.Function{Runtime: runtime, Architecture: analyzer.HostArchitecture()}
		want(t, Check(t.Context(), zipOf(t, files{"a": "b"}), f, Options{}), NotRun,
			"is not a runtime that this check can start")
	}
}

// The function does not inherit descriptors that the caller inherited.
func TestInheritsNoDescriptors(t *testing.T) {
	secret, err := os.Create(filepath.Join(t.TempDir(), "left-open-by-the-caller"))
	if err != nil {
		t.Fatal(err)
	}
	defer secret.Close()
	inherited, err := syscall.Dup(int(secret.Fd())) // without close-on-exec
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(inherited)
	r := checkNode(t, "nodejs20.x", `{}`, files{"index.js": `
const fs = require("fs");
const link = (n) => { try { return fs.readlinkSync("/proc/self/fd/" + n) } catch { return "" } }
exports.handler = async () => fs.readdirSync("/proc/self/fd").map(link).filter((l) => l.includes("left-open"))`})
	want(t, r, Answers, "")
	if string(r.Answer) != `[]` {
		t.Errorf("the function holds %s", r.Answer)
	}
}
