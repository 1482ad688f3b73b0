package js

import "strings"

// spaces are the white space and comments between the tokens of a source. The parser
// reads some tokens twice, where it looks ahead or tries one way after another, so what
// is read again replaces what was read before.
type spaces struct{ list [][2]int32 }

func (s *spaces) add(start, end int32) {
	n := len(s.list)
	for n > 0 && s.list[n-1][0] >= start {
		n--
	}
	s.list = s.list[:n]
	if end > start {
		s.list = append(s.list, [2]int32{start, end})
	}
}

// Dense is a source without comments, and without the white space that only people need.
// It has the same tokens, on the same lines: where a line ended between two tokens, as
// many lines end there, so that the language inserts the same semicolons. A first line
// for a shell stays.
func Dense(src []byte) ([]byte, error) {
	var between spaces
	if len(src) <= maxSource {
		between.list = make([][2]int32, 0, len(src)/8)
	}
	tree, err := parse(src, &between, nil)
	if err != nil {
		return nil, err
	}
	text := tree.Source
	out := make([]byte, 0, len(text))
	at := 0
	for _, space := range between.list {
		out = append(out, text[at:space[0]]...)
		at = int(space[1])
		inner := text[space[0]:at]
		if space[0] == 0 && strings.HasPrefix(inner, "#!") {
			n := strings.IndexAny(inner, lineEnds)
			if n < 0 {
				n = len(inner)
			}
			out, inner = append(out, inner[:n]...), inner[n:]
		}
		if at == len(text) {
			break
		}
		lines := countLines(inner)
		for range lines {
			out = append(out, '\n')
		}
		if lines == 0 && len(out) > 0 && at < len(text) && !apart(out[len(out)-1], text[at]) {
			out = append(out, ' ')
		}
	}
	return append(out, text[at:]...), nil
}

// countLines counts the lines that end in a text.
func countLines(text string) (n int) {
	for i, r := range text {
		if strings.ContainsRune(lineEnds, r) && !(r == '\n' && i > 0 && text[i-1] == '\r') {
			n++
		}
	}
	return n
}

// apart reports whether two tokens that end and begin with these bytes stay two without
// a space between them. Where only more than a byte could tell, it is false.
func apart(last, first byte) bool {
	name := func(c byte) bool { return nameByte[c] || c == '\\' || c == '#' }
	switch {
	case name(last) && (name(first) || first == '.'): // 1 .toString
		return false
	case last == first && (first == '+' || first == '-' || first == '.'):
		return false
	case last == '/': // a division or a regular expression, with its flags
		return !name(first) && first != '/' && first != '*'
	case last == '<' && first == '!', last == '!' && first == '-', last == '-' && first == '>': // <!-- and -->
		return false
	}
	return true
}
