package pass

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// unwrapLazy takes modules out of their wrappers that do nothing when they run but declare
// functions, classes and plain values. The bundler wraps all that an import() leads to, so
// that it runs when it is first needed, and each wrapper calls those of the modules that it
// imports:
//
//	var f,g,a=lazy(()=>{b();c();f=()=>1,g="x"})   becomes   var f=()=>1,g="x"
//
// Nobody can tell when such values are made: making them calls no code, cannot fail, and
// reads only variables that have their last value already where the text is (inert).
// Functions of the module may set its variables once more: they cannot run before it.
//
// The call of a wrapper goes if it does nothing: where nothing is left in it, or where
// it has certainly run, because an earlier call in the same list of statements has run it
// (it runs once, and all of it before the call returns). If a wrapper has nothing but one
// call left, its callers make that call. What runs keeps its order.
//
// These stay as they are, since code may see a module that has not run to its end:
//   - modules that import each other, directly or not;
//   - a module whose wrapper is called by anything but a statement of another wrapper, of
//     the top level, or a promise's callback for an import(): a require(), which may run
//     it at any time. All that such a module imports stays too;
//   - modules that wait for a promise, and those whose text is not what the bundler writes.
//
// Large objects stay where they are, since making them takes time that a program may not
// spend otherwise. Nothing is done where names are kept, by helpers that run.
func unwrapLazy(c Code, more []js.Edit) []js.Edit {
	if !c.ShortNames || c.Keep != nil || c.Parameters != nil || !c.Passes.On(analyzer.LazyModules) {
		return nil
	}
	u := unwrapper{tree: c.Tree, modules: map[int32]*lazyModule{}}
	for _, w := range findWrappers(c.Tree) {
		if !w.commonJS {
			u.functions = append(u.functions, w.function)
		}
	}
	if len(u.functions) == 0 {
		return nil
	}
	u.references = findReferences(c.Tree, c.Strict)
	u.findModules()
	u.findCalls()
	u.exclude()
	u.judge()
	edits := u.edits()
	sortEdits(edits)
	for _, e := range more {
		if len(edits) > 0 && e.End > edits[0].Start {
			return nil // it is in the way of another edit
		}
	}
	return edits
}

// fewestLateBytes is the size from which an object or array is not made earlier than before.
const fewestLateBytes = 2 << 10

type unwrapper struct {
	*references
	tree      *js.Tree
	functions []*js.Node
	modules   map[int32]*lazyModule // by the variable of the wrapper
	order     []*lazyModule
	late      map[*js.Node]*js.Node // calls for an import(), and the sequences that they begin
	ready     map[int32]*js.Node    // the values of variables that have their last one
	counts    map[int32]*uses
}

// uses are the references of a variable.
type uses struct{ reads, writes, declarations int }

// lazyModule is an ES module in a wrapper.
type lazyModule struct {
	variable  int32
	function  *js.Node
	statement *js.Node
	declare   *js.Node
	calls     []lazyCall // of other wrappers, the statements of its body
	known     int        // references of its wrapper that are such calls, or for an import()
	kept      bool       // stays as it is
	low, at   int        // Tarjan's algorithm
	open      bool
	inert     bool // it only declares
	// sets are the assignments that it begins with whose values can be made at any time.
	// rest is the expression behind them, where the module is not inert.
	sets []*js.Node
	rest *js.Node
	// instead is the module whose wrapper is called instead of this one, nil for none,
	// if done is set.
	done    bool
	instead *lazyModule
	reached map[*lazyModule]bool // all that has run where it has run
}

// lazyCall is a statement that calls a wrapper.
type lazyCall struct {
	statement *js.Node
	of        *lazyModule
}

// findModules finds the wrappers, and counts the references of all variables.
func (u *unwrapper) findModules() {
	isWrapper := map[*js.Node]bool{}
	for _, f := range u.functions {
		isWrapper[f] = true
	}
	for _, s := range u.tree.Top.List {
		if s.Kind != js.Var || s.Name != "var" {
			continue
		}
		for i, d := range s.List {
			if d.X.Kind != js.Name || d.Y == nil || d.Y.Kind != js.Call || len(d.Y.List) != 1 || !isWrapper[d.Y.List[0]] {
				continue
			}
			b := u.tree.Scope.Own(d.X.Name)
			if b == nil {
				continue
			}
			m := &lazyModule{variable: b.ID, function: d.Y.List[0], statement: s, declare: d, at: -1}
			text := u.tree.Source[m.function.Start:m.function.X.Start]
			m.kept = u.variables[b.ID].fixed || u.asWritten[b.Name] || text != "()=>" || i != len(s.List)-1 || u.modules[b.ID] != nil
			u.modules[b.ID] = m
			u.order = append(u.order, m)
		}
	}
	u.counts = map[int32]*uses{}
	for _, ref := range u.list {
		n := u.counts[ref.variable]
		if n == nil {
			n = &uses{}
			u.counts[ref.variable] = n
		}
		switch ref.use {
		case read:
			n.reads++
		case written:
			n.writes++
		default:
			n.declarations++
		}
	}
}

// called is the module whose wrapper an expression calls, nil for none.
func (u *unwrapper) called(n *js.Node) *lazyModule {
	if n == nil || n.Kind != js.Call || len(n.List) > 0 || n.Flags&(js.Optional|js.Parenthesised) != 0 || n.X.Kind != js.Name || n.X.Scope == nil ||
		n.X.Flags&(js.Odd|js.Parenthesised) != 0 {
		return nil
	}
	b := n.X.Scope.Find(n.X.Name)
	if b == nil {
		return nil
	}
	return u.modules[b.ID]
}

// findCalls finds the calls of wrappers that run at a known time.
func (u *unwrapper) findCalls() {
	for _, m := range u.order {
		m.calls = u.callsIn(m.function.X.List)
	}
	u.callsIn(u.tree.Top.List)
	u.late = map[*js.Node]*js.Node{}
	var look func(n *js.Node)
	look = func(n *js.Node) {
		if n.Kind == js.Call && n.X.Kind == js.Member && n.X.Name == "then" && len(n.List) == 1 && n.List[0].Kind == js.Arrow && resolvesPromise(n.X.X) {
			if f := n.List[0]; len(f.List) == 0 && f.X.Kind == js.Sequence && len(f.X.List) == 2 {
				if m := u.called(f.X.List[0]); m != nil {
					u.late[f.X.List[0]] = f.X
					m.known++
				}
			}
		}
		n.Each(look)
	}
	look(u.tree.Top)
}

// resolvesPromise reports whether an expression is Promise.resolve().
func resolvesPromise(n *js.Node) bool {
	return n.Kind == js.Call && len(n.List) == 0 && n.X.Kind == js.Member && n.X.Name == "resolve" && n.X.X.IsGlobal("Promise")
}

func (u *unwrapper) callsIn(statements []*js.Node) (calls []lazyCall) {
	for _, s := range statements {
		if s.Kind == js.Expr {
			if of := u.called(s.X); of != nil {
				of.known++
				calls = append(calls, lazyCall{s, of})
			}
		}
	}
	return calls
}

// exclude finds what must stay as it is.
func (u *unwrapper) exclude() {
	var stack []*lazyModule
	count := 0
	var visit func(m *lazyModule)
	visit = func(m *lazyModule) {
		m.at, m.low, m.open = count, count, true
		count++
		stack = append(stack, m)
		for _, c := range m.calls {
			if c.of.at < 0 {
				visit(c.of)
				m.low = min(m.low, c.of.low)
			} else if c.of.open {
				m.low = min(m.low, c.of.at)
			}
			m.kept = m.kept || c.of == m
		}
		if m.low < m.at {
			return
		}
		i := slices.Index(stack, m)
		for _, other := range stack[i:] {
			other.open = false
			other.kept = other.kept || len(stack)-i > 1
		}
		stack = stack[:i]
	}
	for _, m := range u.order {
		if m.at < 0 {
			visit(m)
		}
	}
	var keep func(m *lazyModule)
	seen := map[*lazyModule]bool{}
	keep = func(m *lazyModule) {
		if seen[m] {
			return
		}
		seen[m], m.kept = true, true
		for _, c := range m.calls {
			keep(c.of)
		}
	}
	for _, m := range u.order {
		if n := u.counts[m.variable]; n == nil || n.reads != m.known || n.writes != 0 || n.declarations != 1 {
			keep(m)
		}
	}
}

// judge finds the modules that only declare, in the order of the text.
func (u *unwrapper) judge() {
	u.ready = map[int32]*js.Node{}
	modules := map[*js.Node]*lazyModule{}
	for _, m := range u.order {
		modules[m.declare] = m
	}
	for _, s := range u.tree.Top.List {
		if s.Kind == js.Function {
			u.nowReady(s.Name, s)
		}
	}
	for _, s := range u.tree.Top.List {
		switch s.Kind {
		case js.Class:
			u.nowReady(s.Name, s)
		case js.Var:
			for _, d := range s.List {
				if m := modules[d]; m != nil {
					m.inert = !m.kept && u.onlyDeclares(m)
				} else if d.X.Kind == js.Name && d.Y != nil {
					u.nowReady(d.X.Name, d.Y)
				}
			}
		}
	}
}

// nowReady notes that a variable has its last value.
func (u *unwrapper) nowReady(name string, value *js.Node) {
	if b := u.tree.Scope.Own(name); b != nil && !u.variables[b.ID].fixed && u.counts[b.ID] != nil && u.counts[b.ID].writes == 0 && u.counts[b.ID].declarations == 1 {
		u.ready[b.ID] = value
	}
}

// onlyDeclares reports whether a module does nothing but set its own variables to values
// that can be made at any time. It finds those that it sets first.
func (u *unwrapper) onlyDeclares(m *lazyModule) bool {
	declared := map[int32]bool{}
	for _, d := range m.statement.List {
		if d == m.declare {
			continue
		}
		b := u.tree.Scope.Own(d.X.Name)
		if d.X.Kind != js.Name || d.Y != nil || b == nil {
			return false
		}
		declared[b.ID] = true
	}
	head := true
	for i, s := range m.function.X.List {
		if s.Kind != js.Expr {
			return u.stops(m, i, s)
		}
		if u.called(s.X) != nil {
			if !head {
				return u.stops(m, i, s)
			}
			continue
		}
		head = false
		for _, a := range parts(s) {
			v, value := u.declaredBy(a), a.Y
			if v < 0 {
				v, value = u.enumOf(a), a
			} else if !u.inert(value) {
				return u.stops(m, i, a)
			}
			if v < 0 || !declared[v] {
				return u.stops(m, i, a)
			}
			declared[v] = false
			if u.counts[v].writes == 1 {
				u.ready[v] = value
			}
			m.sets = append(m.sets, a)
		}
	}
	return !u.breaksLine(m, endOf(m.declare))
}

// stops notes that what a module sets ends in front of a part of a statement. Where a
// later statement calls a wrapper, or the part is of another sort, nothing is set before.
func (u *unwrapper) stops(m *lazyModule, i int, rest *js.Node) bool {
	m.rest = rest
	for _, s := range m.function.X.List[i:] {
		if s.Kind == js.Expr && u.called(s.X) != nil {
			m.rest = nil
		}
	}
	if len(m.sets) > 0 && (m.rest == nil || notFirst.MatchString(u.tree.Source[rest.Start:]) || u.breaksLine(m, int(rest.Start))) {
		m.rest = nil
	}
	if m.rest == nil {
		for _, a := range m.sets {
			delete(u.ready, u.setBy(a))
		}
		m.sets = nil
	}
	return false
}

// setBy is the variable that one of a module's assignments sets.
func (u *unwrapper) setBy(a *js.Node) int32 {
	name := a.X
	if a.Kind == js.Call {
		name = a.List[0].X
	}
	return u.tree.Scope.Own(name.Name).ID
}

// breaksLine reports whether there is a line break in a module's statement up to a place,
// outside of the values that it sets.
func (u *unwrapper) breaksLine(m *lazyModule, end int) bool {
	at := int(m.statement.Start)
	for _, a := range m.sets {
		if strings.Contains(u.tree.Source[at:a.Start], "\n") {
			return true
		}
		if at = int(a.End); a.Kind == js.Call && strings.Contains(u.tree.Source[a.Start:a.End], "\n") {
			return true
		}
	}
	return strings.Contains(u.tree.Source[at:end], "\n")
}

// parts are the expressions of a statement that commas join.
func parts(s *js.Node) []*js.Node {
	if s.X.Kind == js.Sequence && s.X.Flags&js.Parenthesised == 0 {
		return s.X.List
	}
	return []*js.Node{s.X}
}

// declaredBy is the variable of the top level that an assignment sets, -1 for anything
// else.
func (u *unwrapper) declaredBy(n *js.Node) int32 {
	if n.Kind != js.Assign || n.Op != js.OpAssign || n.Flags&js.Parenthesised != 0 || n.X.Kind != js.Name || n.X.Flags&(js.Odd|js.Parenthesised) != 0 {
		return -1
	}
	b := n.X.Scope.Find(n.X.Name)
	if b == nil || b != u.tree.Scope.Own(n.X.Name) || u.variables[b.ID].fixed || u.asWritten[b.Name] {
		return -1
	}
	if u.counts[b.ID].declarations != 1 {
		return -1
	}
	return b.ID
}

// enumOf is the variable of the top level that an expression makes an enum, which nothing
// else sets, -1 for anything else: (function(e){e.A="a",e.B="b"})(M||(M={})).
func (u *unwrapper) enumOf(n *js.Node) int32 {
	if n.Kind != js.Call || n.Flags&js.Parenthesised != 0 || len(n.List) != 1 || n.X.Kind != js.Function || n.X.Name != "" || len(n.X.List) != 1 || n.X.List[0].Kind != js.Name ||
		n.List[0].Kind != js.Binary || n.List[0].Op != js.OpOr || strings.HasPrefix(u.tree.Source[n.X.Start:], "(async") {
		return -1
	}
	either, made := n.List[0].X, n.List[0].Y
	if either.Kind != js.Name || made.Kind != js.Assign || made.Y.Kind != js.Object || len(made.Y.List) > 0 || made.X.Kind != js.Name || made.X.Name != either.Name {
		return -1
	}
	unparenthesised := *made
	unparenthesised.Flags &^= js.Parenthesised
	v := u.declaredBy(&unparenthesised)
	members := members(n)
	if v < 0 || u.counts[v].writes != 1 || len(members) == 0 {
		return -1
	}
	seen := map[string]bool{"__proto__": true}
	for _, a := range members {
		if a.Kind != js.Assign || a.Op != js.OpAssign || a.Flags&js.Parenthesised != 0 || a.X.Kind != js.Member || a.X.Flags&(js.Odd|js.Optional|js.Parenthesised) != 0 ||
			a.X.X.Kind != js.Name || a.X.X.Name != n.X.List[0].Name || a.Y.Kind != js.String && a.Y.Kind != js.Number || seen[a.X.Name] {
			return -1
		}
		seen[a.X.Name] = true
	}
	return v
}

// members are the assignments in the function of an enum, nil where it has other
// statements.
func members(n *js.Node) []*js.Node {
	body := n.X.X.List
	if len(body) != 1 || body[0].Kind != js.Expr {
		return nil
	}
	return parts(body[0])
}

// inert reports whether an expression has the same value whenever it is evaluated, and
// whether nothing happens then.
func (u *unwrapper) inert(n *js.Node) bool {
	loud := func(n *js.Node) bool { return !u.inert(n) }
	switch n.Kind {
	case js.String, js.Number, js.Regex, js.Function, js.Arrow, js.Empty:
		return true
	case js.Literal:
		return n.Name == "true" || n.Name == "false" || n.Name == "null"
	case js.Template:
		return len(n.List) == 0
	case js.Unary:
		return n.Name == "void" && u.inert(n.X) || (n.Op == js.OpNot || n.Op == js.OpMinus) && n.X.Kind == js.Number
	case js.Binary:
		return u.primitive(n)
	case js.New:
		if len(n.List) == 1 {
			return n.X.IsGlobal("RegExp") && n.List[0].Kind == js.Regex
		}
		return len(n.List) == 0 && (n.X.IsGlobal("Map") || n.X.IsGlobal("Set") || n.X.IsGlobal("WeakMap") || n.X.IsGlobal("WeakSet"))
	case js.Call:
		return n.Flags&js.Optional == 0 && (n.X.IsGlobal("Symbol") || n.X.Kind == js.Member && n.X.Name == "for" && n.X.Flags&js.Optional == 0 && n.X.X.IsGlobal("Symbol")) &&
			!slices.ContainsFunc(n.List, func(a *js.Node) bool { return a.Kind != js.String })
	case js.Name:
		if n.IsGlobal("undefined") {
			return true
		}
		b := n.Scope.Find(n.Name)
		return b != nil && u.ready[b.ID] != nil
	case js.Array:
		return n.End-n.Start < fewestLateBytes && !slices.ContainsFunc(n.List, loud)
	case js.Object:
		return n.End-n.Start < fewestLateBytes && !slices.ContainsFunc(n.List, func(p *js.Node) bool {
			return p.Kind != js.Property || p.X != nil && !isPlainKey(p.X) || p.Y == nil || p.Name == "__proto__" || !u.inert(p.Y)
		})
	case js.Class:
		if n.X != nil && !n.X.IsGlobal("Error") && (n.X.Kind != js.Name || !u.isClass(n.X)) {
			return false
		}
		return !slices.ContainsFunc(n.List, func(p *js.Node) bool {
			return p.Kind != js.Property || p.X != nil && !isPlainKey(p.X) ||
				p.Flags&js.Static != 0 && p.Flags&js.Method == 0 && p.Y != nil && !u.inert(p.Y)
		})
	}
	return false
}

// primitive reports whether an expression is a number or a string, or made of these.
func (u *unwrapper) primitive(n *js.Node) bool {
	switch n.Kind {
	case js.String:
		return true
	case js.Number:
		return !strings.HasSuffix(n.Name, "n")
	case js.Binary:
		return n.Op != js.OpIn && n.Op != js.OpInstanceof && u.primitive(n.X) && u.primitive(n.Y)
	case js.Name:
		b := n.Scope.Find(n.Name)
		return b != nil && u.ready[b.ID] != nil && u.primitive(u.ready[b.ID])
	}
	return false
}

// isPlainKey reports whether a computed key is a string, a number or a symbol that every
// Node has.
func isPlainKey(n *js.Node) bool {
	if n.Kind == js.Member && n.X.IsGlobal("Symbol") && n.Flags&js.Optional == 0 {
		return n.Name == "iterator" || n.Name == "asyncIterator" || n.Name == "toStringTag" || n.Name == "toPrimitive" || n.Name == "hasInstance"
	}
	return n.Kind == js.String || n.Kind == js.Number
}

// isClass reports whether a name is that of a class which has been declared.
func (u *unwrapper) isClass(n *js.Node) bool {
	b := n.Scope.Find(n.Name)
	return b != nil && u.ready[b.ID] != nil && u.ready[b.ID].Kind == js.Class
}

// resolve is the module whose wrapper is called instead of that of another, nil for none.
func (u *unwrapper) resolve(m *lazyModule) *lazyModule {
	if m.done {
		return m.instead
	}
	m.done, m.instead = true, m
	if m.inert {
		switch calls := u.left(m.calls, map[*lazyModule]bool{}); len(calls) {
		case 0:
			m.instead = nil
		case 1:
			m.instead = calls[0].of
		}
	}
	return m.instead
}

// left are the calls that are needed where some modules have run, with what is called
// instead. It adds what runs.
func (u *unwrapper) left(calls []lazyCall, ran map[*lazyModule]bool) (left []lazyCall) {
	for _, c := range calls {
		instead := u.resolve(c.of)
		if instead != nil && !ran[instead] {
			left = append(left, lazyCall{c.statement, instead})
		}
		for m := range u.reaches(c.of) {
			ran[m] = true
		}
	}
	return left
}

// reaches are the modules that have run where one has run, with itself.
func (u *unwrapper) reaches(m *lazyModule) map[*lazyModule]bool {
	if m.reached == nil {
		m.reached = map[*lazyModule]bool{}
		queue := []*lazyModule{m}
		for len(queue) > 0 {
			last := queue[len(queue)-1]
			queue = queue[:len(queue)-1]
			if m.reached[last] {
				continue
			}
			m.reached[last] = true
			for _, c := range last.calls {
				queue = append(queue, c.of)
			}
		}
	}
	return m.reached
}

// edits take the modules out of their wrappers.
func (u *unwrapper) edits() (edits []js.Edit) {
	for _, m := range u.order {
		switch {
		case m.inert, len(m.sets) > 0:
			edits = append(edits, u.declarations(m)...)
		case m.kept:
			for _, c := range m.calls {
				edits = append(edits, u.call(m.function.X.List, c.statement, u.resolve(c.of), c.of)...)
			}
		default:
			edits = append(edits, u.calls(m.function.X.List, m.calls)...)
		}
	}
	var calls []lazyCall
	for _, s := range u.tree.Top.List {
		if s.Kind == js.Expr {
			if of := u.called(s.X); of != nil {
				calls = append(calls, lazyCall{s, of})
			}
		}
	}
	edits = append(edits, u.calls(u.tree.Top.List, calls)...)
	for call, sequence := range u.late {
		of := u.called(call)
		switch instead := u.resolve(of); {
		case instead == nil:
			edits = append(edits, js.Edit{Start: int(call.Start), End: int(sequence.List[1].Start)})
		case instead != of:
			edits = append(edits, js.Edit{Start: int(call.X.Start), End: int(call.X.End), Text: instead.declare.X.Name})
		}
	}
	return edits
}

// calls leaves the needed ones of calls in a list of statements.
func (u *unwrapper) calls(list []*js.Node, calls []lazyCall) (edits []js.Edit) {
	needed := map[*js.Node]*lazyModule{}
	for _, c := range u.left(calls, map[*lazyModule]bool{}) {
		needed[c.statement] = c.of
	}
	for _, c := range calls {
		edits = append(edits, u.call(list, c.statement, needed[c.statement], c.of)...)
	}
	return edits
}

// call makes a statement call another module, or takes it out.
func (u *unwrapper) call(list []*js.Node, statement *js.Node, instead, of *lazyModule) []js.Edit {
	call := statement.X
	switch instead {
	case of:
		return nil
	case nil:
		end := int(call.End)
		if end < len(u.tree.Source) && u.tree.Source[end] == ';' {
			end++
		}
		return []js.Edit{{Start: int(statement.Start), End: end}}
	}
	return []js.Edit{{Start: int(call.X.Start), End: int(call.X.End), Text: instead.declare.X.Name}}
}

// declarations makes declarations of what a module sets.
func (u *unwrapper) declarations(m *lazyModule) (edits []js.Edit) {
	set := map[string]bool{m.declare.X.Name: true}
	assignments := m.sets
	for _, a := range assignments {
		if a.Kind == js.Call {
			set[a.List[0].X.Name] = true
		} else {
			set[a.X.Name] = true
		}
	}
	var others []string
	for _, d := range m.statement.List {
		if !set[d.X.Name] {
			others = append(others, d.X.Name)
		}
	}
	wrapper := ""
	if u.resolve(m) == m {
		wrapper = u.tree.Source[m.declare.Start:m.function.Start] + "()=>{"
		for i, c := range u.left(m.calls, map[*lazyModule]bool{}) {
			if i > 0 {
				wrapper += ";"
			}
			wrapper += c.of.declare.X.Name + "()"
		}
	}
	start, end := int(m.statement.List[0].Start), endOf(m.declare)
	switch {
	case m.inert && wrapper != "":
		wrapper += "})"
	case !m.inert: // the rest of the module follows
		if end = int(m.rest.Start); !strings.HasSuffix(wrapper, "{") {
			wrapper += ";"
		}
		wrapper = strings.Join(append(others, wrapper), ",")
		others = nil
	}
	if len(assignments) == 0 {
		if wrapper != "" {
			others = append(others, wrapper)
		}
		if len(others) > 0 {
			return []js.Edit{{Start: start, End: end, Text: strings.Join(others, ",")}}
		}
		if end < len(u.tree.Source) && u.tree.Source[end] == ';' {
			end++
		}
		return []js.Edit{{Start: int(m.statement.Start), End: end}}
	}
	before := strings.Join(others, ",")
	if before != "" {
		before += ","
	}
	for _, a := range assignments {
		if a.Kind != js.Call {
			edits = append(edits, js.Edit{Start: start, End: int(a.Start), Text: before})
		} else {
			before += a.List[0].X.Name + "={"
			at := start
			for _, member := range members(a) {
				edits = append(edits, js.Edit{Start: at, End: int(member.Y.Start), Text: before + member.X.Name + ":"})
				at, before = int(member.Y.End), ","
			}
			edits = append(edits, js.Edit{Start: at, End: int(a.End), Text: "}"})
		}
		start, before = int(a.End), ","
	}
	if wrapper != "" {
		wrapper = "," + wrapper
	}
	return append(edits, js.Edit{Start: start, End: end, Text: wrapper})
}
