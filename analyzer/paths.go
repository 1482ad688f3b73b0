package analyzer

import "path/filepath"

// Within returns the slash-separated path of a file relative to a folder, false if the
// file is not in the folder. Both paths must be absolute. Symlinks are not followed.
func Within(folder, file string) (rel string, ok bool) {
	rel, err := filepath.Rel(folder, file)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}
