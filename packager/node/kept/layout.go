package kept

import (
	"path"
	"path/filepath"
	"strings"
)

// Layout is the folder, relative to the project's root, that becomes the root of
// the zip.
type Layout string

// Place is where a file lies in the zip, unless it belongs to a package that
// stays as files: as in the layout's folder, or for an installed package as in
// the outermost node_modules, else as in the root. Both are slash-separated.
func (l Layout) Place(file string) string {
	dir := string(l)
	if dir == "." || dir == "" {
		return file
	}
	if rest, ok := strings.CutPrefix(file, dir+"/"); ok {
		return rest
	}
	if file == dir {
		return "."
	}
	if i := strings.Index("/"+file, "/node_modules/"); i >= 0 {
		return file[i:]
	}
	return file
}

// Misplaces reports whether the path from a module to a file is another in the
// zip: the file lies outside of the folder that becomes the zip's root.
func (l Layout) Misplaces(module, file string) bool {
	rel, err := filepath.Rel(path.Dir(module), file)
	at := path.Join(path.Dir(l.Place(module)), filepath.ToSlash(rel))
	return err != nil || at != l.Place(file)
}
