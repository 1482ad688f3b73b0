package main

import (
	"os/exec"
	"testing"
)

// onWindows loads a hook with the rules of paths, and the name of the system,
// that Node has on Windows; the files are those of the text in ARGV, which is
// all that the hook is let see of a disk.
const onWindows = `
const Module = require('node:module')
const fs = require('node:fs')
const { win32 } = require('node:path')
const [hook, ...files] = process.argv.slice(1)
const load = Module._load
Module._load = function (request, parent, ...rest) {
  if (parent && parent.filename === hook) {
    if (request === 'node:path') return win32
    if (request === 'node:fs') return { ...fs, existsSync: (name) => files.includes(name), realpathSync: (name) => name }
  }
  return load.call(this, request, parent, ...rest)
}
Object.defineProperty(process, 'platform', { value: 'win32' })
Object.defineProperty(process, 'cwd', { value: () => 'C:\\Users\\Änne\\my shop' })
const attempt = (act) => { try { console.log(act()) } catch (error) { console.log(error.message) } }
`

// TestCDKOnWindows declares entries as they are written on Windows: a zip's
// names and handlers have forward slashes on every system.
func TestCDKOnWindows(t *testing.T) {
	t.Parallel()
	dir := cdkProject(t)
	got, err := exec.Command("node", "-e", onWindows+`
const { FeatherpackCode } = require(hook)
const projectRoot = 'C:\\Users\\Änne\\my shop'
for (const entry of ['src\\orders.ts', 'src/orders.ts', 'C:\\Users\\Änne\\my shop\\src\\nested\\orders.mts', '..\\orders.ts', 'D:\\src\\orders.ts']) {
  attempt(() => FeatherpackCode.fromEntry(entry, { projectRoot }).handler)
}
attempt(() => FeatherpackCode.fromEntry('cmd\\ingest', { projectRoot }).handler)
`, dir+"/featherpack-cdk.cjs").CombinedOutput()
	const want = "src/orders.handler\nsrc/orders.handler\nsrc/nested/orders.handler\n" +
		`the entry ..\orders.ts of orders lies outside C:\Users\Änne\my shop; set projectRoot to a folder that holds all functions` + "\n" +
		`the entry D:\src\orders.ts of src-orders lies outside C:\Users\Änne\my shop; set projectRoot to a folder that holds all functions` + "\n" +
		"bootstrap\n"
	if err != nil || string(got) != want {
		t.Errorf("%v\n got %s\nwant %s", err, got, want)
	}
}

// TestClientOnWindows looks for the binary where it is on Windows.
func TestClientOnWindows(t *testing.T) {
	t.Parallel()
	dir := layService(t)
	for _, test := range []struct {
		name, act string
		files     []string
		want      string
	}{
		{"on the search path", "binary('C:\\\\shop')", []string{`C:\Program Files\featherpack\featherpack.exe`}, `C:\Program Files\featherpack\featherpack.exe`},
		{"by option", "binary('C:\\\\shop', 'bin\\\\featherpack.exe')", []string{`C:\shop\bin\featherpack.exe`}, `C:\shop\bin\featherpack.exe`},
		{"on another drive", "binary('C:\\\\shop', 'D:/tools/featherpack.exe')", []string{`D:\tools\featherpack.exe`}, `D:\tools\featherpack.exe`},
		{"not there", "binary('C:\\\\shop', 'bin\\\\featherpack.exe')", nil, `there is no featherpack binary at bin\featherpack.exe; correct the option binary, or FEATHERPACK_BINARY`},
	} {
		code := onWindows + `
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
