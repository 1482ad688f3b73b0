package node

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
	tree, _, _, err := parse(src)
	if err != nil {
		return scanSpecifiers(src)
	}
	f := specifierFinder{lines: lineStarts(string(src))}
	f.find(tree, circumstances{})
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

func (f *specifierFinder) add(kind string, n *node, c circumstances) {
	s := Specifier{Name: n.name, Kind: kind, Guarded: c.guarded, Conditional: c.conditional, Place: Place{Start: int(n.start), End: int(n.end)}}
	if n.kind == kTemplate {
		s.Name = n.texts[0]
	}
	s.Line, s.Column = lineColumn(f.lines, s.Start)
	f.found = append(f.found, s)
}

func (f *specifierFinder) find(n *node, c circumstances) {
	switch n.kind {
	case kImport:
		f.add("import", n.z, circumstances{})
		return
	case kExport:
		if n.z != nil {
			f.add("export", n.z, circumstances{})
			return
		}
	case kImportCall:
		if len(n.list) > 0 && literal(n.list[0]) {
			f.add("dynamic-import", n.list[0], c)
		}
	case kCall:
		f.call(n, c)
	case kTry:
		f.find(n.x, circumstances{c.guarded || n.y != nil, c.conditional})
		if n.y != nil {
			f.find(n.y, c.where(true))
		}
		if n.z != nil {
			f.find(n.z, c)
		}
		return
	case kFunction, kArrow:
		c = circumstances{conditional: true}
	case kIf, kCond:
		f.find(n.x, c)
		for _, branch := range []*node{n.y, n.z} {
			if branch != nil {
				f.find(branch, c.where(!asksForFormat(n.x)))
			}
		}
		return
	case kBinary, kAssign:
		if n.op == tAnd || n.op == tOr || n.op == tNullish || n.op == tLogicAssign {
			f.find(n.x, c)
			f.find(n.y, c.where(!asksForFormat(n.x)))
			return
		}
	case kCase:
		c.conditional = true
	case kClass:
		if n.x != nil {
			f.find(n.x, c)
		}
		for _, member := range n.list {
			f.find(member, c.where(member.kind == kProperty && member.flags&fStatic == 0))
		}
		return
	}
	if n.kind == kCall && n.x.kind == kMember && (n.x.name == "catch" || n.x.name == "then" && len(n.list) > 1) {
		f.find(n.x, circumstances{true, c.conditional})
		for _, a := range n.list {
			f.find(a, c)
		}
		return
	}
	if n.kind == kCall && (n.x.kind == kFunction || n.x.kind == kArrow) {
		n.x.each(func(child *node) { f.find(child, c) }) // called on the spot
		for _, a := range n.list {
			f.find(a, c)
		}
		return
	}
	n.each(func(child *node) { f.find(child, c) })
}

// asksForFormat reports whether a condition is about which kind of module this
// is, as wrappers for several kinds have it: in a function the answer is known.
func asksForFormat(n *node) bool {
	switch n.kind {
	case kUnary:
		return n.name == "typeof" && n.x.kind == kName && formatNames[n.x.name] || asksForFormat(n.x)
	case kBinary:
		return asksForFormat(n.x) || asksForFormat(n.y)
	}
	return false
}

var formatNames = map[string]bool{"exports": true, "module": true, "require": true, "define": true}

func (f *specifierFinder) call(n *node, c circumstances) {
	if len(n.list) == 0 || !literal(n.list[0]) {
		return
	}
	x, kind := n.x, "require"
	if x.kind == kMember && x.name == "resolve" {
		x, kind = x.x, "require-resolve"
	}
	if x.kind == kName && x.name == "require" && x.scope.find("require") == nil {
		f.add(kind, n.list[0], c)
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
	last     tok
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
		case tSlash, tOtherAssign:
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
	n := node{kind: kString, name: unquote(text[1 : len(text)-1]), start: s.tok.start, end: s.tok.end}
	if kind == "import" && strings.Contains(n.name, "\n") {
		return
	}
	if kind == "import" {
		s.finder.add(kind, &n, circumstances{})
		return
	}
	s.finder.add(kind, &n, circumstances{s.guarded(), len(s.braces) > 0})
}
