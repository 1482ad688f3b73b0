package cdktest

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// TestCDKOnWindows declares entries as they are written on Windows: a zip's
// names and handlers have forward slashes on every system.
func TestCDKOnWindows(t *testing.T) {
	clitest.SkipUnlessLong(t)
	t.Parallel()
	dir := cdkProject(t)
	code := string(clitest.Read(t, filepath.Join("..", "testdata", "windows.js"))) + `
const { FeatherpackCode } = require(hook)
const projectRoot = 'C:\\Users\\Änne\\my shop'
for (const entry of [
  'src\\orders.ts', 'src/orders.ts', projectRoot + '\\src\\nested\\orders.mts', '..\\orders.ts', 'D:\\src\\orders.ts',
]) {
  attempt(() => FeatherpackCode.fromEntry(entry, { projectRoot }).handler)
}
attempt(() => FeatherpackCode.fromEntry('cmd\\ingest', { projectRoot }).handler)
`
	got, err := exec.Command("node", "-e", code, dir+"/featherpack-cdk.cjs").CombinedOutput()
	const outside = ` is outside C:\Users\Änne\my shop; set projectRoot to a folder that holds all functions` + "\n"
	const want = "src/orders.handler\nsrc/orders.handler\nsrc/nested/orders.handler\n" +
		`the entry ..\orders.ts of orders` + outside + `the entry D:\src\orders.ts of src-orders` + outside +
		"bootstrap\n"
	if err != nil || string(got) != want {
		t.Errorf("%v\n got %s\nwant %s", err, got, want)
	}
}
