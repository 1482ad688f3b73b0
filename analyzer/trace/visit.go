package trace

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// context describes the code around an expression.
type context struct {
	guarded bool // a failure is caught
	inside  bool // part of a path that is already handled
}

// visit visits the code that can run on the target and handles every expression
// once.
func (t *tracer) visit(n *js.Node, c context) {
	if n == nil {
		return
	}
	switch n.Kind {
	case js.If, js.Cond:
		t.visit(n.X, c)
		is := t.truthOf(n.X)
		if n.Kind == js.Cond && t.look(n, &c) {
			return
		}
		if is != value.No {
			t.visit(n.Y, c)
		}
		if is != value.Yes {
			t.visit(n.Z, c)
		}
		return
	case js.Try:
		inner := c
		inner.guarded = c.guarded || n.Y != nil
		t.visit(n.X, inner)
		t.visit(n.Y, c)
		t.visit(n.Z, c)
		return
	case js.Switch:
		t.visitSwitch(n, c)
		return
	case js.Function, js.Arrow:
		c.guarded = c.guarded && n.Parent != nil && n.Parent.Kind == js.Call
		c.inside = false
	case js.Expr:
		c.inside = false
	}
	if n.Kind < js.Block && t.look(n, &c) {
		return
	}
	n.Each(func(child *js.Node) { t.visit(child, c) })
}

// truthOf evaluates a condition if it may depend on the target.
func (t *tracer) truthOf(n *js.Node) value.Truth {
	if t.Interest(n) == 0 {
		return value.Maybe
	}
	return t.Eval(n).Is()
}

// look handles one expression. true means that its parts are handled too.
func (t *tracer) look(n *js.Node, c *context) bool {
	switch n.Kind {
	case js.Binary:
		if n.Op == js.OpAnd || n.Op == js.OpOr {
			if is := t.truthOf(n.X); n.Op == js.OpAnd && is == value.No || n.Op == js.OpOr && is == value.Yes {
				t.reachable(n, c)
				t.visit(n.X, *c)
				return true
			}
		}
	case js.Call:
		if n.X.Kind == js.Member && (n.X.Name == "catch" || n.X.Name == "then" && len(n.List) > 1) {
			inner := *c
			inner.guarded = true
			t.visit(n.X, inner)
			for _, a := range n.List {
				t.visit(a, *c)
			}
			return true
		}
		t.call(n, *c)
		t.sink(n, c)
	case js.New:
		t.construct(n, *c)
	case js.ImportCall:
		t.importCall(n, *c)
	case js.Array:
		t.fromFolder(n, *c)
	case js.Object:
		t.options(n, *c)
		t.relativeTo(n, *c)
	case js.String, js.Template, js.Name:
		if !t.handled[n] && (n.Kind != js.Name || t.mayBePath(n)) {
			t.literal(n, *c)
		}
	}
	t.reachable(n, c)
	return false
}

// sink handles a call that takes a path. A path that is read to compute another
// path is handled separately. A read that can mean any file of the machine becomes
// an Uncertain.
func (t *tracer) sink(n *js.Node, c *context) {
	if t.Interest(n.X)&value.OfThing == 0 {
		return
	}
	s, ok := sinkOf(t.Eval(n.X).Thing)
	if !ok || s.arg < 0 || s.arg >= len(n.List) {
		return
	}
	c.inside = false
	if s.kind != useRead && s.kind != useList {
		return
	}
	for _, p := range t.Eval(n.List[s.arg]).Strings {
		if p == "/" && s.kind == useList || strings.HasPrefix(p, "/"+value.Gap) {
			t.result.Uncertain = append(t.result.Uncertain, Uncertain{
				Place: t.placeOf(n), Trigger: t.why(n), Reason: "any file of the machine may be meant", Guarded: c.guarded, Outside: true,
			})
			return
		}
	}
}

// reachable reports an expression that is a path, unless it is part of a longer
// path. It marks the expressions inside it as handled.
func (t *tracer) reachable(n *js.Node, c *context) {
	if c.inside || t.Interest(n)&value.OfPlace == 0 {
		return
	}
	switch n.Kind {
	case js.Name, js.Member, js.Index, js.Call, js.New, js.Binary, js.Template, js.Cond:
	default:
		return
	}
	if v := t.Eval(n); v.IsAnchored() && !n.IsTarget() {
		t.escape(n, v, *c)
		c.inside = true
	}
}

// visitSwitch skips the cases that are only for other platforms.
func (t *tracer) visitSwitch(n *js.Node, c context) {
	t.visit(n.X, c)
	x := value.Value{Open: true}
	if t.Interest(n.X) != 0 {
		x = t.Eval(n.X)
	}
	exact := false // one case certainly matches
	for _, k := range n.List {
		exact = exact || !x.Open && k.X != nil && t.Same(x, t.Eval(k.X)) == value.Yes
	}
	falls := false
	for _, k := range n.List {
		t.visit(k.X, c)
		live := x.Open || k.X == nil && !exact || k.X != nil && t.Same(x, t.Eval(k.X)) != value.No
		if !live && !falls {
			continue
		}
		for _, s := range k.List {
			t.visit(s, c)
		}
		falls = !ends(k.List)
	}
}

// ends reports whether a list of statements does not fall through to the next
// case.
func ends(list []*js.Node) bool {
	if len(list) == 0 {
		return false
	}
	switch last := list[len(list)-1]; last.Kind {
	case js.Return:
		return true
	case js.Empty:
		return last.Name == "break"
	case js.Block:
		return ends(last.List)
	}
	return false
}

// edits adds every expression whose value depends on the module's path, even in
// code for other platforms.
func (t *tracer) edits(n *js.Node) {
	switch n.Kind {
	case js.Name, js.Member, js.ImportMeta:
		t.edit(n)
	}
	n.Each(t.edits)
}

// ownMeta makes every import.meta of a module an object of its own, where code writes
// what edits put values in place of: if (import.meta.url === undefined) import.meta.url = '.'.
func (t *tracer) ownMeta() {
	if !slices.ContainsFunc(t.metas, func(n *js.Node) bool { return located(n) && written(n.Parent) }) {
		return
	}
	t.result.Edits = slices.DeleteFunc(t.result.Edits, func(e Edit) bool {
		return slices.ContainsFunc(t.metas, func(n *js.Node) bool { return int(n.Start) == e.Start })
	})
	for _, n := range t.metas {
		if n.Parent != nil && n.Parent.Kind == js.Member && n.Parent.Name == "resolve" {
			continue // a call of it may be replaced as a whole
		}
		t.result.Edits = append(t.result.Edits, Edit{Start: int(n.Start), End: int(n.End), What: "own-meta"})
	}
}

// located reports whether a property of import.meta is read that tells where the module is.
func located(meta *js.Node) bool {
	p := meta.Parent
	return p != nil && p.Kind == js.Member && p.X == meta && (p.Name == "url" || p.Name == "dirname" || p.Name == "filename")
}

// written reports whether a property is assigned to, counted up or deleted.
func written(n *js.Node) bool {
	p := n.Parent
	return n.IsTarget() || deleted(n) || p != nil && (p.Kind == js.Assign && p.X == n || p.Kind == js.Update)
}

func (t *tracer) edit(n *js.Node) {
	if n.Flags&js.Odd != 0 {
		return
	}
	e := Edit{Start: int(n.Start), End: int(n.End)}
	switch n.Kind {
	case js.Name:
		if !n.IsGlobal("__dirname") && !n.IsGlobal("__filename") || n.IsTarget() {
			return
		}
		e.What = strings.TrimPrefix(n.Name, "__")
		e.Shorthand = n.Parent != nil && n.Parent.Kind == js.Property && n.Parent.Flags&js.Shorthand != 0
	case js.Member:
		switch {
		case n.X.Kind == js.ImportMeta && n.Name == "url":
			e.What = "url"
		case n.X.Kind == js.ImportMeta && (n.Name == "dirname" || n.Name == "filename"):
			e.What = n.Name
		case n.X.IsGlobal("module") && n.Name == "filename" && !n.IsTarget():
			e.What = "filename"
		case n.X.IsGlobal("module") && n.Name == "path" && !n.IsTarget():
			e.What = "dirname"
		case n.X.IsGlobal("module") && n.Name == "parent" && !n.IsTarget() && !deleted(n):
			e.What = "parent"
		default:
			return
		}
	case js.ImportMeta:
		t.metas = append(t.metas, n)
		if p := n.Parent; p != nil && p.Kind == js.Member && p.X == n {
			return // handled at the member expression
		}
		e.What = "meta"
	}
	t.result.Edits = append(t.result.Edits, e)
}

// deleted reports whether n is the operand of delete.
func deleted(n *js.Node) bool {
	return n.Parent != nil && n.Parent.Kind == js.Unary && n.Parent.Name == "delete"
}

// rename renames a binding that hides Node's require, so that a table of requires
// next to it uses Node's.
func (t *tracer) rename(b *js.Binding) {
	if t.renamed[b] {
		return
	}
	t.renamed[b] = true
	for _, n := range b.Refs {
		t.result.Edits = append(t.result.Edits, Edit{
			Start: int(n.Start), End: int(n.End), What: "rename",
			Shorthand: n.Parent != nil && n.Parent.Kind == js.Property && n.Parent.Flags&js.Shorthand != 0,
		})
	}
}

func (t *tracer) placeOf(n *js.Node) js.Place { return js.Place{Start: int(n.Start), End: int(n.End)} }

// maxWhy bounds the length in bytes of an expression in reports.
const maxWhy = 80

// why returns the text of an expression on one line, shortened.
func (t *tracer) why(n *js.Node) string {
	s := t.Text.Source[n.Start:n.End]
	if len(s) > 4*maxWhy {
		s = s[:4*maxWhy]
	}
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxWhy {
		s = strings.ToValidUTF8(s[:maxWhy-3], "") + "..."
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func (t *tracer) uncertain(n *js.Node, c context, dir, reason string, module bool) {
	t.result.Uncertain = append(t.result.Uncertain, Uncertain{
		Place: t.placeOf(n), Trigger: t.why(n), Reason: reason, Dir: dir, Guarded: c.guarded, Module: module,
	})
}
