package node

import "strings"

// context is what surrounds an expression.
type context struct {
	guarded bool // a failure is caught
	inside  bool // part of a path that was already dealt with
}

// visit goes through the code that can run on the target and looks at every
// expression once.
func (t *tracer) visit(n *node, c context) {
	if n == nil {
		return
	}
	switch n.kind {
	case kIf, kCond:
		t.visit(n.x, c)
		is := t.truthOf(n.x)
		if n.kind == kCond && t.look(n, &c) {
			return
		}
		if is != no {
			t.visit(n.y, c)
		}
		if is != yes {
			t.visit(n.z, c)
		}
		return
	case kTry:
		inner := c
		inner.guarded = c.guarded || n.y != nil
		t.visit(n.x, inner)
		t.visit(n.y, c)
		t.visit(n.z, c)
		return
	case kSwitch:
		t.visitSwitch(n, c)
		return
	case kFunction, kArrow:
		c.guarded = c.guarded && n.parent != nil && n.parent.kind == kCall
		c.inside = false
	case kExpr:
		c.inside = false
	}
	if n.kind < kBlock && t.look(n, &c) {
		return
	}
	n.each(func(child *node) { t.visit(child, c) })
}

// truthOf evaluates a condition, if anything the target decides takes part.
func (t *tracer) truthOf(n *node) truth {
	if n.interest == 0 {
		return maybe
	}
	return t.eval(n).is()
}

// look deals with one expression; true means that its parts are done too.
func (t *tracer) look(n *node, c *context) bool {
	switch n.kind {
	case kBinary:
		if n.op == tAnd || n.op == tOr {
			if is := t.truthOf(n.x); n.op == tAnd && is == no || n.op == tOr && is == yes {
				t.reachable(n, c)
				t.visit(n.x, *c)
				return true
			}
		}
	case kCall:
		if n.x.kind == kMember && (n.x.name == "catch" || n.x.name == "then" && len(n.list) > 1) {
			inner := *c
			inner.guarded = true
			t.visit(n.x, inner)
			for _, a := range n.list {
				t.visit(a, *c)
			}
			return true
		}
		t.call(n, *c)
		t.sink(n, c)
	case kNew:
		t.construct(n, *c)
	case kImportCall:
		t.importCall(n, *c)
	case kObject:
		t.options(n, *c)
	}
	t.reachable(n, c)
	return false
}

// sink looks at a call that takes a path. What is read on the way to another
// path is a path of its own, and who may read anything on the machine is told.
func (t *tracer) sink(n *node, c *context) {
	if n.x.interest&ofThing == 0 {
		return
	}
	s, ok := sinkOf(t.eval(n.x).thing)
	if !ok || s.arg < 0 || s.arg >= len(n.list) {
		return
	}
	c.inside = false
	if s.kind != useRead && s.kind != useList {
		return
	}
	for _, p := range t.eval(n.list[s.arg]).strings {
		if p == "/" && s.kind == useList || strings.HasPrefix(p, "/"+gap) {
			t.result.Uncertain = append(t.result.Uncertain, Uncertain{
				Place: t.placeOf(n), Trigger: t.why(n), Reason: "any file of the machine may be meant", Guarded: c.guarded, Outside: true,
			})
			return
		}
	}
}

// reachable reports an expression that is a path, unless it is only part of
// one, and marks what is below it as dealt with.
func (t *tracer) reachable(n *node, c *context) {
	if c.inside || n.interest&ofPlace == 0 {
		return
	}
	switch n.kind {
	case kName, kMember, kIndex, kCall, kNew, kBinary, kTemplate, kCond:
	default:
		return
	}
	if v := t.eval(n); v.isAnchored() && !isTarget(n) {
		t.escape(n, v, *c)
		c.inside = true
	}
}

// visitSwitch leaves out the cases that another platform would take.
func (t *tracer) visitSwitch(n *node, c context) {
	t.visit(n.x, c)
	x := unknown
	if n.x.interest != 0 {
		x = t.eval(n.x)
	}
	exact := false // some case is certain to be taken
	for _, k := range n.list {
		exact = exact || !x.open && k.x != nil && t.same(x, t.eval(k.x)) == yes
	}
	falls := false
	for _, k := range n.list {
		t.visit(k.x, c)
		live := x.open || k.x == nil && !exact || k.x != nil && t.same(x, t.eval(k.x)) != no
		if !live && !falls {
			continue
		}
		for _, s := range k.list {
			t.visit(s, c)
		}
		falls = !ends(k.list)
	}
}

// ends says that a list of statements does not run on into the next case.
func ends(list []*node) bool {
	if len(list) == 0 {
		return false
	}
	switch last := list[len(list)-1]; last.kind {
	case kReturn:
		return true
	case kEmpty:
		return last.name == "break"
	case kBlock:
		return ends(last.list)
	}
	return false
}

// edits notes every expression whose value is where the module lies, in code
// for other platforms too.
func (t *tracer) edits(n *node) {
	switch n.kind {
	case kName, kMember, kImportMeta:
		t.edit(n)
	}
	n.each(t.edits)
}

func (t *tracer) edit(n *node) {
	e := Edit{Start: int(n.start), End: int(n.end)}
	switch n.kind {
	case kName:
		if n.name != "__dirname" && n.name != "__filename" || n.scope.find(n.name) != nil || isTarget(n) {
			return
		}
		e.What = strings.TrimPrefix(n.name, "__")
		e.Shorthand = n.parent != nil && n.parent.kind == kProperty && n.parent.flags&fShorthand != 0
	case kMember:
		switch {
		case n.x.kind == kImportMeta && n.name == "url":
			e.What = "url"
		case n.x.kind == kImportMeta && (n.name == "dirname" || n.name == "filename"):
			e.What = n.name
		case n.x.kind == kName && n.x.name == "module" && n.x.scope.find("module") == nil && n.name == "filename" && !isTarget(n):
			e.What = "filename"
		case n.x.kind == kName && n.x.name == "module" && n.x.scope.find("module") == nil && n.name == "path" && !isTarget(n):
			e.What = "dirname"
		case n.x.kind == kName && n.x.name == "module" && n.x.scope.find("module") == nil && n.name == "parent" && !isTarget(n) && !deleted(n):
			e.What = "parent"
		default:
			return
		}
	case kImportMeta:
		if p := n.parent; p != nil && p.kind == kMember && p.x == n {
			return // the member says what is wanted
		}
		e.What = "meta"
	}
	t.result.Edits = append(t.result.Edits, e)
}

// deleted says that n is the operand of delete.
func deleted(n *node) bool {
	return n.parent != nil && n.parent.kind == kUnary && n.parent.name == "delete"
}

// rename gives a name that hides Node's require another one, so that a table
// of requires beside it means Node's.
func (t *tracer) rename(b *binding) {
	if t.renamed[b] {
		return
	}
	t.renamed[b] = true
	for _, n := range b.refs {
		t.result.Edits = append(t.result.Edits, Edit{
			Start: int(n.start), End: int(n.end), What: "rename",
			Shorthand: n.parent != nil && n.parent.kind == kProperty && n.parent.flags&fShorthand != 0,
		})
	}
}

func (t *tracer) placeOf(n *node) Place { return Place{Start: int(n.start), End: int(n.end)} }

// maxWhy bounds the excerpt of an expression, in bytes.
const maxWhy = 80

// why is the text of an expression on one line, shortened.
func (t *tracer) why(n *node) string {
	s := t.text.source[n.start:n.end]
	if len(s) > 4*maxWhy {
		s = s[:4*maxWhy]
	}
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxWhy {
		s = strings.ToValidUTF8(s[:maxWhy-3], "") + "..."
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func (t *tracer) uncertain(n *node, c context, dir, reason string, module bool) {
	t.result.Uncertain = append(t.result.Uncertain, Uncertain{
		Place: t.placeOf(n), Trigger: t.why(n), Reason: reason, Dir: dir, Guarded: c.guarded, Module: module,
	})
}
