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
	for _, text := range texts {
		there, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(text.Path)))
		switch {
		case errors.Is(err, os.ErrNotExist):
		case err != nil:
			return nil, analyzer.Usage(fmt.Sprintf("cannot read %s: %v", text.Path, analyzer.WithoutPath(err)), "check its permissions")
		case string(there) != text.Content && !force:
			return nil, analyzer.Usage(fmt.Sprintf("%s exists and differs", text.Path), "--force overwrites it")
		}
	}
	for _, text := range texts {
		name := filepath.Join(dir, filepath.FromSlash(text.Path))
		err := os.MkdirAll(filepath.Dir(name), 0o755)
		if err == nil {
			err = os.WriteFile(name, []byte(text.Content), 0o644)
		}
		if err != nil {
			return written, analyzer.Usage(fmt.Sprintf("cannot write %s: %v", text.Path, analyzer.WithoutPath(err)), "check the folder's permissions")
		}
		written = append(written, text.Path)
	}
	return written, nil
}
