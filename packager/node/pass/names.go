package pass

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// Keep is what a source's functions and classes keep of their names.
type Keep uint8

const (
	// KeepNone lets them have what names minifying gives them.
	KeepNone Keep = iota
	// KeepByHelper leaves esbuild's calls of its helper as they are.
	KeepByHelper
	// KeepByItself makes each function and class have its name by itself, so that its
	// text still works where it is sent elsewhere, to a browser or a worker.
	KeepByItself
)

// keepNames goes through the marks that esbuild puts at every function and class whose
// name it changes, when it is told to keep names: calls of a helper that sets the
// property name. Only some sources need them, and functions that are sent as text must
// not call a helper.
//
// Where a name is not needed, the mark goes. The pass names finds more such places, wherever
// the function comes from: where the language gives the same name by itself, and where
// nothing can read it. Elsewhere it becomes what sets the same
// property without the helper: ({name: () => {}}).name for what has no name of its own,
// or Object.defineProperty.
func keepNames(c *bundle) []js.Edit {
	if c.Keep == nil {
		return nil
	}
	helpers := map[string]bool{}
	for _, statement := range c.Tree.Top.List {
		if statement.Kind != js.Var {
			continue
		}
		for _, d := range statement.List {
			if d.X.Kind == js.Name && d.Y != nil && d.Y.Kind == js.Arrow && isNameHelper(c.Tree.Source[d.Y.Start:d.Y.End]) {
				helpers[d.X.Name] = true
			}
		}
	}
	if len(helpers) == 0 {
		return nil
	}
	var named places // where the helpers are
	r := c.references()
	for _, ref := range r.list {
		if v := &r.variables[ref.variable]; helpers[v.name] && v.scope == 0 {
			named = append(named, ref.start)
		}
	}
	unread := callers{bundle: c, wrappers: map[int32]wrapper{}}
	for _, w := range c.wrappers {
		if w.commonJS && len(w.function.List) == 2 && w.function.List[1].Kind == js.Name {
			unread.wrappers[w.function.Scope.Own(w.function.List[1].Name).ID] = w
		}
	}
	finer := c.Passes.On(analyzer.Names) && !callsEval(c.Tree.Top, placesOf(c.Tree.Source, "eval")) // the pass names
	m := marks{tree: c.Tree, helpers: helpers, named: named, namesRead: c.namesRead, keep: func(n *js.Node) Keep {
		keep := c.Keep(c.Origins.Source(int(n.Start)))
		if keep == KeepNone && c.KeepNamed != nil && c.KeepNamed(n.List[1].Name) {
			keep = KeepByHelper
		}
		switch {
		case keep == KeepNone || !finer:
		case namedByPlace(n):
			if n.Parent.Kind == js.Declare {
				c.namesRead[n.List[1].Name] = true // the variable's, from now on
			}
			return KeepNone
		case unread.calledOnly(n):
			return KeepNone
		}
		return keep
	}}
	m.look(c.Tree.Top)
	return m.edits
}

// namedByPlace reports whether the language itself gives the function of a mark that name: it
// has none of its own and is the value of a property or a variable of the name. esbuild does
// not change the names of properties.
// Source: NamedEvaluation, tc39.es/ecma262/#sec-runtime-semantics-namedevaluation
func namedByPlace(mark *js.Node) bool {
	target, name, p := mark.List[0], mark.List[1], mark.Parent
	if target.Kind != js.Arrow && (target.Kind != js.Function || target.Name != "") || p == nil || name.Flags&js.Escaped != 0 {
		return false
	}
	switch p.Kind {
	case js.Property:
		return p.Y == mark && p.X == nil && p.Flags&js.Method == 0 && p.Name == name.Name && name.Name != "__proto__" && p.Parent.Kind == js.Object
	case js.Declare:
		return p.Y == mark && p.X.Kind == js.Name && p.X.Name == name.Name
	}
	return false
}

// callers looks for functions whose names nothing can read.
type callers struct {
	*bundle
	wrappers map[int32]wrapper // of CommonJS modules, by their parameter module
}

// calledOnly reports whether the function of a mark is called by its variable and is used in no
// other way. No code has such a function as a value, so that none can read its name: it is
// never passed, stored, returned or compared. It is not constructed either, since its objects
// would lead to it by their property constructor, and it does not name arguments, which
// have it as callee. The same holds for a function that is all that a CommonJS module
// exports, where everyone who requires the module calls it and does nothing else. Classes, methods, and
// all other exports keep their names.
func (c callers) calledOnly(mark *js.Node) bool {
	target, p := mark.List[0], mark.Parent
	switch {
	case target.Kind == js.Name && target.Scope != nil: // function f() {}  helper(f, "f")
		found := c.occurrencesOf(target)
		return found != nil && found.writes == 0 && found.function != nil && !namesArguments(found.function) && c.onlyCalls(found, mark)
	case p == nil || target.Kind != js.Arrow && (target.Kind != js.Function || target.Name != "") || namesArguments(target):
	case p.Kind == js.Declare && p.Y == mark && p.X.Kind == js.Name:
		found := c.occurrencesOf(p.X)
		return found != nil && found.writes == 1 && !found.declaredAs && c.onlyCalls(found, mark)
	case p.Kind == js.Assign && p.Y == mark:
		return c.exportedToCallers(p)
	}
	return false
}

// onlyCalls reports whether the value of a variable is called, and exported to those who
// call it, but not used otherwise.
func (c callers) onlyCalls(found *occurrences, mark *js.Node) bool {
	return !slices.ContainsFunc(found.names, func(ref *js.Node) bool {
		p := ref.Parent
		declares := p.Kind == js.Declare && p.X == ref || mark != nil && p == mark
		calls := p.Kind == js.Call && p.X == ref
		return !declares && !calls && (p.Kind != js.Assign || p.Y != ref || !c.exportedToCallers(p))
	})
}

// exportedToCallers reports whether an assignment is the one of module.exports in its module,
// and whether everyone who requires the module calls what it exports.
func (c callers) exportedToCallers(assign *js.Node) bool {
	x := assign.X
	if assign.Op != js.OpAssign || assign.Parent.Kind != js.Expr || x.Kind != js.Member || x.Name != "exports" || x.X.Kind != js.Name {
		return false
	}
	module := x.X.Scope.Find(x.X.Name)
	if module == nil {
		return false
	}
	w, known := c.wrappers[module.ID]
	if !known || c.references().variables[module.ID].count != 2 { // the parameter and this
		return false
	}
	places{w.function.Start}.around(c.Tree.Top, func(*js.Node) {}) // for the parents that follow
	declared := w.function.Parent.Parent                           // var a = helper(function)
	if declared == nil || declared.Kind != js.Declare || declared.X.Kind != js.Name {
		return false
	}
	required := c.occurrencesOf(declared.X)
	if required == nil || required.writes != 1 {
		return false
	}
	return !slices.ContainsFunc(required.names, func(ref *js.Node) bool {
		call := ref.Parent
		if call.Kind == js.Declare && call.X == ref {
			return false
		}
		if call.Kind != js.Call || call.X != ref || len(call.List) > 0 {
			return true
		}
		switch p := call.Parent; {
		case p.Kind == js.Call && p.X == call: // required()()
			return false
		case p.Kind == js.Declare && p.Y == call && p.X.Kind == js.Name:
			found := c.occurrencesOf(p.X)
			return found == nil || found.writes != 1 || !c.onlyCalls(found, nil)
		}
		return true
	})
}

// namesArguments reports whether a function uses its arguments object.
func namesArguments(f *js.Node) bool {
	found := false
	var look func(n *js.Node)
	look = func(n *js.Node) {
		found = found || n.Kind == js.Name && n.Name == "arguments"
		if !found {
			n.Each(look)
		}
	}
	f.Each(look)
	return found
}

// callsEval reports whether code may use names that the tree does not show. evals are the
// places of the name.
func callsEval(n *js.Node, evals places) bool {
	found := n.Kind == js.Call && n.X.Kind == js.Name && n.X.Name == "eval"
	n.Each(func(child *js.Node) { found = found || evals.in(child) && callsEval(child, evals) })
	return found
}

// nameHelper matches esbuild's helper, minified or not.
// Source: __name in internal/runtime of esbuild 0.28.2.
var nameHelper = regexp.MustCompile(`^\(([\w$]+), ?([\w$]+)\) ?=> ?[\w$]+\(([\w$]+), ?"name", ?\{ ?value(?:: ?([\w$]+))?, ?configurable: ?(?:!0|true) ?\}\)$`)

func isNameHelper(text string) bool {
	m := nameHelper.FindStringSubmatch(text)
	return m != nil && m[1] == m[3] && (m[4] == m[2] || m[4] == "" && m[2] == "value")
}

// marks rewrites marks.
type marks struct {
	tree    *js.Tree
	helpers map[string]bool
	named   places // where one of the helpers is
	keep    func(*js.Node) Keep
	edits   []js.Edit
	// namesRead are the names that functions and classes keep by being declared so.
	namesRead map[string]bool
}

// isMark reports whether a node is a mark: helper(target, "name").
func (m *marks) isMark(n *js.Node) bool {
	return n.Kind == js.Call && n.X.Kind == js.Name && m.helpers[n.X.Name] && len(n.List) == 2 && n.List[1].Kind == js.String &&
		n.X.Scope != nil && n.X.Scope.Find(n.X.Name) == m.tree.Scope.Own(n.X.Name)
}

// look goes through the parts of a node that hold a helper, and sets their parents.
func (m *marks) look(n *js.Node) {
	if !m.named.in(n) {
		return
	}
	switch n.Kind {
	case js.Block, js.Case:
		if class := n.Parent; n.Kind == js.Block && class != nil && class.Kind == js.Class && m.staticMark(n) {
			return
		}
		for _, statement := range n.List {
			statement.Parent = n
			m.statement(statement)
		}
		if n.X != nil {
			n.X.Parent = n
			m.look(n.X)
		}
		return
	case js.Call:
		if m.isMark(n) {
			m.value(n)
		}
	}
	n.Each(func(child *js.Node) {
		child.Parent = n
		m.look(child)
	})
}

// statement goes through a statement of a block.
func (m *marks) statement(n *js.Node) {
	if n.Kind != js.Expr {
		m.look(n)
		return
	}
	n.X.Parent = n
	if m.isMark(n.X) && n.X.List[0].Kind == js.Name {
		if !m.declared(n.X) {
			end := int(n.End)
			if end < len(m.tree.Source) && m.tree.Source[end] == ';' {
				end++
			}
			m.edits = append(m.edits, js.Edit{Start: int(n.Start), End: end})
		}
		return
	}
	if n.X.Kind != js.Sequence || n.X.Flags&js.Parenthesised != 0 {
		m.look(n.X)
		return
	}
	kept, list := false, n.X.List
	for i, x := range list {
		x.Parent = n.X
		if !m.isMark(x) || x.List[0].Kind != js.Name {
			m.look(x)
			kept = true
			continue
		}
		switch {
		case m.declared(x):
			kept = true
		case kept:
			m.edits = append(m.edits, js.Edit{Start: int(list[i-1].End), End: int(x.End)})
		case i+1 < len(list):
			m.edits = append(m.edits, js.Edit{Start: int(x.Start), End: int(list[i+1].Start)})
		default:
			m.edits = append(m.edits, js.Edit{Start: int(x.Start), End: int(x.End), Text: "0"})
		}
	}
}

// declared rewrites the mark of a declared function, and reports whether it stays.
func (m *marks) declared(mark *js.Node) (stays bool) {
	target, name := mark.List[0], mark.List[1].Name
	switch m.keep(mark) {
	case KeepByHelper:
		return true
	case KeepByItself:
		if target.Name != name {
			m.define(mark)
			return true
		}
		m.namesRead[name] = true
	}
	return false
}

// define makes Object.defineProperty of a mark.
func (m *marks) define(mark *js.Node) {
	m.edits = append(m.edits,
		js.Edit{Start: int(mark.X.Start), End: int(mark.X.End), Text: "Object.defineProperty"},
		js.Edit{Start: int(mark.List[1].Start), End: int(mark.List[1].Start), Text: `"name",{value:`},
		js.Edit{Start: int(mark.List[1].End), End: int(mark.List[1].End), Text: ",configurable:!0}"})
}

// staticMark rewrites static{helper(this,"name")}, and reports whether the block is
// that.
func (m *marks) staticMark(block *js.Node) bool {
	if len(block.List) != 1 || block.List[0].Kind != js.Expr || !m.isMark(block.List[0].X) {
		return false
	}
	mark, class := block.List[0].X, block.Parent
	if target := mark.List[0]; target.Kind != js.Literal || target.Name != "this" {
		return false
	}
	keep := m.keep(mark)
	if keep == KeepByItself {
		m.namesRead[class.Name] = true
	}
	switch {
	case keep == KeepByHelper:
	case keep == KeepByItself && class.Name != mark.List[1].Name:
		m.define(mark)
	default:
		start := strings.LastIndex(m.tree.Source[:block.Start], "static")
		m.edits = append(m.edits, js.Edit{Start: start, End: int(block.End)})
	}
	return true
}

// value rewrites a mark that is the value of an expression.
func (m *marks) value(mark *js.Node) {
	target, name := mark.List[0], mark.List[1]
	keep := m.keep(mark)
	if keep == KeepByHelper {
		return
	}
	before, after := "", ""
	bare := target.Kind == js.Arrow || (target.Kind == js.Function || target.Kind == js.Class) && target.Name == ""
	switch {
	case keep == KeepNone:
	case !bare || name.Name == "__proto__" || name.Flags&js.Escaped != 0:
		m.define(mark)
		return
	case identifier.MatchString(name.Name):
		before, after = "{"+name.Name+":", "}."+name.Name
	default:
		quoted := strconv.Quote(name.Name)
		before, after = "{"+quoted+":", "}["+quoted+"]"
	}
	if !standsAlone(mark) {
		before, after = "("+before, after+")"
	}
	closing := int(name.End) + strings.IndexByte(m.tree.Source[name.End:], ')') + 1
	m.edits = append(m.edits, js.Edit{Start: int(mark.X.Start), End: int(target.Start), Text: before},
		js.Edit{Start: int(target.End), End: closing, Text: after})
}

var identifier = regexp.MustCompile(`^[A-Za-z_$][\w$]*$`)

// standsAlone reports whether any expression may stand in a node's place without
// parentheses.
func standsAlone(n *js.Node) bool {
	if n.Flags&js.Parenthesised != 0 {
		return true
	}
	p := n.Parent
	switch p.Kind {
	case js.Declare, js.Assign, js.Property:
		return p.Y == n
	case js.Call, js.New:
		return p.X != n
	case js.Array:
		return true
	}
	return false
}
