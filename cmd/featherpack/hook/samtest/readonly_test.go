package samtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// TestSAMReadOnly builds well once, changes a source, and takes away the right
// to write where the zips go: the hook fails, says where, and has nothing left of
// the first build to ship.
func TestSAMReadOnly(t *testing.T) {
	t.Parallel()
	p := newSAMProject(t)
	p.mustBuild(t, "Orders")
	p.write(t, filepath.Join(p.dir, "src", "word.ts"), "export const word = 'second'\n")
	artifacts := t.TempDir()
	clitest.ReadOnly(t, filepath.Join(p.dir, ".aws-sam"))
	cmd := exec.Command("make", "build-Orders")
	cmd.Dir, cmd.Env = p.dir, append(os.Environ(), "ARTIFACTS_DIR="+artifacts, "FEATHERPACK="+p.binary)
	output, status := clitest.Outcome(t, clitest.Unprivileged(t, cmd))
	if status == 0 || !strings.Contains(output, "featherpack: cannot write to "+filepath.Join(p.dir,
		".aws-sam")+"\n  hint: check its permissions") || len(treeOf(t, artifacts)) > 0 {
		t.Errorf("exit status %d\n%s", status, output)
	}
}
