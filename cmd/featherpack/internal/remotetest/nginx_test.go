//go:build unix

package remotetest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// nginx is a server with WebDAV as Debian has it.
type nginx struct{ url, data string }

const settings = `
daemon off;
master_process off;
user root root;
pid DIR/pid;
error_log DIR/error.log;
events {}
http {
	access_log off;
	client_body_temp_path DIR/data/.part;
	client_max_body_size 0;
	server {
		listen 127.0.0.1:PORT;
		location / {
			root DIR/data;
			dav_methods PUT;
			create_full_put_path on;
			limit_except GET {
				auth_basic cache;
				auth_basic_user_file DIR/users;
			}
		}
	}
}
`

// start starts nginx. script runs before it, in a namespace of its own.
func start(t *testing.T, script string) nginx {
	t.Helper()
	// sbin is not in everybody's PATH.
	program, err := exec.LookPath("nginx")
	if err != nil {
		if program, err = exec.LookPath("/usr/sbin/nginx"); err != nil {
			t.Skip("there is no nginx; .ci/run does this with the one that it installs")
		}
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	_, port, _ := net.SplitHostPort(address)
	clitest.Write(t, filepath.Join(dir, "nginx.conf"), strings.NewReplacer("DIR", dir, "PORT", port).Replace(settings))
	clitest.Write(t, filepath.Join(dir, "users"), "ci:{PLAIN}"+secret+"\n")
	cmd := exec.Command(program, "-c", filepath.Join(dir, "nginx.conf"), "-p", dir, "-e", filepath.Join(dir, "error.log"))
	if script != "" {
		if text, err := exec.Command("unshare", "-rm", "true").CombinedOutput(); err != nil {
			t.Skipf("the kernel forbids namespaces: %v: %s", err, text)
		}
		cmd = exec.Command("unshare", append([]string{"-rm", "sh", "-c", script + ` && exec "$0" "$@"`}, cmd.Args...)...)
		cmd.Dir = dir
	}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	for range 200 {
		if response, err := http.Get("http://" + address + "/"); err == nil {
			response.Body.Close()
			return nginx{"http://" + address + "/team", filepath.Join(dir, "data", "team")}
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("nginx does not start: %s", &said)
	return nginx{}
}

var writer = []string{"FEATHERPACK_CACHE_USER=ci", "FEATHERPACK_CACHE_PASSWORD=" + secret}

// One machine builds and uploads, and another one, in another folder, builds nothing.
func TestNginx(t *testing.T) {
	server := start(t, "")
	first, second := newMachine(t), newMachine(t)
	want := newMachine(t).build("--cache", "off")

	b := first.build("--cache", server.url)
	b.same(t, want)
	if files := entries(t, server.data); len(files) > 0 || len(b.warnings()) > 0 {
		t.Fatalf("a build without --cache-write wrote %q and said %q", files, b.warnings())
	}
	// Its folder has the functions now. They are uploaded although nothing is built.
	first.env = writer
	b = first.build("--cache", server.url, "--cache-write")
	b.same(t, want)
	if len(b.warnings()) > 0 || b.unchanged != 5 || len(entries(t, server.data)) < 20 {
		t.Fatalf("%d unchanged, %d files on the server\n%s", b.unchanged, len(entries(t, server.data)), b.stderr)
	}
	b = second.build("--cache", server.url)
	b.same(t, want)
	if len(b.warnings()) > 0 || b.unchanged != 5 || !strings.Contains(b.stderr, "had 5 functions") {
		t.Error(b.stderr)
	}
	// A change builds what it concerns, and the earlier state stays there for others.
	third := newMachine(t)
	third.env = writer
	clitest.Write(t, filepath.Join(third.dir, "src", "c.mjs"), "export const handler = async () => 'v2';\n")
	if b := third.build("--cache", server.url, "--cache-write"); b.unchanged != 4 || len(b.warnings()) > 0 {
		t.Error(b.stderr)
	}
	for range 2 {
		again := newMachine(t)
		if b := again.build("--cache", server.url); b.unchanged != 5 {
			t.Error(b.stderr)
		}
		clitest.Write(t, filepath.Join(again.dir, "src", "c.mjs"), "export const handler = async () => 'v2';\n")
		if b := again.build("--cache", server.url); b.unchanged != 5 {
			t.Error(b.stderr)
		}
	}
}

// A server may remove what was not used for long. What it has lost is uploaded again by whoever
// builds it again.
func TestNginxForgets(t *testing.T) {
	clitest.SkipUnlessLong(t)
	server := start(t, "")
	m := newMachine(t)
	m.env = writer
	m.build("--cache", server.url, "--cache-write")
	if err := errors.Join(os.RemoveAll(filepath.Join(server.data, "cas")), os.RemoveAll(m.own)); err != nil {
		t.Fatal(err)
	}
	if b := m.build("--cache", server.url, "--cache-write"); b.unchanged != 0 || len(b.warnings()) > 0 {
		t.Error(b.stderr)
	}
	if b := newMachine(t).build("--cache", server.url); b.unchanged != 5 {
		t.Error(b.stderr)
	}
}

// Whoever may not write is told once, and builds.
func TestNginxRefuses(t *testing.T) {
	clitest.SkipUnlessLong(t)
	server := start(t, "")
	want := newMachine(t).build("--cache", "off")
	for _, env := range [][]string{nil, {"FEATHERPACK_CACHE_TOKEN=" + secret}, {writer[0], writer[1] + "x"}} {
		m := newMachine(t)
		m.env = env
		b := m.build("--cache", server.url, "--cache-write")
		b.same(t, want)
		told := b.warnings()
		if len(told) != 1 || !strings.Contains(told[0], "it answers 401 Unauthorized") && !strings.Contains(told[0], "it answers 403 Forbidden") {
			t.Errorf("%q", told)
		}
	}
	if files := entries(t, server.data); len(files) > 0 {
		t.Errorf("%q", files)
	}
}

// A server whose disk is full loses the uploads, not the build.
func TestNginxFull(t *testing.T) {
	clitest.SkipUnlessLong(t)
	server := start(t, "mount -t tmpfs -o size=64k tmpfs data")
	m := newMachine(t)
	m.env = writer
	b := m.build("--cache", server.url, "--cache-write")
	b.same(t, newMachine(t).build("--cache", "off"))
	if told := b.warnings(); len(told) != 1 {
		t.Errorf("%q", told)
	}
	// What it has is whole.
	again := newMachine(t)
	again.build("--cache", server.url).same(t, b)
}

// What is damaged on the server is noticed, whichever file it is.
func TestNginxDamaged(t *testing.T) {
	clitest.SkipUnlessLong(t)
	want := newMachine(t).build("--cache", "off")
	for name, damage := range map[string]func(text []byte) []byte{
		"a bit":     func(c []byte) []byte { c[len(c)/2] ^= 4; return c },
		"truncated": func(c []byte) []byte { return c[:len(c)/2] },
	} {
		for _, kind := range []string{"ac", "cas"} {
			t.Run(fmt.Sprintf("%s, %s", kind, name), func(t *testing.T) {
				server := start(t, "")
				m := newMachine(t)
				m.env = writer
				m.build("--cache", server.url, "--cache-write")
				for _, file := range entries(t, filepath.Join(server.data, kind)) {
					if text := clitest.Read(t, file); len(text) > 0 {
						clitest.Write(t, file, string(damage(text)))
					}
				}
				b := newMachine(t).build("--cache", server.url)
				b.same(t, want)
				// A result that names another blob is one that is missing.
				if b.unchanged != 0 || len(b.warnings()) != 1 && !(kind == "ac" && name == "a bit") {
					t.Error(b.stderr)
				}
			})
		}
	}
}

// entries are the files below a folder.
func entries(t testing.TB, dir string) (all []string) {
	t.Helper()
	_ = filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			all = append(all, name)
		}
		return nil
	})
	return all
}
