package declared

import (
	"path"
	"regexp"
	"strings"
)

// GoodName matches what may become a file name: of a function its zip's, of a
// service its folder's.
var GoodName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)

// ShortNames names paths by their last element, and by their whole path below
// dir where that is not unique. dir itself is named root.
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
