package output

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// WriteFile writes a file atomically. Messages call the file shown, so that they
// contain no absolute path that the user did not type. A relative name is a file
// below the working directory: no link in it leads out of there. What a killed run was
// writing to a file of the folder is removed.
func WriteFile(name, shown string, write func(io.Writer) error) error {
	dir := "."
	if !filepath.IsLocal(name) {
		dir, name = filepath.Split(name)
	}
	root, err := os.OpenRoot(filepath.Clean(dir))
	if err != nil {
		return cannotWrite(shown, err)
	}
	defer root.Close()
	return WriteFileIn(root, name, shown, write)
}

// WriteFileIn is WriteFile for a file of an open folder.
func WriteFileIn(root *os.Root, name, shown string, write func(io.Writer) error) error {
	packager.RemoveDrafts(root, filepath.Dir(filepath.FromSlash(name)))
	err := packager.WriteWholeIn(root, filepath.FromSlash(name), 0o644, func(f *os.File) error {
		if err := write(f); err != nil {
			return err
		}
		return f.Sync()
	})
	if err != nil {
		return cannotWrite(shown, err)
	}
	return nil
}

func cannotWrite(shown string, err error) error {
	hint := "check the folder, its permissions and the free space"
	if errors.Is(err, syscall.EFBIG) {
		hint = "raise the limit on the size of files (ulimit -f)"
	}
	return analyzer.Usage(fmt.Sprintf("cannot write %s: %v", shown, analyzer.WithoutPath(err)), hint)
}
