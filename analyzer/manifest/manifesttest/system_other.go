//go:build !unix

package manifest

import (
	"errors"
	"time"
)

// CPUTime tells nothing where a process cannot ask what it has spent: bounds of
// work are then not looked at.
func CPUTime() time.Duration { return 0 }

// MakePipe has no named pipes to put anywhere.
func MakePipe(string) error { return errors.ErrUnsupported }
