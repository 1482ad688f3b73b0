//go:build unix

package attackstest

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// user is a user that runs the attacked program. The zero value is this one.
type user struct {
	name string
	id   uint32
}

// users are this user and, if this is root, one without any rights.
func users() []user {
	if os.Geteuid() != 0 {
		return []user{{name: "as this user"}}
	}
	return []user{{name: "as root"}, {name: "unprivileged", id: 65534}}
}

// become makes a command run as the user.
func (u user) become(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if u.id != 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: u.id, Gid: u.id}
	}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// owns gives the user a folder.
func (u user) owns(t *testing.T, dir string) {
	t.Helper()
	if u.id == 0 {
		return
	}
	err := filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(name, int(u.id), int(u.id))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// goCache is the Go toolchain's cache. This user's has the compiled standard library,
// which takes a minute to make.
func (u user) goCache(t *testing.T, program string) string {
	if u.id == 0 {
		return clitest.GoEnv(t, "GOCACHE")
	}
	dir := filepath.Join(filepath.Dir(program), "go-cache")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	u.owns(t, dir)
	return dir
}
