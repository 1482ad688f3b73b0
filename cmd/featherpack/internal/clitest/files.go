package clitest

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Write writes a file, and makes its folders.
func Write(t testing.TB, name, text string) { WriteMode(t, name, text, 0o644) }

// WriteMode is Write for a file that others may not write, or that is a program.
func WriteMode(t testing.TB, name, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// Read is the content of a file.
func Read(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// Golden compares a text with a file, which -update rewrites.
func Golden(t testing.TB, name, got string) {
	t.Helper()
	if *Update {
		Write(t, name, got)
		return
	}
	if diff := cmp.Diff(string(Read(t, name)), got); diff != "" {
		t.Errorf("%s is not what the test would write (-update rewrites it): %s", name, diff)
	}
}

// Exists is whether there is a file of the name.
func Exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// SameJSON is whether two texts are JSON of one value.
func SameJSON(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// GoEnv is a setting of the go command.
func GoEnv(t testing.TB, name string) string {
	t.Helper()
	value, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(value))
}

// Humbly makes permissions hold for a command as they do for everybody but
// root, who runs the tests of many a CI and writes anywhere.
func Humbly(t testing.TB, cmd *exec.Cmd) *exec.Cmd {
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

// ReadOnly lets nothing be changed in a folder until the test is over.
func ReadOnly(t testing.TB, dir string) {
	t.Helper()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o755) })
}
