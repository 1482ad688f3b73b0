package node

// importStatement parses import declarations, with attributes.
func (p *parser) importStatement(n *node) {
	p.moduleSyntax = true
	p.next()
	n.kind = kImport
	bind := func(member string) {
		b := p.node(kBind)
		b.name, b.x = member, p.bindingName()
		b.end = b.x.end
		p.scope.declare(b.x.name)
		n.list = append(n.list, b)
	}
	if p.tok.kind != tString {
		if t, text := p.peek(); (p.is("defer") || p.is("source")) && (t.kind == tStar || t.kind == tName && text != "from") {
			p.next()
		}
		if p.tok.kind == tName {
			bind("default")
			p.accept(tComma)
		}
		if p.accept(tStar) {
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
					bind(p.text())
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

// from reads the specifier, into z, and the attributes of an import or export.
func (p *parser) from(n *node) {
	if p.tok.kind != tString {
		p.unexpected()
	}
	n.z = p.primary()
	n.name = n.z.name
	p.attributes()
}

func (p *parser) bindingName() *node {
	if p.tok.kind != tName {
		p.unexpected()
	}
	n := p.node(kName)
	n.name, n.end, n.scope = p.text(), p.tok.end, p.scope
	p.next()
	return n
}

// moduleName is the name of an export: an identifier or a string.
func (p *parser) moduleName() string {
	if p.tok.kind == tString {
		return p.stringValue()
	}
	if p.tok.kind != tName && p.tok.kind != tIn && p.tok.kind != tInstanceof {
		p.unexpected()
	}
	name := p.text()
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

func (p *parser) exportStatement(n *node) {
	p.moduleSyntax = true
	p.next()
	n.kind = kExport
	switch {
	case p.accept(tStar):
		n.flags |= fAll
		if p.is("as") {
			p.next()
			b := p.node(kBind)
			b.name = p.moduleName()
			n.list = append(n.list, b)
			n.flags &^= fAll
		}
		p.expectName("from")
		p.from(n)
		p.semicolon()
	case p.tok.kind == tLBrace:
		p.exportList(n)
	case p.is("default"):
		p.next()
		n.flags |= fDefault
		switch {
		case p.is("function"), p.is("class"):
			n.y = p.keyword(p.text())
		case p.is("async"):
			if n.y = p.keyword("async"); n.y == nil {
				n.y = p.assignment()
				p.semicolon()
			}
		case p.tok.kind == tAt:
			p.decorators()
			n.y = p.class(true)
		default:
			n.y = p.assignment()
			p.semicolon()
		}
	default:
		if p.tok.kind == tAt {
			p.decorators()
		}
		if n.y = p.keyword(p.text()); n.y == nil || n.y.kind != kVar && n.y.kind != kFunction && n.y.kind != kClass {
			p.unexpected()
		}
	}
}

func (p *parser) exportList(n *node) {
	p.expect(tLBrace)
	for p.tok.kind != tRBrace {
		b := p.node(kBind)
		local := p.node(kName)
		local.scope, local.end = p.scope, p.tok.end
		local.name = p.moduleName()
		b.name, b.x = local.name, local
		if p.is("as") {
			p.next()
			b.name = p.moduleName()
		}
		n.list = append(n.list, b)
		if !p.accept(tComma) {
			break
		}
	}
	p.expect(tRBrace)
	if p.is("from") {
		p.next()
		p.from(n)
		for _, b := range n.list {
			b.texts, b.x = []string{b.x.name}, nil
		}
	}
	p.semicolon()
}
