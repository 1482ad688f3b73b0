//go:build unix

package inputtest

import (
	"syscall"
	"time"
)

// CPUTime returns the CPU time of this process. Tests check bounds of work with
// it, because wall time depends on what else the machine runs.
func CPUTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
