package js

import (
	"strings"
)

func (p *parser) primary() *Node {
	n := p.node(Name)
	n.End = p.tok.end
	switch p.tok.kind {
	case tName:
		return p.reserved(n)
	case tString:
		text := p.text()
		n.Kind, n.Name = String, text[1:len(text)-1]
		if strings.IndexByte(n.Name, '\\') >= 0 {
			n.Flags |= Escaped
			if oddEscape(n.Name) {
				n.Flags |= Odd
			}
			n.Name = unquote(n.Name)
		}
	case tNumber:
		n.Kind, n.Name = Number, p.text()
	case tTemplate:
		return p.template()
	case OpSlash, OpOtherAssign:
		if p.src[p.tok.start] != '/' {
			p.unexpected()
		}
		p.regex()
		n.Kind, n.Name, n.End = Regex, p.text(), p.tok.end
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
		n.Kind = Literal
	default:
		p.unexpected()
	}
	p.next()
	return n
}

// named sets n to the name in the current token.
func (p *parser) named(n *Node) {
	n.Name, n.End = p.word(), p.tok.end
	if p.tok.escaped {
		n.Flags |= Odd
	}
}

// reserved parses a primary expression that starts with a word.
func (p *parser) reserved(n *Node) *Node {
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
			return p.function(false, true)
		} else if t.kind == tLParen && !t.newline {
			return p.asyncCall(n)
		}
		p.named(n)
		n.Scope = p.scope
	case "true", "false", "null", "this", "super":
		n.Kind, n.Name = Literal, word
	case "break", "case", "catch", "const", "continue", "debugger", "default", "delete", "do", "else", "enum", "export",
		"extends", "finally", "for", "if", "return", "switch", "throw", "try", "typeof", "var", "void", "while", "with":
		p.unexpected()
	default:
		p.named(n)
		n.Scope = p.scope
	}
	p.next()
	return n
}

// asyncCall parses async(...). It is an arrow function if => follows.
func (p *parser) asyncCall(n *Node) *Node {
	n.Name, n.Scope = p.text(), p.scope
	p.next()
	call := p.nodeAt(Call, n.Start)
	call.X = n
	p.arguments(call)
	if p.tok.kind == tArrow && !p.tok.newline {
		return p.arrow(n.Start, call.List, true)
	}
	return call
}

func (p *parser) newExpression() *Node {
	n := p.node(New)
	p.enter()
	defer func() { p.depth-- }()
	p.next()
	if p.tok.kind == tDot {
		p.next()
		n.Kind, n.Name, n.End = Literal, "new.target", p.tok.end
		p.next()
		return n
	}
	n.X = p.suffixes(p.primary(), false)
	n.End = n.X.End
	if p.tok.kind == tLParen {
		p.arguments(n)
	}
	return n
}

func (p *parser) importExpression() *Node {
	n := p.node(ImportCall)
	p.next()
	if p.accept(tDot) {
		if p.is("meta") {
			p.moduleSyntax = true
			n.Kind, n.End = ImportMeta, p.tok.end
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

func (p *parser) parenthesis() *Node {
	start := p.tok.start
	p.next()
	noIn := p.noIn
	p.noIn = false
	var list []*Node
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
	if len(list) == 0 || trailing || list[len(list)-1].Kind == Spread {
		p.unexpected()
	}
	x := list[0]
	if len(list) > 1 {
		x = p.nodeAt(Sequence, start)
		x.List = list
	}
	// The position of a parenthesised expression includes its parentheses, so that an
	// edit replaces them too.
	x.Start, x.End = start, end
	x.Flags |= Parenthesised
	return x
}

func (p *parser) array() *Node {
	return p.list(Array, tLBracket, tRBracket, func() *Node {
		if p.tok.kind == tComma {
			hole := p.node(Empty)
			hole.End = hole.Start
			return hole
		}
		return p.element()
	})
}

func (p *parser) object() *Node {
	return p.list(Object, tLBrace, tRBrace, func() *Node {
		if p.tok.kind == tEllipsis {
			return p.element()
		}
		return p.property(false)
	})
}

// list parses items that are separated by commas and enclosed in brackets. Inside
// brackets, the operator in is always allowed.
func (p *parser) list(kind Kind, open, end Op, item func() *Node) *Node {
	n := p.node(kind)
	p.expect(open)
	noIn := p.noIn
	p.noIn = false
	for p.tok.kind != end {
		n.List = append(n.List, item())
		if p.tok.kind != end {
			p.expect(tComma)
		}
	}
	p.noIn = noIn
	n.End = p.expect(end)
	return n
}

// template parses a template from its opening backtick, the current token.
func (p *parser) template() *Node {
	n := p.node(Template)
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
		inner := p.src[start:p.pos]
		if oddEscape(inner) {
			n.Flags |= Odd
		}
		n.Texts = append(n.Texts, unquote(inner))
		if p.src[p.pos] == '`' {
			p.pos++
			n.End = int32(p.pos)
			p.next()
			return n
		}
		p.pos += 2
		p.next()
		noIn := p.noIn
		p.noIn = false
		n.List = append(n.List, p.expression())
		p.noIn = noIn
		if p.tok.kind != tRBrace {
			p.unexpected()
		}
		p.pos = int(p.tok.end)
	}
}
