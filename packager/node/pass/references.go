package pass

import (
	"cmp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// references are all places of a code where a variable is named, in the order of the
// text, with what each one means.
type references struct {
	tree *js.Tree
	list []reference
	// variables are the declared names, by the ID of their binding, and after them the
	// names that nothing declares.
	variables []variable
	scopes    []scope // in the order of their starts, those around a scope before it
	// asWritten are names that mean something that the tree does not show. Nothing that
	// has such a name loses it, and nothing gets one.
	asWritten map[string]bool

	globals map[string]int32
	order   []int32 // of scopes, by the ID of the tree's scope; less 1
	strict  bool
	with    int
}

// reference is a place where a variable is named.
type reference struct {
	start, end int32
	variable   int32
	scope      int32
	form       form
	use        use
}

// form is how a new name is written at a reference.
type form uint8

const (
	plain    form = iota
	property      // {a} becomes {a:b}
	imported      // import{a} becomes import{a as b}
	exported      // export{a} becomes export{b as a}
)

// use is what happens at a reference.
type use uint8

const (
	read use = iota
	written
	declared // without a value, or a parameter, a function or a class
	initialised
)

// variable is a declared name, or one that nothing declares.
type variable struct {
	name  string
	scope int32 // -1 if nothing declares it
	count int32 // of its references
	// fixed variables keep their names.
	fixed bool
	param bool
}

// scope is a scope of the tree.
type scope struct {
	*js.Scope
	parent int32 // -1 for the top
	caught bool  // the block of a catch clause: it must not declare the parameter's names
}

// findReferences goes through a tree.
//
// The tree has one scope for a function's own name, its parameters and its body, where
// the language has up to three. Names that are equal in them are one variable here,
// which is as good to rename: they stay equal. Where names that differ in the language
// would be one here, or the other way round, the name is left as written everywhere:
//
//   - a parameter's default value names what the body declares, which it does not see;
//   - a var in a catch clause has the name of what is caught: it declares one variable
//     and writes to another;
//   - a function is declared in a block outside of strict mode: it is declared in the
//     function too;
//   - a name in a with statement may be a property;
//   - a name is written with escapes;
//   - {__proto__} makes a property, {__proto__:a} does not;
//   - a declaration is exported under its name.
//
// Code that eval runs sees all names around it: they are fixed.
func findReferences(t *js.Tree, strict bool) *references {
	r := &references{
		tree: t, strict: strict || t.Module, asWritten: map[string]bool{"arguments": true, "__proto__": true}, globals: map[string]int32{},
		list: make([]reference, 0, t.Nodes/4), variables: make([]variable, t.Bindings, t.Bindings+256),
		scopes: make([]scope, 0, t.Scopes), order: make([]int32, t.Scopes),
	}
	if t.Top.DeclaresStrict() {
		r.strict = true
	}
	r.enter(t.Scope)
	r.statements(t.Top.List)
	sortReferences(r.list) // decorators come before what their class extends
	return r
}

func sortReferences(list []reference) {
	order := func(a, b reference) int { return cmp.Compare(a.start, b.start) }
	if !slices.IsSortedFunc(list, order) {
		slices.SortFunc(list, order)
	}
}

// enter numbers a scope, the one around it first.
func (r *references) enter(s *js.Scope) int32 {
	if s == nil {
		return -1
	}
	if n := r.order[s.ID]; n > 0 {
		return n - 1
	}
	parent := r.enter(s.Parent)
	n := int32(len(r.scopes))
	r.scopes = append(r.scopes, scope{Scope: s, parent: parent})
	r.order[s.ID] = n + 1
	for _, b := range s.Bindings() {
		r.variables[b.ID] = variable{name: b.Name, scope: n, fixed: r.variables[b.ID].fixed}
	}
	return n
}

// add adds a reference and returns its variable.
func (r *references) add(start, end int, name string, in *js.Scope, how use, as form) int32 {
	v := int32(-1)
	if b := in.Find(name); b != nil {
		v = b.ID
	} else if known, ok := r.globals[name]; ok {
		v = known
	} else {
		v = int32(len(r.variables))
		r.globals[name] = v
		r.variables = append(r.variables, variable{name: name, scope: -1, fixed: true})
	}
	n := r.enter(in)
	r.variables[v].count++
	if r.with > 0 || r.tree.Source[start:end] != name {
		r.asWritten[name] = true
	}
	r.list = append(r.list, reference{int32(start), int32(end), v, n, as, how})
	return v
}

// name adds the reference of a Name. Its parentheses are not part of it.
func (r *references) name(n *js.Node, how use, as form) {
	start, end := int(n.Start), int(n.End)
	if n.Flags&js.Parenthesised != 0 {
		inner := strings.Index(r.tree.Source[start:end], n.Name)
		if inner < 0 || !onlyAround(r.tree.Source[start:start+inner]) || !onlyAround(r.tree.Source[start+inner+len(n.Name):end]) {
			r.asWritten[n.Name] = true
			inner = 0
		}
		start += inner
		end = min(start+len(n.Name), end)
	}
	r.add(start, end, n.Name, n.Scope, how, as)
}

// onlyAround reports whether a text is only parentheses and white space.
func onlyAround(text string) bool { return strings.Trim(text, "() \t\r\n") == "" }

func (r *references) statements(list []*js.Node) {
	for _, n := range list {
		r.statement(n)
	}
}

// statement goes through a statement. A function or class here is a declaration.
func (r *references) statement(n *js.Node) {
	if n == nil {
		return
	}
	switch n.Kind {
	case js.Block:
		if n.Scope != nil {
			r.enter(n.Scope)
		}
		r.statements(n.List)
	case js.Function, js.Class:
		r.declaration(n, false)
	case js.Var:
		r.vars(n)
	case js.If:
		r.expression(n.X)
		r.statement(n.Y)
		r.statement(n.Z)
	case js.For:
		r.enter(n.Scope)
		for _, part := range n.List {
			r.head(part)
		}
		r.statement(n.X)
	case js.ForIn:
		r.enter(n.Scope)
		if n.X.Kind == js.Var {
			for _, d := range n.X.List {
				r.hoisted(n.X, d)
				r.target(d.X, initialised, plain)
				r.expression(d.Y)
			}
		} else {
			r.target(n.X, written, plain)
		}
		r.expression(n.Y)
		r.statement(n.Z)
	case js.While:
		switch text := r.tree.Source[n.Start:]; {
		case strings.HasPrefix(text, "do"):
			r.statement(n.Y)
			r.expression(n.X)
		case strings.HasPrefix(text, "with"):
			r.expression(n.X)
			r.with++
			r.statement(n.Y)
			r.with--
		default:
			r.expression(n.X)
			r.statement(n.Y)
		}
	case js.Try:
		r.statement(n.X)
		for _, caught := range n.List {
			r.target(caught, declared, plain)
			r.scopes[r.enter(n.Y.Scope)].caught = true
		}
		r.statement(n.Y)
		r.statement(n.Z)
	case js.Switch:
		r.expression(n.X)
		r.enter(n.Scope)
		for _, c := range n.List {
			r.expression(c.X)
			r.statements(c.List)
		}
	case js.Labelled:
		r.statement(n.X)
	case js.Expr, js.Return:
		r.expression(n.X)
	case js.Import:
		for _, c := range n.List {
			as := plain
			if c.X.Start == c.Start && c.Name == c.X.Name {
				switch before := strings.TrimRight(r.tree.Source[:c.X.Start], " \t\r\n"); {
				case strings.HasSuffix(before, "{"), strings.HasSuffix(before, ","):
					as = imported
				default: // import {a as a}, or a comment
					r.asWritten[c.X.Name] = true
				}
			}
			r.name(c.X, initialised, as)
		}
	case js.Export:
		r.export(n)
	case js.Empty:
	default:
		r.expression(n)
	}
}

// head goes through a part of the head of a for statement.
func (r *references) head(n *js.Node) {
	if n.Kind == js.Var {
		r.vars(n)
	} else {
		r.expression(n)
	}
}

func (r *references) vars(n *js.Node) {
	for _, d := range n.List {
		r.hoisted(n, d)
		how := declared
		if d.Y != nil {
			how = initialised
		}
		r.target(d.X, how, plain)
		r.expression(d.Y)
	}
}

// hoisted looks for a var that declares one variable and writes to another.
func (r *references) hoisted(n, d *js.Node) {
	if n.Name != "var" {
		return
	}
	names(d.X, func(name *js.Node) {
		if name.Scope.Find(name.Name) != name.Scope.Function().Own(name.Name) {
			r.asWritten[name.Name] = true
		}
	})
}

// names calls f for every name that a pattern declares.
func names(n *js.Node, f func(*js.Node)) {
	switch n.Kind {
	case js.Name:
		f(n)
	case js.Assign, js.Spread:
		names(n.X, f)
	case js.Property:
		names(n.Y, f)
	case js.Array, js.Object:
		for _, c := range n.List {
			names(c, f)
		}
	}
}

// declaration goes through a declared function or class.
func (r *references) declaration(n *js.Node, isExported bool) {
	if n.Name != "" {
		in := n.Scope.Parent
		r.own(n, in)
		if isExported || n.Kind == js.Function && !r.strict && in != in.Function() {
			r.asWritten[n.Name] = true
		}
	}
	r.inside(n)
}

// own adds the name of a function or class.
func (r *references) own(n *js.Node, in *js.Scope) {
	start, end := r.tree.NameOf(n)
	if end == 0 {
		r.asWritten[n.Name] = true
		return
	}
	r.add(start, end, n.Name, in, declared, plain)
}

func (r *references) export(n *js.Node) {
	for _, c := range n.List {
		if c.X == nil {
			continue
		}
		as := plain
		if c.Name == c.X.Name {
			switch rest := strings.TrimLeft(r.tree.Source[c.X.End:], " \t\r\n"); {
			case strings.HasPrefix(rest, ","), strings.HasPrefix(rest, "}"):
				as = exported
			case !strings.HasPrefix(rest, "as "):
				r.asWritten[c.X.Name] = true
			}
		}
		r.name(c.X, written, as) // whoever imports it reads it at any time
	}
	if n.Y == nil {
		return
	}
	switch n.Y.Kind {
	case js.Function, js.Class:
		r.declaration(n.Y, true)
	case js.Var:
		for _, d := range n.Y.List {
			names(d.X, func(name *js.Node) { r.asWritten[name.Name] = true })
		}
		r.vars(n.Y)
	default:
		r.expression(n.Y)
	}
}

// target goes through what is declared or written to: a name, a pattern, or any other
// expression.
func (r *references) target(n *js.Node, how use, as form) {
	switch n.Kind {
	case js.Name:
		r.name(n, how, as)
	case js.Assign:
		if n.Op != js.OpAssign {
			r.expression(n)
			return
		}
		r.target(n.X, how, as)
		r.expression(n.Y)
	case js.Spread:
		r.target(n.X, how, plain)
	case js.Property:
		r.expression(n.X)
		if n.Flags&js.Shorthand != 0 {
			as = property
		} else {
			as = plain
		}
		r.target(n.Y, how, as)
	case js.Array, js.Object:
		for _, c := range n.List {
			r.target(c, how, plain)
		}
	default:
		r.expression(n)
	}
}

func (r *references) expression(n *js.Node) {
	if n == nil {
		return
	}
	switch n.Kind {
	case js.Name:
		if n.Scope != nil {
			r.name(n, read, plain)
		}
	case js.Property:
		r.expression(n.X)
		if n.Flags&js.Shorthand != 0 {
			r.shorthand(n.Y)
			return
		}
		if n.Scope != nil {
			r.enter(n.Scope)
		}
		r.expression(n.Y)
	case js.Function, js.Class:
		if n.Name != "" {
			r.own(n, n.Scope)
		}
		r.inside(n)
	case js.Arrow:
		r.inside(n)
	case js.Assign:
		if n.Op == js.OpAssign {
			r.target(n.X, written, plain)
		} else {
			r.updated(n.X)
		}
		r.expression(n.Y)
	case js.Update:
		r.updated(n.X)
	case js.Unary:
		if n.Name == "delete" {
			r.updated(n.X)
			return
		}
		r.expression(n.X)
	case js.Call:
		if n.X.Kind == js.Name && n.X.Name == "eval" {
			r.evaluated(n.X.Scope)
		}
		r.expression(n.X)
		r.expressions(n.List)
	case js.Block, js.Var, js.Declare:
		r.statement(n)
	default:
		r.expression(n.X)
		r.expression(n.Y)
		r.expression(n.Z)
		r.expressions(n.List)
	}
}

func (r *references) expressions(list []*js.Node) {
	for _, n := range list {
		r.expression(n)
	}
}

// updated goes through what is read and written. Parentheses around a name change
// nothing.
func (r *references) updated(n *js.Node) {
	if n != nil && n.Kind == js.Name {
		r.name(n, written, plain)
		return
	}
	r.expression(n)
}

// shorthand goes through the value of {a}, or of {a = 1} in what turned out to be a
// pattern of an arrow function's parameters.
func (r *references) shorthand(n *js.Node) {
	if n.Kind == js.Assign {
		r.name(n.X, written, property)
		r.expression(n.Y)
		return
	}
	r.name(n, read, property)
}

// evaluated fixes all names that code sees.
func (r *references) evaluated(s *js.Scope) {
	for ; s != nil; s = s.Parent {
		for _, b := range s.Bindings() {
			r.variables[b.ID].fixed = true
		}
	}
}

// inside goes through the parts of a function or class, behind its name.
func (r *references) inside(n *js.Node) {
	strict := r.strict
	defer func() { r.strict = strict }()
	r.enter(n.Scope)
	if n.Kind == js.Class {
		r.strict = true
		r.expression(n.X)
		for _, member := range n.List {
			if member.Kind == js.Block {
				r.statement(member)
			} else {
				r.expression(member)
			}
		}
		return
	}
	if n.X.Kind == js.Block && n.X.DeclaresStrict() {
		r.strict = true
	}
	r.parameters(n)
	if n.X.Kind == js.Block {
		r.statements(n.X.List)
	} else {
		r.expression(n.X)
	}
}

// parameters goes through the parameters of a function. Their default values do not see
// what the body declares.
func (r *references) parameters(n *js.Node) {
	simple := true
	for _, p := range n.List {
		simple = simple && p.Kind == js.Name
		names(p, func(name *js.Node) {
			if b := n.Scope.Own(name.Name); b != nil {
				r.variables[b.ID].param = true
			}
		})
	}
	first := len(r.list)
	for _, p := range n.List {
		r.target(p, declared, plain)
	}
	if simple {
		return
	}
	function := r.order[n.Scope.ID] - 1
	for _, ref := range r.list[first:] {
		if v := r.variables[ref.variable]; v.scope == function && !v.param {
			r.asWritten[v.name] = true
		}
	}
}
