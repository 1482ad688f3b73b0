//go:build unix

package boot

import (
	"errors"
	"os"
	"syscall"
)

// makePipe makes a named pipe that every user may write to, and opens it for
// reading. Opening it for writing too keeps it from ending between two writers.
func makePipe(name string) (*os.File, error) {
	if err := syscall.Mkfifo(name, 0o622); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	if err := os.Chmod(name, 0o622); err != nil { // whatever the umask is
		return nil, err
	}
	return os.OpenFile(name, os.O_RDWR|syscall.O_NONBLOCK, 0)
}
