package projectfs

import (
	"io/fs"
	"path"
	"strings"
)

// skipFolder reports whether a folder holds none of the project's sources, but
// files of a package manager, a framework or featherpack.
func skipFolder(name string) bool {
	return strings.HasPrefix(name, ".") || name == "node_modules" || name == "vendor" || name == "cdk.out"
}

// Walk calls visit for dir and every folder below it, parents first, sorted. If
// visit returns false, Walk skips that folder's children. It also skips testdata
// and the folders of skipFolder, and does not follow symlinks. It visits at most
// MaxFolders folders, and returns false if there are more.
func (t *FS) Walk(dir string, visit func(dir string, entries []fs.DirEntry) bool) bool {
	left := MaxFolders
	var into func(string) bool
	into = func(at string) bool {
		if left--; left < 0 {
			return false
		}
		entries := t.List(at)
		if !visit(at, entries) {
			return true
		}
		for _, e := range entries {
			if !e.IsDir() || skipFolder(e.Name()) || e.Name() == "testdata" {
				continue
			}
			if !into(path.Join(at, e.Name())) {
				return false
			}
		}
		return true
	}
	return into(path.Clean(dir))
}

// MaxFolders bounds a search. The largest repositories have about 10,000 folders.
const MaxFolders = 100_000
