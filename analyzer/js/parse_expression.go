package js

func (p *parser) expression() *Node {
	x := p.assignment()
	if p.tok.kind != tComma {
		return x
	}
	n := p.nodeAt(Sequence, x.Start)
	n.List = []*Node{x}
	for p.accept(tComma) {
		n.List = append(n.List, p.assignment())
	}
	return p.done(n, n.List[len(n.List)-1].End)
}

func (p *parser) assignment() *Node {
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
		if x.Kind == Name && x.Flags&Parenthesised == 0 && !p.tok.newline {
			return p.arrow(x.Start, []*Node{x}, false)
		}
	case OpAssign, OpAddAssign, OpLogicAssign, OpOtherAssign:
		n := p.nodeAt(Assign, x.Start)
		n.Op = p.tok.kind
		p.next()
		n.X, n.Y = x, p.assignment()
		return p.done(n, n.Y.End)
	}
	return x
}

func (p *parser) yield() *Node {
	n := p.node(Unary)
	n.Name, n.End = "yield", p.tok.end
	p.next()
	if p.tok.newline {
		return n
	}
	p.accept(OpStar)
	switch p.tok.kind {
	case tRParen, tRBracket, tRBrace, tComma, tSemicolon, tColon, tEOF, OpIn:
		return n
	}
	n.X = p.assignment()
	return p.done(n, n.X.End)
}

// asyncArrow parses async x =>. Everything else that starts with async is left to
// primary, such as an async arrow function with parentheses.
func (p *parser) asyncArrow() *Node {
	t, _ := p.peek()
	if t.kind != tName || t.newline {
		return nil
	}
	saved := p.lexer
	start := p.tok.start
	p.next()
	x := p.bindingName()
	if p.tok.kind == tArrow && x.Name != "function" {
		return p.arrow(start, []*Node{x}, true)
	}
	p.lexer = saved
	return nil
}

// arrow parses the part of an arrow function after its parameters. The parameters
// were parsed as expressions of the outer scope, so their names move to the inner
// scope.
func (p *parser) arrow(start int32, params []*Node, async bool) *Node {
	n := p.nodeAt(Arrow, start)
	n.List = params
	p.expect(tArrow)
	s, close := p.open(true)
	defer close()
	n.Scope = s
	for _, x := range params {
		p.declare(s, x)
		rescope(x, s.Parent, s)
	}
	generator, wasAsync := p.generator, p.async
	p.generator, p.async = false, async
	if p.tok.kind == tLBrace {
		n.X = p.node(Block)
		noIn := p.noIn
		p.noIn = false
		p.statements(n.X)
		p.noIn = noIn
	} else {
		n.X = p.assignment()
	}
	p.generator, p.async = generator, wasAsync
	return p.done(n, n.X.End)
}

// isArrow reports whether x is an arrow function without parentheses around it.
// Such a function ends the expression: an operator or a parenthesis on the next
// line starts another statement.
func isArrow(x *Node) bool { return x.Kind == Arrow && x.Flags&Parenthesised == 0 }

func rescope(n *Node, from, to *Scope) {
	switch {
	case n.Scope == from:
		n.Scope = to
	case n.Scope != nil:
		if n.Scope.Parent == from {
			n.Scope.Parent = to
		}
		return
	}
	n.Each(func(c *Node) { rescope(c, from, to) })
}

func (p *parser) conditional() *Node {
	x := p.binary(p.unary(), 0)
	if p.tok.kind != tQuestion || isArrow(x) {
		return x
	}
	p.next()
	n := p.nodeAt(Cond, x.Start)
	noIn := p.noIn
	p.noIn = false
	n.X, n.Y = x, p.assignment()
	p.noIn = noIn
	p.expect(tColon)
	n.Z = p.assignment()
	return p.done(n, n.Z.End)
}

// binary parses operators of a precedence above floor.
func (p *parser) binary(x *Node, floor int) *Node {
	for i := 0; ; i++ {
		p.link(i)
		op := p.tok.kind
		if isArrow(x) || int(op) >= len(precedence) || precedence[op] <= floor || op == OpIn && p.noIn {
			return x
		}
		level := precedence[op]
		p.next()
		n := p.nodeAt(Binary, x.Start)
		n.Op, n.X = op, x
		y := p.unary()
		if op == OpPower {
			level-- // right-associative
		}
		p.enter()
		n.Y = p.binary(y, level)
		p.depth--
		x = p.done(n, n.Y.End)
	}
}

// link counts the links of a long chain, because each makes the tree deeper.
func (p *parser) link(i int) {
	if i > 100 {
		if p.links++; p.links > maxLinks {
			p.failDeep("chains of operators too long")
		}
	}
}

func (p *parser) unary() *Node {
	n := p.node(Unary)
	switch p.tok.kind {
	case OpNot, OpTilde, OpPlus, OpMinus:
		n.Op = p.tok.kind
	case OpIncrement, OpDecrement:
		n.Kind = Update
	case tPrivate: // #name in object
		n.Kind, n.Name, n.End = Literal, "#", p.tok.end
		p.next()
		return n
	case tName:
		switch n.Name = p.text(); n.Name {
		case "typeof", "void", "delete":
		case "await":
			if !p.async {
				p.scriptOnly = true
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
	n.X = p.unary()
	p.depth--
	return p.done(n, n.X.End)
}

func (p *parser) postfix() *Node {
	x := p.primary()
	if isArrow(x) {
		return x
	}
	x = p.suffixes(x, true)
	if (p.tok.kind == OpIncrement || p.tok.kind == OpDecrement) && !p.tok.newline {
		n := p.nodeAt(Update, x.Start)
		n.X = x
		n.End = p.tok.end
		p.next()
		return n
	}
	return x
}

// suffixes parses members, indices, calls and tagged templates after x.
func (p *parser) suffixes(x *Node, calls bool) *Node {
	for i := 0; ; i++ {
		p.link(i)
		var n *Node
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
				n = p.nodeAt(Call, x.Start)
				n.X = x
				p.arguments(n)
			case tLBracket:
				n = p.indexed(x)
			case tTemplate:
				continue
			default:
				n = p.member(x)
			}
			n.Flags |= Optional
		case tLBracket:
			n = p.indexed(x)
		case tLParen:
			if !calls {
				return x
			}
			n = p.nodeAt(Call, x.Start)
			n.X = x
			p.arguments(n)
		case tTemplate:
			n = p.nodeAt(Tagged, x.Start)
			n.X, n.Y = x, p.template()
			n.End = n.Y.End
		default:
			return x
		}
		x = n
	}
}

func (p *parser) member(x *Node) *Node {
	n := p.nodeAt(Member, x.Start)
	n.X = x
	switch p.tok.kind {
	case tName, tPrivate, OpIn, OpInstanceof:
		p.named(n)
		p.next()
		return n
	}
	p.unexpected()
	return nil
}

func (p *parser) indexed(x *Node) *Node {
	n := p.nodeAt(Index, x.Start)
	n.X = x
	p.expect(tLBracket)
	noIn := p.noIn
	p.noIn = false
	n.Y = p.expression()
	p.noIn = noIn
	n.End = p.expect(tRBracket)
	if n.Y.Kind == String && n.Y.Flags&Escaped == 0 {
		n.Name = n.Y.Name
	}
	return n
}

// arguments reads ( ... ) into n.
func (p *parser) arguments(n *Node) {
	p.expect(tLParen)
	noIn := p.noIn
	p.noIn = false
	for p.tok.kind != tRParen {
		n.List = append(n.List, p.element())
		if !p.accept(tComma) {
			break
		}
	}
	p.noIn = noIn
	n.End = p.expect(tRParen)
}

// element parses an expression that may be a spread.
func (p *parser) element() *Node {
	if p.tok.kind != tEllipsis {
		return p.assignment()
	}
	n := p.node(Spread)
	p.next()
	n.X = p.assignment()
	return p.done(n, n.X.End)
}
