package clitest

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Write writes a file and makes its parent folders.
func Write(t testing.TB, name, text string) { WriteMode(t, name, text, 0o644) }

// WriteMode is Write with a file mode. It replaces a file that is there: in a project that
// [Copy] made, that is a hard link to the sample's own.
func WriteMode(t testing.TB, name, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(name); err == nil && info.Mode().IsRegular() {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// Read returns the content of a file.
func Read(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// Golden compares a text with a file. With -update it writes the file instead.
func Golden(t testing.TB, name, got string) {
	t.Helper()
	if *Update {
		Write(t, name, got)
		return
	}
	if diff := cmp.Diff(string(Read(t, name)), got); diff != "" {
		t.Errorf("%s differs (-update rewrites it): %s", name, diff)
	}
}

// Exists reports whether a file exists.
func Exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// SameJSON reports whether two texts are JSON of the same value.
func SameJSON(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// GoEnv returns a setting of the go command, which is asked once.
func GoEnv(t testing.TB, name string) string {
	t.Helper()
	settings, err := goEnv()
	if err != nil {
		t.Fatal(err)
	}
	return settings[name]
}

var goEnv = sync.OnceValues(func() (settings map[string]string, err error) {
	text, err := exec.Command("go", "env", "-json").Output()
	if err == nil {
		err = json.Unmarshal(text, &settings)
	}
	return settings, err
})

// Unprivileged makes file permissions apply to a command even if root runs the tests, as
// many CI systems do. Without it, root can write anywhere.
func Unprivileged(t testing.TB, cmd *exec.Cmd) *exec.Cmd {
	t.Helper()
	if os.Geteuid() != 0 {
		return cmd
	}
	setpriv := []string{"setpriv", "--bounding-set=-dac_override,-dac_read_search"}
	if err := exec.Command(setpriv[0], append(setpriv[1:], "true")...).Run(); err != nil {
		t.Skipf("root can write anywhere, and setpriv does not change that: %v: %v", setpriv, err)
	}
	wrapped := exec.Command(setpriv[0], append(setpriv[1:], cmd.Args...)...)
	wrapped.Dir, wrapped.Env, wrapped.Stdin = cmd.Dir, cmd.Env, cmd.Stdin
	return wrapped
}

// ReadOnly makes a folder read-only until the end of the test.
func ReadOnly(t testing.TB, dir string) {
	t.Helper()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o755) })
}
