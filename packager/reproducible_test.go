//go:build unix

package packager

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// place writes the sample's files to a new folder in the given order, with the
// given modes and times.
func place(t *testing.T, dir string, backwards bool, mode os.FileMode, when time.Time) string {
	t.Helper()
	files := byName(sample().Files)
	if backwards {
		slices.Reverse(files)
	}
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Content, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestSameBytesWhateverTheMachine(t *testing.T) {
	now := time.Now()
	src := place(t, t.TempDir(), false, 0o600, now)
	want := run(t, child(t, "pack", src, t.TempDir())).SHA256
	if want == "" {
		t.Fatal("nothing was packed")
	}
	plain := `exec "$0" "$@"`
	for _, test := range []struct {
		name   string
		src    string
		script string
		env    []string
		prefix []string
	}{
		{name: "again", src: src, script: plain},
		{name: "path", src: place(t, filepath.Join(t.TempDir(), "elsewhere", "with space", "x6k3canary"), false, 0o600, now), script: plain},
		{name: "order of creation", src: place(t, t.TempDir(), true, 0o600, now), script: plain},
		{name: "modes", src: place(t, t.TempDir(), false, 0o777, now), script: plain},
		{name: "times of 1970", src: place(t, t.TempDir(), false, 0o600, time.Unix(0, 0)), script: plain},
		{name: "times of 2150", src: place(t, t.TempDir(), false, 0o600, time.Unix(5_680_281_600, 0)), script: plain},
		{name: "umask 077", src: src, script: "umask 077; " + plain},
		{name: "umask 777", src: src, script: "umask 777; " + plain},
		{name: "home", src: src, script: plain, env: []string{"HOME=/nowhere"}},
		{name: "zone east", src: src, script: plain, env: []string{"TZ=Pacific/Kiritimati"}},
		{name: "zone west", src: src, script: plain, env: []string{"TZ=America/Los_Angeles"}},
		{name: "locale", src: src, script: plain, env: []string{"LC_ALL=tr_TR.UTF-8", "LANG=tr_TR.UTF-8"}},
		{name: "one core", src: src, script: plain, env: []string{"GOMAXPROCS=1"}},
		{name: "eight cores", src: src, script: plain, env: []string{"GOMAXPROCS=8", "GOGC=5"}},
		{name: "source date", src: src, script: plain, env: []string{"SOURCE_DATE_EPOCH=1000000000"}},
		{name: "another folder to work in", src: src, script: "cd /; " + plain},
		{name: "host name", src: src, script: "hostname another || exit 1; " + plain, prefix: []string{"unshare", "-ru"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			out := t.TempDir()
			cmd := shell(t, test.script, false, "pack", test.src, out)
			cmd.Env = append(cmd.Env, test.env...)
			if test.prefix != nil {
				if text, err := exec.Command(test.prefix[0], append(test.prefix[1:], "true")...).CombinedOutput(); err != nil {
					t.Skipf("the kernel forbids namespaces: %v: %s", err, text)
				}
				cmd.Path, cmd.Args = tool(t, test.prefix[0]), append(test.prefix, cmd.Args...)
			}
			if got := run(t, cmd); got.SHA256 != want {
				t.Errorf("got %+v, want %s", got, want)
			}
			stat, err := os.Stat(filepath.Join(out, "fn.zip"))
			if err != nil || stat.Mode() != 0o644 {
				t.Errorf("fn.zip: mode %v, %v", stat.Mode(), err)
			}
			content, err := os.ReadFile(filepath.Join(out, "fn.zip"))
			if err != nil || strings.Contains(string(content), "canary") {
				t.Errorf("the zip holds the path it was made in, or %v", err)
			}
		})
	}
}
