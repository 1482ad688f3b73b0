package typescript

import (
	"path"
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

// memberUses lists the members of names that begin with a capital letter, and of a.b.
func (f *file) memberUses() map[string][]memberUse {
	uses := map[string][]memberUse{}
	var look func(s *source, offset int)
	look = func(s *source, offset int) {
		for i := range s.tokens {
			t := s.tokens[i]
			if t.kind == text && s.text[t.start] == '`' {
				for _, inner := range substitutions(s.text[t.start:t.end]) {
					look(scan(s.text[t.start+inner.start:t.start+inner.end]), offset+t.start+inner.start)
				}
				continue
			}
			name := s.at(i)
			if t.kind != word || name[0] < 'A' || name[0] > 'Z' || s.at(i-1) == "." {
				continue
			}
			for at := i; ; at += 2 {
				if s.at(at+1) == "[" && s.unquoted(at+2) != "" && s.at(at+3) == "]" {
					uses[name] = append(uses[name], memberUse{s.unquoted(at + 2), offset + t.start, offset + s.tokens[at+3].end})
				}
				if s.at(at+1) != "." || !s.isName(at+2) {
					break
				}
				uses[name] = append(uses[name], memberUse{s.at(at + 2), offset + t.start, offset + s.tokens[at+2].end})
				name += "." + s.at(at+2)
			}
		}
	}
	look(f.source, 0)
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
			all = append(all, span{i + 2, end - 1})
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

// constantNumber computes an integer expression of numbers, earlier members and
// operators, from left to right.
func (f *file) constantNumber(from, to int, members map[string]string) (value int, known bool) {
	operand := func(i int) (n, behind int, ok bool) {
		sign := 1
		if f.at(i) == "-" {
			sign, i = -1, i+1
		}
		if f.at(i) == "(" {
			n, ok = f.constantNumber(i+1, f.tokens[i].match, members)
			return sign * n, f.behind(i), ok
		}
		name := f.at(i)
		if member := members[name]; member != "" {
			name = strings.Trim(member, "()")
		}
		parsed, err := strconv.ParseInt(strings.ReplaceAll(name, "_", ""), 0, 64)
		return sign * int(parsed), i + 1, err == nil
	}
	value, i, known := operand(from)
	for known && i < to {
		operator := f.at(i)
		for i++; i < to && (operator == "<" || operator == ">") && f.at(i) == operator[:1]; i++ {
			operator += f.at(i)
		}
		var right int
		if right, i, known = operand(i); !known {
			break
		}
		switch operator {
		case "<<":
			value <<= right
		case ">>":
			value >>= right
		case "|":
			value |= right
		case "&":
			value &= right
		case "+":
			value += right
		case "-":
			value -= right
		case "*":
			value *= right
		default:
			return 0, false
		}
	}
	return value, known && i == to
}
