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

// Long is whether tests that only take long are to run too: .ci/long sets
// FEATHERPACK_LONG.
func Long() bool { return os.Getenv("FEATHERPACK_LONG") == "1" }

// Update adds the flag -update to the tests of a package.
var Update = flag.Bool("update", false, "rewrite the expected output of scripts and golden files")

// Main is what TestMain of a package calls. It builds featherpack, puts it on the
// PATH and runs the package's tests.
func Main(m *testing.M) {
	flag.Parse()
	if list := flag.Lookup("test.list"); list == nil || list.Value.String() == "" {
		bin, err := build()
		if err == nil {
			err = os.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// build builds featherpack into testdata/.built and returns that folder. Every
// package's tests call it, and the go command leaves a program alone that is up
// to date. The lock is for packages that are tested at the same time.
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

// lookAtSources lists the folders that the program is made of, so that the go
// command does not take the result of an earlier test for one of changed sources:
// it notes which folders a test opens, and compares what they hold.
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

// top is the folder of go.mod.
func top() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for !Exists(filepath.Join(dir, "go.mod")) {
		if dir == filepath.Dir(dir) {
			return "", errors.New("the test does not run in a checkout")
		}
		dir = filepath.Dir(dir)
	}
	return dir, nil
}

// Result is what a run of featherpack leaves besides files.
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

// Must runs featherpack and returns its stdout. Any other exit status than 0 ends
// the test.
func Must(t testing.TB, args ...string) (stdout string) {
	t.Helper()
	r := Run(t, args...)
	if r.Status != Good {
		t.Fatalf("featherpack %q: exit status %d\n%s", args, r.Status, r.Stderr)
	}
	return r.Stdout
}

// Path is where the program lies.
func Path(t testing.TB) string {
	t.Helper()
	return Testdata(t, ".built", "featherpack")
}

// Outcome is what any command says on both streams, and its exit status.
func Outcome(t testing.TB, cmd *exec.Cmd) (output string, status int) {
	t.Helper()
	text, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(text), cmd.ProcessState.ExitCode()
}
