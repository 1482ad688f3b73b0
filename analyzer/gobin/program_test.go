package gobin

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// kinds are the programs under testdata/programs, with the versions pinned there.
var kinds = []string{"minimal", "aws", "gin", "pgx", "grpc"}

// program is one linked program and the sibling that keeps its symbol table.
type program struct {
	shipped, sibling *bytes.Reader
}

var (
	building sync.Mutex
	built    = map[string]program{}
)

// build links one of the programs twice, as packager/golang does. The first run
// on a machine downloads and compiles the modules, which takes a minute.
func build(t testing.TB, kind, arch string) program {
	t.Helper()
	if testing.Short() {
		t.Skip("links a real program")
	}
	building.Lock()
	defer building.Unlock()
	key := kind + "/" + arch
	if p, ok := built[key]; ok {
		return p
	}
	p := program{
		shipped: bytes.NewReader(link(t, kind, arch, "-s -w")),
		sibling: bytes.NewReader(link(t, kind, arch, "-w")),
	}
	built[key] = p
	return p
}

// link returns the bytes of a program.
func link(t testing.TB, kind, arch, ldflags string, flags ...string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "bootstrap")
	run(t, arch, append([]string{"build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags=" + ldflags, "-o", out}, append(flags, "./"+kind)...)...)
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// run runs the go command in the folder of the programs and returns what it prints.
func run(t testing.TB, arch string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = programs
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+arch, "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
