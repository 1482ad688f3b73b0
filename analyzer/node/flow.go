package node

// evalName follows a name to everything that is ever put into it.
func (t *tracer) evalName(n *node) value {
	b := n.scope.find(n.name)
	if b == nil {
		return t.global(n.name)
	}
	return t.within(&b.frame, func() { t.evalBinding(b) })
}

func (t *tracer) evalBinding(b *binding) {
	if b.imported != "" {
		b.so = t.imported(b.imported, t.module.Dir())
		if b.member != "*" && b.member != "default" {
			b.so = t.member(b.so, b.member)
		}
		return
	}
	if b.function != nil && len(b.writes) == 0 {
		b.so = value{node: b.function}
		return
	}
	if len(b.writes) > maxUnion {
		b.so = unknown
		return
	}
	unsure := true
	if b.param != nil {
		b.so = t.evalParam(b)
	} else if len(b.writes) == 1 && b.writes[0].from != nil {
		p := b.writes[0].from.parent
		unsure = p == nil || p.kind != kDeclare
	}
	if b.function != nil {
		b.so = b.so.or(value{node: b.function})
	}
	for _, w := range b.writes {
		v := unknown
		if w.from != nil {
			if v = t.eval(w.from); w.each {
				v = t.elements(v)
			}
			for _, k := range w.keys {
				v = t.member(v, k)
			}
		}
		if len(w.keys) > 0 {
			v.unsure = true
		}
		b.so = b.so.or(v)
	}
	b.so.unsure = b.so.unsure || unsure
}

// elements is what may come out of going through an array.
func (t *tracer) elements(v value) value {
	t.steps++
	if v.node == nil || v.node.kind != kArray || t.depth > maxEvalDepth || t.steps > maxSteps || len(v.node.list) > maxUnion {
		return unknown
	}
	t.depth++
	defer func() { t.depth-- }()
	all := value{}
	for _, c := range v.node.list {
		if c.kind == kSpread {
			all = all.or(t.elements(t.eval(c.x)))
			continue
		}
		all = all.or(t.eval(c))
	}
	all.unsure = true
	return all
}

// evalParam is the union of what the function is called with; where not every
// call can be seen, it may be anything besides.
func (t *tracer) evalParam(b *binding) value {
	if b.paramRest {
		return unknown
	}
	calls, closed := t.callsOf(b.param)
	if len(calls) > maxUnion {
		return unknown
	}
	v := value{open: !closed, unsure: true}
	for _, c := range calls {
		if c.kind == kMember { // a callback of an array's method
			if b.paramIndex == 0 {
				v = v.or(t.elements(t.eval(c.x)))
			} else {
				v = v.or(unknown)
			}
			continue
		}
		for i, a := range c.list {
			if a.kind == kSpread {
				v = v.or(unknown)
				break
			}
			if i == b.paramIndex {
				v = v.or(t.eval(a))
			}
		}
	}
	return v
}

// callsOf lists the calls of a function, and whether these are all there can
// be. A kMember among them is the method of an array that gets it as callback.
func (t *tracer) callsOf(f *node) (calls []*node, closed bool) {
	p := f.parent
	if p == nil {
		return nil, false
	}
	switch p.kind {
	case kCall:
		if p.x == f {
			return []*node{p}, true
		}
		return t.callsOfArgument(p, f)
	case kDeclare, kAssign:
		if p.y == f && p.x.kind == kName {
			if b := p.x.scope.find(p.x.name); b != nil {
				return t.callsOfBinding(b)
			}
		}
		return nil, false
	}
	if f.kind == kFunction && f.name != "" {
		if b := f.scope.parent.find(f.name); b != nil && b.function == f && len(b.writes) == 0 {
			return t.callsOfBinding(b)
		}
	}
	return nil, false
}

// iterators are the array methods that call back with each element first.
var iterators = map[string]bool{"forEach": true, "map": true, "filter": true, "some": true, "every": true, "find": true, "flatMap": true, "findIndex": true}

func (t *tracer) callsOfArgument(call, f *node) (calls []*node, closed bool) {
	if x := call.x; x.kind == kMember && iterators[x.name] && len(call.list) > 0 && call.list[0] == f {
		return []*node{x}, true
	}
	callee := t.eval(call.x).node
	if callee == nil || callee.kind != kFunction && callee.kind != kArrow {
		return nil, false
	}
	for i, a := range call.list {
		if a == f && i < len(callee.list) && callee.list[i].kind == kName {
			if b := callee.scope.own(callee.list[i].name); b != nil && len(b.writes) == 0 {
				return t.callsOfBinding(b)
			}
		}
	}
	return nil, false
}

func (t *tracer) callsOfBinding(b *binding) (calls []*node, closed bool) {
	closed = !b.exported
	for _, r := range b.refs {
		p := r.parent
		switch {
		case isTarget(r):
		case p.kind == kCall && p.x == r:
			calls = append(calls, p)
		case p.kind == kUnary && p.name == "typeof", p.kind == kBinary && p.op != tOr && p.op != tNullish, p.kind == kIf:
		default:
			closed = false
		}
	}
	return calls, closed
}

// isTarget says that a name stands where it is declared or written, not read.
func isTarget(n *node) bool {
	p := n.parent
	if p == nil {
		return false
	}
	switch p.kind {
	case kDeclare:
		return p.x == n
	case kAssign:
		return p.x == n && p.op == tAssign
	case kFunction, kArrow:
		return p.x != n // a parameter, not the body
	case kBind:
		return p.parent != nil && p.parent.kind == kImport
	case kForIn:
		return p.x == n
	case kTry:
		return true
	case kProperty, kArray, kSpread:
		return p.x != n && inPattern(p) || p.kind == kSpread && inPattern(p)
	}
	return false
}

// inPattern says that an array or object literal is a pattern to take apart.
func inPattern(n *node) bool {
	for c := n; c.parent != nil; c = c.parent {
		p := c.parent
		switch p.kind {
		case kProperty, kArray, kObject, kSpread:
			if p.kind == kProperty && p.x == c {
				return false
			}
			continue
		case kDeclare:
			return p.x == c
		case kAssign:
			if p.x != c {
				return false
			}
			if p.parent != nil && (p.parent.kind == kProperty || p.parent.kind == kArray) {
				continue
			}
			return true
		case kFunction, kArrow:
			return p.x != c
		case kForIn:
			return p.x == c
		case kTry:
			return len(p.list) > 0 && p.list[0] == c
		}
		return false
	}
	return false
}

// returns lists what a function returns.
func returns(f *node) (out []*node) {
	if f.kind == kArrow && f.x.kind != kBlock {
		return []*node{f.x}
	}
	var look func(*node)
	look = func(n *node) {
		switch n.kind {
		case kFunction, kArrow, kClass:
			return
		case kReturn:
			if n.name == "return" && n.x != nil {
				out = append(out, n.x)
			}
		}
		n.each(look)
	}
	f.x.each(look)
	return out
}
