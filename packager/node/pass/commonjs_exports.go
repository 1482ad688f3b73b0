package pass

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// dropUnusedExports takes exports of CommonJS modules out that nothing in the bundle reads,
// and then the functions, variables and modules that nothing names any more. The bundler
// keeps all of a CommonJS module, because its exports are the properties of an object
// that could get anywhere. In the finished bundle every use of that object can be seen:
// only what calls the module's own require function has it.
//
// An export goes if its module's object is only used in these ways, everywhere:
//   - its properties are read by names that the text shows, directly, from a variable that
//     has no other value, or taken apart by a pattern without a rest;
//   - it is given to the bundler's __toESM or a compiler's interop function, and the same
//     holds for the result. Its default may be the object itself;
//   - the module sets properties by such names, or with Object.defineProperty.
//
// Whatever else happens to it, all its exports stay: it is handed on, called, compared
// with in, written to from outside, exported by the entry.
//
// A function that is called as a member of the object has it as its this. So it must not
// use this, nor be unknown. The value of an export that goes must not do anything when it
// is evaluated: it is a literal, a function, a class without a base, an object of these, or
// a variable that has been declared before.
//
// Then code is followed from what runs at load. A declared function, or a variable that
// is written once with such a value, goes if nothing that stays names it, and so does
// the wrapper of a module. Functions that something reads the names or parameters of
// are not looked at: the pass does nothing then. Nor does it touch what eval may
// see, and code that has line breaks.
func dropUnusedExports(c *bundle) []js.Edit {
	if !c.ShortNames || c.Keep != nil || c.Parameters != nil {
		return nil
	}
	u := usage{bundle: c, references: c.references(), modules: map[int32]*exporting{}, aliases: map[int32]*alias{}, special: map[int]demand{}}
	if !u.findModules() {
		return nil
	}
	u.index()
	u.findUses()
	u.findUnits()
	u.mark()
	return u.drop()
}

// usage is how the modules of a bundle are used.
type usage struct {
	*bundle
	*references
	modules map[int32]*exporting // by the variable of the require function
	order   []*exporting
	helpers map[int32]bool // variables of __toESM
	aliases map[int32]*alias
	names   []*js.Node // all names, by their places
	starts  []int32    // of the references of each variable in byVariable
	byVar   []int32    // references, by variable
	special map[int]demand
	units   []*unit
	byUnit  map[int32][]*unit // units by the variable that they declare
}

// exporting is a CommonJS module.
type exporting struct {
	wrapper *js.Node
	declare *js.Node
	exports int32 // variables, -1 for none
	module  int32
	escaped bool
	marked  bool // as made from an ES module
	sites   map[string][]*unit
	live    map[string]bool
	called  map[string]bool // names that are called as members
}

// alias is a variable whose value is the object of modules.
type alias struct {
	of     []*exporting
	kind   kind
	writes int
	bad    bool
}

// kind is how an expression has the object of a module.
type kind int

const (
	whole    kind = iota
	interop       // its default may be the object
	nodeMode      // its default is the object
)

// demand is what a reference takes of modules besides the variable that it names.
type demand struct {
	of    []*exporting
	names []string
}

// unit is a piece of code that may go.
type unit struct {
	start, end int32
	live       bool
	node       *js.Node
	value      *js.Node
	of         *exporting // for an export
	names      []string   // of an export, from the outside in
	targets    []*js.Node // the assignments of the names
	others     int        // all targets of the statement
	statement  *js.Node   // that a variable is declared in
	first      int        // its references
	inside     []int      // references that it owns
}

// findModules finds the wrappers and helpers.
func (u *usage) findModules() bool {
	functions := map[*js.Node]bool{}
	for _, w := range u.wrappers {
		if w.commonJS {
			functions[w.function] = true
		}
	}
	u.helpers = map[int32]bool{}
	for _, s := range u.tree.Top.List {
		if s.Kind != js.Var {
			continue
		}
		for _, d := range s.List {
			if d.X.Kind != js.Name || d.Y == nil {
				continue
			}
			b := u.tree.Scope.Own(d.X.Name)
			if b == nil || u.variables[b.ID].fixed || u.asWritten[b.Name] {
				continue
			}
			if d.Y.Kind == js.Arrow && d.Y.End-d.Y.Start <= 2*maxHelper && toESM.MatchString(u.tree.Source[d.Y.Start:d.Y.End]) {
				u.helpers[b.ID] = true
			}
			if d.Y.Kind != js.Call || len(d.Y.List) != 1 || !functions[d.Y.List[0]] {
				continue
			}
			m := &exporting{wrapper: d.Y.List[0], declare: d, exports: -1, module: -1, sites: map[string][]*unit{}, live: map[string]bool{}, called: map[string]bool{}}
			for i, p := range m.wrapper.List {
				own := m.wrapper.Scope.Own(p.Name)
				switch {
				case p.Kind != js.Name || own == nil || u.variables[own.ID].fixed || u.asWritten[own.Name]:
					m.escaped = true
				case i == 0:
					m.exports = own.ID
				case i == 1:
					m.module = own.ID
				}
			}
			m.escaped = m.escaped || usesOuterThis(m.wrapper.X)
			u.modules[b.ID] = m
			u.order = append(u.order, m)
		}
	}
	return len(u.order) > 0
}

// toESM matches esbuild's __toESM as it is minified.
var toESM = regexp.MustCompile(`^\((\w|\$)+,(\w|\$)+,(\w|\$)+\)=>\((\w|\$)+=(\w|\$)+!=null\?(\w|\$)+\((\w|\$)+\((\w|\$)+\)\):\{\},(\w|\$)+\(` +
	`(\w|\$)+\|\|!(\w|\$)+\|\|!(\w|\$)+\.__esModule\?(\w|\$)+\((\w|\$)+,"default",\{value:(\w|\$)+,enumerable:!0\}\):(\w|\$)+,(\w|\$)+\)\)$`)

// interopFunction matches what compilers write for the default of a module.
var interopFunction = regexp.MustCompile(`^function(?: (?:\w|\$)+)?\(((?:\w|\$)+)\)\{return ((?:\w|\$)+)&&((?:\w|\$)+)\.__esModule\?((?:\w|\$)+):\{default:((?:\w|\$)+)\}\}$`)

// index sets the parents of all nodes, collects the names, and sorts the references by
// their variables.
func (u *usage) index() {
	u.names = make([]*js.Node, 0, len(u.list))
	var visit func(n *js.Node)
	visit = func(n *js.Node) {
		if n.Kind == js.Name {
			u.names = append(u.names, n)
		}
		n.Each(func(c *js.Node) {
			c.Parent = n
			visit(c)
		})
	}
	visit(u.tree.Top)
	inText := func(a, b *js.Node) int { return cmp.Compare(a.Start, b.Start) }
	if !slices.IsSortedFunc(u.names, inText) {
		slices.SortStableFunc(u.names, inText)
	}
	u.starts = make([]int32, len(u.variables)+1)
	for _, ref := range u.list {
		u.starts[ref.variable+1]++
	}
	for v := range u.variables {
		u.starts[v+1] += u.starts[v]
	}
	at := slices.Clone(u.starts)
	u.byVar = make([]int32, len(u.list))
	for i, ref := range u.list {
		u.byVar[at[ref.variable]] = int32(i)
		at[ref.variable]++
	}
}

func (u *usage) refsOf(v int32) []int32 { return u.byVar[u.starts[v]:u.starts[v+1]] }

// nodeOf is the name at a reference, nil where it is not a plain one.
func (u *usage) nodeOf(ref int32) *js.Node {
	r := u.list[ref]
	i, found := slices.BinarySearchFunc(u.names, r.start, func(n *js.Node, start int32) int { return cmp.Compare(n.Start, start) })
	if !found || u.names[i].End != r.end || r.form != plain {
		return nil
	}
	return u.names[i]
}

// findUses looks at all uses of the modules' objects.
func (u *usage) findUses() {
	for _, m := range u.order {
		u.marks(m)
	}
	for v, m := range u.modules {
		for _, ref := range u.refsOf(v) {
			if u.list[ref].use == initialised {
				continue
			}
			n := u.nodeOf(ref)
			if n == nil || u.list[ref].use != read || n.Parent.Kind != js.Call || n.Parent.X != n || len(n.Parent.List) > 0 {
				m.escaped = true
				continue
			}
			u.object(int(ref), n.Parent, m, whole)
		}
	}
	for v, a := range u.aliases {
		writes := 0
		for _, ref := range u.refsOf(v) {
			switch u.list[ref].use {
			case initialised, written:
				writes++
			case read:
				n := u.nodeOf(ref)
				if n == nil {
					a.bad = true
					continue
				}
				u.uses(int(ref), n, a.of, a.kind)
			}
		}
		if a.bad || writes != a.writes || u.variables[v].fixed || u.variables[v].param || u.asWritten[u.variables[v].name] {
			for _, m := range a.of {
				m.escaped = true
			}
		}
	}
	for _, m := range u.order {
		u.ownUses(m)
	}
}

// marks finds out whether a module is marked as made from an ES module.
func (u *usage) marks(m *exporting) {
	start, end := m.wrapper.X.Start, min(m.wrapper.X.Start+400, m.wrapper.X.End)
	m.marked = strings.Contains(u.tree.Source[start:end], `"__esModule",{value:!0}`)
}

// object follows an expression that is a module's object, up to the variable that it is
// given to.
func (u *usage) object(ref int, n *js.Node, m *exporting, as kind) {
	p := n.Parent
	switch p.Kind {
	case js.Call:
		if p.X == n || p.List[0] != n || as != whole {
			break
		}
		switch {
		case u.isHelper(p.X) && len(p.List) == 1:
			u.object(ref, p, m, interop)
			return
		case u.isHelper(p.X) && len(p.List) == 2:
			u.object(ref, p, m, nodeMode)
			return
		case len(p.List) == 1 && u.isInterop(p.X):
			u.object(ref, p, m, interop)
			return
		}
	case js.Declare, js.Assign:
		if p.Y != n || p.X.Kind != js.Name || p.Kind == js.Assign && (p.Op != js.OpAssign || !discarded(p)) {
			break
		}
		if b := p.X.Scope.Find(p.X.Name); b != nil {
			a := u.aliases[b.ID]
			if a == nil {
				a = &alias{kind: as}
				u.aliases[b.ID] = a
			}
			a.writes++
			if !slices.Contains(a.of, m) {
				a.of = append(a.of, m)
			}
			a.bad = a.bad || a.kind != as
			return
		}
	}
	u.uses(ref, n, []*exporting{m}, as)
}

// discarded reports whether nothing takes the value of an expression.
func discarded(n *js.Node) bool {
	p := n.Parent
	return p.Kind == js.Expr || p.Kind == js.Sequence && (p.List[len(p.List)-1] != n || discarded(p))
}

func (u *usage) isHelper(n *js.Node) bool {
	if n.Kind != js.Name {
		return false
	}
	b := n.Scope.Find(n.Name)
	return b != nil && u.helpers[b.ID]
}

// isInterop reports whether a name is that of a compiler's interop function.
func (u *usage) isInterop(n *js.Node) bool {
	if n.Kind != js.Name {
		return false
	}
	b := n.Scope.Find(n.Name)
	if b == nil || u.variables[b.ID].fixed {
		return false
	}
	var function *js.Node
	for _, ref := range u.refsOf(b.ID) {
		switch use := u.list[ref].use; {
		case use == read:
			continue
		case use == written || function != nil:
			return false
		}
		at := u.nodeOf(ref)
		if at == nil { // the name of a declared function is no node
			function = functionNamedAt(u.tree, n, u.list[ref])
			continue
		}
		if at.Parent.Kind != js.Declare || at.Parent.X != at || at.Parent.Y == nil {
			return false
		}
		function = at.Parent.Y
		if function.Kind == js.Binary && function.Op == js.OpOr {
			function = function.Y
		}
	}
	if function == nil {
		return false
	}
	m := interopFunction.FindStringSubmatch(u.tree.Source[function.Start:function.End])
	return m != nil && m[1] == m[2] && m[2] == m[3] && m[3] == m[4] && m[4] == m[5]
}

// functionNamedAt is the function that is declared where a name stands, in a block around
// a place.
func functionNamedAt(t *js.Tree, n *js.Node, at reference) *js.Node {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind != js.Block && p.Parent != nil {
			continue
		}
		for _, s := range p.List {
			if s.Kind == js.Function && s.Name == n.Name && s.Start <= at.start && at.end <= s.End {
				if start, _ := t.NameOf(s); start == int(at.start) {
					return s
				}
			}
		}
	}
	return nil
}

// uses notes what is done with an expression that is the object of modules.
func (u *usage) uses(ref int, n *js.Node, of []*exporting, as kind) {
	names, ok := u.namesOf(n, of, as)
	if !ok {
		for _, m := range of {
			m.escaped = true
		}
		return
	}
	d := u.special[ref]
	d.of, d.names = of, append(d.names, names...)
	u.special[ref] = d
}

// namesOf are the names that are read of an expression. ok is false where there may be
// others.
func (u *usage) namesOf(n *js.Node, of []*exporting, as kind) (names []string, ok bool) {
	p := n.Parent
	switch p.Kind {
	case js.Expr:
		return nil, true
	case js.Member, js.Index:
		name, known := memberOf(p, n)
		if !known || isWritten(p) {
			return nil, false
		}
		if isCalled(p) {
			for _, m := range of {
				m.called[name] = true
			}
		}
		if name == "default" && as != whole {
			if as == interop && !slices.ContainsFunc(of, func(m *exporting) bool { return !m.marked }) {
				return []string{name}, true
			}
			names, ok = u.namesOf(p, of, whole)
			return append(names, name), ok
		}
		return []string{name}, true
	case js.Declare, js.Assign:
		if p.Y != n || p.X.Kind != js.Object || p.Kind == js.Assign && (p.Op != js.OpAssign || !discarded(p)) {
			return nil, false
		}
		for _, property := range p.X.List {
			if property.Kind != js.Property || property.X != nil || property.Name == "" || property.Name == "default" && as != whole {
				return nil, false
			}
			names = append(names, property.Name)
		}
		return names, true
	case js.Unary:
		return nil, p.Name == "typeof" || p.Op == js.OpNot
	case js.If:
		return nil, p.X == n
	case js.Cond:
		return nil, p.X == n
	case js.Binary:
		return nil, p.Op == js.OpEqual || p.Op == js.OpNotEqual || p.Op == js.OpAnd && p.X == n
	case js.Sequence:
		if p.List[len(p.List)-1] != n {
			return nil, true
		}
	}
	return nil, false
}

// memberOf is the name that a member of n is read by.
func memberOf(p, n *js.Node) (name string, known bool) {
	switch {
	case p.X != n:
	case p.Kind == js.Member:
		return p.Name, p.Flags&js.Odd == 0
	case p.Y.Kind == js.String:
		return p.Y.Name, true
	}
	return "", false
}

// isWritten reports whether a member is written to.
func isWritten(n *js.Node) bool {
	for p := n.Parent; p != nil; n, p = p, p.Parent {
		switch p.Kind {
		case js.Assign:
			return p.X == n
		case js.Update:
			return true
		case js.Unary:
			return p.Name == "delete"
		case js.ForIn:
			return p.X == n
		case js.Array, js.Object, js.Property, js.Spread: // it may be a pattern
			continue
		}
		return false
	}
	return false
}

// isCalled reports whether a member is called, so that the object is its this.
func isCalled(n *js.Node) bool {
	p := n.Parent
	return p.Kind == js.Call && p.X == n || p.Kind == js.Tagged && p.X == n
}
