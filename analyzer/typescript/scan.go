package typescript

import (
	"strings"
	"unicode/utf8"
)

// kind is the kind of a token.
type kind uint8

const (
	word  kind = iota // a name or a keyword
	mark              // one character, or => or ...
	text              // a string or template
	other             // a number or regular expression
	end               // behind the last token
)

// token is a token of a source. Its bytes are from start to end.
type token struct {
	kind       kind
	start, end int
	// match is the index of the other bracket, 0 without one.
	match int
	// newline means that a line break stands in front.
	newline bool
}

// source is a source as tokens. The last one is the end.
type source struct {
	text   string
	tokens []token
}

// scan splits a source. It needs no grammar: where a slash may begin a regular
// expression is told by the token in front of it.
func scan(src string) *source {
	s := &source{text: src}
	var open []int
	newline := false
	tried := 0 // up to where no slash begins a regular expression, because an earlier one found no end
	for i := 0; i < len(src); {
		c := src[i]
		switch {
		case c == '\n' || c == '\r':
			newline = true
			i++
			continue
		case c == ' ' || c == '\t' || c == '\f' || c == '\v':
			i++
			continue
		case c == '/' && i+1 < len(src) && src[i+1] == '/':
			for i < len(src) && src[i] != '\n' {
				i++
			}
			continue
		case c == '/' && i+1 < len(src) && src[i+1] == '*':
			from := i
			for i += 2; i < len(src) && !(src[i-1] == '*' && src[i] == '/' && i > from+2); i++ {
				newline = newline || src[i] == '\n'
			}
			i++
			continue
		}
		t := token{start: i, newline: newline}
		newline = false
		switch {
		case isWord(c):
			t.kind, t.end = word, i
			for t.end < len(src) && (isWord(src[t.end]) || isDigit(src[t.end])) {
				t.end++
			}
		case isDigit(c):
			t.kind, t.end = other, i
			for t.end < len(src) && (isWord(src[t.end]) || isDigit(src[t.end]) || src[t.end] == '.') {
				t.end++
			}
		case c == '"' || c == '\'':
			t.kind, t.end = text, stringEnd(src, i)
		case c == '`':
			t.kind, t.end = text, templateEnd(src, i)
		case c == '/' && i >= tried && s.regexAllowed():
			if t.kind, t.end = other, regexEnd(src, i); t.end == i+1 {
				line, _, _ := strings.Cut(src[i:], "\n")
				tried = i + len(line)
			}
		default:
			t.kind, t.end = mark, i+1
			if len(src) >= i+2 && src[i:i+2] == "=>" {
				t.end = i + 2
			} else if len(src) >= i+3 && src[i:i+3] == "..." {
				t.end = i + 3
			} else if c >= utf8.RuneSelf {
				_, size := utf8.DecodeRuneInString(src[i:])
				t.end = i + size
			}
			at := len(s.tokens)
			switch c {
			case '(', '[', '{':
				open = append(open, at)
			case ')', ']', '}':
				if n := len(open); n > 0 {
					t.match = open[n-1]
					s.tokens[t.match].match = at
					open = open[:n-1]
				}
			}
		}
		i = max(t.end, i+1)
		s.tokens = append(s.tokens, t)
	}
	for _, at := range open { // never closed
		s.tokens[at].match = len(s.tokens)
	}
	s.tokens = append(s.tokens, token{kind: end, start: len(src), end: len(src), newline: true})
	return s
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$' || c == '#' || c >= utf8.RuneSelf
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// regexAllowed reports whether a slash behind the last token begins a regular
// expression. Behind a closing bracket it is taken for a division.
func (s *source) regexAllowed() bool {
	if len(s.tokens) == 0 {
		return true
	}
	last := s.tokens[len(s.tokens)-1]
	switch s.text[last.start:last.end] {
	case "return", "typeof", "case", "void", "delete", "throw", "new", "else", "do", "await", "yield", "in", "of":
		return true
	case ")", "]", "}":
		return false
	}
	return last.kind == mark
}

// stringEnd is behind a string. A string that does not end on its line is an
// apostrophe in the text of JSX.
func stringEnd(src string, i int) int {
	for at := i + 1; at < len(src) && src[at] != '\n'; at++ {
		switch src[at] {
		case '\\':
			at++
		case src[i]:
			return at + 1
		}
	}
	return i + 1
}

func templateEnd(src string, i int) int {
	for at := i + 1; at < len(src); at++ {
		switch src[at] {
		case '\\':
			at++
		case '`':
			return at + 1
		case '$':
			if at+1 < len(src) && src[at+1] == '{' {
				at = substitutionEnd(src, at+2) - 1
			}
		}
	}
	return len(src)
}

// substitutionEnd is behind the bracket that ends an expression in a template.
func substitutionEnd(src string, i int) int {
	for depth := 1; i < len(src); i++ {
		switch src[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i + 1
			}
		case '`':
			i = templateEnd(src, i) - 1
		case '"', '\'':
			i = stringEnd(src, i) - 1
		}
	}
	return i
}

func regexEnd(src string, i int) int {
	class := false
	for at := i + 1; at < len(src) && src[at] != '\n'; at++ {
		switch src[at] {
		case '\\':
			at++
		case '[':
			class = true
		case ']':
			class = false
		case '/':
			if !class {
				at++
				for at < len(src) && isWord(src[at]) {
					at++
				}
				return at
			}
		}
	}
	return i + 1
}

// token is a token, and the last one where there is none.
func (s *source) token(i int) token {
	if i < 0 || i >= len(s.tokens) {
		i = len(s.tokens) - 1
	}
	return s.tokens[i]
}

// at is the text of a token.
func (s *source) at(i int) string {
	if i < 0 || i >= len(s.tokens) {
		return ""
	}
	return s.text[s.tokens[i].start:s.tokens[i].end]
}

// isName reports whether a token is a word.
func (s *source) isName(i int) bool { return i >= 0 && i < len(s.tokens) && s.tokens[i].kind == word }

// behind is the index behind a bracket's other one, or behind one token.
func (s *source) behind(i int) int {
	if i < len(s.tokens) && s.tokens[i].match > i {
		return min(s.tokens[i].match+1, len(s.tokens)-1)
	}
	return min(i+1, len(s.tokens)-1)
}

// behindAngles is the index behind type parameters or arguments, which begin at i.
func (s *source) behindAngles(i int) int {
	if s.at(i) != "<" {
		return i
	}
	depth := 0
	for i < len(s.tokens)-1 {
		switch s.at(i) {
		case "<":
			depth++
		case ">":
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i = s.behind(i)
	}
	return i
}

// unquoted is the value of a token that is a string without escapes, "" otherwise.
func (s *source) unquoted(i int) string {
	t := s.at(i)
	if len(t) < 2 || s.tokens[i].kind != text || t[0] != t[len(t)-1] {
		return ""
	}
	return t[1 : len(t)-1]
}
