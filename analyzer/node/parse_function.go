package node

// function parses from the keyword function, which is the current token.
func (p *parser) function(statement, async bool) *node {
	n := p.node(kFunction)
	p.next()
	generator := p.accept(tStar)
	outer := p.scope
	if p.tok.kind == tName {
		n.name = p.text()
		if statement {
			outer.declare(n.name)
		}
		p.next()
	}
	p.body(n, async, generator, !statement)
	return n
}

// body parses parameters and statements of a function or method into n.
func (p *parser) body(n *node, async, generator, ownName bool) {
	p.enter()
	defer func() { p.depth-- }()
	var close func()
	n.scope, close = p.open(true)
	defer close()
	if ownName && n.name != "" {
		n.scope.declare(n.name)
	}
	wasGenerator, wasAsync, noIn := p.generator, p.async, p.noIn
	p.generator, p.async, p.noIn = generator, async, false
	p.expect(tLParen)
	for p.tok.kind != tRParen {
		var param *node
		if p.tok.kind == tAt {
			p.unexpected() // TypeScript's
		}
		if p.tok.kind == tEllipsis {
			param = p.node(kSpread)
			p.next()
			param.x = p.target()
		} else {
			param = p.target()
			if p.tok.kind == tAssign {
				d := p.nodeAt(kAssign, param.start)
				d.op = tAssign
				p.next()
				d.x, d.y = param, p.assignment()
				d.end = d.y.end
				param = d
			}
		}
		p.declare(n.scope, param)
		n.list = append(n.list, param)
		if !p.accept(tComma) {
			break
		}
	}
	p.expect(tRParen)
	n.x = p.node(kBlock)
	p.statements(n.x)
	n.end = n.x.end
	p.generator, p.async, p.noIn = wasGenerator, wasAsync, noIn
}

// decorators reads @expression as often as it stands there, for the next class
// to take into its list.
func (p *parser) decorators() {
	for p.accept(tAt) {
		p.decorated = append(p.decorated, p.suffixes(p.primary(), true))
	}
}

func (p *parser) class(statement bool) *node {
	n := p.node(kClass)
	n.list, p.decorated = p.decorated, nil
	p.enter()
	defer func() { p.depth-- }()
	p.next()
	if p.tok.kind == tName && !p.is("extends") {
		n.name = p.text()
		if statement {
			p.scope.declare(n.name)
		}
		p.next()
	}
	var close func()
	n.scope, close = p.open(false)
	defer close()
	if n.name != "" && !statement {
		n.scope.declare(n.name)
	}
	if p.is("extends") {
		p.next()
		n.x = p.suffixes(p.primary(), true)
	}
	p.expect(tLBrace)
	for p.tok.kind != tRBrace {
		if p.accept(tSemicolon) {
			continue
		}
		p.decorators()
		n.list = append(n.list, p.decorated...)
		p.decorated = nil
		n.list = append(n.list, p.property(true))
	}
	n.end = p.expect(tRBrace)
	return n
}

// property parses one property of an object literal or pattern, or one member
// of a class.
func (p *parser) property(class bool) *node {
	p.enter()
	defer func() { p.depth-- }()
	n := p.node(kProperty)
	async, generator := false, false
	for p.tok.kind == tName {
		word := p.text()
		t, _ := p.peek()
		if endsName(t.kind) {
			break
		}
		if class && word == "static" {
			n.flags |= fStatic
			if t.kind == tLBrace {
				p.next()
				b := p.node(kBlock)
				var close func()
				b.scope, close = p.open(true)
				p.statements(b)
				close()
				return b
			}
		} else if word == "async" && !t.newline {
			async = true
		} else if word == "get" || word == "set" {
			if t.newline && class {
				break
			}
			n.flags |= fMethod
		} else if !(class && word == "accessor") {
			break
		}
		p.next()
	}
	if p.accept(tStar) {
		generator = true
	}
	shorthand := p.tok
	p.propertyName(n)
	switch {
	case p.tok.kind == tLParen:
		f := p.nodeAt(kFunction, p.tok.start)
		p.body(f, async, generator, false)
		n.y, n.end = f, f.end
		n.flags |= fMethod
	case class:
		n.end = shorthand.end
		if p.accept(tAssign) {
			s, close := p.open(true)
			n.scope = s
			n.y = p.assignment()
			close()
			n.end = n.y.end
		}
		p.semicolon()
	case p.accept(tColon):
		n.y = p.assignment()
		n.end = n.y.end
	case shorthand.kind == tName && n.x == nil:
		v := p.nodeAt(kName, shorthand.start)
		v.end, v.name, v.scope = shorthand.end, n.name, p.scope
		n.y, n.end = v, v.end
		n.flags |= fShorthand
		if p.tok.kind == tAssign {
			d := p.nodeAt(kAssign, v.start)
			d.op = tAssign
			p.next()
			d.x, d.y = v, p.assignment()
			d.end = d.y.end
			n.y, n.end = d, d.end
		}
	default:
		p.unexpected()
	}
	return n
}

// endsName says that the word before is the property's name, not a modifier.
func endsName(k tok) bool {
	switch k {
	case tLParen, tComma, tColon, tRBrace, tAssign, tSemicolon, tEOF:
		return true
	}
	return false
}

func (p *parser) propertyName(n *node) {
	switch p.tok.kind {
	case tName, tPrivate, tNumber, tIn, tInstanceof:
		n.name = p.text()
		p.next()
	case tString:
		n.name = p.stringValue()
	case tLBracket:
		p.next()
		n.x = p.assignment()
		p.expect(tRBracket)
	default:
		p.unexpected()
	}
}
