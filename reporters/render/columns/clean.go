package columns

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes a name from a project or a saved report safe for one line of text. Control
// characters, line breaks, and characters that reorder or hide the text around them
// (Trojan Source, CVE-2021-42574) become U+FFFD.
func Clean(s string) string {
	if !strings.ContainsFunc(s, unprintable) && utf8.ValidString(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unprintable(r) {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

func unprintable(r rune) bool {
	return unicode.Is(unicode.C, r) || r == '\u2028' || r == '\u2029'
}

// Count is the number of terminal columns of a text. Combining marks have none, East
// Asian wide characters and emoji have two.
func Count(s string) int {
	n := 0
	for _, r := range s {
		n += columnsOf(r)
	}
	return n
}

func columnsOf(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3,
		r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60,
		r >= 0xffe0 && r <= 0xffe6, r >= 0x1f300 && r <= 0x1faff, r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}

// Shorten cuts the middle out of a text that is wider than width columns.
func Shorten(s string, width int) string {
	if Count(s) <= width {
		return s
	}
	if width <= 4 {
		return prefix(s, width)
	}
	tail := (width - 2) / 2
	return prefix(s, width-2-tail) + ".." + suffix(s, tail)
}

// suffix is as much of the text's end as fits.
func suffix(s string, width int) string {
	runes := []rune(s)
	from := len(runes)
	for from > 0 && columnsOf(runes[from-1]) <= width {
		from--
		width -= columnsOf(runes[from])
	}
	return string(runes[from:])
}

// ShortenAll shortens the texts of a column so that different texts stay different. It
// cuts the middle, or else the beginning, or else the end of those that are wider than
// width columns, and leaves them whole if no cut keeps all texts apart.
func ShortenAll(texts []string, width int) []string {
	cuts := []func(string, int) string{
		Shorten,
		func(s string, width int) string { return ".." + suffix(s, width-2) },
		func(s string, width int) string { return prefix(s, width-2) + ".." },
	}
	for _, cut := range cuts {
		short, from := make([]string, len(texts)), map[string]string{}
		apart := true
		for i, text := range texts {
			if short[i] = text; Count(text) > width && width > 4 {
				short[i] = cut(text, width)
			}
			known, taken := from[short[i]]
			apart = apart && (!taken || known == text)
			from[short[i]] = text
		}
		if apart {
			return short
		}
	}
	return texts
}

// prefix is as much of the text's beginning as fits.
func prefix(s string, width int) string {
	for at, r := range s {
		if width -= columnsOf(r); width < 0 {
			return s[:at]
		}
	}
	return s
}
