package typescript

import "strings"

// form is what a type is, as far as it matters at run time.
type form uint8

const (
	anything     form = iota // any, object literals, mapped types, keyof and whatever else is Object
	keyword                  // name: string, number, boolean, void, undefined, null, never, unknown, any, object, bigint, symbol, this
	literal                  // name: string, number, bigint, boolean
	function                 // also a constructor type
	list                     // an array or tuple; parts: the element, where it is one
	reference                // name: a, or a.b; parts: the type arguments
	union                    // parts
	intersection             // parts
	conditional              // parts: both branches
	predicate                // x is T
	assertion                // asserts x
	query                    // typeof x; name
	keys                     // keyof T; parts
	indexed                  // T[K]; parts: T
	elsewhere                // import('x').T and infer T
)

// typeNode is a type as it is written.
type typeNode struct {
	form       form
	name       string
	parts      []*typeNode
	start, end int // offsets
	in         *source
	// inConditional means that it is a branch of a conditional type.
	inConditional bool
}

// types reads types from a source's tokens.
type types struct {
	*source
	pos, depth int
}

// maxNested bounds how deep types lie in each other. What lies deeper is anything.
const maxNested = 100

// readType reads the type that begins at token i and returns the index behind it.
func (s *source) readType(i int) (*typeNode, int) {
	p := &types{source: s, pos: i}
	t := p.conditional()
	return t, min(p.pos, len(p.tokens)-1)
}

func (p *types) is(what string) bool { return p.at(p.pos) == what }

func (p *types) node(f form, name string) *typeNode {
	t := p.token(p.pos)
	return &typeNode{form: f, name: name, start: t.start, end: t.end, in: p.source}
}

func (p *types) done(t *typeNode) *typeNode {
	if p.pos > 0 {
		t.end = p.token(p.pos - 1).end
	}
	return t
}

// conditional reads T, or T extends U ? V : W.
func (p *types) conditional() *typeNode {
	start := p.node(anything, "")
	t := p.unions()
	if !p.is("extends") || p.token(p.pos).newline {
		return t
	}
	saved := p.pos
	p.pos++
	p.unions()
	if !p.is("?") {
		p.pos = saved // the constraint of an infer, or of a type parameter
		return t
	}
	p.pos++
	yes := p.conditional()
	if p.is(":") {
		p.pos++
	}
	no := p.conditional()
	start.form, start.parts = conditional, []*typeNode{yes, no}
	yes.inConditional, no.inConditional = true, true
	return p.done(start)
}

func (p *types) unions() *typeNode { return p.several("|", union, p.intersections) }

func (p *types) intersections() *typeNode { return p.several("&", intersection, p.operators) }

func (p *types) several(operator string, f form, part func() *typeNode) *typeNode {
	all := p.node(f, "")
	if p.is(operator) {
		p.pos++
	}
	all.parts = append(all.parts, part())
	for p.is(operator) {
		p.pos++
		all.parts = append(all.parts, part())
	}
	if len(all.parts) == 1 {
		return all.parts[0]
	}
	return p.done(all)
}

// operators reads keyof, unique, infer and readonly in front of a type.
func (p *types) operators() *typeNode {
	if p.depth >= maxNested {
		t := p.node(anything, "")
		p.pos = p.behind(p.pos)
		return p.done(t)
	}
	p.depth++
	defer func() { p.depth-- }()
	next := p.at(p.pos + 1)
	follows := p.isName(p.pos+1) || next == "{" || next == "[" || next == "("
	switch p.at(p.pos) {
	case "readonly":
		if follows {
			p.pos++
			return p.operators()
		}
	case "keyof", "unique", "infer":
		if follows {
			t := p.node(map[string]form{"keyof": keys, "unique": anything, "infer": elsewhere}[p.at(p.pos)], "")
			p.pos++
			t.parts = []*typeNode{p.operators()}
			return p.done(t)
		}
	}
	return p.suffixed()
}

// suffixed reads a type with [] and [K] behind it.
func (p *types) suffixed() *typeNode {
	t := p.primary()
	for p.is("[") && !p.token(p.pos).newline {
		element := t
		t = &typeNode{form: indexed, start: element.start, in: p.source, parts: []*typeNode{element}}
		if p.at(p.pos+1) == "]" {
			t.form = list
		}
		p.pos = p.behind(p.pos)
		p.done(t)
	}
	return t
}

var keywordTypes = map[string]bool{
	"string": true, "number": true, "boolean": true, "void": true, "undefined": true, "never": true, "unknown": true,
	"any": true, "object": true, "bigint": true, "symbol": true, "this": true,
}

func (p *types) primary() *typeNode {
	t := p.node(anything, "")
	token := p.token(p.pos)
	switch what := p.at(p.pos); {
	case what == "(":
		close := token.match
		if p.at(close+1) == "=>" && close > 0 {
			return p.functionType(t)
		}
		p.pos++
		inner := p.conditional()
		p.pos = max(p.pos, close)
		if p.is(")") {
			p.pos++
		}
		return inner
	case what == "<":
		p.pos = p.behindAngles(p.pos)
		return p.functionType(t)
	case what == "new" || what == "abstract" && p.at(p.pos+1) == "new":
		for p.isName(p.pos) {
			p.pos++
		}
		p.pos = p.behindAngles(p.pos)
		return p.functionType(t)
	case what == "[":
		t.form = list
		p.pos = p.behind(p.pos)
	case what == "{":
		t.form = anything
		if p.callable(p.pos) {
			t.name = "callable"
		}
		p.pos = p.behind(p.pos)
	case token.kind == text:
		t.form, t.name = literal, "string"
		p.pos++
	case what == "-":
		p.pos++
		t.form, t.name = literal, numberOrBigint(p.at(p.pos))
		p.pos++
	case token.kind == other:
		t.form, t.name = literal, numberOrBigint(what)
		p.pos++
	case what == "true" || what == "false":
		t.form, t.name = literal, "boolean"
		p.pos++
	case what == "null":
		t.form, t.name = keyword, "null"
		p.pos++
	case what == "typeof":
		t.form = query
		p.pos++
		t.name = p.entity()
		p.pos = p.behindAngles(p.pos)
	case what == "import" && p.at(p.pos+1) == "(":
		t.form = elsewhere
		p.pos = p.behind(p.pos + 1)
		for p.is(".") {
			p.pos += 2
		}
		p.pos = p.behindAngles(p.pos)
	case what == "asserts" && p.isName(p.pos+1) && !p.token(p.pos+1).newline:
		t.form = assertion
		p.pos += 2
		if p.is("is") {
			p.pos++
			p.conditional()
		}
	case token.kind == word && p.at(p.pos+1) == "is" && !p.token(p.pos+1).newline && what != "is":
		t.form = predicate
		p.pos += 2
		p.conditional()
	case keywordTypes[what] && p.at(p.pos+1) != ".":
		t.form, t.name = keyword, what
		p.pos++
	case token.kind == word:
		t.form, t.name = reference, p.entity()
		if p.is("<") && !p.token(p.pos).newline {
			t.parts = p.arguments()
		}
	default:
		p.pos++
	}
	return p.done(t)
}

// entity reads a or a.b.
func (p *types) entity() string {
	names := []string{p.at(p.pos)}
	p.pos++
	for p.is(".") && p.isName(p.pos+1) {
		names = append(names, p.at(p.pos+1))
		p.pos += 2
	}
	return strings.Join(names, ".")
}

// arguments reads type arguments.
func (p *types) arguments() (list []*typeNode) {
	behind := p.behindAngles(p.pos)
	p.pos++
	for p.pos < behind-1 {
		list = append(list, p.conditional())
		if !p.is(",") {
			break
		}
		p.pos++
	}
	p.pos = behind
	return list
}

// functionType reads the parameters and the result of a function type.
func (p *types) functionType(t *typeNode) *typeNode {
	t.form = function
	if p.is("(") {
		p.pos = p.behind(p.pos)
	}
	if p.is("=>") {
		p.pos++
		p.conditional()
	}
	return p.done(t)
}

// callable reports whether an object type or the body of an interface has a call
// signature.
func (s *source) callable(open int) bool {
	first := true
	for i := open + 1; i < s.token(open).match; {
		if first && (s.at(i) == "(" || s.at(i) == "<") {
			return true
		}
		first = s.at(i) == ";" || s.at(i) == ","
		next := s.behind(i)
		if next < len(s.tokens) && s.token(next).newline && (s.at(next) == "(" || s.at(next) == "<") {
			first = true
		}
		i = next
	}
	return false
}

func numberOrBigint(text string) string {
	if len(text) > 0 && text[len(text)-1] == 'n' {
		return "bigint"
	}
	return "number"
}
