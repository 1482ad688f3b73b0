package typescript

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// Enums returns edits that put the values of constant enums into a source where it
// names their members, for enums that are declared only: at run time there is no such
// object, and the compiler writes the value. A value that cannot be computed is a
// problem.
func (p *Program) Enums(path string, source []byte) (edits []js.Edit, problems []Problem) {
	f := newFile(path, source)
	used := f.memberUses()
	if len(used) == 0 {
		return nil, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	e := env{file: f, scopes: []*scope{f.scope}}
	for name, uses := range used {
		first, _, _ := strings.Cut(name, ".")
		d := f.scope.names[first]
		if d == nil || d.imported == nil && !d.ambient {
			continue
		}
		found := p.lookup(e, name, 0)
		if found.d == nil || !found.d.enum || found.enumMember || !found.d.constant ||
			!found.d.ambient && !d.ambient && !isDeclarationFile(found.in.file.path) {
			continue
		}
		values := found.in.file.enumValues(found.d)
		for _, use := range uses {
			value, known := values[use.member]
			switch {
			case known && value != "":
				edits = append(edits, js.Edit{Start: use.start, End: use.end, Text: value})
			case known:
				problems = append(problems, Problem{Offset: use.start, Message: "the value of " + name + "." + use.member +
					" is needed here, since the constant enum is declared only, and it cannot be computed"})
			}
		}
	}
	return edits, problems
}

func isDeclarationFile(file string) bool {
	return strings.HasSuffix(strings.TrimSuffix(file, path.Ext(file)), ".d")
}

// memberUse is a place where a source names a member of something.
type memberUse struct {
	member     string
	start, end int
}

// maxMembers bounds how many members of members are listed.
const maxMembers = 20

// maxTemplates bounds how deep templates lie in each other.
const maxTemplates = 30

// memberUses lists the members of names that begin with a capital letter, and of a.b.
func (f *file) memberUses() map[string][]memberUse {
	uses := map[string][]memberUse{}
	var look func(s *source, offset, depth int)
	look = func(s *source, offset, depth int) {
		for i := range s.tokens {
			t := s.token(i)
			if t.kind == text && s.text[t.start] == '`' && depth < maxTemplates {
				for _, inner := range substitutions(s.text[t.start:t.end]) {
					look(scan(s.text[t.start+inner.start:t.start+inner.end]), offset+t.start+inner.start, depth+1)
				}
				continue
			}
			name := s.at(i)
			if t.kind != word || name[0] < 'A' || name[0] > 'Z' || s.at(i-1) == "." {
				continue
			}
			for at := i; at < i+2*maxMembers; at += 2 {
				if s.at(at+1) == "[" && s.unquoted(at+2) != "" && s.at(at+3) == "]" {
					uses[name] = append(uses[name], memberUse{s.unquoted(at + 2), offset + t.start, offset + s.token(at+3).end})
				}
				if s.at(at+1) != "." || !s.isName(at+2) {
					break
				}
				uses[name] = append(uses[name], memberUse{s.at(at + 2), offset + t.start, offset + s.token(at+2).end})
				name += "." + s.at(at+2)
			}
		}
	}
	look(f.source, 0, 0)
	return uses
}

// substitutions are the expressions in a template.
func substitutions(template string) (all []span) {
	for i := 1; i < len(template); i++ {
		switch {
		case template[i] == '\\':
			i++
		case strings.HasPrefix(template[i:], "${"):
			end := substitutionEnd(template, i+2)
			all = append(all, span{i + 2, max(end-1, i+2)})
			i = end - 1
		}
	}
	return all
}

// enumValues are the values of an enum's members as JavaScript, "" where one cannot be
// computed.
func (f *file) enumValues(d *declaration) map[string]string {
	values, next, countable := map[string]string{}, 0, true
	for _, open := range d.bodies {
		next, countable = 0, true
		for _, m := range f.enumMembers(open) {
			switch {
			case m.from >= m.to:
				if values[m.name] = ""; countable {
					values[m.name] = number(next)
					next++
				}
				continue
			case m.isString(f) && m.to == m.from+1 && f.unquoted(m.from) != "":
				values[m.name] = f.at(m.from)
				countable = false
				continue
			}
			value, known := f.constantNumber(m.from, m.to, values)
			values[m.name] = ""
			if countable = known; known {
				values[m.name] = number(value)
				next = value + 1
			}
		}
	}
	return values
}

func number(n int) string {
	if n < 0 {
		return "(" + strconv.Itoa(n) + ")"
	}
	return strconv.Itoa(n)
}

// constantNumber computes an integer expression of numbers, earlier members and operators.
func (f *file) constantNumber(from, to int, members map[string]string) (value int, known bool) {
	c := constant{f, members, from, to, 0}
	n, known := c.binary(0)
	return int(n), known && c.at == to
}

// constant reads an expression up to a token, as JavaScript computes it.
type constant struct {
	*file
	members       map[string]string
	at, to, depth int
}

// bindings say which operators come first.
var bindings = map[string]int{"|": 1, "^": 2, "&": 3, "<<": 4, ">>": 4, ">>>": 4, "+": 5, "-": 5, "*": 6}

// binary reads operands and operators that bind tighter than least.
func (c *constant) binary(least int) (value int64, ok bool) {
	if c.depth++; c.depth > maxNested {
		return 0, false
	}
	defer func() { c.depth-- }()
	value, ok = c.operand()
	for ok && c.at < c.to {
		operator := c.file.at(c.at)
		behind := c.at + 1
		for ; (operator[0] == '<' || operator[0] == '>') && c.file.at(behind) == operator[:1]; behind++ {
			operator += operator[:1]
		}
		binding := bindings[operator]
		if binding <= least {
			return value, binding > 0 // which the operator before it ends at
		}
		c.at = behind
		var right int64
		if right, ok = c.binary(binding); ok {
			value, ok = compute(operator, value, right)
		}
	}
	return value, ok
}

// compute applies an operator. Bits are those of 32-bit integers. A result that a number
// cannot hold exactly is not known.
// Source: tc39.es/ecma262/#sec-numeric-types-number-leftShift
func compute(operator string, a, b int64) (value int64, ok bool) {
	x, y := int32(uint32(a)), int32(uint32(b))
	switch operator {
	case "|":
		value = int64(x | y)
	case "^":
		value = int64(x ^ y)
	case "&":
		value = int64(x & y)
	case "<<":
		value = int64(x << (uint32(y) & 31))
	case ">>":
		value = int64(x >> (uint32(y) & 31))
	case ">>>":
		value = int64(uint32(x) >> (uint32(y) & 31))
	case "+":
		value = a + b
	case "-":
		value = a - b
	case "*":
		if a != 0 && b != 0 && (max(a, -a) > exact/max(b, -b)) {
			return 0, false
		}
		value = a * b
	}
	return value, value >= -exact && value <= exact
}

// exact is the largest integer up to which a number holds all.
const exact = 1<<53 - 1

// operand reads a number, a member, or an expression in parentheses, with signs in front.
func (c *constant) operand() (value int64, ok bool) {
	var signs []string
	for ; c.at < c.to && (c.file.at(c.at) == "-" || c.file.at(c.at) == "+" || c.file.at(c.at) == "~"); c.at++ {
		signs = append(signs, c.file.at(c.at))
	}
	switch name := c.file.at(c.at); {
	case c.at >= c.to:
		return 0, false
	case name == "(":
		inner := constant{c.file, c.members, c.at + 1, c.token(c.at).match, c.depth}
		if value, ok = inner.binary(0); !ok || inner.at != inner.to {
			return 0, false
		}
		c.at = c.behind(c.at)
	default:
		if member := c.members[name]; member != "" {
			name = strings.Trim(member, "()")
		}
		parsed, err := strconv.ParseInt(strings.ReplaceAll(name, "_", ""), 0, 64)
		if err != nil || max(parsed, -parsed) > exact {
			return 0, false
		}
		value = parsed
		c.at++
	}
	for _, sign := range slices.Backward(signs) {
		switch sign {
		case "-":
			value = -value
		case "~":
			value = int64(^int32(uint32(value)))
		}
	}
	return value, true
}
