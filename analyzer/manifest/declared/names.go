package declared

import (
	"path"
	"regexp"
	"strings"
)

// GoodName matches names that can be file names. A function's name becomes the
// name of its zip, a service's name that of a folder.
var GoodName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)

// ShortNames returns a name for each path: its last element, or its whole path
// below dir if the last element is not unique. dir itself is named root.
func ShortNames(paths []string, dir, root string) []string {
	count := map[string]int{}
	short := make([]string, len(paths))
	for i, p := range paths {
		if short[i] = path.Base(p); p == dir {
			short[i] = root
		}
		count[short[i]]++
	}
	for i, p := range paths {
		if count[short[i]] > 1 && p != dir {
			short[i] = strings.ReplaceAll(strings.TrimPrefix(p, dir+"/"), "/", "-")
		}
	}
	return short
}
