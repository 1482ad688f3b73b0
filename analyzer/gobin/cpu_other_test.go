//go:build !unix

package gobin

import (
	"testing"
	"time"
)

// cpu returns nothing on systems that do not report a process's CPU time. Tests then
// do not check bounds of CPU time.
func cpu(*testing.T) time.Duration { return 0 }
