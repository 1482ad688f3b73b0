//go:build !unix

package boot

import (
	"errors"
	"os"
)

// makePipe makes no pipe: nothing is observed on this system.
func makePipe(string) (*os.File, error) { return nil, errors.ErrUnsupported }
