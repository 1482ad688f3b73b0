package trace

import (
	"bytes"
	"regexp"
)

// mayNameFile reports whether an own module has a string that may be a path: with a slash
// inside, or as the value of an option that takes a path, or as the argument of resolve. It
// finds what this pattern does, which package regexp takes long for:
//
//	resolve\(\s*["'`]
//	["'`][\w.-]+/[^"'`\n]*["'`]
//	(?i:dir|folder|path|...)\w*["']?\s*(?::|\()\s*\[?\s*["'`]
func mayNameFile(src []byte) bool {
	for i, c := range src {
		if quotes[c] && (slashFollows(src[i+1:]) || takenAsPath(src[:i])) {
			return true
		}
	}
	return false
}

// quotes, spaces and letters are what ["'`], \s and \w match.
var quotes, spaces, letters = bytesOf("\"'`"), bytesOf("\t\n\f\r "), bytesOf("_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

func bytesOf(text string) (set [256]bool) {
	for _, c := range []byte(text) {
		set[c] = true
	}
	return set
}

// slashFollows reports whether a name, a slash and the end of a string follow.
func slashFollows(after []byte) bool {
	n := 0
	for n < len(after) && (letters[after[n]] || after[n] == '.' || after[n] == '-') {
		n++
	}
	if n == 0 || n == len(after) || after[n] != '/' {
		return false
	}
	for _, c := range after[n:] {
		if quotes[c] || c == '\n' {
			return c != '\n'
		}
	}
	return false
}

// pathWord matches the name of what takes a path.
var pathWord = regexp.MustCompile(`(?i:dir|folder|path|views|root|file|locales|template|partials|layout|schema)\w*$`)

// takenAsPath reports whether a string that follows is what resolve( or a name with such a
// word takes.
func takenAsPath(before []byte) bool {
	before = trimSpaces(before)
	if bytes.HasSuffix(before, []byte("resolve(")) {
		return true
	}
	if n := len(before); n > 0 && before[n-1] == '[' {
		before = trimSpaces(before[:n-1])
	}
	if n := len(before); n > 0 && (before[n-1] == ':' || before[n-1] == '(') {
		before = trimSpaces(before[:n-1])
	} else {
		return false
	}
	if n := len(before); n > 0 && (before[n-1] == '"' || before[n-1] == '\'') {
		before = before[:n-1]
	}
	start := len(before)
	for start > 0 && (letters[before[start-1]] || before[start-1] >= 0x80) { // a long s is an s for the pattern
		start--
	}
	return pathWord.Match(before[start:])
}

func trimSpaces(before []byte) []byte {
	for len(before) > 0 && spaces[before[len(before)-1]] {
		before = before[:len(before)-1]
	}
	return before
}
