package projection

import (
	"fmt"
	"os"

	"github.com/featherpack/featherpack/analyzer"
)

// readFile opens a file and calls read. It adds the file's name to the error.
func readFile(name, hint string, read func(*os.File) error) error {
	f, err := os.Open(name)
	return readOpened(f, err, name, hint, read)
}

func readOpened(f *os.File, err error, name, hint string, read func(*os.File) error) error {
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
