package prooftest

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/packager/boot"
)

// TestCompiledCode invokes every function of the sample service from a zip with compiled
// code, by the Node that the code is for. All but those with top-level await have it.
func TestCompiledCode(t *testing.T) {
	clitest.SkipUnlessLong(t)
	change := func(dir string) {
		manifest := filepath.Join(dir, "serverless.yml")
		text := strings.ReplaceAll(string(clitest.Read(t, manifest)), "architecture: arm64", "architecture: x86_64")
		clitest.Write(t, manifest, text)
		clitest.Write(t, filepath.Join(dir, "featherpack.yaml"), "build: {codeCache: on}\n")
	}
	report := clitest.ProveChanged(t, "orders", change, boot.Options{Node: "auto", OtherArchitecture: true}, "--compress=fast")
	compiled := 0
	for _, f := range report.Functions {
		for _, s := range f.Settings {
			if s.Name == "codeCache" {
				compiled++
			}
		}
	}
	if compiled != len(report.Functions)-2 {
		t.Errorf("%d of %d functions have compiled code", compiled, len(report.Functions))
	}
}
