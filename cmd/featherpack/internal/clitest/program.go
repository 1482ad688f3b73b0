package clitest

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/gofrs/flock"
)

// Exit statuses of featherpack.
const (
	Good   = 0
	Over   = 1 // over budget
	Failed = 2
)

// Long reports whether to run what takes too long for `go test ./...`. .ci/run sets
// FEATHERPACK_LONG for the tests that say so, and .ci/long for all.
func Long() bool { return os.Getenv("FEATHERPACK_LONG") == "1" }

// More reports whether a test does all that it can. If not, the test says so, and .ci/run
// runs it once more.
func More(t testing.TB) bool {
	t.Helper()
	if !Long() {
		t.Log("does less than with FEATHERPACK_LONG=1, which .ci/run does")
	}
	return Long()
}

// SkipUnlessLong skips a test that takes too long for `go test ./...`.
func SkipUnlessLong(t testing.TB) {
	t.Helper()
	if !Long() {
		t.Skip("takes long; FEATHERPACK_LONG=1 runs it, and .ci/run does")
	}
}

// Update adds the flag -update to the tests of a package.
var Update = flag.Bool("update", false, "rewrite the expected output of scripts and golden files")

// shared is the variable with the folder that a package's tests share.
const shared = "FEATHERPACK_TEST_SHARED"

// Main must be called by TestMain of a package. It builds featherpack, adds it to the
// PATH and runs the package's tests.
func Main(m *testing.M) {
	flag.Parse()
	if list := flag.Lookup("test.list"); list != nil && list.Value.String() != "" {
		os.Exit(m.Run())
	}
	bin, err := build()
	if err == nil {
		err = errors.Join(
			os.Setenv("FEATHERPACK_CACHE", "off"),        // tests that are about it name a folder
			os.Setenv("SOURCE_DATE_EPOCH", "1790812800"), // 1 October 2026: advice about runtimes depends on the day
		)
	}
	if err == nil {
		err = os.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	}
	dir, tempErr := os.MkdirTemp("", "featherpack-test-")
	if err := errors.Join(err, tempErr, os.Setenv(shared, dir)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// Shared is a folder that all tests of the package share. It is removed after them.
func Shared() string { return os.Getenv(shared) }

// build builds featherpack into testdata/.built and returns that folder. Every
// package's tests call it. The go command does nothing if the program is up to date.
// The lock is for packages that are tested at the same time.
func build() (bin string, err error) {
	top, err := top()
	if err != nil {
		return "", err
	}
	bin = filepath.Join(top, "testdata", ".built")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return "", err
	}
	lock := flock.New(filepath.Join(bin, "lock"))
	if err := lock.Lock(); err != nil {
		return "", err
	}
	defer lock.Unlock()
	cmd := exec.Command("go", "build", "-buildvcs=false", "-o", filepath.Join(bin, "featherpack"), "./cmd/featherpack")
	cmd.Dir = top
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building featherpack: %w\n%s", err, text)
	}
	return bin, lookAtSources(top)
}

// lookAtSources lists the folders of the program's sources, so that the go command
// does not reuse a cached test result after a change. The go command records the
// folders that a test opens, and compares their content.
func lookAtSources(top string) error {
	for _, floor := range []string{"analyzer", "packager", "reporters", "cmd"} {
		err := filepath.WalkDir(filepath.Join(top, floor), func(_ string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Name() == "node_modules" {
				return fs.SkipDir
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// top returns the folder of go.mod.
func top() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for !Exists(filepath.Join(dir, "go.mod")) {
		if dir == filepath.Dir(dir) {
			return "", errors.New("the test is not run in a checkout")
		}
		dir = filepath.Dir(dir)
	}
	return dir, nil
}

// Result is the output and the exit status of a run of featherpack.
type Result struct {
	Stdout, Stderr string
	Status         int
}

// Run runs featherpack in the test's folder.
func Run(t testing.TB, args ...string) Result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), Path(t), args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return Result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// Must runs featherpack and returns its stdout. An exit status other than 0 ends the
// test.
func Must(t testing.TB, args ...string) (stdout string) {
	t.Helper()
	r := Run(t, args...)
	if r.Status != Good {
		t.Fatalf("featherpack %q: exit status %d\n%s", args, r.Status, r.Stderr)
	}
	return r.Stdout
}

// Path returns the path of the program.
func Path(t testing.TB) string {
	t.Helper()
	return Testdata(t, ".built", "featherpack")
}

// Outcome runs any command and returns its combined output and its exit status.
func Outcome(t testing.TB, cmd *exec.Cmd) (output string, status int) {
	t.Helper()
	text, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(text), cmd.ProcessState.ExitCode()
}
