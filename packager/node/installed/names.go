package installed

import (
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// PackageDir returns the folder of the installed package that holds the file,
// "" for the project's own code. A package's folder is the one right below
// node_modules; nested package.json files inside it do not count.
func PackageDir(file string) string {
	slashed := filepath.ToSlash(file)
	i := lastIndex(slashed, "/node_modules/")
	if i < 0 {
		if !strings.HasPrefix(slashed, "node_modules/") {
			return ""
		}
		i = -1
	}
	start := i + len("/node_modules/")
	name := js.PackageName(slashed[start:])
	if name == "" {
		return ""
	}
	return filepath.FromSlash(slashed[:start+len(name)])
}

// NameOf is the package's name by its folder: what follows the last node_modules.
func NameOf(dir string) string {
	if i := lastIndex(dir, "node_modules/"); i >= 0 {
		return dir[i+len("node_modules/"):]
	}
	return dir
}

// lastIndex is [strings.LastIndex] for a text that is not empty. In paths few places begin like
// the text: searching forwards takes more than twice as long.
func lastIndex(s, text string) int {
	for i := len(s) - len(text); i >= 0; i-- {
		if s[i] == text[0] && s[i:i+len(text)] == text {
			return i
		}
	}
	return -1
}
