//go:build unix

package faultstest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// rounds is how many times an accident happens: a few, more in .ci/run, and 200 in .ci/long.
func rounds(t testing.TB, few int) int {
	t.Helper()
	switch text := os.Getenv("FEATHERPACK_FAULTS"); {
	case text != "":
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	case clitest.More(t):
		return 5 * few
	}
	return few
}

// project is a project of six functions that share modules, a package and a data file.
type project struct {
	t              testing.TB
	dir, own, temp string
}

func newProject(t testing.TB) project {
	t.Helper()
	p := project{t, filepath.Join(t.TempDir(), "project"), filepath.Join(t.TempDir(), "cache"), t.TempDir()}
	settings := "functions:\n"
	for i := range 6 {
		settings += fmt.Sprintf("  f%d: {entry: src/f%d.js, runtime: nodejs22.x, include: [data.txt]}\n", i, i)
		p.write(fmt.Sprintf("src/f%d.js", i), fmt.Sprintf("const { text } = require('./shared');\nexports.handler = async () => [%d, text()];\n", i))
	}
	p.write("featherpack.yaml", settings)
	p.write("package.json", `{"name": "app", "dependencies": {"lib": "1.0.0"}}`)
	p.write("node_modules/lib/package.json", `{"name": "lib", "version": "1.0.0"}`)
	p.write("node_modules/lib/index.js", "module.exports = () => 'lib';\n")
	var random bytes.Buffer
	for r := rand.New(rand.NewPCG(1, 2)); random.Len() < 200_000; {
		fmt.Fprintln(&random, r.Uint64())
	}
	p.write("data.txt", random.String())
	p.state("one")
	return p
}

func (p project) write(name, text string) {
	p.t.Helper()
	clitest.Write(p.t, filepath.Join(p.dir, filepath.FromSlash(name)), text)
}

// state changes every function.
func (p project) state(text string) {
	p.t.Helper()
	p.write("src/shared.js", fmt.Sprintf("const lib = require('lib');\nexports.text = () => lib() + %q;\n", text))
}

// command is a build, alone in a group of processes.
func (p project) command(args ...string) *exec.Cmd {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), clitest.Path(p.t), append([]string{"build", p.dir}, args...)...)
	cmd.Env = append(os.Environ(), "FEATHERPACK_CACHE="+p.own, "TMPDIR="+p.temp)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// shell runs a build by a script, as "$@", in a namespace where it may mount.
func (p project) shell(script string, args ...string) *exec.Cmd {
	p.t.Helper()
	if text, err := exec.Command("unshare", "-rm", "true").CombinedOutput(); err != nil {
		p.t.Skipf("the kernel forbids namespaces: %v: %s", err, text)
	}
	cmd := p.command(args...)
	cmd.Args = append([]string{"unshare", "-rm", "sh", "-c", script + ` && exec "$@"`, "sh"}, cmd.Args...)
	path, err := exec.LookPath("unshare")
	if err != nil {
		p.t.Fatal(err)
	}
	cmd.Path = path
	return cmd
}

// must builds without an accident.
func (p project) must(args ...string) outputs {
	p.t.Helper()
	if text, status := clitest.Outcome(p.t, p.command(args...)); status != clitest.Good {
		p.t.Fatalf("exit status %d\n%s", status, text)
	}
	return p.outputs()
}

// outputs are the contents of the out-dir's files.
type outputs map[string]string

func (p project) outputs() outputs {
	p.t.Helper()
	all := outputs{}
	out := os.DirFS(filepath.Join(p.dir, ".featherpack"))
	err := fs.WalkDir(out, ".", func(name string, e fs.DirEntry, err error) error {
		if name == "." && err != nil {
			return nil // nothing was written
		}
		if err != nil || e.IsDir() || name == ".gitignore" || name == ".lock" {
			return err
		}
		text, err := fs.ReadFile(out, name)
		all[name] = string(text)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return all
}

// zips are the files without the report, which names those functions that were not built. It
// must be whole nevertheless.
func (o outputs) zips(t testing.TB) outputs {
	t.Helper()
	all := maps.Clone(o)
	if text, ok := all["report.json"]; ok && !json.Valid([]byte(text)) {
		t.Errorf("report.json of %d bytes is not whole", len(text))
	}
	delete(all, "report.json")
	return all
}

// whole fails if a file is neither as it was nor as it will be.
func (o outputs) whole(t testing.TB, after string, versions ...outputs) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if !slices.ContainsFunc(versions, func(v outputs) bool { text, ok := v[name]; return ok && text == o[name] }) {
			t.Errorf("%s: %s of %d bytes is neither of before nor of after", after, name, len(o[name]))
		}
	}
}

// is fails if the files are not exactly those of a version.
func (o outputs) is(t testing.TB, after string, want outputs) {
	t.Helper()
	o.whole(t, after, want)
	for name := range want {
		if _, ok := o[name]; !ok {
			t.Errorf("%s: there is no %s", after, name)
		}
	}
}

// left fails if temporary files stay.
func (p project) left(after string) {
	p.t.Helper()
	entries, err := os.ReadDir(p.temp)
	if err != nil || len(entries) > 0 {
		p.t.Errorf("%s: temporary files stay: %v, %v", after, entries, err)
	}
}

// gone fails if a process of a command's group still runs.
func gone(t testing.TB, after string, cmd *exec.Cmd) {
	t.Helper()
	if err := syscall.Kill(-cmd.Process.Pid, 0); err != syscall.ESRCH {
		t.Errorf("%s: a process of the build still runs: %v", after, err)
	}
}

// says fails if a text lacks one of the parts.
func says(t testing.TB, after, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: the output lacks %q:\n%s", after, part, text)
		}
	}
}
