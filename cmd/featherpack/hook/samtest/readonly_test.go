package samtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// TestSAMReadOnly builds once, changes a source, and makes the folder of the zips
// read-only. The hook must fail, name the folder, and leave no zip of the first build to
// deploy.
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
