package node

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

func (p *parser) primary() *node {
	n := p.node(kName)
	n.end = p.tok.end
	switch p.tok.kind {
	case tName:
		return p.named(n)
	case tString:
		text := p.text()
		n.kind, n.name = kString, text[1:len(text)-1]
		if strings.IndexByte(n.name, '\\') >= 0 {
			n.flags |= fEscaped
			if oddEscape(n.name) {
				n.flags |= fOdd
			}
			n.name = unquote(n.name)
		}
	case tNumber:
		n.kind, n.name = kNumber, p.text()
	case tTemplate:
		return p.template()
	case tSlash, tOtherAssign:
		if p.src[p.tok.start] != '/' {
			p.unexpected()
		}
		p.regex()
		n.kind, n.name, n.end = kRegex, p.text(), p.tok.end
	case tLParen:
		return p.parenthesis()
	case tLBracket:
		return p.array()
	case tLBrace:
		return p.object()
	case tAt:
		p.decorators()
		return p.class(false)
	case tPrivate:
		n.kind = kLiteral
	default:
		p.unexpected()
	}
	p.next()
	return n
}

// named parses the primary expressions that start with a word.
func (p *parser) named(n *node) *node {
	switch word := p.text(); word {
	case "function":
		return p.function(false, false)
	case "class":
		return p.class(false)
	case "new":
		return p.newExpression()
	case "import":
		return p.importExpression()
	case "async":
		if t, text := p.peek(); t.kind == tName && text == "function" && !t.newline {
			p.next()
			f := p.function(false, true)
			f.start = n.start
			return f
		} else if t.kind == tLParen && !t.newline {
			return p.asyncCall(n)
		}
		n.name, n.scope = word, p.scope
	case "true", "false", "null", "this", "super":
		n.kind, n.name = kLiteral, word
	case "case", "default", "else", "catch", "finally", "return", "throw", "try", "switch", "if", "for", "while", "do", "var", "const", "break", "continue", "export", "extends", "enum", "with", "typeof", "void", "delete", "debugger":
		p.unexpected()
	default:
		n.name, n.scope = word, p.scope
	}
	p.next()
	return n
}

// asyncCall parses async(...), which is an arrow function when an arrow follows.
func (p *parser) asyncCall(n *node) *node {
	n.name, n.scope = p.text(), p.scope
	p.next()
	call := p.nodeAt(kCall, n.start)
	call.x = n
	p.arguments(call)
	if p.tok.kind == tArrow && !p.tok.newline {
		return p.arrow(n.start, call.list, true)
	}
	return call
}

func (p *parser) newExpression() *node {
	n := p.node(kNew)
	p.enter()
	defer func() { p.depth-- }()
	p.next()
	if p.tok.kind == tDot {
		p.next()
		n.kind, n.name, n.end = kLiteral, "new.target", p.tok.end
		p.next()
		return n
	}
	n.x = p.suffixes(p.primary(), false)
	n.end = n.x.end
	if p.tok.kind == tLParen {
		p.arguments(n)
	}
	return n
}

func (p *parser) importExpression() *node {
	n := p.node(kImportCall)
	p.next()
	if p.accept(tDot) {
		if p.is("meta") {
			p.moduleSyntax = true
			n.kind, n.end = kImportMeta, p.tok.end
			p.next()
			return n
		}
		p.next() // import.defer(...), import.source(...)
	}
	if p.tok.kind != tLParen {
		p.unexpected()
	}
	p.arguments(n)
	return n
}

func (p *parser) parenthesis() *node {
	start := p.tok.start
	p.next()
	noIn := p.noIn
	p.noIn = false
	var list []*node
	trailing := false
	for p.tok.kind != tRParen {
		list = append(list, p.element())
		if trailing = p.accept(tComma); !trailing {
			break
		}
	}
	p.noIn = noIn
	end := p.expect(tRParen)
	if p.tok.kind == tArrow && !p.tok.newline {
		return p.arrow(start, list, false)
	}
	if len(list) == 0 || trailing || list[len(list)-1].kind == kSpread {
		p.unexpected()
	}
	x := list[0]
	if len(list) > 1 {
		x = p.nodeAt(kSequence, start)
		x.list = list
	}
	// Positions of a parenthesised expression include its parentheses, so that
	// an edit of the whole leaves none behind.
	x.start, x.end = start, end
	x.flags |= fParen
	return x
}

func (p *parser) array() *node {
	n := p.node(kArray)
	p.expect(tLBracket)
	noIn := p.noIn
	p.noIn = false
	for p.tok.kind != tRBracket {
		if p.tok.kind == tComma {
			n.list = append(n.list, p.node(kEmpty))
		} else {
			n.list = append(n.list, p.element())
		}
		if p.tok.kind != tRBracket {
			p.expect(tComma)
		}
	}
	p.noIn = noIn
	n.end = p.expect(tRBracket)
	return n
}

func (p *parser) object() *node {
	n := p.node(kObject)
	p.expect(tLBrace)
	noIn := p.noIn
	p.noIn = false
	for p.tok.kind != tRBrace {
		if p.tok.kind == tEllipsis {
			n.list = append(n.list, p.element())
		} else {
			n.list = append(n.list, p.property(false))
		}
		if p.tok.kind != tRBrace {
			p.expect(tComma)
		}
	}
	p.noIn = noIn
	n.end = p.expect(tRBrace)
	return n
}

// template parses from the opening backtick, which is the current token.
func (p *parser) template() *node {
	n := p.node(kTemplate)
	p.enter()
	defer func() { p.depth-- }()
	for {
		start := p.pos
		for p.pos < len(p.src) && p.src[p.pos] != '`' && !(p.src[p.pos] == '$' && p.at(p.pos+1) == '{') {
			if p.src[p.pos] == '\\' {
				p.pos++
			}
			p.pos++
		}
		if p.pos >= len(p.src) {
			p.pos = len(p.src)
			p.fail("unterminated template")
		}
		if inner := p.src[start:p.pos]; oddEscape(inner) {
			n.flags |= fOdd
			n.texts = append(n.texts, unquote(inner))
		} else {
			n.texts = append(n.texts, unquote(inner))
		}
		if p.src[p.pos] == '`' {
			p.pos++
			n.end = int32(p.pos)
			p.next()
			return n
		}
		p.pos += 2
		p.next()
		noIn := p.noIn
		p.noIn = false
		n.list = append(n.list, p.expression())
		p.noIn = noIn
		if p.tok.kind != tRBrace {
			p.unexpected()
		}
		p.pos = int(p.tok.end)
	}
}

// unquote gives the value of the inside of a string or template literal.
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
			b.WriteByte(c)
		}
	}
	return b.String()
}
