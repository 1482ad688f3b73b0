package pass

import (
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// dropUnused leaves out what nothing uses of the top level of a bundle, where the bundler
// could not tell: functions whose only users are assignments to their own properties, such
// as make.prototype = Schema.prototype, and properties of an object of functions that is
// only ever read by name, such as assert.string.
//
// What runs at once is used, and all that it names, and so on. What is left over goes if
// nothing happens when it is evaluated: declared functions, and variables and classes with
// plain values (plain). Two kinds of code depend on another:
//
//   - An assignment to a property of a function or an object, by name, does something only
//     for those who have it. The object must be there by then, and be declared once, so
//     that it is known to be a plain one, whose properties call no setter. The names that a
//     function has by itself are not among them: they may be read-only. Nobody may have
//     defined a setter for all functions or objects: the pass is off where code looks so.
//   - A property of an object literal is used where something reads it, if every place that
//     names the object reads a property that it has, by name. Then nobody can list the
//     properties or hand the object on. Functions get it as this where they are called as
//     its members: none of those may use this.
//
// Names that eval or with may mean, that are exported, or that edits of others mention, are
// used. The code that stays runs in the same order, and is as it was.
func dropUnused(c *bundle) []js.Edit {
	if !c.ShortNames || slices.ContainsFunc(settersForAll, func(text string) bool { return strings.Contains(c.Tree.Source, text) }) {
		return nil
	}
	u := unused{
		bundle: c, references: c.references(), nameHelpers: map[string]bool{}, wrapped: map[*js.Node]bool{},
		members: map[int]string{}, replaced: map[string]bool{},
	}
	u.used = make([]bool, len(u.variables))
	u.declared, u.owned, u.objects = make([]*declaration, len(u.variables)), make([][]int, len(u.variables)), make([]*object, len(u.variables))
	u.findDeclarations()
	u.findObjects()
	if u.divide(); !u.hasObjects() && !u.attached {
		return nil // the bundler has left out the rest
	}
	u.follow()
	return u.edits()
}

// settersForAll are parts of code that may give all functions or objects a setter.
var settersForAll = []string{"__defineSetter__", "(Function.prototype,", "(Object.prototype,", "Function.prototype.__proto__", "Object.prototype.__proto__"}

// unused finds what nothing uses.
type unused struct {
	*bundle
	*references
	declared    []*declaration    // by variable, of those of the top level
	nameHelpers map[string]bool   // esbuild's helpers that set a name
	wrapped     map[*js.Node]bool // the functions of wrappers
	replaced    map[string]bool   // what gets another prototype, by name
	pieces      []piece
	owned       [][]int        // the pieces that are used where a variable is
	objects     []*object      // by variable
	members     map[int]string // the property that is read where an object is named, by place
	attached    bool           // a piece depends on a variable that it does not declare
	used        []bool         // by variable
	queue       [][2]int       // parts of the code that are used, and still to be followed
}

// declaration is a variable of the top level.
type declaration struct {
	// value is what it has once and for all, nil where that is not known.
	value *js.Node
	// from is where it has the value: 0 for a function, which has it at once.
	from int
	// hoisted means that it may be read before.
	hoisted bool
	times   int // that it is declared or written to
}

// piece is a part of the top level that is used or not.
type piece struct {
	start, end int
	node       *js.Node // a statement, a declared variable, or a part of a sequence
	statement  *js.Node
	variable   int32 // that it declares or is attached to, -1 where it just runs
	used       bool
}

// object is an object literal of which only properties are used, by name.
type object struct {
	node *js.Node
	used map[string]bool
}

// top is the variable of the top level that a name stands for.
func (u *unused) top(name string) int32 {
	if name != "" && !u.asWritten[name] {
		if b := u.tree.Scope.Own(name); b != nil && !u.variables[b.ID].fixed {
			return b.ID
		}
	}
	return -1
}

// findDeclarations finds the variables of the top level, and their values.
func (u *unused) findDeclarations() {
	for _, w := range u.wrappers {
		u.wrapped[w.function] = true
	}
	const becomes = ".prototype="
	for rest := u.tree.Source; ; {
		before, after, found := strings.Cut(rest, becomes)
		if !found {
			break
		}
		u.replaced[lastName.FindString(before[max(0, len(before)-maxName):])] = true
		rest = after
	}
	declare := func(name string, d declaration) {
		if v := u.top(name); v >= 0 && u.declared[v] == nil {
			u.declared[v] = &d
		}
	}
	for _, s := range u.tree.Top.List {
		switch s.Kind {
		case js.Function:
			declare(s.Name, declaration{value: s, hoisted: true})
		case js.Class:
			declare(s.Name, declaration{value: s, from: int(s.End)})
		case js.Import:
			for _, c := range s.List {
				declare(c.X.Name, declaration{hoisted: true})
			}
		case js.Var:
			for _, d := range s.List {
				if d.X.Kind != js.Name {
					continue
				}
				known := declaration{value: d.Y, from: endOf(d), hoisted: s.Name == "var"}
				if d.Y != nil && d.Y.Kind == js.Arrow && d.Y.End-d.Y.Start <= maxHelper && isNameHelper(u.tree.Source[d.Y.Start:d.Y.End]) {
					u.nameHelpers[d.X.Name] = true
				}
				if d.Y != nil && u.named(d.Y) {
					known.value = d.Y.List[0]
				}
				declare(d.X.Name, known)
			}
		}
	}
	for _, ref := range u.list {
		if known := u.declared[ref.variable]; known != nil && ref.use != read {
			if known.times++; known.times > 1 || ref.use == written {
				known.value = nil
			}
		}
	}
}

// lastName matches the name at the end of a text, of at most maxName bytes.
var lastName = regexp.MustCompile(`[\w$]+$`)

const maxName = 100

// named reports whether an expression is a call of esbuild's helper that sets a name.
func (u *unused) named(n *js.Node) bool {
	return n.Kind == js.Call && n.X.Kind == js.Name && u.nameHelpers[n.X.Name] && len(n.List) == 2 && n.List[1].Kind == js.String
}

// valueOf is the value that a name has at a place of the top level, nil if it is not known.
func (u *unused) valueOf(n *js.Node, at int32) *js.Node {
	if known := u.declaration(n); known != nil && known.from <= int(at) {
		return known.value
	}
	return nil
}

func (u *unused) declaration(n *js.Node) *declaration {
	if n.Kind != js.Name || n.Scope == nil || n.Flags&js.Odd != 0 {
		return nil
	}
	b := n.Scope.Find(n.Name)
	if b == nil {
		return nil
	}
	return u.declared[b.ID]
}

// divide divides the top level into pieces.
func (u *unused) divide() {
	pieces := 0
	for _, s := range u.tree.Top.List {
		pieces += max(1, len(s.List))
	}
	u.pieces = make([]piece, 0, pieces)
	for _, s := range u.tree.Top.List {
		switch {
		case s.Kind == js.Function, s.Kind == js.Class && u.plain(s):
			u.piece(s, s, s.Name)
		case s.Kind == js.Var && s.Name != "using" && s.Name != "await using":
			for _, d := range s.List {
				name := ""
				if d.X.Kind == js.Name && (d.Y == nil || u.plain(d.Y) || d.Y.Kind == js.Call && len(d.Y.List) == 1 && u.wrapped[d.Y.List[0]]) {
					name = d.X.Name
				}
				u.piece(s, d, name)
			}
		case s.Kind == js.Expr && s.X.Kind == js.Sequence && s.X.Flags&js.Parenthesised == 0:
			for _, part := range s.X.List {
				u.piece(s, part, u.attachedTo(part))
			}
		case s.Kind == js.Expr:
			u.piece(s, s, u.attachedTo(s.X))
		default:
			u.piece(s, s, "")
		}
	}
	for i := range u.pieces {
		if p := &u.pieces[i]; p.used && p.node.Kind == js.Declare && p.node.X.Kind == js.Name {
			if v := u.top(p.node.X.Name); v >= 0 {
				u.objects[v] = nil // it does something when it is made
			}
		}
	}
	for _, e := range u.bundle.edits { // of the caller
		for i := range u.pieces {
			if p := &u.pieces[i]; e.Start <= p.end && e.End >= p.start {
				if p.used = true; p.variable >= 0 {
					u.objects[p.variable] = nil
				}
			}
		}
	}
}

// piece adds a piece that is used where a variable is, or always.
func (u *unused) piece(statement, n *js.Node, of string) {
	p := piece{start: int(n.Start), end: endOf(n), node: n, statement: statement, variable: u.top(of)}
	if p.used = p.variable < 0; !p.used {
		u.owned[p.variable] = append(u.owned[p.variable], len(u.pieces))
		u.attached = u.attached || !p.declares()
	}
	u.pieces = append(u.pieces, p)
}

// declares reports whether a piece declares its variable.
func (p *piece) declares() bool {
	return p.node.Kind == js.Declare || p.node.Kind == js.Function && p.node == p.statement || p.node.Kind == js.Class && p.node == p.statement
}

// endOf is the end of a node's own text.
func endOf(n *js.Node) int {
	if n.Kind == js.Declare {
		if n.Y != nil {
			return int(n.Y.End)
		}
		return int(n.X.End)
	}
	return int(n.End)
}

// attachedTo is the name of the top level that an expression gives a property, where it
// does nothing else.
func (u *unused) attachedTo(n *js.Node) string {
	if u.named(n) && n.List[0].Kind == js.Name {
		if value := u.valueOf(n.List[0], n.Start); value != nil && isFunction(value) {
			return n.List[0].Name
		}
		return ""
	}
	if n.Kind != js.Assign || n.Op != js.OpAssign || n.X.Kind != js.Member || !u.plain(n.Y) {
		return ""
	}
	to, property := n.X.X, n.X.Name
	if to.Kind == js.Member && to.Name == "prototype" {
		if value := u.valueOf(to.X, n.Start); value == nil || value.Kind != js.Function || u.replaced[to.X.Name] || property == "__proto__" {
			return ""
		}
		return to.X.Name
	}
	value := u.valueOf(to, n.Start)
	switch {
	case value == nil || property == "__proto__":
		return ""
	case value.Kind == js.Function, value.Kind == js.Arrow:
		if slices.Contains(ofFunctions, property) {
			return ""
		}
	case value.Kind == js.Class:
		if value.X != nil && !value.X.IsGlobal("Error") || u.hasAccessor(value) || property == "prototype" || slices.Contains(ofFunctions, property) {
			return ""
		}
	case value.Kind == js.Object:
		if u.hasAccessor(value) {
			return ""
		}
	default:
		return ""
	}
	return to.Name
}

func isFunction(n *js.Node) bool {
	return n.Kind == js.Function || n.Kind == js.Arrow || n.Kind == js.Class
}

// ofFunctions are the properties that a function has, which may throw when they are set.
var ofFunctions = []string{"name", "length", "caller", "arguments"}

// hasAccessor reports whether setting a property of an object or a class may call a setter:
// it has one, or another prototype than others of its kind.
func (u *unused) hasAccessor(n *js.Node) bool {
	return slices.ContainsFunc(n.List, func(p *js.Node) bool {
		return p.Kind != js.Property || p.X == nil && p.Name == "__proto__" || p.Flags&js.Method != 0 && accessor.MatchString(u.tree.Source[p.Start:p.End])
	})
}

var accessor = regexp.MustCompile(`^(?:static\s+)?(?:get|set)\s*[^\s(]`)

// plain reports whether nothing happens when an expression is evaluated on the top level.
func (u *unused) plain(n *js.Node) bool {
	noisy := func(n *js.Node) bool { return !u.plain(n) }
	switch n.Kind {
	case js.String, js.Number, js.Regex, js.Function, js.Arrow, js.Empty:
		return true
	case js.Literal:
		return n.Name == "true" || n.Name == "false" || n.Name == "null"
	case js.Name:
		known := u.declaration(n)
		return n.IsGlobal("undefined") || known != nil && (known.hoisted || known.from <= int(n.Start))
	case js.Template:
		return len(n.List) == 0
	case js.Array:
		return !slices.ContainsFunc(n.List, noisy)
	case js.Object:
		return !slices.ContainsFunc(n.List, func(p *js.Node) bool {
			return p.Kind != js.Property || p.X != nil && !u.key(p.X) || p.Y != nil && !u.plain(p.Y)
		})
	case js.Class:
		if n.X != nil && !n.X.IsGlobal("Error") {
			if above := u.valueOf(n.X, n.Start); above == nil || above.Kind != js.Class {
				return false
			}
		}
		return !slices.ContainsFunc(n.List, func(p *js.Node) bool {
			if p.Kind == js.Block { // static
				return len(p.List) != 1 || p.List[0].Kind != js.Expr || !u.named(p.List[0].X) || p.List[0].X.List[0].Kind != js.Literal
			}
			return p.Kind != js.Property || p.X != nil && !u.key(p.X) || p.Flags&js.Static != 0 && p.Flags&js.Method == 0 && p.Y != nil && !u.plain(p.Y)
		})
	case js.Cond:
		return u.plain(n.X) && u.plain(n.Y) && u.plain(n.Z)
	case js.Unary:
		return n.X.Kind == js.Number || (n.Name == "void" || u.tree.Source[n.Start] == '!') && u.plain(n.X)
	case js.Member: // of an object that nobody can change, or a prototype, which no getter can replace
		value := u.valueOf(n.X, n.Start)
		if value != nil && value.Kind == js.Object {
			return u.members[int(n.X.Start)] != "" && u.objects[n.X.Scope.Find(n.X.Name).ID] != nil
		}
		return n.Name == "prototype" && value != nil && (value.Kind == js.Class || value.Kind == js.Function)
	case js.New:
		return len(n.List) == 0 && (n.X.IsGlobal("Map") || n.X.IsGlobal("Set") || n.X.IsGlobal("WeakMap") || n.X.IsGlobal("WeakSet"))
	case js.Call:
		return u.named(n) && isFunction(n.List[0]) && u.plain(n.List[0]) || u.symbol(n)
	}
	return false
}

// key reports whether the key of a property is certainly a string, a number or a symbol.
func (u *unused) key(n *js.Node) bool {
	if n.Kind == js.Member && n.X.IsGlobal("Symbol") {
		return n.Name == "iterator" || n.Name == "asyncIterator" || n.Name == "toStringTag" || n.Name == "toPrimitive" || n.Name == "hasInstance"
	}
	if value := u.valueOf(n, n.Start); value != nil {
		n = value
	}
	return n.Kind == js.String || n.Kind == js.Number || u.symbol(n)
}

// symbol reports whether an expression makes or finds a symbol.
func (u *unused) symbol(n *js.Node) bool {
	return n.Kind == js.Call && (n.X.IsGlobal("Symbol") || n.X.Kind == js.Member && n.X.Name == "for" && n.X.X.IsGlobal("Symbol")) &&
		!slices.ContainsFunc(n.List, func(a *js.Node) bool { return a.Kind != js.String })
}

// hasObjects reports whether there are objects of which only properties are used.
func (u *unused) hasObjects() bool {
	return slices.ContainsFunc(u.objects, func(o *object) bool { return o != nil })
}

// findObjects finds the objects of which only properties are used, by name.
func (u *unused) findObjects() {
	for v, known := range u.declared {
		if known == nil || known.value == nil || known.value.Kind != js.Object || len(known.value.List) < 2 {
			continue
		}
		o, names := known.value, map[string]bool{}
		for _, m := range o.List {
			if m.X == nil {
				names[m.Name] = true
			}
		}
		if len(names) == len(o.List) && !u.hasAccessor(o) {
			u.objects[v] = &object{node: o, used: map[string]bool{}}
		}
	}
	if !u.hasObjects() {
		return
	}
	var named places
	for _, ref := range u.list {
		if u.objects[ref.variable] != nil {
			named = append(named, ref.start)
		}
	}
	u.look(u.tree.Top, nil, named, false)
	for _, ref := range u.list {
		if u.objects[ref.variable] != nil && ref.use != initialised && u.members[int(ref.start)] == "" {
			u.objects[ref.variable] = nil
		}
	}
}

// look collects the places that read a property of an object. named are those where one is
// named.
func (u *unused) look(n, parent *js.Node, named places, target bool) {
	if n.Kind == js.Member && n.X.Kind == js.Name && n.X.Scope != nil {
		if b := n.X.Scope.Find(n.X.Name); b != nil && u.objects[b.ID] != nil {
			o := u.objects[b.ID]
			called := parent.X == n && (parent.Kind == js.Call || parent.Kind == js.Tagged)
			i := slices.IndexFunc(o.node.List, func(p *js.Node) bool { return p.Name == n.Name })
			if i >= 0 && !target && (!called || u.ignoresThis(o.node.List[i].Y, o.node.Start)) {
				u.members[int(n.X.Start)] = n.Name
			}
		}
	}
	n.Each(func(c *js.Node) {
		if named.in(c) {
			u.look(c, n, named, assignsTo(n, c, target) || n.Kind == js.Unary && n.Name == "delete")
		}
	})
}

// ignoresThis reports whether a function does not care about its receiver.
func (u *unused) ignoresThis(n *js.Node, at int32) bool {
	if n.Kind == js.Name {
		if n = u.valueOf(n, at); n == nil {
			return false
		}
	}
	return n.Kind == js.Arrow || n.Kind == js.Function && !namesThis(n)
}

// namesThis reports whether a function's own code has this, super or new.target.
func namesThis(f *js.Node) (found bool) {
	f.Each(func(c *js.Node) {
		found = found || c.Kind == js.Literal && (c.Name == "this" || c.Name == "super" || c.Name == "new.target") || c.Kind != js.Function && namesThis(c)
	})
	return found
}

// follow finds what is used.
func (u *unused) follow() {
	for i := range u.pieces {
		if p := &u.pieces[i]; p.used {
			u.follows(p)
		}
	}
	for _, e := range u.bundle.edits {
		for _, name := range words.FindAllString(e.Text, -1) {
			u.use(u.top(name), "")
		}
	}
	for len(u.queue) > 0 {
		from, to := u.queue[len(u.queue)-1][0], u.queue[len(u.queue)-1][1]
		u.queue = u.queue[:len(u.queue)-1]
		first, _ := slices.BinarySearchFunc(u.list, from, func(r reference, at int) int { return int(r.start) - at })
		for _, ref := range u.list[first:] {
			if int(ref.start) >= to {
				break
			}
			property := ""
			if u.objects[ref.variable] != nil {
				property = u.members[int(ref.start)]
			}
			u.use(ref.variable, property)
		}
	}
}

// use notes that a variable is used, or a property of an object.
func (u *unused) use(v int32, property string) {
	if v < 0 || int(v) >= len(u.used) {
		return // a global
	}
	if !u.used[v] {
		u.used[v] = true
		for _, i := range u.owned[v] {
			if p := &u.pieces[i]; !p.used {
				p.used = true
				u.follows(p)
			}
		}
	}
	if o := u.objects[v]; o != nil && property != "" && !o.used[property] {
		o.used[property] = true
		for _, p := range o.node.List {
			if p.Name == property {
				u.queue = append(u.queue, [2]int{int(p.Start), int(p.End)})
			}
		}
	}
}

// follows notes that a piece is to be followed, but for the properties of an object.
func (u *unused) follows(p *piece) {
	end := p.end
	if p.variable >= 0 && p.node.Kind == js.Declare && u.objects[p.variable] != nil {
		end = int(u.objects[p.variable].node.Start)
	}
	u.queue = append(u.queue, [2]int{p.start, end})
}

// edits take out what is not used.
func (u *unused) edits() []js.Edit {
	for i := 0; i < len(u.pieces); {
		next := i + 1
		for next < len(u.pieces) && u.pieces[next].statement == u.pieces[i].statement {
			next++
		}
		u.statement(u.pieces[i:next])
		i = next
	}
	for v, o := range u.objects {
		if o != nil && u.used[v] {
			u.takeOut(o.node.List, func(i int) bool { return !o.used[o.node.List[i].Name] })
		}
	}
	slices.SortFunc(u.gone, func(a, b span) int { return a.start - b.start })
	u.forget()
	var edits []js.Edit
	for _, s := range u.gone {
		edits = append(edits, js.Edit{Start: s.start, End: s.end})
	}
	return edits
}

// statement takes pieces out of a statement, or all of it.
func (u *unused) statement(pieces []piece) {
	kept := slices.IndexFunc(pieces, func(p piece) bool { return p.used })
	s := pieces[0].statement
	switch {
	case kept < 0:
		end := pieces[len(pieces)-1].end
		if end < len(u.tree.Source) && u.tree.Source[end] == ';' {
			end++
		}
		u.gone = append(u.gone, span{start: int(s.Start), end: end})
	case kept > 0 && s.Kind == js.Expr && notFirst.MatchString(u.tree.Source[pieces[kept].start:]):
		return // it would be read as a declaration or a block
	default:
		nodes := make([]*js.Node, len(pieces))
		for i, p := range pieces {
			nodes[i] = p.node
		}
		before := len(u.gone)
		u.takeOut(nodes, func(i int) bool { return !pieces[i].used })
		if s.Kind == js.Var && len(u.gone) > before {
			u.cut[s] = true
		}
	}
	for _, p := range pieces {
		if !p.used && p.declares() {
			u.dropped[p.variable] = true
		}
	}
}

// notFirst matches what means something else at the start of a statement.
var notFirst = regexp.MustCompile(`^(?:\{|(?:function|class|let|async|"|\x27)\b|["\x27])`)

// takeOut takes elements out of a list, with the commas between them.
func (u *unused) takeOut(list []*js.Node, gone func(i int) bool) {
	kept := len(list) - 1 // the last that stays
	for kept >= 0 && gone(kept) {
		kept--
	}
	for i := range max(kept, 0) {
		if gone(i) {
			u.gone = append(u.gone, span{start: int(list[i].Start), end: int(list[i+1].Start)})
		}
	}
	if kept < len(list)-1 {
		from := int(list[0].Start)
		if kept >= 0 {
			from = endOf(list[kept])
		}
		u.gone = append(u.gone, span{start: from, end: endOf(list[len(list)-1]), tail: kept >= 0})
	}
}
