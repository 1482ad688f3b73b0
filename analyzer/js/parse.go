package js

import (
	"errors"
	"fmt"
)

// Bounds of the parser. It returns an error for a source beyond them.
const (
	// maxSource is the size of the largest source in bytes. The tree needs about 40
	// times that memory.
	maxSource = 16 << 20
	// maxNesting bounds how deep brackets and statements nest. maxLinks bounds the
	// links of all chains (of operators, members, calls) beyond the first hundred of
	// each. The tree is walked by recursion, and a Go stack above 1 GB ends the
	// program.
	maxNesting = 1500
	maxLinks   = 100_000
)

// parser reads JavaScript as engines run it: ECMAScript 2026 with decorators and
// import attributes, as a module or a script. It accepts some code that a compiler
// would reject. The Go parsers available merge all references to a variable into
// one node and keep no positions (tdewolff/parse v2.8.20, js/ast.go), so they
// cannot place an edit.
type parser struct {
	lexer
	scope     *Scope
	depth     int
	links     int
	generator bool
	async     bool
	noIn      bool
	slab      []Node
	memory    *Nodes // where the slabs come from; nil for new ones
	nodes     int
	decorated []*Node // decorators read before the class they belong to
	// moduleSyntax is set if the source has import, export or import.meta.
	moduleSyntax bool
}

// Parse parses a source. An error has the offset of the first syntax error.
func Parse(src []byte) (*Tree, error) { return parseIn(src, nil) }

// parseIn is Parse with the nodes in a memory, if it is not nil.
func parseIn(src []byte, memory *Nodes) (*Tree, error) {
	if len(src) > maxSource {
		return nil, fmt.Errorf("is larger than %d MiB", maxSource>>20)
	}
	return parse(src, nil, memory)
}

// parse parses a source, and collects its spaces if they are not nil.
func parse(src []byte, between *spaces, memory *Nodes) (*Tree, error) {
	script := &parser{lexer: lexer{src: string(src), spaces: between}, memory: memory}
	t, err := script.parse()
	if script.scriptOnly && (err != nil || t.Module) { // parse it again as a module
		module := &parser{lexer: lexer{src: script.src, module: true, spaces: between}, memory: memory}
		if again, failed := module.parse(); failed == nil || offsetOf(failed) > offsetOf(err) {
			return again, failed
		}
	}
	return t, err
}

func (p *parser) parse() (s *Tree, err error) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(syntaxError)
			if !ok {
				panic(r)
			}
			s, err = nil, e
		}
	}()
	p.scope = newScope(nil, &counts{memory: p.memory})
	p.scope.function = p.scope
	p.async = p.module // top-level await
	p.next()
	top := p.node(Block)
	for p.tok.kind != tEOF {
		top.List = append(top.List, p.statement())
	}
	top.End = int32(len(p.src))
	top.Scope = p.scope
	tree := &Tree{Source: p.src, Top: top, Scope: p.scope, Module: p.moduleSyntax, Nodes: p.nodes}
	tree.Scopes, tree.Bindings = int(p.scope.tree.scopes), int(p.scope.tree.bindings)
	return tree, nil
}

// offsetOf returns the offset of a parse error, or 0 if it has none.
func offsetOf(err error) int {
	if e, ok := errors.AsType[syntaxError](err); ok {
		return e.offset
	}
	return 0
}

func (p *parser) node(k Kind) *Node { return p.nodeAt(k, p.tok.start) }

func (p *parser) nodeAt(k Kind, start int32) *Node {
	if len(p.slab) == 0 {
		p.slab = p.memory.slab()
	}
	n := &p.slab[0]
	p.slab = p.slab[1:]
	n.Kind, n.Start, n.ID = k, start, int32(p.nodes)
	p.nodes++
	return n
}

// done sets the end of n to the end of the last token.
func (p *parser) done(n *Node, end int32) *Node { n.End = end; return n }

func (p *parser) unexpected() {
	p.pos = int(p.tok.start)
	if p.tok.kind == tEOF {
		p.fail("unexpected end of file")
	}
	p.fail(fmt.Sprintf("unexpected %.20q", p.text()))
}

func (p *parser) expect(k Op) int32 {
	if p.tok.kind != k {
		p.unexpected()
	}
	end := p.tok.end
	p.next()
	return end
}

func (p *parser) accept(k Op) bool {
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

// semicolon ends a statement. Without a semicolon it applies the language's
// automatic insertion.
func (p *parser) semicolon() {
	if p.tok.kind == tSemicolon {
		p.next()
	} else if p.tok.kind != tRBrace && p.tok.kind != tEOF && !p.tok.newline {
		p.unexpected()
	}
}

func (p *parser) enter() {
	if p.depth++; p.depth > maxNesting {
		p.failDeep("nested too deeply")
	}
}

// open opens a scope. The function it returns closes the scope.
func (p *parser) open(isFunction bool) (*Scope, func()) {
	outer := p.scope
	s := newScope(outer, outer.tree)
	s.function = outer.function
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
