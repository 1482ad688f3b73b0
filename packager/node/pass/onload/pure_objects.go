package onload

import (
	"bytes"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// pureObjects tells the bundler that nothing happens when an object or a class with
// symbols for keys is made: {[TypeId]: 1} becomes /* @__PURE__ */ (() => ({[TypeId]: 1}))().
// The bundler takes a computed key for an effect, since it may call toString, and keeps
// objects that nobody uses with all that they mention: the prototypes of effect. It writes
// what is used as it was, without the function.
//
// A key that is a symbol or a string calls nothing. The pass looks at objects that are part
// of a declaration on the top level of an ES module, and at classes there. They run in the
// same order as before, and see the same names: an arrow function has no this, arguments or
// super of its own, and values that could await or yield are none of these. These stay as
// they are:
//   - a key that is not certainly a symbol, a string or a number: a name must be declared
//     by const, here or in the module that exports it, and have its value by then;
//   - a value that does something: a call, a spread, which may call a getter, a member of
//     anything but a namespace, or a template with values;
//   - a class with a decorator or a static block, one that extends anything but an error or
//     a class of the same module, and one whose name anything assigns to: its own name is
//     declared by const afterwards.
//
// As the bundler does, it takes it that reading an import does nothing. In a circle of
// modules it may throw, because the import has no value yet: an object that nobody uses
// then throws no longer.
func pureObjects(m *Module, v View, _ analyzer.Switches) []Change {
	text := m.Text()
	if text == nil || text.Rewritten() || !text.Module {
		return nil
	}
	p := pure{module: m, finder: finder{view: v}}
	for _, s := range text.Top.List {
		p.statement(s)
	}
	if len(p.edits) == 0 {
		return nil
	}
	return []Change{{Edits: p.edits, Past: p.finder.past}}
}

// hasSymbolKey reports whether a module of ES may have a key in brackets that is a name or a
// member. It is asked of every module, where a regular expression takes too long.
func hasSymbolKey(source []byte) bool {
	if !bytes.Contains(source, []byte("import ")) && !bytes.Contains(source, []byte("export ")) {
		return false
	}
	for at := 0; ; at++ {
		next := bytes.IndexByte(source[at:], '[')
		if next < 0 {
			return false
		}
		at += next
		before := bytes.TrimRight(source[max(0, at-maxBefore):at], " \t\r\n")
		if len(before) == 0 || !bytes.ContainsRune([]byte("{,;}*/cte"), rune(before[len(before)-1])) {
			continue // none of static, async, get, set, a comment, and what ends a member
		}
		end := at + 1
		for end < len(source) && (source[end] == '.' || source[end] == '$' || isWordByte(source[end])) {
			end++
		}
		if end == at+1 || end >= len(source) || source[end] != ']' {
			continue
		}
		if after := bytes.TrimLeft(source[end+1:min(len(source), end+1+maxBefore)], " \t\r\n"); len(after) > 0 && bytes.IndexByte([]byte(":(=;"), after[0]) >= 0 {
			return true
		}
	}
}

// maxBefore bounds the white space around a key.
const maxBefore = 100

func isWordByte(c byte) bool {
	return c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
}

// pure looks at the declarations of a module.
type pure struct {
	module *Module
	finder finder
	edits  []js.Edit
}

func (p *pure) statement(s *js.Node) {
	switch s.Kind {
	case js.Export:
		if s.Y != nil && s.Flags&js.Default == 0 {
			p.statement(s.Y)
		}
	case js.Var:
		for _, d := range s.List {
			if d.Y != nil {
				p.value(d.Y)
			}
		}
	case js.Class:
		if b := s.Scope.Find(s.Name); b == nil || len(b.Writes) > 0 {
			return
		}
		p.wrap(s, "const "+s.Name+" = /* @__PURE__ */ (() => ", ")();")
	}
}

// value looks at an expression and at the objects in it.
func (p *pure) value(n *js.Node) {
	switch n.Kind {
	case js.Object:
		if !p.wrap(n, "/* @__PURE__ */ (() => (", "))()") {
			p.values(n.List)
		}
	case js.Class:
		p.wrap(n, "/* @__PURE__ */ (() => ", ")()")
	case js.Property:
		if n.Y != nil {
			p.value(n.Y)
		}
	case js.Call, js.New, js.Array:
		p.values(n.List)
	}
}

func (p *pure) values(list []*js.Node) {
	for _, n := range list {
		p.value(n)
	}
}

// wrap makes an object or a class the result of a function, where it has a computed key and
// nothing happens when it is made.
func (p *pure) wrap(n *js.Node, before, after string) bool {
	if !slices.ContainsFunc(n.List, func(m *js.Node) bool {
		return m.Kind == js.Property && m.X != nil && m.X.Kind != js.String && m.X.Kind != js.Number
	}) || !p.quiet(n) {
		return false
	}
	p.edits = append(p.edits, js.Edit{Start: int(n.Start), End: int(n.Start), Text: before}, js.Edit{Start: int(n.End), End: int(n.End), Text: after})
	return true
}

// quiet reports whether nothing happens when an expression is evaluated.
func (p *pure) quiet(n *js.Node) bool {
	noisy := func(n *js.Node) bool { return !p.quiet(n) }
	switch n.Kind {
	case js.Object:
		return !slices.ContainsFunc(n.List, func(m *js.Node) bool {
			return m.Kind != js.Property || m.X != nil && !p.key(m.X) || m.Y != nil && !p.quiet(m.Y)
		})
	case js.Class:
		if n.X != nil && !n.X.IsGlobal("Error") && (n.X.Kind != js.Name || !isClassBefore(n.X)) {
			return false
		}
		return !slices.ContainsFunc(n.List, func(m *js.Node) bool {
			return m.Kind != js.Property || m.X != nil && !p.key(m.X) || m.Flags&js.Static != 0 && m.Flags&js.Method == 0 && m.Y != nil && !p.quiet(m.Y)
		})
	case js.Array:
		return !slices.ContainsFunc(n.List, noisy)
	case js.Name:
		b := n.Scope.Find(n.Name)
		return settled(n) || b != nil && b.Imported != ""
	case js.Member:
		_, _, of := p.member(n)
		return of
	case js.Unary, js.Cond, js.New, js.Template, js.Binary:
		return settled(n)
	}
	return settled(n)
}

// key reports whether the key of a property is certainly a symbol, a string or a number.
func (p *pure) key(n *js.Node) bool {
	switch n.Kind {
	case js.Name:
		b := n.Scope.Find(n.Name)
		if b != nil && b.Imported != "" {
			return b.Member != "*" && p.exportedKey(b.Imported, b.Member)
		}
		return knownBefore(n) && b.Function == nil && p.isKey(b.Writes[0].From)
	case js.Member:
		if n.X.IsGlobal("Symbol") && n.Flags&js.Optional == 0 {
			return slices.Contains(wellKnown, n.Name)
		}
		from, name, of := p.member(n)
		return of && p.exportedKey(from, name)
	}
	return primitive(n)
}

// wellKnown are the symbols that every Node has.
var wellKnown = []string{"iterator", "asyncIterator", "hasInstance", "toPrimitive", "toStringTag", "species"}

// isKey reports whether an expression is a string or a symbol. What Symbol and Symbol.for
// return is one whatever they are called with.
func (p *pure) isKey(n *js.Node) bool {
	if n.Kind == js.Call && n.Flags&js.Optional == 0 {
		return n.X.IsGlobal("Symbol") || n.X.Kind == js.Member && n.X.Name == "for" && n.X.X.IsGlobal("Symbol")
	}
	return primitive(n)
}

// member is what a member of a namespace is: a name that another module exports.
func (p *pure) member(n *js.Node) (from, name string, of bool) {
	if n.X.Kind != js.Name || n.Flags&(js.Optional|js.Odd) != 0 {
		return "", "", false
	}
	b := n.X.Scope.Find(n.X.Name)
	if b == nil || b.Imported == "" || b.Member != "*" {
		return "", "", false
	}
	return b.Imported, n.Name, true
}

// exportedKey reports whether a module exports a name that is a string or a symbol.
func (p *pure) exportedKey(specifier, name string) bool {
	file := p.finder.view.Resolve(p.module.File, specifier)
	if file == "" {
		return false
	}
	t, found := p.finder.find(file, name)
	if !found || t.name == "*" {
		return false
	}
	o := p.finder.view.Outline(t.file)
	return o != nil && o.Keys[o.Exports[t.name].Name]
}
