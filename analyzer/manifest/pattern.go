package manifest

import (
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer"
)

// maxAlternatives bounds what the braces of one glob multiply to; matching is
// exponential in them.
const maxAlternatives = 1024

// newPattern reads a line of package.patterns: "!" excludes, "./" says nothing.
func newPattern(line string, at analyzer.Position) analyzer.Pattern {
	glob, exclude := strings.CutPrefix(line, "!")
	return analyzer.Pattern{Glob: strings.TrimPrefix(glob, "./"), Exclude: exclude, Position: at}
}

// badGlob returns what to do about a glob that cannot be used, else "".
func badGlob(glob string) string {
	if glob == "" {
		return "name the files that are meant"
	}
	if !doublestar.ValidatePattern(glob) {
		return "close every bracket and brace"
	}
	product, inner, depth := 1, 1, 0
	for i := 0; i < len(glob); i++ {
		switch glob[i] {
		case '\\':
			i++
		case '{':
			depth++
		case ',':
			if depth > 0 {
				inner++
			}
		case '}':
			if depth = max(depth-1, 0); depth == 0 {
				product *= inner
				inner = 1
			}
		}
		if product*inner > maxAlternatives {
			return "write it as several globs: its braces multiply to more than 1024"
		}
	}
	return ""
}
