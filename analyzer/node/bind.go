package node

// bind gives every node its parent and every binding its references and
// writes. It runs once, before anything is evaluated.
func (t *tracer) bind(n *node) {
	switch n.kind {
	case kName:
		if n.scope != nil {
			if b := n.scope.find(n.name); b != nil {
				b.refs = append(b.refs, n)
			}
		}
	case kDeclare:
		if n.y != nil {
			t.assign(n.x, write{from: n.y})
		}
	case kAssign:
		t.bindAssign(n)
	case kUpdate:
		t.assign(n.x, write{})
	case kForIn:
		w := write{}
		if n.name == "of" {
			w = write{from: n.y, each: true}
		}
		if n.x.kind == kVar {
			t.assign(n.x.list[0].x, w)
		} else {
			t.assign(n.x, w)
		}
	case kFunction, kArrow:
		t.bindFunction(n)
	case kMember:
		if n.x.kind == kLiteral && n.x.name == "this" && !isTarget(n) {
			t.reads[n.name] = true
		}
	case kClass:
		for _, c := range n.list {
			if c.kind == kProperty && c.name != "" && c.flags&fMethod == 0 && c.y != nil {
				t.members[c.name] = append(t.members[c.name], c.y)
			}
		}
		if n.name != "" {
			if b := n.scope.find(n.name); b != nil && b.function == nil {
				b.function = n
			}
		}
	case kTry:
		if len(n.list) > 0 {
			t.assign(n.list[0], write{})
		}
	case kImport:
		for _, c := range n.list {
			b := c.x.scope.find(c.x.name)
			b.imported, b.member = n.name, c.name
		}
	case kExport:
		t.bindExport(n)
	case kUnary:
		if n.name == "delete" && n.x != nil {
			t.assign(n.x, write{})
		}
	}
	n.each(func(c *node) {
		c.parent = n
		t.bind(c)
	})
}

func (t *tracer) bindAssign(n *node) {
	w := write{from: n.y}
	if n.op == tAddAssign || n.op == tOtherAssign {
		w = write{}
	}
	t.assign(n.x, w)
	if n.x.kind == kMember && n.x.x.kind == kLiteral && n.x.x.name == "this" {
		t.members[n.x.name] = append(t.members[n.x.name], w.from)
	}
}

func (t *tracer) bindFunction(n *node) {
	if n.kind == kFunction && n.name != "" {
		if b := n.scope.find(n.name); b != nil && b.function == nil {
			b.function = n
		}
	}
	for i, p := range n.list {
		w := write{}
		for _, c := range []kind{kAssign, kSpread} {
			if p.kind == c {
				if c == kAssign {
					w.from = p.y
				}
				p = p.x
			}
		}
		if p.kind != kName {
			t.assign(p, write{})
			continue
		}
		if b := n.scope.own(p.name); b != nil {
			b.param, b.paramIndex, b.paramRest = n, i, n.list[i].kind == kSpread
		}
	}
}

func (t *tracer) bindExport(n *node) {
	export := func(b *binding) {
		if b != nil {
			b.exported = true
		}
	}
	for _, c := range n.list {
		if c.x != nil {
			export(c.x.scope.find(c.x.name))
		}
	}
	if n.y == nil {
		return
	}
	switch n.y.kind {
	case kFunction, kClass:
		if n.y.name != "" {
			export(n.y.scope.find(n.y.name))
		}
	case kVar:
		for _, d := range n.y.list {
			t.names(d.x, export)
		}
	}
}

// names calls f for every binding that a pattern names.
func (t *tracer) names(n *node, f func(*binding)) {
	switch n.kind {
	case kName:
		f(n.scope.find(n.name))
	case kAssign, kSpread:
		t.names(n.x, f)
	case kProperty:
		t.names(n.y, f)
	case kArray, kObject:
		for _, c := range n.list {
			t.names(c, f)
		}
	}
}

// assign notes that a name, or the names of a pattern, get a value.
func (t *tracer) assign(n *node, w write) {
	switch n.kind {
	case kName:
		if b := n.scope.find(n.name); b != nil {
			b.writes = append(b.writes, w)
		}
	case kAssign:
		t.assign(n.x, w)
		t.assign(n.x, write{from: n.y})
	case kSpread, kArray:
		for _, c := range n.list {
			t.assign(c, write{})
		}
		if n.kind == kSpread {
			t.assign(n.x, write{})
		}
	case kObject:
		for _, c := range n.list {
			if c.kind != kProperty || c.name == "" || w.from == nil || w.each || len(w.keys) > 3 {
				if c.kind == kProperty {
					t.assign(c.y, write{})
				} else {
					t.assign(c, write{})
				}
				continue
			}
			deeper := w
			deeper.keys = append(append([]string(nil), w.keys...), c.name)
			t.assign(c.y, deeper)
		}
	}
}
