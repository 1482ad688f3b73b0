package hook

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/featherpack/featherpack/analyzer"
)

// Write writes all files below a folder. If an existing file differs and force is not
// set, it writes none of them. It returns the paths that were written, even with an
// error.
func Write(dir string, texts []Text, force bool) (written []string, err error) {
	root, err := os.OpenRoot(dir) // no link leads out of the folder
	if err != nil {
		return nil, analyzer.Usage(fmt.Sprintf("cannot open the folder: %v", analyzer.WithoutPath(err)), "check its permissions")
	}
	defer root.Close()
	for _, text := range texts {
		there, err := root.ReadFile(filepath.FromSlash(text.Path))
		switch {
		case errors.Is(err, os.ErrNotExist):
		case err != nil:
			return nil, analyzer.Usage(fmt.Sprintf("cannot read %s: %v", text.Path, analyzer.WithoutPath(err)), "check its permissions")
		case string(there) != text.Content && !force:
			return nil, analyzer.Usage(fmt.Sprintf("%s exists and differs", text.Path), "--force overwrites it")
		}
	}
	for _, text := range texts {
		name := filepath.FromSlash(text.Path)
		err := root.MkdirAll(filepath.Dir(name), 0o755)
		if err == nil {
			err = root.WriteFile(name, []byte(text.Content), 0o644)
		}
		if err != nil {
			return written, analyzer.Usage(fmt.Sprintf("cannot write %s: %v", text.Path, analyzer.WithoutPath(err)), "check the folder's permissions")
		}
		written = append(written, text.Path)
	}
	return written, nil
}
