//go:build !unix

package manifest

import (
	"errors"
	"time"
)

// CPUTime returns 0, because this system does not report a process's CPU time.
// Tests then check no bounds of work.
func CPUTime() time.Duration { return 0 }

// MakePipe returns an error: this system has no named pipes.
func MakePipe(string) error { return errors.ErrUnsupported }
