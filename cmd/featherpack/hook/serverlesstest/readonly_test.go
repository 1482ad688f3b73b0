package serverlesstest

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
)

// TestServerlessReadOnly builds once, changes a source, and makes the folder of the zips
// read-only. The hook must fail, name the folder, and leave no zip of the first build to
// deploy.
func TestServerlessReadOnly(t *testing.T) {
	clitest.SkipUnlessLong(t)
	installFrameworks(t)
	t.Parallel()
	dir := layService(t)
	mustSls(t, "osls", dir, nil, "package", "--stage", "prod")
	clitest.Write(t, filepath.Join(dir, "src", "hello.ts"), "export const handler = async () => 'second'\n")
	clitest.ReadOnly(t, filepath.Join(dir, outdir.Default))
	output, status := clitest.Outcome(t, clitest.Unprivileged(t, slsCommand(t, "osls", dir, nil, "package", "--stage",
		"prod")))
	if status == 0 || !strings.Contains(output, "cannot write ") || !strings.Contains(output,
		"check the folder, its permissions") || strings.Contains(output, "at ServerlessFeatherpack") {
		t.Errorf("exit status %d\n%s", status, output)
	}
	if clitest.Exists(filepath.Join(dir, ".serverless", "cloudformation-template-update-stack.json")) {
		t.Error("there is a template to deploy")
	}
}
