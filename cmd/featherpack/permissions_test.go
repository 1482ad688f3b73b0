package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
)

// humbly makes permissions hold for a command as they do for everybody but
// root, who runs the tests of many a CI and writes anywhere.
func humbly(t *testing.T, cmd *exec.Cmd) *exec.Cmd {
	t.Helper()
	if os.Geteuid() != 0 {
		return cmd
	}
	setpriv := []string{"setpriv", "--bounding-set=-dac_override,-dac_read_search"}
	if err := exec.Command(setpriv[0], append(setpriv[1:], "true")...).Run(); err != nil {
		t.Skipf("root writes anywhere, and this does not change that: %v: %v", setpriv, err)
	}
	wrapped := exec.Command(setpriv[0], append(setpriv[1:], cmd.Args...)...)
	wrapped.Dir, wrapped.Env, wrapped.Stdin = cmd.Dir, cmd.Env, cmd.Stdin
	return wrapped
}

// readOnly lets nothing be changed in a folder until the test is over.
func readOnly(t *testing.T, dir string) {
	t.Helper()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o755) })
}

// TestHooksReadOnly builds well once, changes a source, and takes away the right
// to write where the zips go: every hook fails, says where, and has nothing left
// of the first build to ship.
func TestHooksReadOnly(t *testing.T) {
	t.Run("serverless", func(t *testing.T) {
		installFrameworks(t)
		t.Parallel()
		dir := layService(t)
		mustSls(t, "osls", dir, nil, "package", "--stage", "prod")
		writeAt(t, filepath.Join(dir, "src", "hello.ts"), "export const handler = async () => 'second'\n", 0o644)
		readOnly(t, filepath.Join(dir, outdir.Default))
		output, status := outcome(t, humbly(t, slsCommand(t, "osls", dir, nil, "package", "--stage", "prod")))
		if status == 0 || !strings.Contains(output, "cannot write ") || !strings.Contains(output, "check the folder, its permissions") || strings.Contains(output, "at ServerlessFeatherpack") {
			t.Errorf("exit status %d\n%s", status, output)
		}
		if exists(filepath.Join(dir, ".serverless", "cloudformation-template-update-stack.json")) {
			t.Error("there is a template to deploy")
		}
	})
	t.Run("cdk", func(t *testing.T) {
		t.Parallel()
		dir := cdkProject(t)
		app := func() *exec.Cmd {
			cmd := exec.Command("node", "-e", `
				const { App, Stack } = require('aws-cdk-lib')
				const { FeatherpackBundle } = require('./featherpack-cdk.cjs')
				const app = new App(), stack = new Stack(app, 'S')
				new FeatherpackBundle(stack, { entries: { orders: 'src/orders.ts' } }).function(stack, 'orders')
				app.synth()`)
			cmd.Dir, cmd.Env = dir, append(os.Environ(), "CDK_OUTDIR="+filepath.Join(dir, "cdk.out"))
			return cmd
		}
		if output, status := outcome(t, app()); status != 0 {
			t.Fatal(output)
		}
		folders, _ := filepath.Glob(filepath.Join(dir, "cdk.out", "featherpack-*"))
		if len(folders) != 1 {
			t.Fatalf("zips lie in %q", folders)
		}
		template := filepath.Join(dir, "cdk.out", "S.template.json")
		writeAt(t, template, "of the first run", 0o644)
		writeAt(t, filepath.Join(dir, "src", "orders.ts"), "export const handler = async () => 'second'\n", 0o644)
		readOnly(t, folders[0])
		output, status := outcome(t, humbly(t, app()))
		if status == 0 || !strings.Contains(output, "featherpack: cannot ") || !strings.Contains(output, "permission denied") {
			t.Errorf("exit status %d\n%s", status, output)
		}
		if string(contentOf(t, template)) != "of the first run" {
			t.Error("there is a template to deploy")
		}
	})
	t.Run("sam", func(t *testing.T) {
		t.Parallel()
		p := newSAMProject(t)
		p.mustBuild(t, "Orders")
		p.write(t, filepath.Join(p.dir, "src", "word.ts"), "export const word = 'second'\n")
		artifacts := t.TempDir()
		readOnly(t, filepath.Join(p.dir, ".aws-sam"))
		cmd := exec.Command("make", "build-Orders")
		cmd.Dir, cmd.Env = p.dir, append(os.Environ(), "ARTIFACTS_DIR="+artifacts, "FEATHERPACK="+p.binary)
		output, status := outcome(t, humbly(t, cmd))
		if status == 0 || !strings.Contains(output, "featherpack: cannot write to "+filepath.Join(p.dir, ".aws-sam")+"\n  hint: check its permissions") || len(treeOf(t, artifacts)) > 0 {
			t.Errorf("exit status %d\n%s", status, output)
		}
	})
	t.Run("terraform", func(t *testing.T) {
		t.Parallel()
		a := newAsker(t, shop).settled()
		folder := filepath.Dir(a.ask(`{}`)["path.orders"])
		a.write("src/orders.ts", "export const handler = async () => 'second'\n")
		readOnly(t, filepath.Join(a.dir, folder))
		cmd := exec.Command("featherpack", "build", "--external")
		cmd.Dir, cmd.Env, cmd.Stdin = a.dir, os.Environ(), strings.NewReader(`{}`)
		output, status := outcome(t, humbly(t, cmd))
		// The answer would be on one of the two streams.
		if status != exitFailed || !strings.HasPrefix(output, "featherpack: cannot ") || strings.Contains(output, "{") {
			t.Errorf("exit status %d\n%s", status, output)
		}
	})
}
