package js

import (
	"unicode"
	"unicode/utf8"
)

// Op is the kind of a token. Keywords are names; the parser tells them apart.
type Op uint8

const (
	tEOF Op = iota
	tName
	tPrivate // #name
	tNumber
	tString
	tTemplate // the opening backtick
	tRegex

	tLBrace
	tRBrace
	tLParen
	tRParen
	tLBracket
	tRBracket
	tDot
	tEllipsis
	tSemicolon
	tComma
	tColon
	tQuestion
	tChain // ?.
	tArrow
	tAt
	OpNot
	OpTilde
	OpIncrement
	OpDecrement

	OpAssign      // =
	OpAddAssign   // +=
	OpLogicAssign // ||= &&= ??=
	OpOtherAssign // every other compound assignment

	// Binary operators, all after OpOtherAssign.
	OpNullish
	OpOr
	OpAnd
	OpBitOr
	OpBitXor
	OpBitAnd
	OpEqual    // == and ===
	OpNotEqual // != and !==
	OpLess
	OpGreater
	OpCompare // <= and >=
	OpShift
	OpPlus
	OpMinus
	OpStar
	OpSlash
	OpPercent
	OpPower
	OpInstanceof
	OpIn
)

// precedence of binary operators; 0 means it is none. The order is that of the
// operator table in ECMA-262, section 13.
var precedence = [...]int{
	OpNullish: 1, OpOr: 2, OpAnd: 3, OpBitOr: 4, OpBitXor: 5, OpBitAnd: 6,
	OpEqual: 7, OpNotEqual: 7, OpLess: 8, OpGreater: 8, OpCompare: 8, OpInstanceof: 8, OpIn: 8,
	OpShift: 9, OpPlus: 10, OpMinus: 10, OpStar: 11, OpSlash: 11, OpPercent: 11, OpPower: 12,
}

// token is one lexeme. newline says that a line ended somewhere before it.
type token struct {
	kind       Op
	newline    bool
	start, end int32
}

// lexer cuts JavaScript into tokens. Whether a slash starts a regular
// expression is for the parser to say: it calls [lexer.regex].
type lexer struct {
	src string
	pos int
	tok token
}

// syntaxError is thrown by the lexer and the parser and caught in parse.
type syntaxError struct {
	offset  int
	message string
}

func (e syntaxError) Error() string { return e.message }

func (l *lexer) fail(message string) { panic(syntaxError{l.pos, message}) }

func (l *lexer) text() string { return l.src[l.tok.start:l.tok.end] }

// is reports whether the current token is that keyword or contextual name.
func (l *lexer) is(name string) bool { return l.tok.kind == tName && l.text() == name }

func (l *lexer) at(i int) byte {
	if i < len(l.src) {
		return l.src[i]
	}
	return 0
}

// next moves to the next token.
func (l *lexer) next() {
	l.tok.newline = l.space()
	l.tok.start = int32(l.pos)
	l.tok.kind = l.scan()
	l.tok.end = int32(l.pos)
}

// space skips white space and comments and reports whether a line ended.
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
			l.pos += 2
			for {
				if l.pos >= len(l.src) {
					l.fail("unterminated comment")
				}
				if l.src[l.pos] == '*' && l.at(l.pos+1) == '/' {
					l.pos += 2
					break
				}
				newline = newline || l.src[l.pos] == '\n'
				l.pos++
			}
		case c == '#' && l.pos == 0 && l.at(1) == '!':
			l.line()
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(l.src[l.pos:])
			if r == '\u2028' || r == '\u2029' {
				newline = true
			} else if r != '\uFEFF' && !unicode.Is(unicode.Zs, r) {
				return newline
			}
			l.pos += n
		default:
			return newline
		}
	}
	return newline
}

func (l *lexer) line() {
	for l.pos < len(l.src) && l.src[l.pos] != '\n' && l.src[l.pos] != '\r' {
		l.pos++
	}
}

// nameByte says which bytes continue a name. All of UTF-8's upper half does:
// the letters that are not letters are for a compiler to refuse.
var nameByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c >= 0x80
	}
	return t
}()

// InName says that a byte may stand in a name.
func InName(c byte) bool { return nameByte[c] }

func (l *lexer) name() {
	for l.pos < len(l.src) {
		if nameByte[l.src[l.pos]] {
			l.pos++
		} else if l.src[l.pos] == '\\' && l.at(l.pos+1) == 'u' {
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
		l.name()
		if l.pos == start {
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
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		if (c == '+' || c == '-') && (l.src[l.pos-1]|0x20) == 'e' && !(l.at(int(l.tok.start)) == '0' && l.at(int(l.tok.start)+1)|0x20 == 'x') {
			l.pos++
		} else if nameByte[c] || c == '.' {
			l.pos++
		} else {
			break
		}
	}
	return tNumber
}

func (l *lexer) quoted(quote byte) Op {
	l.pos++
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; c {
		case quote:
			l.pos++
			return tString
		case '\\':
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

// regex reads the current slash again, as the start of a regular expression.
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
		return take(1, map[byte]Op{'/': OpSlash, '%': OpPercent, '^': OpBitXor}[c])
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
