//go:build !unix

package manifest

import (
	"errors"
	"time"
)

// cpuTime tells nothing where a process cannot ask what it has spent: bounds of
// work are then not looked at.
func cpuTime() time.Duration { return 0 }

// makePipe has no named pipes to put anywhere.
func makePipe(string) error { return errors.ErrUnsupported }
