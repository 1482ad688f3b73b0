package analyzer

import "path/filepath"

// Within gives the slash-separated path of a file relative to a folder, false
// where it does not lie in it. Both are absolute; no link is followed.
func Within(folder, file string) (rel string, ok bool) {
	rel, err := filepath.Rel(folder, file)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}
