package serverlesstest

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// TestClientOnWindows looks for the binary where it is on Windows.
func TestClientOnWindows(t *testing.T) {
	t.Parallel()
	dir := layService(t)
	windows := string(clitest.Read(t, filepath.Join("..", "testdata", "windows.js")))
	for _, test := range []struct {
		name, act string
		files     []string
		want      string
	}{
		{"on the search path", "binary('C:\\\\shop')", []string{`C:\Program Files\featherpack\featherpack.exe`},
			`C:\Program Files\featherpack\featherpack.exe`},
		{"by option", "binary('C:\\\\shop', 'bin\\\\featherpack.exe')", []string{`C:\shop\bin\featherpack.exe`},
			`C:\shop\bin\featherpack.exe`},
		{"on another drive", "binary('C:\\\\shop', 'D:/tools/featherpack.exe')", []string{`D:\tools\featherpack.exe`},
			`D:\tools\featherpack.exe`},
		{"not there", "binary('C:\\\\shop', 'bin\\\\featherpack.exe')", nil,
			`there is no featherpack binary at bin\featherpack.exe; correct the binary option or FEATHERPACK_BINARY`},
	} {
		code := windows + `
process.env.PATH = 'C:\\Windows;C:\\Program Files\\featherpack'
const vm = require('node:vm')
const source = fs.readFileSync(hook, 'utf8') + '\nmodule.exports.binary = binary'
const made = new Module(hook)
made.filename = hook
made._compile(source, hook)
const { binary } = made.exports
attempt(() => ` + test.act + `)
`
		cmd := exec.Command("node", append([]string{"-e", code, dir + "/serverless-featherpack.cjs"}, test.files...)...)
		got, err := cmd.CombinedOutput()
		if err != nil || string(got) != test.want+"\n" {
			t.Errorf("%s: %v\n got %s\nwant %s", test.name, err, got, test.want)
		}
	}
}
