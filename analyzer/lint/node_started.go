package lint

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// started is an expression that certainly runs when the function is loaded, in a function or a
// method that code at the top of a module calls.
type started struct {
	*js.Node
	module *module
	// fn is the function that the expression is in.
	fn *js.Node
	// later is set if it runs after something was waited for.
	later bool
}

// started returns the calls and the constructions that certainly run when the function is loaded,
// those at the top of a module apart. Code under a condition, in a loop, or behind one that may
// return is not among them.
func (f *function) started() []started {
	if f.began {
		return f.starts
	}
	f.began = true
	w := &startWalk{function: f, seen: map[*js.Node]bool{}}
	for _, m := range f.loadedAtStart() {
		w.visit(m.text.Top, nil, m, false)
	}
	return f.starts
}

// startWalk goes through the code that certainly runs when the function is loaded.
type startWalk struct {
	*function
	seen map[*js.Node]bool
}

// body walks through a function once.
func (w *startWalk) body(v value, later bool) {
	if !isFunction(v.Node) || w.seen[v.Node] || v.X == nil || v.module.isGenerator(v.Node) {
		return
	}
	w.seen[v.Node] = true
	w.visit(v.X, v.Node, v.module, later)
}

// isGenerator reports whether a call of a function does not run it.
func (m *module) isGenerator(fn *js.Node) bool {
	head, _, _ := strings.Cut(m.text.Source[fn.Start:fn.End], "(")
	return strings.Contains(head, "*") || fn.Parent != nil && fn.Parent.Kind == js.Property && strings.Contains(m.text.Source[fn.Parent.Start:fn.Start], "*")
}

// visit walks through what certainly runs of a node, and reports whether something is waited for
// in it. fn is nil at the top of a module.
func (w *startWalk) visit(n, fn *js.Node, m *module, later bool) bool {
	all := func(nodes ...*js.Node) {
		for _, c := range nodes {
			if c != nil {
				later = w.visit(c, fn, m, later)
			}
		}
	}
	switch n.Kind {
	case js.Function, js.Arrow:
	case js.Class:
		all(n.X)
		for _, p := range n.List {
			if p.Kind == js.Block {
				all(p)
			} else if p.Kind == js.Property && p.Flags&js.Static != 0 {
				all(p.Y)
			}
		}
	case js.Block:
		for _, statement := range n.List {
			if all(statement); leaves(statement) {
				break
			}
		}
	case js.If, js.Cond, js.While, js.Switch:
		all(n.X)
	case js.For:
		if len(n.List) > 0 {
			all(n.List[0])
		}
	case js.ForIn:
		all(n.Y)
	case js.Try:
		all(n.X, n.Z)
	case js.Binary:
		if all(n.X); n.Op != js.OpAnd && n.Op != js.OpOr && n.Op != js.OpNullish {
			all(n.Y)
		}
	case js.Assign:
		if all(n.X); n.Op != js.OpLogicAssign {
			all(n.Y)
		}
	case js.Unary:
		all(n.X)
		return later || n.Name == "await" && fn != nil // Lambda waits for what the top of a module awaits
	case js.Call, js.New:
		all(n.X)
		all(n.List...)
		if fn != nil {
			w.starts = append(w.starts, started{n, m, fn, later})
		}
		w.follow(n, m, later)
	default:
		all(n.X, n.Y, n.Z)
		all(n.List...)
	}
	return later
}

// follow walks through the functions that a call or a construction runs.
func (w *startWalk) follow(n *js.Node, m *module, later bool) {
	if n.Kind == js.New {
		for _, class := range m.values(n.X) {
			w.construct(class, later)
		}
		return
	}
	for _, callee := range m.callees(n) {
		w.body(callee, later)
	}
	if n.X.Kind == js.Member && (n.X.Name == "then" || n.X.Name == "finally") && len(n.List) > 0 {
		for _, next := range m.values(n.List[0]) {
			w.body(next, true)
		}
	}
}

// construct walks through the fields and the constructor of a class.
func (w *startWalk) construct(class value, later bool) {
	if class.Kind != js.Class || w.seen[class.Node] {
		return
	}
	w.seen[class.Node] = true
	for p, isConstructor := range instanceParts(class.Node) {
		if isConstructor {
			w.body(value{p.Y, class.module}, later)
		} else {
			w.visit(p.Y, p, class.module, later)
		}
	}
}

// leaves reports whether a statement may end the function that it is in: it returns, or does
// nothing but throw.
func leaves(statement *js.Node) bool {
	if statement.Kind == js.Return {
		return true
	}
	found := false
	var look func(*js.Node)
	look = func(n *js.Node) {
		if isFunction(n) || n.Kind == js.Class {
			return
		}
		found = found || n.Kind == js.Return && n.Name == "return"
		n.Each(look)
	}
	look(statement)
	return found
}
