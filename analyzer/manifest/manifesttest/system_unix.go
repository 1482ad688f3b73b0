//go:build unix

package manifesttest

import (
	"syscall"
	"time"
)

// CPUTime is what this process has spent, which bounds of work are checked by:
// wall time depends on what else the machine does.
func CPUTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// MakePipe puts a named pipe where a file is looked for.
func MakePipe(name string) error { return syscall.Mkfifo(name, 0o644) }
