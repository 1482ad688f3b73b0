package settings

import (
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer"
)

// newPattern reads a line of package.patterns: "!" excludes, "./" says nothing.
func NewPattern(line string, at analyzer.Position) analyzer.Pattern {
	glob, exclude := strings.CutPrefix(line, "!")
	return analyzer.Pattern{Glob: strings.TrimPrefix(glob, "./"), Exclude: exclude, Position: at}
}

// badGlob returns what to do about a glob that cannot be used, else "".
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
