//go:build unix

package projectfs

import "syscall"

func mkfifo(name string) error { return syscall.Mkfifo(name, 0o600) }
