//go:build unix

package packager

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// faultSource holds files that make a zip of more than 512 KiB.
func faultSource(t *testing.T) string {
	t.Helper()
	src := t.TempDir()
	for name, content := range map[string][]byte{"a.js": javascript(100<<10, 1), "b.woff2": noise(600<<10, 1)} {
		if err := os.WriteFile(filepath.Join(src, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return src
}

// shell has a child run by a shell script, as "$0" "$@". In a namespace of its
// own it may mount.
func shell(t *testing.T, script string, unshare bool, kind string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := child(t, kind, args...)
	wrapped := append([]string{"sh", "-c", script, cmd.Path}, args...)
	if unshare {
		wrapped = append([]string{"unshare", "-rm"}, wrapped...)
		if text, err := exec.Command("unshare", "-rm", "true").CombinedOutput(); err != nil {
			t.Skipf("the kernel forbids namespaces: %v: %s", err, text)
		}
	}
	path := tool(t, wrapped[0])
	cmd.Path, cmd.Args = path, wrapped
	return cmd
}

func TestFaultsOfTheDisk(t *testing.T) {
	for _, test := range []struct {
		name    string
		script  string
		unshare bool
		message string
		hint    string
	}{
		{
			name:    "disk full",
			script:  `mount -t tmpfs -o size=256k tmpfs "$2" && exec "$0" "$@"`,
			unshare: true,
			message: `cannot write "fn.zip": no space left on device`,
			hint:    "free some space, or write elsewhere with --out",
		},
		{
			name:    "full from the start",
			script:  `mount -t tmpfs -o size=256k,nr_inodes=1 tmpfs "$2" && exec "$0" "$@"`,
			unshare: true,
			message: `cannot write "fn.a.js.txt": no space left on device`,
			hint:    "free some space, or write elsewhere with --out",
		},
		{
			name:    "read-only folder",
			script:  `mount -t tmpfs -o ro tmpfs "$2" && exec "$0" "$@"`,
			unshare: true,
			message: `cannot write "fn.a.js.txt": read-only file system`,
			hint:    "make the folder writable, or write elsewhere with --out",
		},
		{
			name:    "limit on the size of files",
			script:  `ulimit -f 256 && exec "$0" "$@"`,
			message: `cannot write "fn.zip": file too large`,
			hint:    "raise the limit on the size of files (ulimit -f)",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := run(t, shell(t, test.script, test.unshare, "pack", faultSource(t), t.TempDir()))
			if o.Failure == nil {
				t.Fatalf("no diagnostic: %+v", o)
			}
			if o.Failure.Message != test.message || o.Failure.Hint != test.hint || o.Failure.Function != "fn" {
				t.Errorf("got  %+v\nwant %s\n     %s", *o.Failure, test.message, test.hint)
			}
			if len(o.Left) > 0 {
				t.Errorf("left behind: %q", o.Left)
			}
		})
	}
}

func TestFolderThatMayNotBeWritten(t *testing.T) {
	// Root may write everywhere, so the child runs as nobody, who cannot read the
	// folders that Go's tests create.
	open, err := os.MkdirTemp("", "featherpack")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(open) })
	src, out, self := filepath.Join(open, "src"), filepath.Join(open, "out"), filepath.Join(open, "child")
	cmd := child(t, "pack", src, out)
	binary, err := os.ReadFile(cmd.Path)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		os.Chmod(open, 0o755), os.Mkdir(src, 0o755), os.Mkdir(out, 0o555),
		os.WriteFile(filepath.Join(src, "a.js"), javascript(1000, 1), 0o644), os.WriteFile(self, binary, 0o755),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	cmd.Path, cmd.Dir = self, "/"
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	o := run(t, cmd)
	if o.Failure == nil || o.Failure.Message != `cannot write "fn.a.js.txt": permission denied` {
		t.Errorf("got %+v", o)
	}
	if len(o.Left) > 0 {
		t.Errorf("left behind: %q", o.Left)
	}
}

func TestKilledAtAnyPoint(t *testing.T) {
	dir := t.TempDir()
	versions := flipBundles()
	whole := map[string]bool{}
	for _, v := range versions {
		whole[mustPack(t, v, t.TempDir(), Options{Compress: "fast"}).SHA256] = true
	}
	random := rand.New(rand.NewPCG(3, 4))
	swept := 0
	for range 30 {
		cmd := child(t, "flip", dir)
		var said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10*time.Millisecond + time.Duration(random.IntN(50_000))*time.Microsecond)
		cmd.Process.Kill()
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("the child ended by itself: %v\n%s", err, &said)
		}
		content, err := os.ReadFile(filepath.Join(dir, "fn.zip"))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(content); err == nil && !whole[hex.EncodeToString(sum[:])] {
			t.Fatalf("fn.zip with %d bytes is neither version", len(content))
		}
		for _, name := range listing(t, dir) {
			if strings.HasPrefix(name, draftPrefix) {
				swept++
			} else if name != "fn.zip" {
				t.Errorf("the out-dir holds %q", name)
			}
		}
		mustPack(t, Bundle{ID: "other"}, dir, Options{})
		if got := listing(t, dir); slices.ContainsFunc(got, func(name string) bool { return strings.HasPrefix(name, draftPrefix) }) {
			t.Fatalf("the next run leaves %q", got)
		}
		os.Remove(filepath.Join(dir, "other.zip"))
	}
	if swept == 0 {
		t.Error("no child was killed while it wrote: the test shows nothing")
	}
}
