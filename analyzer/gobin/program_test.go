package gobin

import (
	"bytes"
	"path/filepath"
	"sync"
	"testing"

	"github.com/featherpack/featherpack/analyzer/gobin/programtest"
)

// program is a linked program and its sibling with a symbol table.
type program struct {
	shipped, sibling *bytes.Reader
}

var (
	building sync.Mutex
	built    = map[string]program{}
	dumps    = map[string]string{} // by kind and architecture
)

// build links one of the programs twice, as packager/golang does.
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
		shipped: bytes.NewReader(programtest.Link(t, kind, arch, "-s -w")),
		sibling: bytes.NewReader(programtest.Link(t, kind, arch, "-w")),
	}
	built[key] = p
	return p
}

// dumped returns the linker's lines about each symbol that it keeps in the a
// program.
func dumped(t *testing.T, kind, arch string) string {
	t.Helper()
	building.Lock()
	defer building.Unlock()
	key := kind + "/" + arch
	if _, ok := dumps[key]; !ok {
		out := filepath.Join(t.TempDir(), "x")
		dumps[key] = programtest.Go(t, arch, "build", "-trimpath", "-buildvcs=false", "-tags=lambda.norpc",
			"-ldflags=-s -w -dumpdep", "-o", out, "./"+kind)
	}
	return dumps[key]
}
