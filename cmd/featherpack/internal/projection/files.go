package projection

import (
	"fmt"
	"io"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
)

// readFile opens a file, - for stdin, and calls read. It adds the file's name to the error.
func readFile(name, hint string, read func(io.Reader) error) error {
	f, err := output.Open(name)
	return readOpened(f, err, name, hint, read)
}

func readOpened(f io.ReadCloser, err error, name, hint string, read func(io.Reader) error) error {
	if err != nil {
		return analyzer.Usage(fmt.Sprintf("cannot read %s: %v", name, analyzer.WithoutPath(err)), hint)
	}
	defer f.Close()
	err = read(f)
	if err == nil {
		return nil
	}
	d := analyzer.DiagnosticsOf(err, "usage", "")[0]
	if d.File == "" {
		d.File = name
	}
	return d
}
