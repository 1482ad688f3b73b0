package node

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
