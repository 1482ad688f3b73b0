package projectfs

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// installs are the files that package managers write into node_modules at the end of every
// installation.
var installs = []string{".package-lock.json", ".yarn-state.yml", ".yarn-integrity", ".modules.yaml"}

// Stamps says of each own file, by its name, what changes when the file does: size, inode,
// and the times of modification and of the last change. Of installed packages it has only the
// folders of packages and what an installation writes there. skip are absolute files and
// folders to leave out.
func (t *FS) Stamps(skip []string) map[string]string {
	stamps := map[string]string{}
	note := func(name string, info fs.FileInfo) {
		s := stampOf(info)
		stamps[name] = fmt.Sprint(info.Mode(), s.size, s.inode, s.modified.UnixNano(), s.changed.UnixNano())
	}
	var into func(rel string)
	into = func(rel string) {
		dir := filepath.Join(t.root, filepath.FromSlash(rel))
		entries, err := os.ReadDir(dir)
		if err != nil {
			return // it was removed meanwhile, or has no own files that can be read
		}
		for _, e := range entries {
			name, at := path.Join(rel, e.Name()), filepath.Join(dir, e.Name())
			if slices.Contains(skip, at) || e.Name() == ".git" {
				continue
			}
			if e.IsDir() && e.Name() != "node_modules" {
				stamps[name+"/"] = "" // it is there
				into(name)
				continue
			}
			if info, err := e.Info(); err == nil {
				note(name, info)
			}
			if e.IsDir() {
				for _, written := range installs {
					if info, err := os.Lstat(filepath.Join(at, written)); err == nil {
						note(path.Join(name, written), info)
					}
				}
			}
		}
	}
	into(".")
	return stamps
}
