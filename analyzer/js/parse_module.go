package js

// importStatement parses import declarations, with attributes.
func (p *parser) importStatement(n *Node) {
	p.moduleSyntax = true
	p.next()
	n.Kind = Import
	bind := func(member string) {
		b := p.node(Clause)
		b.Name, b.X = member, p.bindingName()
		b.End = b.X.End
		p.scope.declare(b.X.Name)
		n.List = append(n.List, b)
	}
	if p.tok.kind != tString {
		if t, text := p.peek(); (p.is("defer") || p.is("source")) && (t.kind == OpStar || t.kind == tName && text != "from") {
			p.next()
		}
		if p.tok.kind == tName {
			bind("default")
			p.accept(tComma)
		}
		if p.accept(OpStar) {
			p.expectName("as")
			bind("*")
		} else if p.accept(tLBrace) {
			for p.tok.kind != tRBrace {
				t, text := p.peek()
				if t.kind == tName && text == "as" {
					name := p.moduleName()
					p.next()
					bind(name)
				} else {
					bind(p.word())
				}
				if !p.accept(tComma) {
					break
				}
			}
			p.expect(tRBrace)
		}
		p.expectName("from")
	}
	p.from(n)
	p.semicolon()
}

// from parses the specifier of an import or export into Z, and the attributes.
func (p *parser) from(n *Node) {
	if p.tok.kind != tString {
		p.unexpected()
	}
	n.Z = p.primary()
	n.Name = n.Z.Name
	p.attributes()
}

func (p *parser) bindingName() *Node {
	if p.tok.kind != tName {
		p.unexpected()
	}
	n := p.node(Name)
	p.named(n)
	n.Scope = p.scope
	p.next()
	return n
}

// moduleName parses the name of an export: an identifier or a string.
func (p *parser) moduleName() string {
	if p.tok.kind == tString {
		return p.stringValue()
	}
	if p.tok.kind != tName && p.tok.kind != OpIn && p.tok.kind != OpInstanceof {
		p.unexpected()
	}
	name := p.word()
	p.next()
	return name
}

func (p *parser) stringValue() string {
	if p.tok.kind != tString {
		p.unexpected()
	}
	text := p.text()
	p.next()
	return unquote(text[1 : len(text)-1])
}

func (p *parser) attributes() {
	if (p.is("with") || p.is("assert")) && !(p.is("assert") && p.tok.newline) {
		p.next()
		p.object()
	}
}

func (p *parser) exportStatement(n *Node) {
	p.moduleSyntax = true
	p.next()
	n.Kind = Export
	switch {
	case p.accept(OpStar):
		n.Flags |= All
		if p.is("as") {
			p.next()
			b := p.node(Clause)
			b.Name = p.moduleName()
			n.List = append(n.List, b)
			n.Flags &^= All
		}
		p.expectName("from")
		p.from(n)
		p.semicolon()
	case p.tok.kind == tLBrace:
		p.exportList(n)
	case p.is("default"):
		p.next()
		n.Flags |= Default
		switch {
		case p.is("function"), p.is("class"):
			n.Y = p.keyword(p.text())
		case p.is("async"):
			if n.Y = p.keyword("async"); n.Y == nil {
				n.Y = p.assignment()
				p.semicolon()
			}
		case p.tok.kind == tAt:
			p.decorators()
			n.Y = p.class(true)
		default:
			n.Y = p.assignment()
			p.semicolon()
		}
	default:
		if p.tok.kind == tAt {
			p.decorators()
		}
		if n.Y = p.keyword(p.text()); n.Y == nil || n.Y.Kind != Var && n.Y.Kind != Function && n.Y.Kind != Class {
			p.unexpected()
		}
	}
}

func (p *parser) exportList(n *Node) {
	p.expect(tLBrace)
	for p.tok.kind != tRBrace {
		b := p.node(Clause)
		local := p.node(Name)
		local.Scope, local.End = p.scope, p.tok.end
		local.Name = p.moduleName()
		b.Name, b.X = local.Name, local
		if p.is("as") {
			p.next()
			b.Name = p.moduleName()
		}
		n.List = append(n.List, b)
		if !p.accept(tComma) {
			break
		}
	}
	p.expect(tRBrace)
	if p.is("from") {
		p.next()
		p.from(n)
		for _, b := range n.List {
			b.X = nil // a name of the other module
		}
	}
	p.semicolon()
}
