package js

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// unquote returns the value of the text inside a string or template literal.
func unquote(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch c := s[i]; c {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'v':
			b.WriteByte('\v')
		case '0':
			b.WriteByte(0)
		case '\n':
		case '\r':
			if i+1 < len(s) && s[i+1] == '\n' {
				i++
			}
		case 'x', 'u':
			digits, skip := "", 0
			if c == 'x' && i+2 < len(s) {
				digits, skip = s[i+1:i+3], 2
			} else if c == 'u' && i+1 < len(s) && s[i+1] == '{' {
				if end := strings.IndexByte(s[i:], '}'); end > 2 {
					digits, skip = s[i+2:i+end], end
				}
			} else if c == 'u' && i+4 < len(s) {
				digits, skip = s[i+1:i+5], 4
			}
			if r, err := strconv.ParseUint(digits, 16, 32); err == nil && r <= utf8.MaxRune {
				b.WriteRune(rune(r))
			} else {
				b.WriteRune(utf8.RuneError)
			}
			i += skip
		default:
			if r, n := utf8.DecodeRuneInString(s[i:]); c >= utf8.RuneSelf && strings.ContainsRune(lineEnds, r) {
				i += n - 1
				continue
			}
			b.WriteByte(c)
		}
	}
	return b.String()
}

// oddEscape reports whether a literal has letters written as escapes, so that a
// search of the text cannot find them. Such literals are not evaluated.
func oddEscape(inner string) bool {
	for {
		i := strings.IndexByte(inner, '\\')
		if i < 0 || i+1 >= len(inner) {
			return false
		}
		if c := inner[i+1]; nameByte[c] && c != 'n' && c != 't' && c != 'r' || c == '\n' || c == '\r' {
			return true
		}
		inner = inner[i+2:]
	}
}
