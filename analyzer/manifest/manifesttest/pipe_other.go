//go:build !unix

package manifesttest

import "errors"

// MakePipe returns an error: this system has no named pipes.
func MakePipe(string) error { return errors.ErrUnsupported }
