package typescript

// class is a class of a source, with what decorators need.
type class struct {
	name       string
	token      int // of the word class
	open       int // of the body's bracket
	decorators []span
	bound      []string // type parameters
	extends    map[string]*typeNode
	members    []classMember
}

// span is a range of offsets.
type span struct{ start, end int }

// memberKind is the kind of a class's member.
type memberKind uint8

const (
	property memberKind = iota
	method
	getter
	setter
	constructor
)

// classMember is a member of a class.
type classMember struct {
	kind       memberKind
	name       string // as it is written
	start      int    // offset of the name
	static     bool
	async      bool
	decorators []span
	hasBody    bool
	typ        *typeNode // of a property, or what a method returns
	params     []parameter
}

// parameter is a parameter of a method or constructor.
type parameter struct {
	start      int // offset, in front of modifiers and behind decorators
	name       string
	decorators []span
	rest       bool
	typ        *typeNode
}

// decoratedClasses visits every class of a source that has decorators on it, on a member or on
// a parameter.
func (f *file) decoratedClasses(visit func(*class)) {
	var decorators []span
	for i := 0; i < len(f.tokens)-1; i++ {
		if f.at(i) == "@" {
			var d span
			var behind int
			d, behind = f.decorator(i)
			decorators = append(decorators, d)
			i = behind - 1
			continue
		}
		switch f.at(i) {
		case "export", "default", "abstract", "declare":
			continue
		case "class":
			if f.at(i-1) != "." && f.at(i+1) != ":" && f.at(i+1) != "," {
				if c := f.class(i, decorators); c != nil && c.decorated() {
					visit(c)
				}
			}
		}
		decorators = nil
	}
}

// decorator reads the decorator at token i.
func (f *file) decorator(i int) (span, int) {
	at := i + 1
	if f.at(at) == "(" {
		at = f.behind(at)
	} else {
		for at++; f.at(at) == "." && f.isName(at+1); at += 2 {
		}
		at = f.behindAngles(at)
		for f.at(at) == "(" && (at == i+2 || !f.token(at).newline) {
			at = f.behind(at)
		}
	}
	return span{f.token(i).start, f.token(at - 1).end}, at
}

func (f *file) decorators(i int) (all []span, behind int) {
	for f.at(i) == "@" {
		var d span
		d, i = f.decorator(i)
		all = append(all, d)
	}
	return all, i
}

// class reads the class at token i, nil where it has no body.
func (f *file) class(i int, decorators []span) *class {
	c := &class{token: i, decorators: decorators}
	at := i + 1
	if f.isName(at) && f.at(at) != "extends" && f.at(at) != "implements" {
		c.name = f.at(at)
		at++
	}
	c.bound, c.extends, at = f.typeParameters(at)
	for at < len(f.tokens)-1 && f.at(at) != "{" {
		if f.at(at) == "<" {
			at = f.behindAngles(at)
			continue
		}
		at = f.behind(at)
	}
	if f.at(at) != "{" {
		return nil
	}
	c.open = at
	closing := f.token(at).match
	for at++; at < closing; {
		if f.at(at) == ";" {
			at++
			continue
		}
		m, behind := f.member(at, closing)
		if m != nil {
			c.members = append(c.members, *m)
		}
		at = max(behind, at+1)
	}
	return c
}

var modifiers = map[string]bool{
	"public": true, "private": true, "protected": true, "static": true, "abstract": true, "override": true, "readonly": true,
	"declare": true, "async": true, "accessor": true, "get": true, "set": true,
}

// member reads the member of a class at token i.
func (f *file) member(i, closing int) (*classMember, int) {
	m := &classMember{}
	m.decorators, i = f.decorators(i)
	for modifiers[f.at(i)] || f.at(i) == "*" {
		if f.at(i) != "*" {
			switch f.at(i + 1) {
			case "(", "=", ";", ":", "}", "?", "!", "<", ",":
				goto name
			case "{":
				if f.at(i) == "static" {
					return nil, f.behind(i + 1)
				}
			}
		}
		switch f.at(i) {
		case "static":
			m.static = true
		case "async":
			m.async = true
		case "get":
			m.kind = getter
		case "set":
			m.kind = setter
		}
		i++
		var more []span
		more, i = f.decorators(i)
		m.decorators = append(m.decorators, more...)
	}
name:
	if i >= closing {
		return nil, closing
	}
	m.start, m.name = f.token(i).start, f.at(i)
	if f.at(i) == "[" {
		m.name = f.text[f.token(i).start:f.token(f.token(i).match).end]
	}
	i = f.behind(i)
	for f.at(i) == "?" || f.at(i) == "!" {
		i++
	}
	i = f.behindAngles(i)
	if f.at(i) != "(" {
		if f.at(i) == ":" {
			m.typ, i = f.readType(i + 1)
		}
		if f.at(i) == "=" {
			i = f.behindInitial(i+1, closing)
		}
		return m, i
	}
	if m.kind == property {
		m.kind = method
		if m.name == "constructor" && !m.static {
			m.kind = constructor
		}
	}
	m.params = f.parameters(i)
	i = f.behind(i)
	if f.at(i) == ":" {
		m.typ, i = f.readType(i + 1)
	}
	if f.at(i) == "{" {
		m.hasBody = true
		i = f.behind(i)
	}
	return m, i
}

// parameters reads the parameters between the brackets at token i.
func (f *file) parameters(i int) (all []parameter) {
	closing := f.token(i).match
	for i++; i < closing; {
		p := parameter{}
		p.decorators, i = f.decorators(i)
		p.start = f.token(i).start
		for modifiers[f.at(i)] && (f.isName(i+1) || f.at(i+1) == "{" || f.at(i+1) == "[" || f.at(i+1) == "@") {
			i++
			var more []span
			more, i = f.decorators(i)
			p.decorators = append(p.decorators, more...)
		}
		if f.at(i) == "..." {
			p.rest = true
			i++
		}
		p.name = f.at(i)
		i = f.behind(i)
		if f.at(i) == "?" {
			i++
		}
		if f.at(i) == ":" {
			p.typ, i = f.readType(i + 1)
		}
		for i < closing && f.at(i) != "," {
			if next := f.behindAngles(i); next > i && f.at(next) == "(" { // new Map<a, b>()
				i = next
				continue
			}
			i = f.behind(i)
		}
		i++
		all = append(all, p)
	}
	return all
}

// behindInitial is the index behind the value of a property, which begins at token i.
func (f *file) behindInitial(i, closing int) int {
	for first := true; i < closing; first = false {
		switch {
		case f.at(i) == ";":
			return i + 1
		case !first && f.token(i).newline && f.startsMember(i) && !f.goesOn(i-1):
			return i
		}
		i = f.behind(i)
	}
	return closing
}

// startsMember reports whether a member may begin at a token that follows a line
// break.
func (f *file) startsMember(i int) bool {
	switch f.at(i) {
	case "instanceof", "in", "as", "satisfies":
		return false
	case "@", "#", "*":
		return true
	}
	return f.isName(i) || f.token(i).kind == text
}

// goesOn reports whether an expression cannot end with a token.
func (f *file) goesOn(i int) bool {
	switch f.at(i) {
	case "new", "typeof", "await", "void", "delete", "instanceof", "in", "as", "satisfies", "return", "async", "extends":
		return true
	case ")", "]", "}", "!", ">":
		return false
	}
	return f.token(i).kind == mark
}

// decorated reports whether a class, a member or a parameter has a decorator.
func (c *class) decorated() bool {
	if len(c.decorators) > 0 {
		return true
	}
	for i := range c.members {
		if m := &c.members[i]; len(m.decorators) > 0 || m.decoratesParameters() {
			return true
		}
	}
	return false
}

// decoratesParameters reports whether a parameter has a decorator.
func (m *classMember) decoratesParameters() bool {
	for _, p := range m.params {
		if len(p.decorators) > 0 {
			return true
		}
	}
	return false
}
