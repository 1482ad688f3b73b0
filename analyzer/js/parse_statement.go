package js

func (p *parser) statement() *Node {
	p.enter()
	defer func() { p.depth-- }()
	switch p.tok.kind {
	case tLBrace:
		return p.block()
	case tSemicolon:
		n := p.node(Empty)
		n.End = p.tok.end
		p.next()
		return n
	case tAt:
		p.decorators()
		return p.statement()
	case tName:
		if n := p.keyword(p.text()); n != nil {
			if n.End == 0 {
				n.End = p.tok.start
			}
			return n
		}
	}
	return p.expressionStatement()
}

// substatement parses the statement after a condition or a label. Declarations are
// not allowed there, so let is a name.
func (p *parser) substatement() *Node {
	if p.is("let") {
		if t, _ := p.peek(); t.kind != tLBracket {
			return p.expressionStatement()
		}
	}
	return p.statement()
}

// expressionStatement parses an expression, or a labelled statement.
func (p *parser) expressionStatement() *Node {
	n := p.node(Expr)
	n.X = p.expression()
	if n.X.Kind == Name && n.X.Flags&Parenthesised == 0 && p.tok.kind == tColon {
		p.next()
		n.Kind, n.Name = Labelled, n.X.Name
		n.X = p.substatement()
		return p.done(n, n.X.End)
	}
	p.semicolon()
	return p.done(n, n.X.End)
}

// keyword parses the statement that a keyword starts. It returns nil if word
// starts none.
func (p *parser) keyword(word string) *Node {
	n := p.node(Empty)
	switch word {
	case "var", "const", "let", "using", "await":
		if !p.declares(false) {
			return nil
		}
		if t, text := p.peek(); word == "const" && t.kind == tName && text == "enum" {
			p.unexpected()
		}
		p.variables(n)
		p.semicolon()
	case "function":
		return p.function(true, false)
	case "async":
		if t, text := p.peek(); t.kind != tName || text != "function" || t.newline {
			return nil
		}
		return p.function(true, true)
	case "class":
		return p.class(true)
	case "if":
		p.next()
		n.Kind = If
		n.X = p.condition()
		n.Y = p.substatement()
		if p.is("else") {
			p.next()
			n.Z = p.substatement()
		}
	case "for":
		p.forStatement(n)
	case "while":
		p.next()
		n.Kind = While
		n.X = p.condition()
		n.Y = p.substatement()
	case "do":
		p.next()
		n.Kind = While
		n.Y = p.substatement()
		p.expectName("while")
		n.X = p.condition()
		p.accept(tSemicolon)
	case "with":
		p.next()
		n.Kind = While
		n.X = p.condition()
		n.Y = p.substatement()
	case "return", "throw":
		n.Kind, n.Name = Return, word
		p.next()
		if p.tok.kind != tSemicolon && p.tok.kind != tRBrace && p.tok.kind != tEOF && !p.tok.newline {
			n.X = p.expression()
		}
		p.semicolon()
	case "break", "continue":
		n.Name = "break"
		p.next()
		if p.tok.kind == tName && !p.tok.newline {
			p.next()
		}
		p.semicolon()
	case "debugger":
		p.next()
		p.semicolon()
	case "try":
		p.try(n)
	case "switch":
		p.switchStatement(n)
	case "import":
		if t, _ := p.peek(); t.kind == tLParen || t.kind == tDot {
			return nil
		}
		p.importStatement(n)
	case "export":
		p.exportStatement(n)
	default:
		return nil
	}
	return n
}

func (p *parser) condition() *Node {
	p.expect(tLParen)
	x := p.expression()
	p.expect(tRParen)
	return x
}

func (p *parser) block() *Node {
	n := p.node(Block)
	var close func()
	n.Scope, close = p.open(false)
	p.statements(n)
	close()
	return n
}

// statements parses { ... } into n, in the current scope.
func (p *parser) statements(n *Node) {
	p.expect(tLBrace)
	for p.tok.kind != tRBrace {
		if p.tok.kind == tEOF {
			p.unexpected()
		}
		n.List = append(n.List, p.statement())
	}
	n.End = p.tok.end
	p.next()
}

// declares reports whether a declaration of variables starts here. let, using and
// await can also be names. head means that this is the head of a for statement.
func (p *parser) declares(head bool) bool {
	switch p.text() {
	case "var", "const":
		return true
	case "let":
		t, _ := p.peek()
		return t.kind == tName || t.kind == tLBrace || t.kind == tLBracket
	case "using":
		t, text := p.peek()
		return t.kind == tName && !t.newline && !(head && text == "of")
	case "await":
		if t, text := p.peek(); !p.async || t.kind != tName || text != "using" || t.newline {
			return false
		}
		saved := p.lexer
		p.next()
		t, _ := p.peek()
		p.lexer = saved
		return t.kind == tName && !t.newline
	}
	return false
}

func (p *parser) variables(n *Node) {
	n.Kind, n.Name = Var, p.text()
	p.next()
	if n.Name == "await" {
		n.Name = "await using"
		p.next()
	}
	in := p.scope
	if n.Name == "var" {
		in = p.scope.function
	}
	for {
		d := p.node(Declare)
		d.X = p.target()
		p.declare(in, d.X)
		if p.accept(OpAssign) {
			d.Y = p.assignment()
		}
		d.End = p.tok.start
		n.List = append(n.List, d)
		if !p.accept(tComma) {
			return
		}
	}
}

// target parses a name or a pattern, which is parsed as an array or object
// literal.
func (p *parser) target() *Node {
	switch p.tok.kind {
	case tName, tLBracket, tLBrace:
		noIn := p.noIn
		p.noIn = false
		n := p.primary()
		p.noIn = noIn
		return n
	}
	p.unexpected()
	return nil
}

// declare declares every name in a pattern. What cannot be one was read as an expression, such as
// the second parameter of (a, b.c) => {}.
func (p *parser) declare(in *Scope, n *Node) {
	if n.Flags&Parenthesised != 0 || n.Kind == Assign && n.Op != OpAssign {
		p.noPattern(n)
	}
	switch n.Kind {
	case Name:
		in.declare(n.Name)
	case Assign, Spread:
		p.declare(in, n.X)
	case Property:
		p.declare(in, n.Y)
	case Array, Object:
		for _, c := range n.List {
			p.declare(in, c)
		}
	case Empty:
	default:
		p.noPattern(n)
	}
}

func (p *parser) noPattern(n *Node) {
	p.pos = int(n.Start)
	p.fail("this is no name and no pattern of names")
}

func (p *parser) forStatement(n *Node) {
	p.next()
	if p.is("await") {
		if !p.async {
			p.scriptOnly = true
			p.unexpected()
		}
		p.next()
	}
	p.expect(tLParen)
	var close func()
	n.Scope, close = p.open(false)
	defer close()
	var head *Node
	p.noIn = true
	switch {
	case p.tok.kind == tSemicolon:
	case p.tok.kind == tName && p.declares(true):
		head = p.node(Var)
		p.variables(head)
	default:
		head = p.expression()
	}
	p.noIn = false
	if p.tok.kind == OpIn || p.is("of") {
		n.Kind, n.Name = ForIn, p.text()
		p.next()
		n.X, n.Y = head, p.expression()
		p.expect(tRParen)
		n.Z = p.substatement()
		return
	}
	n.Kind = For
	if head != nil {
		n.List = append(n.List, head)
	}
	p.expect(tSemicolon)
	if p.tok.kind != tSemicolon {
		n.List = append(n.List, p.expression())
	}
	p.expect(tSemicolon)
	if p.tok.kind != tRParen {
		n.List = append(n.List, p.expression())
	}
	p.expect(tRParen)
	n.X = p.substatement()
}

func (p *parser) try(n *Node) {
	p.next()
	n.Kind = Try
	n.X = p.block()
	if p.is("catch") {
		p.next()
		_, close := p.open(false)
		if p.accept(tLParen) {
			t := p.target()
			p.declare(p.scope, t)
			n.List = []*Node{t}
			p.expect(tRParen)
		}
		n.Y = p.block()
		close()
	}
	if p.is("finally") {
		p.next()
		n.Z = p.block()
	}
	if n.Y == nil && n.Z == nil {
		p.unexpected()
	}
}

func (p *parser) switchStatement(n *Node) {
	p.next()
	n.Kind = Switch
	n.X = p.condition()
	var close func()
	n.Scope, close = p.open(false)
	defer close()
	p.expect(tLBrace)
	for p.tok.kind != tRBrace {
		c := p.node(Case)
		if p.is("case") {
			p.next()
			c.X = p.expression()
		} else {
			p.expectName("default")
		}
		p.expect(tColon)
		for p.tok.kind != tRBrace && !p.is("case") && !p.is("default") {
			if p.tok.kind == tEOF {
				p.unexpected()
			}
			c.List = append(c.List, p.statement())
		}
		c.End = p.tok.start
		n.List = append(n.List, c)
	}
	n.End = p.expect(tRBrace)
}
