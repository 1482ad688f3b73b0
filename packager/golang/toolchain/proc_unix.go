//go:build unix

package toolchain

import (
	"os/exec"
	"syscall"
)

// stopAsGroup makes cancelling interrupt the go command and the compilers and linkers
// that it has started. An interrupted go command also removes its work folder.
func stopAsGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
}
