package js

import "strings"

// Specifier is one import or require of a module by a plain string.
type Specifier struct {
	Name string
	// Kind is import, export, require, dynamic-import or require-resolve.
	Kind string
	Place
	// Guarded says that a failure to load is caught.
	Guarded bool
	// Conditional says that the module may load without ever asking: the request
	// stands in a function or a branch.
	Conditional bool
}

// Specifiers lists the static imports and requires of a source, in order. A
// require that the source declares itself is not Node's and is left out. What
// does not parse as JavaScript, TypeScript for one, is read word by word, which
// cannot tell that.
func Specifiers(src []byte) []Specifier {
	tree, err := Parse(src)
	if err != nil {
		return scanSpecifiers(src)
	}
	f := specifierFinder{lines: lineStarts(string(src))}
	f.find(tree.Top, circumstances{})
	return f.found
}

type specifierFinder struct {
	lines []int
	found []Specifier
}

// circumstances are those of Specifier, on the way down the tree.
type circumstances struct{ guarded, conditional bool }

func (c circumstances) where(conditional bool) circumstances {
	c.conditional = c.conditional || conditional
	return c
}

func (f *specifierFinder) add(kind string, n *Node, c circumstances) {
	s := Specifier{Name: n.Name, Kind: kind, Guarded: c.guarded, Conditional: c.conditional, Place: Place{Start: int(n.Start), End: int(n.End)}}
	if n.Kind == Template {
		s.Name = n.Texts[0]
	}
	s.Line, s.Column = lineColumn(f.lines, s.Start)
	f.found = append(f.found, s)
}

func (f *specifierFinder) find(n *Node, c circumstances) {
	switch n.Kind {
	case Import:
		f.add("import", n.Z, circumstances{})
		return
	case Export:
		if n.Z != nil {
			f.add("export", n.Z, circumstances{})
			return
		}
	case ImportCall:
		if len(n.List) > 0 && n.List[0].IsPlainString() {
			f.add("dynamic-import", n.List[0], c)
		}
	case Call:
		f.call(n, c)
	case Try:
		f.find(n.X, circumstances{c.guarded || n.Y != nil, c.conditional})
		if n.Y != nil {
			f.find(n.Y, c.where(true))
		}
		if n.Z != nil {
			f.find(n.Z, c)
		}
		return
	case Function, Arrow:
		c = circumstances{conditional: true}
	case If, Cond:
		f.find(n.X, c)
		for _, branch := range []*Node{n.Y, n.Z} {
			if branch != nil {
				f.find(branch, c.where(!asksForFormat(n.X)))
			}
		}
		return
	case Binary, Assign:
		if n.Op == OpAnd || n.Op == OpOr || n.Op == OpNullish || n.Op == OpLogicAssign {
			f.find(n.X, c)
			f.find(n.Y, c.where(!asksForFormat(n.X)))
			return
		}
	case Case:
		c.conditional = true
	case Class:
		if n.X != nil {
			f.find(n.X, c)
		}
		for _, member := range n.List {
			f.find(member, c.where(member.Kind == Property && member.Flags&Static == 0))
		}
		return
	}
	if n.Kind == Call && n.X.Kind == Member && (n.X.Name == "catch" || n.X.Name == "then" && len(n.List) > 1) {
		f.find(n.X, circumstances{true, c.conditional})
		for _, a := range n.List {
			f.find(a, c)
		}
		return
	}
	if n.Kind == Call && (n.X.Kind == Function || n.X.Kind == Arrow) {
		n.X.Each(func(child *Node) { f.find(child, c) }) // called on the spot
		for _, a := range n.List {
			f.find(a, c)
		}
		return
	}
	n.Each(func(child *Node) { f.find(child, c) })
}

// asksForFormat reports whether a condition is about which kind of module this
// is, as wrappers for several kinds have it: in a function the answer is known.
func asksForFormat(n *Node) bool {
	switch n.Kind {
	case Unary:
		return n.Name == "typeof" && n.X.Kind == Name && formatNames[n.X.Name] || asksForFormat(n.X)
	case Binary:
		return asksForFormat(n.X) || asksForFormat(n.Y)
	}
	return false
}

var formatNames = map[string]bool{"exports": true, "module": true, "require": true, "define": true}

func (f *specifierFinder) call(n *Node, c circumstances) {
	if len(n.List) == 0 || !n.List[0].IsPlainString() {
		return
	}
	x, kind := n.X, "require"
	if x.Kind == Member && x.Name == "resolve" {
		x, kind = x.X, "require-resolve"
	}
	if x.IsGlobal("require") {
		f.add(kind, n.List[0], c)
	}
}

// scanSpecifiers reads tokens instead of a tree. It keeps to a simple rule for
// when a slash starts a regular expression and gives up quietly at what it
// cannot cut into tokens.
func scanSpecifiers(src []byte) (found []Specifier) {
	if len(src) > maxSource {
		return nil
	}
	s := specifierScan{lexer: lexer{src: string(src)}, finder: specifierFinder{lines: lineStarts(string(src))}}
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(syntaxError); !ok {
				panic(r)
			}
			found = s.finder.found
		}
	}()
	s.run()
	return s.finder.found
}

type specifierScan struct {
	lexer
	finder specifierFinder
	// braces holds, for every open brace, whether it is a try block or a
	// template's expression.
	braces   []brace
	previous [4]string
	last     Op
}

type brace uint8

const (
	plainBrace brace = iota
	tryBrace
	templateBrace
)

func (s *specifierScan) guarded() bool {
	for _, b := range s.braces {
		if b == tryBrace {
			return true
		}
	}
	return false
}

func (s *specifierScan) run() {
	for {
		s.next()
		switch s.tok.kind {
		case tEOF:
			return
		case OpSlash, OpOtherAssign:
			if s.src[s.tok.start] == '/' && s.regexAllowed() {
				s.regex()
			}
		case tTemplate:
			s.template()
		case tLBrace:
			b := plainBrace
			if s.previous[3] == "try" {
				b = tryBrace
			}
			s.braces = append(s.braces, b)
		case tRBrace:
			if n := len(s.braces); n > 0 {
				b := s.braces[n-1]
				s.braces = s.braces[:n-1]
				if b == templateBrace {
					s.template()
				}
			}
		case tString:
			s.string()
		}
		copy(s.previous[:], s.previous[1:])
		s.previous[3], s.last = s.text(), s.tok.kind
	}
}

func (s *specifierScan) regexAllowed() bool {
	switch s.last {
	case tName:
		switch s.previous[3] {
		case "return", "typeof", "case", "void", "delete", "throw", "new", "else", "do", "await", "yield":
			return true
		}
		return false
	case tNumber, tString, tTemplate, tRegex, tRParen, tRBracket, tRBrace, tPrivate:
		return false
	}
	return true
}

// template skips text up to the end of the template or its next expression.
func (s *specifierScan) template() {
	for s.pos < len(s.src) {
		switch s.src[s.pos] {
		case '\\':
			s.pos++
		case '`':
			s.pos++
			s.tok.kind = tTemplate
			return
		case '$':
			if s.at(s.pos+1) == '{' {
				s.pos += 2
				s.braces = append(s.braces, templateBrace)
				s.tok.kind = tLBrace
				return
			}
		}
		s.pos++
	}
	s.pos = len(s.src)
}

func (s *specifierScan) string() {
	p := s.previous
	kind := ""
	switch {
	case p[3] == "from":
		kind = "import"
	case p[3] == "import":
		kind = "import"
	case p[3] == "(" && p[2] == "require" && p[1] != ".":
		kind = "require"
	case p[3] == "(" && p[2] == "import":
		kind = "dynamic-import"
	case p[3] == "(" && p[2] == "resolve" && p[1] == "." && p[0] == "require":
		kind = "require-resolve"
	default:
		return
	}
	text := s.text()
	n := Node{Kind: String, Name: unquote(text[1 : len(text)-1]), Start: s.tok.start, End: s.tok.end}
	if kind == "import" && strings.Contains(n.Name, "\n") {
		return
	}
	if kind == "import" {
		s.finder.add(kind, &n, circumstances{})
		return
	}
	s.finder.add(kind, &n, circumstances{s.guarded(), len(s.braces) > 0})
}
