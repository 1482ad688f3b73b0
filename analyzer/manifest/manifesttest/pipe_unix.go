//go:build unix

package manifesttest

import "syscall"

// MakePipe creates a named pipe.
func MakePipe(name string) error { return syscall.Mkfifo(name, 0o644) }
