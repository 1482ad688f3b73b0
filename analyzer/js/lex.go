package js

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is one lexeme. newline means that a line ended before it. escaped means
// that it is a name with escapes, which is never a keyword.
type token struct {
	kind       Op
	newline    bool
	escaped    bool
	start, end int32
}

// lexer splits JavaScript into tokens. The parser decides whether a slash starts a
// regular expression, and then calls [lexer.regex].
type lexer struct {
	src string
	pos int
	tok token
	// module means that the source is parsed as a module. Then await is never a name,
	// and <!-- and --> do not start a comment. scriptOnly is set if the source uses
	// one of these.
	module, scriptOnly bool
	// spaces collects what is between tokens, if it is not nil.
	spaces *spaces
}

// syntaxError is a panic of the lexer or the parser. parse recovers it.
type syntaxError struct {
	offset  int
	message string
	deep    bool // the source nests too deep for this parser
}

func (e syntaxError) Error() string { return e.message }

func (l *lexer) fail(message string) { panic(syntaxError{offset: l.pos, message: message}) }

func (l *lexer) text() string { return l.src[l.tok.start:l.tok.end] }

// word returns the name in the current token.
func (l *lexer) word() string {
	if l.tok.escaped {
		return unquote(l.text())
	}
	return l.text()
}

func (l *lexer) failDeep(message string) {
	panic(syntaxError{offset: l.pos, message: message, deep: true})
}

// is reports whether the current token is this keyword or contextual name.
func (l *lexer) is(name string) bool { return l.tok.kind == tName && l.text() == name }

func (l *lexer) at(i int) byte {
	if i < len(l.src) {
		return l.src[i]
	}
	return 0
}

// next reads the next token.
func (l *lexer) next() {
	end := l.pos
	l.tok.newline, l.tok.escaped = l.space(), false
	l.tok.start = int32(l.pos)
	if l.spaces != nil {
		l.spaces.add(int32(end), l.tok.start)
	}
	l.tok.kind = l.scan()
	l.tok.end = int32(l.pos)
}

// space skips white space and comments, and reports whether a line ended.
func (l *lexer) space() (newline bool) {
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; {
		case c == '\n' || c == '\r':
			newline = true
			l.pos++
		case c == ' ' || c == '\t' || c == '\v' || c == '\f':
			l.pos++
		case c == '/' && l.at(l.pos+1) == '/':
			l.line()
		case c == '/' && l.at(l.pos+1) == '*':
			inner, _, ended := strings.Cut(l.src[l.pos+2:], "*/")
			if !ended {
				l.pos = len(l.src)
				l.fail("unterminated comment")
			}
			newline = newline || strings.ContainsAny(inner, lineEnds)
			l.pos += 2 + len(inner) + 2
		case !l.module && (c == '<' && strings.HasPrefix(l.src[l.pos:], "<!--") ||
			c == '-' && (newline || l.tok.end == 0) && strings.HasPrefix(l.src[l.pos:], "-->")):
			l.scriptOnly = true
			l.line()
		case c == '#' && l.pos == 0 && l.at(1) == '!':
			l.line()
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(l.src[l.pos:])
			if !IsSpace(r) {
				return newline
			}
			newline = newline || strings.ContainsRune(lineEnds, r)
			l.pos += n
		default:
			return newline
		}
	}
	return newline
}

// lineEnds are the characters that end a line.
const lineEnds = "\n\r\u2028\u2029"

// line skips to the end of the line.
func (l *lexer) line() {
	for ; l.pos < len(l.src); l.pos++ {
		switch l.src[l.pos] {
		case '\n', '\r':
			return
		case lineEnds[2]: // the first byte of both others
			if r, _ := utf8.DecodeRuneInString(l.src[l.pos:]); strings.ContainsRune(lineEnds, r) {
				return
			}
		}
	}
}

// nameByte holds the bytes that can continue a name. All bytes above ASCII can:
// rejecting the characters that are not letters is left to a compiler.
var nameByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c >= 0x80
	}
	return t
}()

// InName reports whether a byte can be part of a name.
func InName(c byte) bool { return nameByte[c] }

// IsSpace reports whether a character is white space or a line end.
// Source: tc39.es/ecma262/#sec-white-space and #sec-line-terminators.
func IsSpace(r rune) bool {
	if r < utf8.RuneSelf {
		return r == ' ' || r >= '\t' && r <= '\r'
	}
	return r == '\uFEFF' || unicode.Is(unicode.Zs, r) || strings.ContainsRune(lineEnds, r)
}

// name skips to the end of a name, and reports whether there is one.
func (l *lexer) name() bool {
	start := l.pos
	for l.pos < len(l.src) {
		if c := l.src[l.pos]; c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(l.src[l.pos:])
			if IsSpace(r) {
				break
			}
			l.pos += n
		} else if nameByte[c] {
			l.pos++
		} else if l.src[l.pos] == '\\' && l.at(l.pos+1) == 'u' {
			l.tok.escaped = true
			l.pos += 2
			if l.at(l.pos) == '{' {
				for l.pos < len(l.src) && l.src[l.pos] != '}' {
					l.pos++
				}
				l.pos++
			}
		} else {
			break
		}
	}
	l.pos = min(l.pos, len(l.src))
	return l.pos > start
}

func (l *lexer) scan() Op {
	if l.pos >= len(l.src) {
		return tEOF
	}
	c := l.src[l.pos]
	switch {
	case c >= '0' && c <= '9', c == '.' && l.at(l.pos+1) >= '0' && l.at(l.pos+1) <= '9':
		return l.number()
	case nameByte[c], c == '\\':
		start := l.pos
		if !l.name() {
			l.fail("unexpected backslash")
		}
		switch l.src[start:l.pos] {
		case "in":
			return OpIn
		case "instanceof":
			return OpInstanceof
		}
		return tName
	case c == '"' || c == '\'':
		return l.quoted(c)
	}
	return l.punctuator(c)
}

func (l *lexer) number() Op {
	l.numeral()
	if end := l.pos; l.name() {
		l.pos = end
		l.fail("a name right after a number")
	}
	return tNumber
}

// numeral skips to the end of a number as the language defines it: 1..toString is
// 1. followed by a member, and so is 017.toString.
func (l *lexer) numeral() {
	start := l.pos
	digits := func(letters string) {
		for c := l.at(l.pos); c >= '0' && c <= '9' || c != 0 && strings.IndexByte(letters, c) >= 0; c = l.at(l.pos) {
			l.pos++
		}
	}
	if l.src[start] == '0' && strings.IndexByte("xob", l.at(start+1)|0x20) >= 0 {
		l.pos += 2
		digits("abcdefABCDEF_n")
		return
	}
	digits("_")
	if l.at(l.pos) == 'n' {
		l.pos++
		return
	}
	if text := l.src[start:l.pos]; len(text) > 1 && text[0] == '0' && !strings.ContainsAny(text, "89") {
		return // an octal number, allowed in sloppy mode
	}
	if l.at(l.pos) == '.' {
		l.pos++
		digits("_")
	}
	if l.at(l.pos)|0x20 == 'e' {
		l.pos++
		if c := l.at(l.pos); c == '+' || c == '-' {
			l.pos++
		}
		digits("_")
	}
}

func (l *lexer) quoted(quote byte) Op {
	l.pos++
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; c {
		case quote:
			l.pos++
			return tString
		case '\\':
			if l.at(l.pos+1) == '\r' && l.at(l.pos+2) == '\n' {
				l.pos++
			}
			l.pos += 2
		case '\n', '\r':
			l.fail("unterminated string")
		default:
			l.pos++
		}
	}
	l.pos = len(l.src)
	l.fail("unterminated string")
	return tEOF
}

// regex reads the current slash again as the start of a regular expression.
func (l *lexer) regex() {
	l.pos = int(l.tok.start) + 1
	class := false
	for {
		switch l.at(l.pos) {
		case 0, '\n', '\r':
			l.fail("unterminated regular expression")
		case '\\':
			l.pos++
		case '[':
			class = true
		case ']':
			class = false
		case '/':
			if !class {
				l.pos++
				l.name()
				l.tok.kind, l.tok.end = tRegex, int32(l.pos)
				return
			}
		}
		l.pos++
	}
}

// punctuator reads the longest operator at the current position.
func (l *lexer) punctuator(c byte) Op {
	d, e := l.at(l.pos+1), l.at(l.pos+2)
	take := func(n int, k Op) Op { l.pos += n; return k }
	switch c {
	case '{':
		return take(1, tLBrace)
	case '}':
		return take(1, tRBrace)
	case '(':
		return take(1, tLParen)
	case ')':
		return take(1, tRParen)
	case '[':
		return take(1, tLBracket)
	case ']':
		return take(1, tRBracket)
	case ';':
		return take(1, tSemicolon)
	case ',':
		return take(1, tComma)
	case ':':
		return take(1, tColon)
	case '~':
		return take(1, OpTilde)
	case '@':
		return take(1, tAt)
	case '`':
		return take(1, tTemplate)
	case '#':
		l.pos++
		l.name()
		return tPrivate
	case '.':
		if d == '.' && e == '.' {
			return take(3, tEllipsis)
		}
		return take(1, tDot)
	case '?':
		switch {
		case d == '?' && e == '=':
			return take(3, OpLogicAssign)
		case d == '?':
			return take(2, OpNullish)
		case d == '.' && (e < '0' || e > '9'):
			return take(2, tChain)
		}
		return take(1, tQuestion)
	case '=':
		switch {
		case d == '=' && e == '=':
			return take(3, OpEqual)
		case d == '=':
			return take(2, OpEqual)
		case d == '>':
			return take(2, tArrow)
		}
		return take(1, OpAssign)
	case '!':
		switch {
		case d == '=' && e == '=':
			return take(3, OpNotEqual)
		case d == '=':
			return take(2, OpNotEqual)
		}
		return take(1, OpNot)
	case '+':
		switch d {
		case '+':
			return take(2, OpIncrement)
		case '=':
			return take(2, OpAddAssign)
		}
		return take(1, OpPlus)
	case '-':
		switch d {
		case '-':
			return take(2, OpDecrement)
		case '=':
			return take(2, OpOtherAssign)
		}
		return take(1, OpMinus)
	case '&', '|':
		logic, bit := OpAnd, OpBitAnd
		if c == '|' {
			logic, bit = OpOr, OpBitOr
		}
		switch {
		case d == c && e == '=':
			return take(3, OpLogicAssign)
		case d == c:
			return take(2, logic)
		case d == '=':
			return take(2, OpOtherAssign)
		}
		return take(1, bit)
	case '*':
		switch {
		case d == '*' && e == '=':
			return take(3, OpOtherAssign)
		case d == '*':
			return take(2, OpPower)
		case d == '=':
			return take(2, OpOtherAssign)
		}
		return take(1, OpStar)
	case '/', '%', '^':
		if d == '=' {
			return take(2, OpOtherAssign)
		}
		switch c {
		case '/':
			return take(1, OpSlash)
		case '%':
			return take(1, OpPercent)
		}
		return take(1, OpBitXor)
	case '<', '>':
		n := 1
		for n < 3 && l.at(l.pos+n) == c {
			n++
		}
		if c == '<' {
			n = min(n, 2)
		}
		if l.at(l.pos+n) == '=' {
			if n > 1 {
				return take(n+1, OpOtherAssign)
			}
			return take(2, OpCompare)
		}
		switch {
		case n > 1:
			return take(n, OpShift)
		case c == '<':
			return take(1, OpLess)
		}
		return take(1, OpGreater)
	}
	l.fail("unexpected character")
	return tEOF
}
