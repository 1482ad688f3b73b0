package node

import "slices"

// Exports lists the names that a module exports, sorted. dynamic says that it
// may export others besides, which cannot be known from its text alone. The
// error is that of a source nothing can be made of.
func Exports(m Module) (names []string, dynamic bool, err error) {
	text, err := understand(m)
	if err != nil {
		return nil, false, err
	}
	e := exporter{names: map[string]bool{}}
	t := &tracer{module: m, text: text, members: map[string][]*node{}, reads: map[string]bool{}, scripts: map[string]any{}}
	t.bind(text.tree)
	e.tracer = t
	e.look(text.tree)
	for n := range e.names {
		names = append(names, n)
	}
	slices.Sort(names)
	return names, e.dynamic, nil
}

type exporter struct {
	tracer  *tracer
	names   map[string]bool
	dynamic bool
}

func (e *exporter) look(n *node) {
	switch n.kind {
	case kExport:
		e.export(n)
	case kName:
		if (n.name == "exports" || n.name == "module") && n.scope.find(n.name) == nil {
			e.exportsName(n)
		}
	}
	n.each(e.look)
}

// export is an ECMAScript export.
func (e *exporter) export(n *node) {
	if n.flags&fAll != 0 {
		e.dynamic = true
	}
	if n.flags&fDefault != 0 {
		e.names["default"] = true
	}
	for _, c := range n.list {
		e.names[c.name] = true
	}
	if n.y == nil || n.flags&fDefault != 0 {
		return
	}
	switch n.y.kind {
	case kFunction, kClass:
		e.names[n.y.name] = true
	case kVar:
		for _, d := range n.y.list {
			e.tracer.names(d.x, func(b *binding) { e.names[b.name] = true })
		}
	}
}

// exportsName is a use of CommonJS's exports or module.
func (e *exporter) exportsName(n *node) {
	p := n.parent
	if n.name == "module" {
		if p == nil || p.kind == kUnary {
			return
		}
		if p.kind != kMember && p.kind != kIndex || p.x != n || p.name == "" {
			e.dynamic = e.dynamic || p.kind != kBinary && p.kind != kIf
			return
		}
		if p.name != "exports" {
			return
		}
		n, p = p, p.parent
	}
	switch {
	case p == nil || p.kind == kUnary || p.kind == kExpr:
	case p.kind == kMember && p.x == n, p.kind == kIndex && p.x == n && p.name != "":
		if p.parent != nil && p.parent.kind == kAssign && p.parent.x == p {
			e.names[p.name] = true
		}
	case p.kind == kAssign && p.x == n:
		if n.kind == kMember { // module.exports = ...
			e.value(p.y)
		}
	case p.kind == kAssign && p.y == n:
		// exports = module.exports = {...}: the other side says it
		if p.x.kind == kName && p.x.name != "exports" {
			e.dynamic = true
		}
	case p.kind == kCall && len(p.list) > 1 && p.list[0] == n:
		e.define(p)
	case p.kind == kBinary && (p.op == tEqual || p.op == tNotEqual), p.kind == kIf:
	default:
		e.dynamic = true
	}
}

// value is what module.exports is set to.
func (e *exporter) value(n *node) {
	switch n.kind {
	case kObject:
		for _, c := range n.list {
			if c.kind != kProperty || c.x != nil {
				e.dynamic = true
				continue
			}
			e.names[c.name] = true
		}
	case kAssign:
		e.value(n.y)
	case kFunction, kArrow, kString, kNumber, kTemplate, kLiteral:
	case kClass:
		for _, c := range n.list {
			if c.kind == kProperty && c.flags&fStatic != 0 && c.name != "" {
				e.names[c.name] = true
			}
		}
	case kName:
		if b := n.scope.find(n.name); b != nil {
			e.binding(b)
			return
		}
		e.dynamic = true
	default:
		e.dynamic = true
	}
}

// binding is a variable that module.exports is set to, with what is added to it.
func (e *exporter) binding(b *binding) {
	switch {
	case b.function != nil && len(b.writes) == 0:
		e.value(b.function)
	case len(b.writes) == 1 && b.writes[0].from != nil && len(b.writes[0].keys) == 0 && !b.writes[0].each && b.writes[0].from.kind != kName:
		e.value(b.writes[0].from)
	default:
		e.dynamic = true
		return
	}
	for _, r := range b.refs {
		p := r.parent
		switch {
		case isTarget(r):
		case p.kind == kMember && p.x == r:
			if p.parent != nil && p.parent.kind == kAssign && p.parent.x == p {
				e.names[p.name] = true
			}
		case p.kind == kAssign && p.y == r && p.x.kind == kMember, p.kind == kCall && p.x == r, p.kind == kNew && p.x == r:
		default:
			e.dynamic = true
		}
	}
}

// define is Object.defineProperty(exports, "name", ...), or a call that may
// add any name: Object.assign, __exportStar and their like.
func (e *exporter) define(call *node) {
	if calleeName(call.x) != "defineProperty" || call.list[1].kind != kString {
		e.dynamic = true
		return
	}
	e.names[call.list[1].name] = true
}
