package watch

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// PrintedTo lists the files below a root that writers write to, as in featherpack build
// --watch > log.txt: what is printed of a change must not be the next change.
func PrintedTo(root string, writers ...io.Writer) (files []string) {
	var to []fs.FileInfo
	for _, w := range writers {
		if f, ok := w.(*os.File); ok {
			if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
				to = append(to, info)
			}
		}
	}
	if len(to) == 0 {
		return nil
	}
	// What cannot be read is not watched either.
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git"):
			return fs.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		info, err := entry.Info()
		for _, written := range to {
			if err == nil && os.SameFile(info, written) {
				files = append(files, path)
			}
		}
		return nil
	})
	return files
}
