package js

import "slices"

// Exports lists the names that a module exports, sorted. dynamic means that it may
// export others too, which its text alone does not show. It returns an error if
// the source cannot be parsed.
func Exports(f File) (names []string, dynamic bool, err error) {
	text, err := Read(f)
	if err != nil {
		return nil, false, err
	}
	e := exporter{names: map[string]bool{}}
	text.Bind()
	e.look(text.Top)
	for n := range e.names {
		names = append(names, n)
	}
	slices.Sort(names)
	return names, e.dynamic, nil
}

type exporter struct {
	names   map[string]bool
	dynamic bool
}

func (e *exporter) look(n *Node) {
	switch n.Kind {
	case Export:
		e.export(n)
	case Name:
		if n.IsGlobal("exports") || n.IsGlobal("module") {
			e.exportsName(n)
		}
	}
	n.Each(e.look)
}

// export handles an ECMAScript export.
func (e *exporter) export(n *Node) {
	if n.Flags&All != 0 {
		e.dynamic = true
	}
	if n.Flags&Default != 0 {
		e.names["default"] = true
	}
	for _, c := range n.List {
		e.names[c.Name] = true
	}
	if n.Y == nil || n.Flags&Default != 0 {
		return
	}
	switch n.Y.Kind {
	case Function, Class:
		e.names[n.Y.Name] = true
	case Var:
		for _, d := range n.Y.List {
			BoundNames(d.X, func(b *Binding) { e.names[b.Name] = true })
		}
	}
}

// exportsName handles a use of CommonJS's exports or module.
func (e *exporter) exportsName(n *Node) {
	p := n.Parent
	if n.Name == "module" {
		if p == nil || p.Kind == Unary {
			return
		}
		if p.Kind != Member && p.Kind != Index || p.X != n || p.Name == "" {
			e.dynamic = e.dynamic || p.Kind != Binary && p.Kind != If
			return
		}
		if p.Name != "exports" {
			return
		}
		n, p = p, p.Parent
	}
	switch {
	case p == nil || p.Kind == Unary || p.Kind == Expr:
	case p.Kind == Member && p.X == n, p.Kind == Index && p.X == n && p.Name != "":
		if p.Parent != nil && p.Parent.Kind == Assign && p.Parent.X == p {
			e.names[p.Name] = true
		}
	case p.Kind == Assign && p.X == n:
		if n.Kind == Member { // module.exports = ...
			e.value(p.Y)
		}
	case p.Kind == Assign && p.Y == n:
		// exports = module.exports = {...}: handled at the other side
		if p.X.Kind == Name && p.X.Name != "exports" {
			e.dynamic = true
		}
	case p.Kind == Call && len(p.List) > 1 && p.List[0] == n:
		e.define(p)
	case p.Kind == Binary && (p.Op == OpEqual || p.Op == OpNotEqual), p.Kind == If:
	default:
		e.dynamic = true
	}
}

// value handles a value that is assigned to module.exports.
func (e *exporter) value(n *Node) {
	switch n.Kind {
	case Object:
		for _, c := range n.List {
			if c.Kind != Property || c.X != nil {
				e.dynamic = true
				continue
			}
			e.names[c.Name] = true
		}
	case Assign:
		e.value(n.Y)
	case Function, Arrow, String, Number, Template, Literal:
	case Class:
		for _, c := range n.List {
			if c.Kind == Property && c.Flags&Static != 0 && c.Name != "" {
				e.names[c.Name] = true
			}
		}
	case Name:
		if b := n.Scope.Find(n.Name); b != nil {
			e.binding(b)
			return
		}
		e.dynamic = true
	default:
		e.dynamic = true
	}
}

// binding handles a variable that is assigned to module.exports, and the members
// added to it.
func (e *exporter) binding(b *Binding) {
	switch {
	case b.Function != nil && len(b.Writes) == 0:
		e.value(b.Function)
	case len(b.Writes) == 1 && b.Writes[0].From != nil && b.Writes[0].From.Kind != Name &&
		len(b.Writes[0].Keys) == 0 && !b.Writes[0].Each:
		e.value(b.Writes[0].From)
	default:
		e.dynamic = true
		return
	}
	for _, r := range b.Refs {
		p := r.Parent
		switch {
		case r.IsTarget():
		case p.Kind == Member && p.X == r:
			if p.Parent != nil && p.Parent.Kind == Assign && p.Parent.X == p {
				e.names[p.Name] = true
			}
		case p.Kind == Assign && p.Y == r && p.X.Kind == Member, p.Kind == Call && p.X == r, p.Kind == New && p.X == r:
		default:
			e.dynamic = true
		}
	}
}

// define handles Object.defineProperty(exports, "name", ...) and calls that can
// add any name, such as Object.assign and __exportStar.
func (e *exporter) define(call *Node) {
	if CalleeName(call.X) != "defineProperty" || call.List[1].Kind != String {
		e.dynamic = true
		return
	}
	e.names[call.List[1].Name] = true
}
