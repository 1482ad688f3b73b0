//go:build unix

package projectfs

import "syscall"

// nonblocking opens a pipe that took a file's place without waiting for a writer.
const nonblocking = syscall.O_NONBLOCK | syscall.O_NOCTTY
