//go:build !unix

package inputtest

import "time"

// CPUTime returns 0, because this system does not report a process's CPU time.
// Tests then check no bounds of work.
func CPUTime() time.Duration { return 0 }
