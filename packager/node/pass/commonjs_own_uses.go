package pass

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer/js"
)

// ownUses looks at what a module does with its own exports, and finds the statements that
// set them.
func (u *usage) ownUses(m *exporting) {
	if m.exports >= 0 {
		for _, ref := range u.refsOf(m.exports) {
			if u.list[ref].use == declared {
				continue
			}
			n := u.nodeOf(ref)
			if n == nil || u.list[ref].use != read || !u.ownUse(int(ref), n, m) {
				m.escaped = true
			}
		}
	}
	if m.module >= 0 {
		replaced := 0
		for _, ref := range u.refsOf(m.module) {
			if u.list[ref].use == declared {
				continue
			}
			n := u.nodeOf(ref)
			if n == nil || u.list[ref].use != read || n.Parent.Kind != js.Member || n.Parent.X != n || n.Parent.Name != "exports" {
				m.escaped = true
				continue
			}
			object := n.Parent
			if p := object.Parent; p.Kind == js.Assign && p.X == object {
				replaced++
				if !u.replaces(p, m) {
					m.escaped = true
				}
				continue
			}
			if !u.ownUse(int(ref), object, m) {
				m.escaped = true
			}
		}
		if replaced > 1 || replaced == 1 && m.exports >= 0 && len(u.refsOf(m.exports)) > 1 {
			m.escaped = true
		}
	}
	if m.escaped {
		m.sites = nil
		return
	}
	for name := range m.called {
		m.escaped = m.escaped || len(m.sites[name]) == 0 // such as hasOwnProperty
		for _, site := range m.sites[name] {
			if !u.withoutThis(site.value) {
				m.escaped = true
			}
		}
	}
}

// ownUse judges a use of the object in its module.
func (u *usage) ownUse(ref int, n *js.Node, m *exporting) bool {
	p := n.Parent
	switch p.Kind {
	case js.Member, js.Index:
		name, known := memberOf(p, n)
		if !known {
			return false
		}
		if assignment := p.Parent; assignment.Kind == js.Assign && assignment.X == p && assignment.Op == js.OpAssign {
			return u.sets(assignment, name, m)
		}
		if isWritten(p) && p.Parent.Kind == js.Unary {
			return false // deleted
		}
		if isCalled(p) {
			m.called[name] = true
		}
		d := u.special[ref]
		d.of, d.names = []*exporting{m}, append(d.names, name)
		u.special[ref] = d
		return true
	case js.Call:
		return u.defines(p, n, m)
	}
	return false
}

// sets adds the site of an assignment to an export. Where other code takes its value, the
// statement stays.
func (u *usage) sets(assignment *js.Node, name string, m *exporting) bool {
	if name == "__proto__" {
		return false
	}
	first := assignment
	for first.Parent.Kind == js.Assign && first.Parent.Y == first && first.Parent.Op == js.OpAssign {
		first = first.Parent
	}
	value := assignment.Y
	for value.Kind == js.Assign && value.Op == js.OpAssign {
		value = value.Y
	}
	site := &unit{node: first, value: value, of: m, names: []string{name}, targets: []*js.Node{assignment}}
	if !u.removable(first, m) || !u.pure(value, first.Start) {
		site.node = nil
	}
	m.sites[name] = append(m.sites[name], site)
	return true
}

// defines adds the site of Object.defineProperty(exports, "name", ...).
func (u *usage) defines(call, n *js.Node, m *exporting) bool {
	if len(call.List) != 3 || call.List[0] != n || call.List[1].Kind != js.String || call.List[2].Kind != js.Object ||
		call.X.Kind != js.Member || call.X.Name != "defineProperty" || !call.X.X.IsGlobal("Object") {
		return false
	}
	site := &unit{node: call, value: call.List[2], of: m, names: []string{call.List[1].Name}}
	for _, p := range call.List[2].List {
		if p.Kind != js.Property || p.X != nil || p.Y == nil || p.Name == "__proto__" {
			return false
		}
		switch p.Name {
		case "get":
			if p.Y.Kind != js.Function && p.Y.Kind != js.Arrow || usesOwnThis(p.Y) {
				return false
			}
			site.value = p.Y // what is called as a member is not known
		case "value":
			site.value = p.Y
		case "set":
			return false
		}
	}
	if !u.removable(call, m) || !u.pure(call.List[2], call.Start) {
		site.node = nil
	}
	m.sites[site.names[0]] = append(m.sites[site.names[0]], site)
	return true
}

// replaces adds the sites of module.exports = { ... }.
func (u *usage) replaces(assignment *js.Node, m *exporting) bool {
	if assignment.Op != js.OpAssign || assignment.Y.Kind != js.Object || !u.removable(assignment, m) {
		return false
	}
	for _, p := range assignment.Y.List {
		if p.Kind != js.Property || p.X != nil || p.Name == "" || p.Name == "__proto__" || p.Flags&js.Method != 0 && usesOwnThis(p.Y) {
			return false
		}
		site := &unit{node: p, value: p.Y, of: m, names: []string{p.Name}}
		if !u.pure(p.Y, p.Start) {
			site.node = nil
		}
		m.sites[p.Name] = append(m.sites[p.Name], site)
	}
	return true
}

// removable reports whether an expression is a statement of a module, or one of several
// that commas join.
func (u *usage) removable(n *js.Node, m *exporting) bool {
	if n.Flags&js.Parenthesised != 0 {
		return false
	}
	p := n.Parent
	if p.Kind == js.Sequence && p.Flags&js.Parenthesised == 0 {
		p = p.Parent
	}
	return p.Kind == js.Expr && p.Parent == m.wrapper.X
}

// withoutThis reports whether a value that is called as a member cannot see of what.
func (u *usage) withoutThis(n *js.Node) bool {
	switch n.Kind {
	case js.Arrow, js.Class, js.String, js.Number, js.Literal, js.Object, js.Array, js.Unary:
		return true
	case js.Function:
		return !usesOwnThis(n)
	case js.Name:
		b := n.Scope.Find(n.Name)
		if b == nil || u.variables[b.ID].fixed {
			return false
		}
		for _, ref := range u.refsOf(b.ID) {
			var value *js.Node
			switch at := u.nodeOf(ref); {
			case u.list[ref].use == read:
				continue
			case u.list[ref].use == written:
				return false
			case at == nil:
				value = functionNamedAt(u.tree, n, u.list[ref])
			case at.Parent.Kind == js.Declare && at.Parent.X == at:
				if value = at.Parent.Y; value == nil {
					continue
				}
			}
			if value == nil || value.Kind == js.Name || !u.withoutThis(value) {
				return false
			}
		}
		return true
	}
	return false
}

// usesOwnThis reports whether a function uses its receiver.
func usesOwnThis(f *js.Node) bool {
	if f.Kind != js.Function {
		return false
	}
	uses := usesOuterThis(f.X)
	for _, p := range f.List {
		uses = uses || usesOuterThis(p)
	}
	return uses
}

// pure reports whether nothing happens when an expression is evaluated at a place: it does
// not throw either.
func (u *usage) pure(n *js.Node, at int32) bool {
	all := func(list []*js.Node) bool {
		return !slices.ContainsFunc(list, func(c *js.Node) bool { return !u.pure(c, at) })
	}
	switch n.Kind {
	case js.String, js.Number, js.Regex, js.Function, js.Arrow, js.Empty:
		return true
	case js.Literal:
		return n.Name != "super"
	case js.Template:
		return len(n.List) == 0
	case js.Name:
		if n.IsGlobal("undefined") {
			return true
		}
		b := n.Scope.Find(n.Name)
		return b != nil && u.declaredBefore(b, n, at)
	case js.Unary:
		return n.Name == "void" && u.pure(n.X, at) || (n.Op == js.OpNot || n.Op == js.OpMinus) && (n.X.Kind == js.Number || n.X.Kind == js.String)
	case js.Array:
		return all(n.List)
	case js.Object:
		return !slices.ContainsFunc(n.List, func(p *js.Node) bool {
			return p.Kind != js.Property || p.X != nil || p.Name == "__proto__" || p.Y == nil || !u.pure(p.Y, at)
		})
	case js.Class:
		return n.X == nil && !slices.ContainsFunc(n.List, func(p *js.Node) bool {
			return p.Kind != js.Property || p.X != nil || p.Flags&js.Static != 0 && p.Flags&js.Method == 0
		})
	case js.Cond:
		return u.pure(n.X, at) && u.pure(n.Y, at) && u.pure(n.Z, at)
	}
	return false
}

// declaredBefore reports whether reading a variable cannot throw: it is a parameter or a
// function, or its declaration has run.
func (u *usage) declaredBefore(b *js.Binding, n *js.Node, at int32) bool {
	for _, ref := range u.refsOf(b.ID) {
		r := u.list[ref]
		if r.use != declared && r.use != initialised {
			continue
		}
		if r.end <= at {
			// A declaration in a function that runs earlier would not be seen here.
			return true
		}
		return u.nodeOf(ref) == nil && functionNamedAt(u.tree, n, r) != nil
	}
	return false
}
