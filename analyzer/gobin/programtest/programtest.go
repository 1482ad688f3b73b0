package programtest

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gofrs/flock"
)

// Kinds returns the names of the programs. They differ in what they import. Their
// go.mod pins the versions.
func Kinds() []string { return []string{"minimal", "aws", "gin", "pgx", "grpc"} }

// Dir returns the absolute folder of the programs.
func Dir(t testing.TB) string {
	t.Helper()
	for at, err := filepath.Abs("."); err == nil && at != filepath.Dir(at); at = filepath.Dir(at) {
		dir := filepath.Join(at, "testdata", "programs")
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	t.Fatal("testdata/programs is not in a folder above")
	return ""
}

// Quick reports whether to test with a program: if it compiles quickly with an empty
// build cache, or if FEATHERPACK_LONG=1 is set. Quick are, for amd64, those that import
// nothing but the standard library and the library for handlers, and for arm64 the one
// that imports nothing.
func Quick(arch, kind string) bool {
	return Long() || kind == "empty" || arch == "amd64" && slices.Contains([]string{"minimal", "small", "faults", "byname", "named"}, kind)
}

// SkipUnlessQuick skips a test of a program that is not Quick.
func SkipUnlessQuick(t testing.TB, arch, kind string) {
	t.Helper()
	if !Quick(arch, kind) {
		t.Skip("compiles a large program; FEATHERPACK_LONG=1 runs it, and .ci/run does")
	}
}

// SkipUnlessAll skips a test of a program for arm64 whose packages are compiled for that
// by no other test: every kind is tested for amd64, and arm64 with two kinds.
func SkipUnlessAll(t testing.TB, arch, kind string) {
	t.Helper()
	if arch == "arm64" && slices.Contains([]string{"gin", "pgx", "grpc"}, kind) && os.Getenv("FEATHERPACK_KINDS") != "all" {
		t.Skip("compiles many packages; FEATHERPACK_KINDS=all runs it, and .ci/long does")
	}
}

// Smallest returns the smallest program that is most like a function and is Quick.
func Smallest(t testing.TB, arch string) string {
	t.Helper()
	if arch == "amd64" || More(t) {
		return "minimal"
	}
	return "empty"
}

// More is [Long] for a test that does less without it. It says so, and .ci/run runs it
// once more.
func More(t testing.TB) bool {
	t.Helper()
	if !Long() {
		t.Log("does less than with FEATHERPACK_LONG=1, which .ci/run does")
	}
	return Long()
}

// Long reports whether FEATHERPACK_LONG=1 is set.
func Long() bool { return os.Getenv("FEATHERPACK_LONG") == "1" }

// Compile compiles programs into the build cache, without linking them. With an empty
// cache it takes minutes of CPU time.
func Compile(t testing.TB, arch string, kinds ...string) {
	t.Helper()
	if testing.Short() {
		t.Skip("compiles real programs")
	}
	compiling.Lock()
	defer compiling.Unlock()
	args := []string{"list", "-export", "-deps", "-trimpath", "-buildvcs=false", "-tags=lambda.norpc", "--"}
	known := len(args)
	for _, kind := range kinds {
		if !compiled[arch+"/"+kind] {
			args = append(args, "./"+kind)
		}
	}
	if len(args) == known {
		return
	}
	// Processes that share a build cache share the lock.
	cache := strings.TrimSpace(Go(t, arch, "env", "GOCACHE"))
	lock := flock.New(filepath.Join(os.TempDir(), fmt.Sprintf("featherpack-programtest-%x.lock", sha256.Sum256([]byte(cache)))))
	if err := lock.Lock(); err != nil {
		t.Fatal(err)
	}
	defer lock.Unlock()
	Go(t, arch, args...)
	for _, kind := range kinds {
		compiled[arch+"/"+kind] = true
	}
}

var (
	compiling sync.Mutex
	compiled  = map[string]bool{} // by this process, by architecture and kind
)

// Link returns the bytes of a program. Flags are further flags of go build.
func Link(t testing.TB, kind, arch, ldflags string, flags ...string) []byte {
	t.Helper()
	Compile(t, arch, kind)
	out := filepath.Join(t.TempDir(), "bootstrap")
	args := []string{"build", "-trimpath", "-buildvcs=false", "-tags=lambda.norpc", "-ldflags=" + ldflags, "-o", out}
	Go(t, arch, append(append(args, flags...), "./"+kind)...)
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// Go runs the go command in the folder of the programs and returns what it prints.
func Go(t testing.TB, arch string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = Dir(t)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+arch, "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
