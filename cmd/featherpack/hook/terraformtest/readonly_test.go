package terraformtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// TestTerraformReadOnly builds once, changes a source, and makes the folder of the zips
// read-only. The hook must fail, name the folder, and leave no zip of the first build to
// deploy.
func TestTerraformReadOnly(t *testing.T) {
	t.Parallel()
	a := newAsker(t, shop).settled()
	folder := filepath.Dir(a.ask(`{}`)["path.orders"])
	a.write("src/orders.ts", "export const handler = async () => 'second'\n")
	clitest.ReadOnly(t, filepath.Join(a.dir, folder))
	cmd := exec.Command("featherpack", "build", "--external")
	cmd.Dir, cmd.Env, cmd.Stdin = a.dir, os.Environ(), strings.NewReader(`{}`)
	output, status := clitest.Outcome(t, clitest.Unprivileged(t, cmd))
	// The answer would be on stdout or stderr.
	if status != clitest.Failed || !strings.HasPrefix(output, "featherpack: cannot ") || strings.Contains(output, "{") {
		t.Errorf("exit status %d\n%s", status, output)
	}
}
