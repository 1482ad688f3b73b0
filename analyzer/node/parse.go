package node

import (
	"errors"
	"fmt"
)

// Bounds of the parser: what goes beyond them is refused, not followed.
const (
	// maxSource is the largest file read, in bytes. The tree takes some 40 times
	// the source's size while it is looked at.
	maxSource = 16 << 20
	// maxNesting bounds how deep brackets and statements nest, and maxLinks the
	// links of all chains (of operators, members, calls) beyond their first
	// hundred: the tree is walked by recursion, and a Go stack that outgrows
	// 1 GB ends the program.
	maxNesting = 1500
	maxLinks   = 100_000
)

// parser reads JavaScript as it is run: ECMAScript 2026 with decorators and
// import attributes, module or script, tolerant of what a compiler would
// refuse. The parsers at hand for Go merge all references to a variable into
// one node and keep no positions (tdewolff/parse v2.8.20, js/ast.go), so an
// edit could not be placed.
type parser struct {
	lexer
	scope     *scope
	depth     int
	links     int
	generator bool
	async     bool
	noIn      bool
	slab      []node
	decorated []*node // decorators read before the class they belong to
	// moduleSyntax is set by import, export and import.meta.
	moduleSyntax bool
}

// parse reads a source. Errors carry the offset at which it stopped making sense.
func parse(src []byte) (tree *node, top *scope, module bool, err error) {
	if len(src) > maxSource {
		return nil, nil, false, fmt.Errorf("is larger than %d MiB", maxSource>>20)
	}
	p := &parser{lexer: lexer{src: string(src)}}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(syntaxError)
			if !ok {
				panic(r)
			}
			tree, top, err = nil, nil, e
		}
	}()
	p.scope = &scope{}
	p.scope.function = p.scope
	p.async = true // top-level await
	p.next()
	tree = p.node(kBlock)
	for p.tok.kind != tEOF {
		tree.list = append(tree.list, p.statement())
	}
	tree.end = int32(len(src))
	tree.scope = p.scope
	return tree, p.scope, p.moduleSyntax, nil
}

// offsetOf says where a parse error is, 0 where it does not say.
func offsetOf(err error) int {
	if e, ok := errors.AsType[syntaxError](err); ok {
		return e.offset
	}
	return 0
}

func (p *parser) node(k kind) *node { return p.nodeAt(k, p.tok.start) }

func (p *parser) nodeAt(k kind, start int32) *node {
	if len(p.slab) == 0 {
		p.slab = make([]node, 64)
	}
	n := &p.slab[0]
	p.slab = p.slab[1:]
	n.kind, n.start = k, start
	return n
}

// done ends n where the last token ended.
func (p *parser) done(n *node, end int32) *node { n.end = end; return n }

func (p *parser) unexpected() {
	p.pos = int(p.tok.start)
	if p.tok.kind == tEOF {
		p.fail("unexpected end of file")
	}
	p.fail(fmt.Sprintf("unexpected %.20q", p.text()))
}

func (p *parser) expect(k tok) int32 {
	if p.tok.kind != k {
		p.unexpected()
	}
	end := p.tok.end
	p.next()
	return end
}

func (p *parser) accept(k tok) bool {
	if p.tok.kind != k {
		return false
	}
	p.next()
	return true
}

func (p *parser) expectName(name string) {
	if !p.is(name) {
		p.unexpected()
	}
	p.next()
}

// semicolon ends a statement, by itself where the language allows that.
func (p *parser) semicolon() {
	if p.tok.kind == tSemicolon {
		p.next()
	} else if p.tok.kind != tRBrace && p.tok.kind != tEOF && !p.tok.newline {
		p.unexpected()
	}
}

func (p *parser) enter() {
	if p.depth++; p.depth > maxNesting {
		p.fail("nested too deeply")
	}
}

// open makes a scope; the returned function closes it.
func (p *parser) open(isFunction bool) (*scope, func()) {
	outer := p.scope
	s := &scope{parent: outer, function: outer.function}
	if isFunction {
		s.function = s
	}
	p.scope = s
	return s, func() { p.scope = outer }
}

// peek returns the token after the current one.
func (p *parser) peek() (token, string) {
	saved := p.lexer
	p.next()
	t, text := p.tok, p.text()
	p.lexer = saved
	return t, text
}

func (p *parser) statement() *node {
	p.enter()
	defer func() { p.depth-- }()
	start := p.tok.start
	switch p.tok.kind {
	case tLBrace:
		return p.block()
	case tSemicolon:
		n := p.node(kEmpty)
		p.next()
		return n
	case tAt:
		p.decorators()
		return p.statement()
	case tName:
		if n := p.keyword(p.text()); n != nil {
			if n.end == 0 {
				n.end = p.tok.start
			}
			return n
		}
	}
	n := p.nodeAt(kExpr, start)
	n.x = p.expression()
	if n.x.kind == kName && n.x.flags&fParen == 0 && p.tok.kind == tColon {
		p.next()
		n.kind, n.name = kLabelled, n.x.name
		n.x = p.statement()
		return p.done(n, n.x.end)
	}
	p.semicolon()
	return p.done(n, n.x.end)
}

// keyword parses the statement that a keyword starts, nil where it starts none.
func (p *parser) keyword(word string) *node {
	n := p.node(kEmpty)
	switch word {
	case "var", "const", "let", "using":
		if word == "let" || word == "using" {
			t, text := p.peek()
			if !(t.kind == tName && text != "of" || t.kind == tLBrace && word == "let" || t.kind == tLBracket && word == "let") {
				return nil
			}
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
		p.next()
		return p.function(true, true)
	case "class":
		return p.class(true)
	case "if":
		p.next()
		n.kind = kIf
		n.x = p.condition()
		n.y = p.statement()
		if p.is("else") {
			p.next()
			n.z = p.statement()
		}
	case "for":
		p.forStatement(n)
	case "while":
		p.next()
		n.kind = kWhile
		n.x = p.condition()
		n.y = p.statement()
	case "do":
		p.next()
		n.kind = kWhile
		n.y = p.statement()
		p.expectName("while")
		n.x = p.condition()
		p.accept(tSemicolon)
	case "with":
		p.next()
		n.kind = kWhile
		n.x = p.condition()
		n.y = p.statement()
	case "return", "throw":
		n.kind, n.name = kReturn, word
		p.next()
		if p.tok.kind != tSemicolon && p.tok.kind != tRBrace && p.tok.kind != tEOF && !p.tok.newline {
			n.x = p.expression()
		}
		p.semicolon()
	case "break", "continue":
		n.name = "break"
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

func (p *parser) condition() *node {
	p.expect(tLParen)
	x := p.expression()
	p.expect(tRParen)
	return x
}

func (p *parser) block() *node {
	n := p.node(kBlock)
	var close func()
	n.scope, close = p.open(false)
	p.statements(n)
	close()
	return n
}

// statements reads { ... } into n, in the current scope.
func (p *parser) statements(n *node) {
	p.expect(tLBrace)
	for p.tok.kind != tRBrace {
		if p.tok.kind == tEOF {
			p.unexpected()
		}
		n.list = append(n.list, p.statement())
	}
	n.end = p.tok.end
	p.next()
}

func (p *parser) variables(n *node) {
	n.kind, n.name = kVar, p.text()
	p.next()
	in := p.scope
	if n.name == "var" {
		in = p.scope.function
	}
	for {
		d := p.node(kDeclare)
		d.x = p.target()
		p.declare(in, d.x)
		if p.accept(tAssign) {
			d.y = p.assignment()
		}
		d.end = p.tok.start
		n.list = append(n.list, d)
		if !p.accept(tComma) {
			return
		}
	}
}

// target parses a name or a pattern, as the array or object literal it looks like.
func (p *parser) target() *node {
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

// declare declares every name of a pattern.
func (p *parser) declare(in *scope, n *node) {
	switch n.kind {
	case kName:
		in.declare(n.name)
	case kAssign, kSpread:
		p.declare(in, n.x)
	case kProperty:
		p.declare(in, n.y)
	case kArray, kObject:
		for _, c := range n.list {
			p.declare(in, c)
		}
	}
}

func (p *parser) forStatement(n *node) {
	p.next()
	if p.is("await") {
		p.next()
	}
	p.expect(tLParen)
	var close func()
	n.scope, close = p.open(false)
	defer close()
	var head *node
	p.noIn = true
	switch {
	case p.tok.kind == tSemicolon:
	case p.is("var") || p.is("const"):
		head = p.node(kVar)
		p.variables(head)
	case p.is("let") || p.is("using"):
		if t, text := p.peek(); t.kind == tLBrace || t.kind == tLBracket || t.kind == tName && text != "of" {
			head = p.node(kVar)
			p.variables(head)
			break
		}
		head = p.expression()
	default:
		head = p.expression()
	}
	p.noIn = false
	if p.tok.kind == tIn || p.is("of") {
		n.kind, n.name = kForIn, p.text()
		p.next()
		n.x, n.y = head, p.expression()
		p.expect(tRParen)
		n.z = p.statement()
		return
	}
	n.kind = kFor
	if head != nil {
		n.list = append(n.list, head)
	}
	p.expect(tSemicolon)
	if p.tok.kind != tSemicolon {
		n.list = append(n.list, p.expression())
	}
	p.expect(tSemicolon)
	if p.tok.kind != tRParen {
		n.list = append(n.list, p.expression())
	}
	p.expect(tRParen)
	n.x = p.statement()
}

func (p *parser) try(n *node) {
	p.next()
	n.kind = kTry
	n.x = p.block()
	if p.is("catch") {
		p.next()
		_, close := p.open(false)
		if p.accept(tLParen) {
			t := p.target()
			p.declare(p.scope, t)
			n.list = []*node{t}
			p.expect(tRParen)
		}
		n.y = p.block()
		close()
	}
	if p.is("finally") {
		p.next()
		n.z = p.block()
	}
	if n.y == nil && n.z == nil {
		p.unexpected()
	}
}

func (p *parser) switchStatement(n *node) {
	p.next()
	n.kind = kSwitch
	n.x = p.condition()
	var close func()
	n.scope, close = p.open(false)
	defer close()
	p.expect(tLBrace)
	for p.tok.kind != tRBrace {
		c := p.node(kCase)
		if p.is("case") {
			p.next()
			c.x = p.expression()
		} else {
			p.expectName("default")
		}
		p.expect(tColon)
		for p.tok.kind != tRBrace && !p.is("case") && !p.is("default") {
			if p.tok.kind == tEOF {
				p.unexpected()
			}
			c.list = append(c.list, p.statement())
		}
		c.end = p.tok.start
		n.list = append(n.list, c)
	}
	n.end = p.expect(tRBrace)
}
