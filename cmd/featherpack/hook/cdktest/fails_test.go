package cdktest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// If a build fails after a successful one, the synthesis fails too: it writes no template,
// and the zip of the failed function is removed.
func TestCDKFailsAfterAGoodBuild(t *testing.T) {
	clitest.SkipUnlessLong(t)
	t.Parallel()
	dir := cdkProject(t)
	out := []string{"CDK_OUTDIR=" + filepath.Join(dir, "cdk.out")}
	clitest.WriteMode(t, filepath.Join(dir, "two.js"), `
		const { App, Stack } = require('aws-cdk-lib')
		const { FeatherpackBundle } = require('./featherpack-cdk.cjs')
		const app = new App(), stack = new Stack(app, 'S')
		const bundle = new FeatherpackBundle(stack, { entries: { orders: 'src/orders.ts', mail: 'src/mail.ts' } })
		for (const name of bundle.names) bundle.function(stack, name)
		app.synth()`, 0o644)
	if stdout, stderr, err := cdkRun(t, dir, out, "two.js"); err != nil {
		t.Fatalf("%v\n%s%s", err, stdout, stderr)
	}
	template := filepath.Join(dir, "cdk.out", "S.template.json")
	clitest.Write(t, template, "of the first run")
	clitest.Write(t, filepath.Join(dir, "src", "mail.ts"), "import './gone'\nexport const handler = async () => 1\n")
	for range 2 {
		_, stderr, err := cdkRun(t, dir, out, "two.js")
		if err == nil || !strings.Contains(stderr, "src/mail.ts:1:8") || !strings.Contains(stderr,
			"featherpack build failed with exit status 2") {
			t.Errorf("%v\n%s", err, stderr)
		}
		if string(clitest.Read(t, template)) != "of the first run" {
			t.Error("there is a template to deploy")
		}
		if old, _ := filepath.Glob(filepath.Join(dir, "cdk.out", "featherpack-*", "mail.zip")); len(old) > 0 {
			t.Errorf("the old %s is still there", filepath.Base(old[0]))
		}
	}
}

// TestCDKOfAnotherVersion loads the hook beside an unsupported major version of
// aws-cdk-lib.
func TestCDKOfAnotherVersion(t *testing.T) {
	clitest.SkipUnlessLong(t)
	t.Parallel()
	dir := cdkProject(t)
	clitest.Write(t, filepath.Join(dir, "elsewhere", "featherpack-cdk.cjs"),
		string(clitest.Read(t, filepath.Join(dir, "featherpack-cdk.cjs"))))
	library := filepath.Join(dir, "elsewhere", "node_modules", "aws-cdk-lib")
	if err := os.MkdirAll(library, 0o755); err != nil {
		t.Fatal(err)
	}
	clitest.Write(t, filepath.Join(library, "package.json"), `{"name": "aws-cdk-lib", "version": "3.0.0"}`)
	_, stderr, err := cdkRun(t, dir, nil, "elsewhere/featherpack-cdk.cjs")
	if want := "FeatherpackError: this hook needs aws-cdk-lib 2, but this is version 3.0.0; "; err == nil ||
		!strings.Contains(stderr, want) {
		t.Errorf("%v\n%s", err, stderr)
	}
}
