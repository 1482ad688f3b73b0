package cdktest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// TestCDKReadOnly builds once, changes a source, and makes the folder of the zips
// read-only. The hook must fail, name the folder, and leave no zip of the first build to
// deploy.
func TestCDKReadOnly(t *testing.T) {
	clitest.SkipUnlessLong(t)
	t.Parallel()
	dir := cdkProject(t)
	app := func() *exec.Cmd {
		cmd := exec.Command("node", "-e", `
			const { App, Stack } = require('aws-cdk-lib')
			const { FeatherpackBundle } = require('./featherpack-cdk.cjs')
			const app = new App(), stack = new Stack(app, 'S')
			new FeatherpackBundle(stack, { entries: { orders: 'src/orders.ts' } }).function(stack, 'orders')
			app.synth()`)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), withoutCheck, "CDK_OUTDIR="+filepath.Join(dir, "cdk.out"))
		return cmd
	}
	if output, status := clitest.Outcome(t, app()); status != 0 {
		t.Fatal(output)
	}
	folders, _ := filepath.Glob(filepath.Join(dir, "cdk.out", "featherpack-*"))
	if len(folders) != 1 {
		t.Fatalf("zips lie in %q", folders)
	}
	template := filepath.Join(dir, "cdk.out", "S.template.json")
	clitest.Write(t, template, "of the first run")
	clitest.Write(t, filepath.Join(dir, "src", "orders.ts"), "export const handler = async () => 'second'\n")
	clitest.ReadOnly(t, folders[0])
	output, status := clitest.Outcome(t, clitest.Unprivileged(t, app()))
	if status == 0 || !strings.Contains(output, "featherpack: cannot ") || !strings.Contains(output,
		"permission denied") {
		t.Errorf("exit status %d\n%s", status, output)
	}
	if string(clitest.Read(t, template)) != "of the first run" {
		t.Error("there is a template to deploy")
	}
}
