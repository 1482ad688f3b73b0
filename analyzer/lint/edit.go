package lint

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// Edit replaces bytes of a module's own text. Start and End are offsets.
type Edit struct {
	Start, End int
	Text       string
}

// Apply returns a text with edits, from any number of pieces of advice. Edits that overlap
// an earlier one are left out; the rest do not depend on them.
func Apply(source []byte, edits []Edit) []byte {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int { return a.Start - b.Start })
	var out []byte
	at := 0
	for _, e := range edits {
		if e.Start < at || e.End > len(source) || e.End < e.Start {
			continue
		}
		out = append(append(out, source[at:e.Start]...), e.Text...)
		at = e.End
	}
	return append(out, source[at:]...)
}

// line is a line of a module's own text.
type line struct {
	start, end int // without the line's end
	text       string
}

// lineOf is the line of a position, with the offset of the position in its text.
func (m *module) lineOf(n *js.Node) (l line, at int, ok bool) {
	p := js.Place{Start: int(n.Start), End: int(n.End)}
	m.text.Locate(&p)
	start := 0
	for range p.Line - 1 {
		next := bytes.IndexByte(m.source[start:], '\n')
		if next < 0 {
			return line{}, 0, false
		}
		start += next + 1
	}
	end := len(m.source)
	if next := bytes.IndexByte(m.source[start:], '\n'); next >= 0 {
		end = start + next
	}
	text := strings.TrimSuffix(string(m.source[start:end]), "\r")
	l = line{start, start + len(text), text}
	return l, p.Column - 1, p.Column >= 1 && p.Column-1 <= len(text)
}

// comments at the end of a line of code. A quote before them may hold the slashes.
var lineComment = regexp.MustCompile(`^((?:[^'"` + "`" + `/]|'[^']*'|"[^"]*"|/[^/*])*?)\s*(//.*)?$`)

// code is a line without its comment, false if it is not a statement of its own: its
// brackets do not match, or a string or a template goes on.
func code(text string) (string, bool) {
	found := lineComment.FindStringSubmatch(text)
	if found == nil {
		return "", false
	}
	depth, quoted := 0, byte(0)
	for i := range len(found[1]) {
		c := found[1][i]
		switch {
		case quoted != 0:
			if c == quoted {
				quoted = 0
			}
		case c == '\'' || c == '"' || c == '`':
			quoted = c
		case c == ';' && depth == 0 && strings.TrimSpace(found[1][i+1:]) != "":
			return "", false // another statement follows
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			if depth--; depth < 0 {
				return "", false
			}
		}
	}
	return strings.TrimRight(found[1], " \t"), depth == 0 && quoted == 0
}

// unref ends a timer's statement with a call of unref.
func (m *module) unref(n *js.Node) []Edit {
	l, at, ok := m.lineOf(n)
	if !ok {
		return nil
	}
	statement, whole := code(l.text[at:])
	if !whole || !strings.HasPrefix(statement, "setInterval(") || n.Parent == nil || n.Parent.Kind != js.Expr {
		return nil
	}
	end := l.start + at + len(strings.TrimSuffix(statement, ";"))
	return []Edit{{end, end, ".unref()"}}
}

// await puts await before a call in an async function.
func (m *module) await(n, fn *js.Node) []Edit {
	l, at, ok := m.lineOf(n)
	if !ok || !m.isAsync(fn) || nearest(n) != fn {
		return nil
	}
	before := l.text[:at]
	if strings.TrimSpace(before) == "void" {
		start := l.start + strings.Index(before, "void")
		return []Edit{{start, start + len("void"), "await"}}
	}
	if strings.TrimSpace(before) != "" {
		return nil
	}
	return []Edit{{l.start + at, l.start + at, "await "}}
}

// nearest is the function that a node is in.
func nearest(n *js.Node) *js.Node {
	for p := n.Parent; p != nil; p = p.Parent {
		if isFunction(p) {
			return p
		}
	}
	return nil
}

// without removes a property that is false.
func (m *module) without(n *js.Node, name string) []Edit {
	l, at, ok := m.lineOf(n)
	if !ok {
		return nil
	}
	found := regexp.MustCompile(`^` + name + `\s*:\s*false\s*(,\s*)?`).FindString(l.text[at:])
	if found == "" {
		return nil
	}
	start, end := l.start+at, l.start+at+len(found)
	if !strings.Contains(found, ",") { // the last one: the comma before it goes too
		start = l.start + len(strings.TrimRight(l.text[:at], " \t"))
		if start > l.start && m.source[start-1] == ',' {
			start--
		} else {
			start = l.start + at
		}
		end = l.start + at + len(strings.TrimRight(found, " \t"))
		if open := len(strings.TrimRight(l.text[:at], " \t")); open > 0 && l.text[open-1] == '{' { // the only one: {}
			if after := strings.TrimLeft(l.text[end-l.start:], " \t"); strings.HasPrefix(after, "}") {
				start, end = l.start+open, l.end-len(after)
			}
		}
	}
	return []Edit{{start, end, ""}}
}

// hoist moves a declaration on a line of its own in front of the statement of the module
// that its function is in. The name must be free there, and the value must use nothing of
// the function.
func (m *module) hoist(n, fn *js.Node) []Edit {
	declare := n.Parent
	if declare == nil || declare.Kind != js.Declare || declare.X.Kind != js.Name || declare.Parent == nil || declare.Parent.Kind != js.Var ||
		declare.Parent.Name != "const" || len(declare.Parent.List) != 1 || nearest(n) != fn {
		return nil
	}
	name := declare.X.Name
	top := n
	for top.Parent != nil && top.Parent != m.text.Top {
		top = top.Parent
	}
	if m.text.Scope.Own(name) != nil || m.declaresTwice(name) || usesLocal(n, fn) || !m.sameAt(n, top) || m.startsOrEnds(declare.X) {
		return nil
	}
	from, at, ok := m.lineOf(declare.Parent)
	to, _, found := m.lineOf(top)
	if !ok || !found || top.Parent == nil || to.start >= from.start || strings.TrimSpace(from.text[:at]) != "" {
		return nil
	}
	statement, whole := code(from.text[at:])
	if !whole || !strings.HasPrefix(statement, "const "+name) {
		return nil
	}
	start := to.start
	for start > 0 { // its comments and decorators stay with it
		before := bytes.LastIndexByte(m.source[:start-1], '\n') + 1
		above := strings.TrimSpace(string(m.source[before : start-1]))
		if above == "" || !strings.ContainsAny(above[:1], "/*@") {
			break
		}
		start = before
	}
	end := from.end
	for end < len(m.source) && m.source[end] != '\n' {
		end++
	}
	return []Edit{{start, start, from.text[at:] + "\n\n"}, {from.start, min(end+1, len(m.source)), ""}}
}

// sameAt reports whether an expression has the same value before a statement of the module as in
// the functions: it waits for nothing, its names are never assigned again and declared before, and
// the project does not set the environment that it reads.
func (m *module) sameAt(n, top *js.Node) bool {
	same := true
	var look func(*js.Node)
	look = func(n *js.Node) {
		switch {
		case n.Kind == js.Unary && (n.Name == "await" || n.Name == "yield"), n.Kind == js.Literal && n.Name == "this", n.Kind == js.Name && n.Name == "arguments":
			same = false
		case n.Kind == js.Name && n.Scope != nil:
			b := n.Scope.Find(n.Name)
			switch {
			case b == nil:
				same = same && (n.Name != "process" || !m.setsEnvironment())
			case b.Imported == "" && b.Function == nil:
				same = same && len(b.Writes) == 1 && !slices.ContainsFunc(b.Refs, func(ref *js.Node) bool { return ref.IsTarget() && ref.Start > top.Start })
			}
		}
		n.Each(look)
	}
	look(n)
	return same
}

// setsEnvironment reports whether one of the function's own modules may set variables of the
// environment.
func (m *module) setsEnvironment() (found bool) {
	for _, path := range m.Paths {
		other := m.function.module(path)
		if other == nil {
			continue
		}
		other.each(func(n *js.Node) {
			switch {
			case n.Kind == js.Assign:
				found = found || holder(n.X).IsGlobal("process")
			case n.Kind == js.Call && len(n.List) > 0 && n.X.Kind == js.Member && n.X.X.IsGlobal("Object") && n.X.Name == "assign":
				found = found || holder(n.List[0]).IsGlobal("process")
			}
		})
		other.imports(func(_ *js.Node, specifier string, _ *js.Node) {
			found = found || strings.HasPrefix(js.PackageName(specifier), "dotenv")
		})
	}
	return found
}

// startedBy is the method that starts what a name holds, and that the code calls, "" for none.
func startedBy(name *js.Node) string {
	if name.Kind != js.Name || name.Scope == nil || name.Scope.Find(name.Name) == nil {
		return ""
	}
	for _, ref := range name.Scope.Find(name.Name).Refs {
		if p := ref.Parent; p != nil && p.Kind == js.Member && p.X == ref {
			switch p.Name {
			case "connect", "initialize", "open", "init", "listen", "start":
				return p.Name
			}
		}
	}
	return ""
}

// startsOrEnds reports whether the code may start or end what a name holds, which can be done once
// only: it calls a method of it that does so, or hands it to code that may end it.
func (m *module) startsOrEnds(name *js.Node) bool {
	b := name.Scope.Find(name.Name)
	if b == nil {
		return true
	}
	if startedBy(name) != "" {
		return true
	}
	for _, ref := range b.Refs {
		p := ref.Parent
		switch {
		case ref == name, p == nil, p.Kind == js.Member && p.X == ref:
		case p.Kind != js.Call && p.Kind != js.New:
			for _, method := range []string{"end", "close", "quit", "destroy", "disconnect", "$disconnect"} {
				if m.function.mentions(method) {
					return true
				}
			}
		}
	}
	return false
}

// declaresTwice reports whether a name is declared or used for something else anywhere in
// the module.
func (m *module) declaresTwice(name string) bool {
	declared := 0
	m.each(func(n *js.Node) {
		if n.Kind == js.Name && n.Name == name && n.IsTarget() {
			declared++
		}
		if n.Kind == js.Name && n.IsGlobal(name) {
			declared = 2
		}
	})
	return declared != 1
}

// usesLocal reports whether an expression uses a name that is declared in fn.
func usesLocal(n, fn *js.Node) (found bool) {
	if n.Kind == js.Name && n.Scope != nil {
		for s := n.Scope; s != nil; s = s.Parent {
			if s.Own(n.Name) != nil {
				return within(s, fn)
			}
		}
		return false
	}
	n.Each(func(c *js.Node) { found = found || usesLocal(c, fn) })
	return found
}
