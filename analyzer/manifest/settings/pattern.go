package settings

import (
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer"
)

// NewPattern reads a line of package.patterns. "!" excludes, and "./" has no
// effect.
func NewPattern(line string, at analyzer.Position) analyzer.Pattern {
	glob, exclude := strings.CutPrefix(line, "!")
	return analyzer.Pattern{Glob: strings.TrimPrefix(glob, "./"), Exclude: exclude, Position: at}
}

// BadGlob returns the hint for a glob that cannot be used, or "".
func BadGlob(glob string) string {
	if glob == "" {
		return "name the files that are meant"
	}
	if !doublestar.ValidatePattern(glob) {
		return "close every bracket and brace"
	}
	if analyzer.GlobAlternatives(glob) > analyzer.MaxAlternatives {
		return "write it as several globs: its braces multiply to more than 1024"
	}
	return ""
}
