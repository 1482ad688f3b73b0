package output

import (
	"fmt"
	"io"
	"os"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// WriteFile writes a file atomically. Messages call the file shown, so that they
// contain no absolute path that the user did not type.
func WriteFile(name, shown string, write func(io.Writer) error) error {
	err := packager.WriteWhole(name, 0o644, func(f *os.File) error {
		if err := write(f); err != nil {
			return err
		}
		return f.Sync()
	})
	if err != nil {
		return analyzer.Usage(fmt.Sprintf("cannot write %s: %v", shown, analyzer.WithoutPath(err)), "check the folder, its permissions and the free space")
	}
	return nil
}
