package js

import (
	"slices"
	"sort"
	"strings"
)

// Rewritten reports whether the parsed text differs from the module's own text.
func (t *Text) Rewritten() bool { return t.parsed != nil }

// Locate maps offsets of the parsed text to the module's own text, and sets the
// line and column. If an exact mapping is not possible, Start and End are both the
// beginning. That of a call is, whatever its arguments have become: the mapping has
// its closing parenthesis.
func (t *Text) Locate(p *Place) {
	if t.Rewritten() {
		what, end := t.Source[p.Start:p.End], p.End
		start, ok := t.original(p.Start)
		if !ok {
			start = 0
		}
		p.Start, p.End = start, start
		if strings.HasPrefix(t.origin[start:], what) {
			p.End = start + len(what)
		} else if ok && strings.HasSuffix(what, ")") {
			t.locateCall(p, end-1)
		}
	}
	p.Line, p.Column = lineColumn(t.lines, p.Start)
}

// locateCall sets the end of a call, and moves its start before parentheses around
// what is called. closing is the offset of its closing parenthesis in the parsed
// text.
func (t *Text) locateCall(p *Place, closing int) {
	last, ok := t.original(closing)
	if strings.HasPrefix(t.origin[p.Start:], "import") { // esbuild 0.28.2 maps no end of import()
		last, ok = firstCall(t.origin[p.Start:])
		last += p.Start
	}
	if !ok || last < p.Start || last >= len(t.origin) || t.origin[last] != ')' {
		return
	}
	call, ok := readCall(t.origin[p.Start : last+1])
	if !ok {
		return
	}
	start := p.Start
	for range call.unopened {
		before := strings.TrimRight(t.origin[:start], " \t\r\n")
		if !strings.HasSuffix(before, "(") {
			return
		}
		start = len(before) - 1
	}
	p.Start, p.End = start, last+1
}

// LocateCall is Locate for a call and its first argument, which it extends to the
// whole text up to the next comma or the closing parenthesis: with types and
// comments, which the parsed text does not have.
func (t *Text) LocateCall(call, argument *Place) {
	if !t.Rewritten() || *call == *argument {
		t.Locate(call)
		t.Locate(argument)
		return
	}
	closing := call.End - 1
	rest := afterComments(t.Source[argument.End:max(closing, argument.End)])
	t.Locate(call)
	argument.Start, argument.End = call.Start, call.Start
	if found, ok := readCall(t.origin[call.Start:call.End]); ok && found.unopened == 0 {
		argument.Start, argument.End = call.Start+found.open+1, call.End-1
		if rest, more := strings.CutPrefix(rest, ","); more && afterComments(rest) != "" {
			second, _ := t.original(closing - len(afterComments(rest)))
			i, _ := slices.BinarySearch(found.commas, second-call.Start)
			argument.End = argument.Start
			if i > 0 {
				argument.End = call.Start + found.commas[i-1]
			}
		}
	}
	if argument.End <= argument.Start {
		call.End, argument.Start, argument.End = call.Start, call.Start, call.Start
	}
	argument.Line, argument.Column = lineColumn(t.lines, argument.Start)
}

// afterComments cuts white space and comments off the start of a text.
func afterComments(text string) string {
	l := lexer{src: text, module: true}
	l.space()
	return text[l.pos:]
}

// callText is where a call has its brackets: offsets in its text.
type callText struct {
	open     int   // of the parenthesis that the last one closes
	commas   []int // between the arguments
	unopened int   // parentheses that are closed before and open outside of the text
}

// firstCall returns the offset of the parenthesis that closes the first one.
func firstCall(text string) (last int, ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, syntax := r.(syntaxError); !syntax {
				panic(r)
			}
			ok = false
		}
	}()
	s := tokens{lexer: lexer{src: text}}
	for depth := 0; s.step(); {
		switch s.tok.kind {
		case tLParen:
			depth++
		case tRParen:
			if depth--; depth <= 0 {
				return int(s.tok.start), depth == 0
			}
		}
	}
	return 0, false
}

// readCall reads the text of a call by its brackets. The text ends with the
// closing parenthesis.
func readCall(text string) (call callText, ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, syntax := r.(syntaxError); !syntax {
				panic(r)
			}
			ok = false
		}
	}()
	type bracket struct {
		at     int
		commas []int
	}
	s := tokens{lexer: lexer{src: text}}
	var open []bracket
	for s.step() {
		at := int(s.tok.start)
		switch first := text[at]; {
		case first == '(' || first == '[' || first == '{' || first == '`' && s.tok.kind == tLBrace:
			open = append(open, bracket{at: at})
		case first == '}' && s.tok.kind == tLBrace: // the next expression of a template
		case first == ')' || first == ']' || first == '}':
			if len(open) == 0 {
				if first != ')' {
					return call, false
				}
				call.unopened++
				continue
			}
			last := open[len(open)-1]
			open = open[:len(open)-1]
			if at == len(text)-1 {
				call.open, call.commas = last.at, last.commas
				return call, len(open) == 0 && text[last.at] == '('
			}
		case first == ',' && len(open) > 0:
			last := &open[len(open)-1]
			last.commas = append(last.commas, at)
		}
	}
	return call, false
}

// original maps an offset of the parsed text to the module's own text.
func (t *Text) original(offset int) (int, bool) {
	line := sort.SearchInts(t.parsed, offset+1) - 1
	column := utf16Column(t.Source[t.parsed[line]:], offset-t.parsed[line])
	fromLine, fromColumn, ok := t.back.Original(line, column)
	if !ok || fromLine >= len(t.lines) {
		return 0, false
	}
	start := t.lines[fromLine]
	return min(start+byteColumn(t.origin[start:], fromColumn), len(t.origin)), true
}

// utf16Column returns a column in UTF-16 units, as source maps count.
func utf16Column(line string, bytes int) (n int) {
	for _, r := range line[:bytes] {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

func byteColumn(line string, units int) int {
	n := 0
	for i, r := range line {
		if n >= units {
			return i
		}
		n++
		if r > 0xffff {
			n++
		}
	}
	return len(line)
}
