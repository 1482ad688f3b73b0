package node

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

func (p *parser) expression() *node {
	x := p.assignment()
	if p.tok.kind != tComma {
		return x
	}
	n := p.nodeAt(kSequence, x.start)
	n.list = []*node{x}
	for p.accept(tComma) {
		n.list = append(n.list, p.assignment())
	}
	return p.done(n, n.list[len(n.list)-1].end)
}

func (p *parser) assignment() *node {
	p.enter()
	defer func() { p.depth-- }()
	if p.tok.kind == tName {
		switch p.text() {
		case "async":
			if n := p.asyncArrow(); n != nil {
				return n
			}
		case "yield":
			if p.generator {
				return p.yield()
			}
		}
	}
	x := p.conditional()
	switch p.tok.kind {
	case tArrow:
		if x.kind == kName && x.flags&fParen == 0 && !p.tok.newline {
			return p.arrow(x.start, []*node{x}, false)
		}
	case tAssign, tAddAssign, tLogicAssign, tOtherAssign:
		n := p.nodeAt(kAssign, x.start)
		n.op = p.tok.kind
		p.next()
		n.x, n.y = x, p.assignment()
		return p.done(n, n.y.end)
	}
	return x
}

func (p *parser) yield() *node {
	n := p.node(kUnary)
	n.name, n.end = "yield", p.tok.end
	p.next()
	if p.tok.newline {
		return n
	}
	p.accept(tStar)
	switch p.tok.kind {
	case tRParen, tRBracket, tRBrace, tComma, tSemicolon, tColon, tEOF, tIn:
		return n
	}
	n.x = p.assignment()
	return p.done(n, n.x.end)
}

// asyncArrow parses async x => and leaves everything else that starts with
// async, its arrow functions with parentheses included, to primary.
func (p *parser) asyncArrow() *node {
	t, _ := p.peek()
	if t.kind != tName || t.newline {
		return nil
	}
	saved := p.lexer
	start := p.tok.start
	p.next()
	x := p.bindingName()
	if p.tok.kind == tArrow && x.name != "function" {
		return p.arrow(start, []*node{x}, true)
	}
	p.lexer = saved
	return nil
}

// arrow parses what follows the parameters of an arrow function. They were
// read as expressions of the outer scope, so their names move to the inner one.
func (p *parser) arrow(start int32, params []*node, async bool) *node {
	n := p.nodeAt(kArrow, start)
	n.list = params
	p.expect(tArrow)
	s, close := p.open(true)
	defer close()
	n.scope = s
	for _, x := range params {
		p.declare(s, x)
		rescope(x, s.parent, s)
	}
	generator, wasAsync := p.generator, p.async
	p.generator, p.async = false, async
	if p.tok.kind == tLBrace {
		n.x = p.node(kBlock)
		noIn := p.noIn
		p.noIn = false
		p.statements(n.x)
		p.noIn = noIn
	} else {
		n.x = p.assignment()
	}
	p.generator, p.async = generator, wasAsync
	return p.done(n, n.x.end)
}

func rescope(n *node, from, to *scope) {
	switch {
	case n.scope == from:
		n.scope = to
	case n.scope != nil:
		if n.scope.parent == from {
			n.scope.parent = to
		}
		return
	}
	n.each(func(c *node) { rescope(c, from, to) })
}

func (p *parser) conditional() *node {
	x := p.binary(p.unary(), 0)
	if p.tok.kind != tQuestion {
		return x
	}
	p.next()
	n := p.nodeAt(kCond, x.start)
	noIn := p.noIn
	p.noIn = false
	n.x, n.y = x, p.assignment()
	p.noIn = noIn
	p.expect(tColon)
	n.z = p.assignment()
	return p.done(n, n.z.end)
}

// binary climbs the precedence of operators above floor.
func (p *parser) binary(x *node, floor int) *node {
	for i := 0; ; i++ {
		p.link(i)
		op := p.tok.kind
		if int(op) >= len(precedence) || precedence[op] <= floor || op == tIn && p.noIn {
			return x
		}
		level := precedence[op]
		p.next()
		n := p.nodeAt(kBinary, x.start)
		n.op, n.x = op, x
		y := p.unary()
		if op == tPower {
			level-- // groups to the right
		}
		p.enter()
		n.y = p.binary(y, level)
		p.depth--
		x = p.done(n, n.y.end)
	}
}

// link counts the links of long chains, since every one makes the tree deeper.
func (p *parser) link(i int) {
	if i > 100 {
		if p.links++; p.links > maxLinks {
			p.fail("chains of operators too long")
		}
	}
}

func (p *parser) unary() *node {
	n := p.node(kUnary)
	switch p.tok.kind {
	case tNot, tTilde, tPlus, tMinus:
		n.op = p.tok.kind
	case tIncrement, tDecrement:
		n.kind = kUpdate
	case tPrivate: // #name in object
		n.kind, n.name, n.end = kLiteral, "#", p.tok.end
		p.next()
		return n
	case tName:
		switch n.name = p.text(); n.name {
		case "typeof", "void", "delete":
		case "await":
			if !p.awaits() {
				return p.postfix()
			}
		default:
			return p.postfix()
		}
	default:
		return p.postfix()
	}
	p.enter()
	p.next()
	n.x = p.unary()
	p.depth--
	return p.done(n, n.x.end)
}

// awaits tells the operator from a variable of that name, which scripts may have.
func (p *parser) awaits() bool {
	if !p.async {
		return false
	}
	t, _ := p.peek()
	switch t.kind {
	case tName, tString, tNumber, tTemplate, tLParen, tLBracket, tLBrace, tNot, tMinus, tPlus, tSlash, tTilde, tPrivate:
		return true
	}
	return false
}

func (p *parser) postfix() *node {
	x := p.suffixes(p.primary(), true)
	if (p.tok.kind == tIncrement || p.tok.kind == tDecrement) && !p.tok.newline {
		n := p.nodeAt(kUpdate, x.start)
		n.x = x
		n.end = p.tok.end
		p.next()
		return n
	}
	return x
}

// suffixes parses members, indices, calls and tagged templates after x.
func (p *parser) suffixes(x *node, calls bool) *node {
	for i := 0; ; i++ {
		p.link(i)
		var n *node
		switch p.tok.kind {
		case tDot:
			p.next()
			n = p.member(x)
		case tChain:
			if !calls {
				return x
			}
			p.next()
			switch p.tok.kind {
			case tLParen:
				n = p.nodeAt(kCall, x.start)
				n.x = x
				p.arguments(n)
			case tLBracket:
				n = p.indexed(x)
			case tTemplate:
				continue
			default:
				n = p.member(x)
			}
			n.flags |= fOptional
		case tLBracket:
			n = p.indexed(x)
		case tLParen:
			if !calls {
				return x
			}
			n = p.nodeAt(kCall, x.start)
			n.x = x
			p.arguments(n)
		case tTemplate:
			n = p.nodeAt(kTagged, x.start)
			n.x, n.y = x, p.template()
			n.end = n.y.end
		default:
			return x
		}
		x = n
	}
}

func (p *parser) member(x *node) *node {
	n := p.nodeAt(kMember, x.start)
	n.x = x
	switch p.tok.kind {
	case tName, tPrivate, tIn, tInstanceof:
		n.name, n.end = p.text(), p.tok.end
		p.next()
		return n
	}
	p.unexpected()
	return nil
}

func (p *parser) indexed(x *node) *node {
	n := p.nodeAt(kIndex, x.start)
	n.x = x
	p.expect(tLBracket)
	noIn := p.noIn
	p.noIn = false
	n.y = p.expression()
	p.noIn = noIn
	n.end = p.expect(tRBracket)
	if n.y.kind == kString && n.y.flags&fEscaped == 0 {
		n.name = n.y.name
	}
	return n
}

// arguments reads ( ... ) into n.
func (p *parser) arguments(n *node) {
	p.expect(tLParen)
	noIn := p.noIn
	p.noIn = false
	for p.tok.kind != tRParen {
		n.list = append(n.list, p.element())
		if !p.accept(tComma) {
			break
		}
	}
	p.noIn = noIn
	n.end = p.expect(tRParen)
}

// element is an expression that may be spread.
func (p *parser) element() *node {
	if p.tok.kind != tEllipsis {
		return p.assignment()
	}
	n := p.node(kSpread)
	p.next()
	n.x = p.assignment()
	return p.done(n, n.x.end)
}

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
