package output

import (
	"io"
	"os"
)

// Open opens a file that the user names. - is stdin.
func Open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	return os.Open(name)
}
