package js

// function parses a function from its start, which may be the word async.
func (p *parser) function(statement, async bool) *Node {
	n := p.node(Function)
	if async {
		p.next()
	}
	p.next()
	generator := p.accept(OpStar)
	outer := p.scope
	if p.tok.kind == tName {
		n.Name = p.word()
		if statement {
			outer.declare(n.Name)
		}
		p.next()
	}
	p.body(n, async, generator, !statement)
	return n
}

// body parses the parameters and the statements of a function or method into n.
func (p *parser) body(n *Node, async, generator, ownName bool) {
	p.enter()
	defer func() { p.depth-- }()
	var close func()
	n.Scope, close = p.open(true)
	defer close()
	if ownName && n.Name != "" {
		n.Scope.declare(n.Name)
	}
	wasGenerator, wasAsync, noIn := p.generator, p.async, p.noIn
	p.generator, p.async, p.noIn = generator, async, false
	p.expect(tLParen)
	for p.tok.kind != tRParen {
		var param *Node
		if p.tok.kind == tAt {
			p.unexpected() // only TypeScript has this
		}
		if p.tok.kind == tEllipsis {
			param = p.node(Spread)
			p.next()
			param.X = p.target()
		} else {
			param = p.withDefault(p.target())
		}
		p.declare(n.Scope, param)
		n.List = append(n.List, param)
		if !p.accept(tComma) {
			break
		}
	}
	p.expect(tRParen)
	n.X = p.node(Block)
	p.statements(n.X)
	n.End = n.X.End
	p.generator, p.async, p.noIn = wasGenerator, wasAsync, noIn
}

// withDefault parses the default of a parameter or property, if there is one.
func (p *parser) withDefault(of *Node) *Node {
	if p.tok.kind != OpAssign {
		return of
	}
	d := p.nodeAt(Assign, of.Start)
	d.Op = OpAssign
	p.next()
	d.X, d.Y = of, p.assignment()
	d.End = d.Y.End
	return d
}

// decorators reads any number of @expression. They are kept for the next class's
// list.
func (p *parser) decorators() {
	for p.accept(tAt) {
		p.decorated = append(p.decorated, p.suffixes(p.primary(), true))
	}
}

func (p *parser) class(statement bool) *Node {
	n := p.node(Class)
	n.List, p.decorated = p.decorated, nil
	p.enter()
	defer func() { p.depth-- }()
	p.next()
	if p.tok.kind == tName && !p.is("extends") {
		n.Name = p.word()
		if statement {
			p.scope.declare(n.Name)
		}
		p.next()
	}
	var close func()
	n.Scope, close = p.open(false)
	defer close()
	if n.Name != "" && !statement {
		n.Scope.declare(n.Name)
	}
	if p.is("extends") {
		p.next()
		n.X = p.suffixes(p.primary(), true)
	}
	p.expect(tLBrace)
	for p.tok.kind != tRBrace {
		if p.accept(tSemicolon) {
			continue
		}
		p.decorators()
		n.List = append(n.List, p.decorated...)
		p.decorated = nil
		n.List = append(n.List, p.property(true))
	}
	n.End = p.expect(tRBrace)
	return n
}

// property parses one property of an object literal or pattern, or one member
// of a class.
func (p *parser) property(class bool) *Node {
	p.enter()
	defer func() { p.depth-- }()
	n := p.node(Property)
	async, generator := false, false
	for p.tok.kind == tName {
		word := p.text()
		t, _ := p.peek()
		if endsName(t.kind) {
			break
		}
		if class && word == "static" {
			n.Flags |= Static
			if t.kind == tLBrace {
				p.next()
				b := p.node(Block)
				var close func()
				b.Scope, close = p.open(true)
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
			n.Flags |= Method
		} else if !(class && word == "accessor") {
			break
		}
		p.next()
	}
	if p.accept(OpStar) {
		generator = true
	}
	shorthand := p.tok
	p.propertyName(n)
	switch {
	case p.tok.kind == tLParen:
		f := p.nodeAt(Function, p.tok.start)
		p.body(f, async, generator, false)
		n.Y, n.End = f, f.End
		n.Flags |= Method
	case class:
		n.End = shorthand.end
		if p.accept(OpAssign) {
			s, close := p.open(true)
			n.Scope = s
			n.Y = p.assignment()
			close()
			n.End = n.Y.End
		}
		p.semicolon()
	case p.accept(tColon):
		n.Y = p.assignment()
		n.End = n.Y.End
	case shorthand.kind == tName && n.X == nil:
		v := p.nodeAt(Name, shorthand.start)
		v.End, v.Name, v.Scope = shorthand.end, n.Name, p.scope
		if shorthand.escaped {
			v.Flags |= Odd
		}
		n.Flags |= Shorthand
		n.Y = p.withDefault(v)
		n.End = n.Y.End
	default:
		p.unexpected()
	}
	return n
}

// endsName reports whether the word before k is the property's name and not a
// modifier.
func endsName(k Op) bool {
	switch k {
	case tLParen, tComma, tColon, tRBrace, OpAssign, tSemicolon, tEOF:
		return true
	}
	return false
}

func (p *parser) propertyName(n *Node) {
	switch p.tok.kind {
	case tName, tPrivate, tNumber, OpIn, OpInstanceof:
		n.Name = p.word()
		p.next()
	case tString:
		n.Name = p.stringValue()
	case tLBracket:
		p.next()
		n.X = p.assignment()
		p.expect(tRBracket)
	default:
		p.unexpected()
	}
}
