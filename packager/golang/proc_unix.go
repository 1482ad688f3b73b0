//go:build unix

package golang

import (
	"os/exec"
	"syscall"
)

// stopAsGroup makes cancelling reach the compilers and linkers that the go
// command has started, not the go command alone; interrupted, it also removes
// its work folder.
func stopAsGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
}
