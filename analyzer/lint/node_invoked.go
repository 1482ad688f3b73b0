package lint

import (
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// invoked is an expression that runs every time Lambda calls the handler.
type invoked struct {
	*js.Node
	module *module
	// fn is the function that the expression is in.
	fn *js.Node
	// ofObject is set in the constructor of an object that lives as long as the invocation, and
	// in methods that it calls. given is set if fn is the handler or one of a middleware.
	ofObject, given bool
}

// outlives reports whether a value is stored where it outlives the invocation.
func (n invoked) outlives() bool {
	if n.ofObject {
		for p := n.Parent; p != nil && p != n.fn; p = p.Parent {
			if p.Kind == js.Assign && p.X.Kind == js.Member && p.X.X.Kind == js.Literal && p.X.X.Name == "this" {
				return false
			}
		}
	}
	if n.given && n.setOnParameter() {
		return false
	}
	if p := enclosingCall(n.Node).Parent; n.given && p != nil && p.Kind == js.Assign && p.X.Kind == js.Member && n.ofParameter(p.X) {
		return false
	}
	return outlivesCall(n.Node, n.fn)
}

// setOnParameter reports whether a value is given to a method set of what the function is given, such
// as context.set('client', value) of Hono: each invocation has a context of its own.
func (n invoked) setOnParameter() bool {
	for of, p := n.Node, n.Parent; p != nil && p.Kind == js.Call && p.X != of; of, p = p, p.Parent {
		if p.X.Kind == js.Member && p.X.Name == "set" {
			return p.X.X.Kind == js.Name && n.ofParameter(p.X)
		}
	}
	return false
}

// taker is the call that takes a new client as an argument, such as one that adds tracing, or the
// client itself. A call that only stores it on what the function is given is none.
func (n invoked) taker() *js.Node {
	call := enclosingCall(n.Node)
	if n.given && call != n.Node && call.X.Kind == js.Member && call.X.Name == "set" && n.setOnParameter() {
		return n.Node
	}
	return call
}

// ofParameter reports whether a member is one of what the function is given, such as
// context.client or request.context.client: of objects that each invocation has new.
func (n invoked) ofParameter(member *js.Node) bool {
	root := member.X
	for root.Kind == js.Member {
		switch root.Name {
		case "app", "server", "locals", "state":
			return false // that may be of the whole application
		}
		root = root.X
	}
	if root.Kind != js.Name || root.Scope == nil {
		return false
	}
	b := root.Scope.Find(root.Name)
	return b != nil && b.Param == n.fn && len(b.Writes) == 0
}

// invoked returns the calls, the constructions and the statements that run on every
// invocation: those of the handler, of the functions of the project that it calls by
// name or as a method, of the middlewares around it, and of the routes of web
// frameworks. What a function does only once, since it keeps the result, is among them.
func (f *function) invoked() []invoked {
	if f.walked {
		return f.calls
	}
	f.walked = true
	w := &walk{function: f, seen: map[*js.Node]bool{}, wrappers: map[*js.Node]bool{}, constructors: map[*js.Node]bool{}, given: map[*js.Node]bool{}}
	if f.Handler != "" {
		w.handing = true
		for _, v := range f.entry.exported(f.Handler) {
			w.functionsOf(v, 0)
		}
		w.handing = false
		w.routes()
	}
	return f.calls
}

// walk goes through the code that runs on every invocation.
type walk struct {
	*function
	seen, wrappers map[*js.Node]bool
	// constructors are those of objects that are made on every invocation and not kept, and
	// methods that they call; given is the handler, and what middlewares run around it.
	constructors, given map[*js.Node]bool
	// handing is set while functions are looked for that are given the event.
	handing bool
}

// maxWrappers bounds how many wrappers around a handler are followed, as in
// middy(tracer(handler)).
const maxWrappers = 30

// functionsOf walks through the function that an expression denotes or wraps.
func (w *walk) functionsOf(v value, depth int) {
	if v.Node == nil || depth > maxWrappers || w.wrappers[v.Node] {
		return
	}
	w.wrappers[v.Node] = true
	n, m := v.Node, v.module
	switch n.Kind {
	case js.Function, js.Arrow:
		if w.handing {
			w.given[n] = true
		}
		w.body(n, m)
	case js.Name:
		for _, named := range m.values(n) {
			if named.Node != n {
				w.functionsOf(named, depth+1)
			}
		}
	case js.Member: // object.method
		for _, method := range m.methods(n) {
			w.functionsOf(method, depth+1)
		}
	case js.Call:
		w.wrapper(v, depth)
	}
}

// wrapper walks through the functions that a call around a handler takes and returns.
func (w *walk) wrapper(v value, depth int) {
	n, m := v.Node, v.module
	if n.X.Kind == js.Member { // middy().use(...).handler(fn), handler.bind(object)
		w.functionsOf(value{n.X.X, m}, depth+1)
	}
	for _, callee := range m.callees(n) {
		for _, returned := range js.Returns(callee.Node) {
			w.functionsOf(value{returned, callee.module}, depth+1)
		}
	}
	for _, arg := range n.List {
		if arg.Kind == js.Object {
			w.options(value{arg, m}, 0)
		}
		w.functionsOf(value{arg, m}, depth+1)
		if n.X.Kind == js.Member && n.X.Name == "use" {
			w.middleware(value{arg, m})
		}
	}
}

// middleware walks through the functions of a middleware object: before, after, onError.
func (w *walk) middleware(v value) {
	objects := v.module.values(v.Node)
	if v.Kind == js.Call {
		objects = nil
		for _, callee := range v.module.callees(v.Node) {
			for _, returned := range js.Returns(callee.Node) {
				objects = append(objects, value{returned, callee.module})
			}
		}
	}
	for _, o := range objects {
		if o.Kind != js.Object {
			continue
		}
		for _, p := range o.List {
			if p.Kind == js.Property && p.Y != nil && slices.Contains([]string{"before", "after", "onError"}, p.Name) {
				w.functionsOf(value{p.Y, o.module}, 0)
			}
		}
	}
}

// body walks through a function once.
func (w *walk) body(fn *js.Node, m *module) {
	if w.seen[fn] || fn.X == nil {
		return
	}
	w.seen[fn] = true
	handing := w.handing
	w.handing = false
	w.visit(fn.X, fn, m)
	w.handing = handing
}

// called walks through a function, and the defaults of the parameters for which a call has no
// argument.
func (w *walk) called(fn value, args []*js.Node) {
	w.body(fn.Node, fn.module)
	if slices.ContainsFunc(args, func(arg *js.Node) bool { return arg.Kind == js.Spread }) {
		return
	}
	for _, p := range fn.Node.List[min(len(args), len(fn.Node.List)):] {
		if p.Kind == js.Assign && !w.seen[p] {
			w.seen[p] = true
			w.visit(p.Y, fn.Node, fn.module)
		}
	}
}

// visit records the code that runs when fn is called, and follows its calls.
func (w *walk) visit(n, fn *js.Node, m *module) {
	switch n.Kind {
	case js.Class:
		return // its methods run when they are called
	case js.Expr:
		w.calls = append(w.calls, invoked{n, m, fn, w.constructors[fn], w.given[fn]})
	case js.Member:
		if p := n.Parent; p == nil || p.Kind != js.Call && p.Kind != js.Assign || p.X != n {
			for _, method := range m.methods(n) {
				if method.module.isGetter(method.Node) && !m.once(n, fn) {
					w.body(method.Node, method.module)
				}
			}
		}
	case js.New:
		w.calls = append(w.calls, invoked{n, m, fn, w.constructors[fn], w.given[fn]})
		if !outlivesCall(n, fn) && !m.once(n, fn) {
			for _, class := range m.values(n.X) {
				if class.Kind == js.Class {
					w.construct(class, n.List)
				}
			}
		}
	case js.Call:
		w.calls = append(w.calls, invoked{n, m, fn, w.constructors[fn], w.given[fn]})
		if outlivesCall(n, fn) || m.once(n, fn) {
			break
		}
		for _, callee := range m.callees(n) {
			if w.constructors[fn] && n.X.Kind == js.Member && n.X.X.Kind == js.Literal && n.X.X.Name == "this" {
				w.constructors[callee.Node] = true
			}
			w.called(callee, n.List)
		}
		for _, class := range m.resolved(n) {
			w.construct(class, nil)
		}
		w.provided(n, m)
		for _, callback := range m.callbacks(n) {
			w.functionsOf(value{callback, m}, 0)
		}
	}
	n.Each(func(c *js.Node) {
		if n.Kind != js.Call || !isFunction(c) || !memoizes(n) && !m.makesOnce(n, c) {
			w.visit(c, fn, m)
		}
	})
}

// construct walks through what a new object of a class runs: its fields and its
// constructor.
func (w *walk) construct(class value, args []*js.Node) {
	if w.seen[class.Node] {
		return
	}
	w.seen[class.Node] = true
	for p, isConstructor := range instanceParts(class.Node) {
		if isConstructor {
			w.constructors[p.Y] = true
			w.called(value{p.Y, class.module}, args)
		} else {
			w.visit(p.Y, p, class.module)
		}
	}
}

// instanceParts are the members of a class that run when an object of it is made: its fields
// and its constructor, in the order of the text.
func instanceParts(class *js.Node) iter.Seq2[*js.Node, bool] {
	return func(yield func(p *js.Node, isConstructor bool) bool) {
		for _, p := range class.List {
			if p.Kind != js.Property || p.Flags&js.Static != 0 || p.Y == nil {
				continue
			}
			method := p.Y.Kind == js.Function
			if (!method || p.Name == "constructor") && !yield(p, method) {
				return
			}
		}
	}
}

// callees returns the functions of the project that a call runs.
func (m *module) callees(call *js.Node) (functions []value) {
	var found []value
	switch call.X.Kind {
	case js.Name, js.Function, js.Arrow:
		found = m.values(call.X)
	case js.Member:
		found = m.methods(call.X)
	}
	for _, v := range found {
		if other := v.module.imported(required(v.Node)); other != nil { // module.exports = function
			if exports := other.moduleExports(); exports != nil {
				for _, whole := range other.values(exports) {
					if isFunction(whole.Node) {
						functions = append(functions, whole)
					}
				}
			}
		}
		if v.Kind == js.Call && len(v.List) > 0 { // makeIdempotent(fn)
			if from, name := exportOf(v.X); around[from+" "+name] {
				for _, inner := range v.module.values(v.List[0]) {
					if isFunction(inner.Node) {
						functions = append(functions, inner)
					}
				}
			}
		}
		if isFunction(v.Node) {
			functions = append(functions, v)
		}
	}
	return functions
}

// around are the functions, by module and export, that return a function which runs the one that
// they are given each time.
var around = map[string]bool{"@aws-lambda-powertools/idempotency makeIdempotent": true, "util promisify": true, "util callbackify": true}

// isGetter reports whether a function runs when a property is read.
func (m *module) isGetter(fn *js.Node) bool {
	p := fn.Parent
	return p != nil && p.Kind == js.Property && p.Y == fn && p.Flags&js.Method != 0 && getter.MatchString(m.text.Source[p.Start:p.End])
}

var getter = regexp.MustCompile(`^(static\s+)?get\s+[\w$#\[]`)

// methods returns the functions that a member may be: a method of the class that it is
// in, of the class that its object was made from, of an object literal, or an export of
// a module of the project.
func (m *module) methods(n *js.Node) []value {
	if n.X.Kind == js.Literal && n.X.Name == "this" {
		for p := n.Parent; p != nil; p = p.Parent {
			if p.Kind == js.Class {
				return value{p, m}.member(n.Name)
			}
		}
		return nil
	}
	if n.X.Kind == js.Call { // require('./a').method
		if other := m.imported(required(n.X)); other != nil {
			return other.exported(n.Name)
		}
	}
	if n.X.Kind == js.New || n.X.Kind == js.Call {
		return m.instance(n.X, n.Name)
	}
	if n.X.Kind == js.Member && n.X.X.Kind == js.Literal && n.X.X.Name == "this" {
		return m.injected(n)
	}
	if n.X.Kind != js.Name || n.X.Scope == nil {
		return nil
	}
	b := n.X.Scope.Find(n.X.Name)
	if b == nil {
		return nil
	}
	if from, all := exportOf(n.X); all == "*" && from != "" {
		if other := m.imported(from); other != nil {
			return other.exported(n.Name)
		}
		return nil
	}
	var methods []value
	for _, v := range m.valuesOf(b, 0) {
		if v.Kind != js.New && v.Kind != js.Call {
			methods = append(methods, v.member(n.Name)...)
			continue
		}
		methods = append(methods, v.module.instance(v.Node, n.Name)...)
	}
	return methods
}

// instance returns the method under a name of an object that an expression makes.
func (m *module) instance(made *js.Node, name string) (methods []value) {
	classes := m.taken(made)
	if made.Kind == js.New {
		classes = m.values(made.X)
	}
	for _, class := range classes {
		if class.Kind == js.Class {
			methods = append(methods, class.member(name)...)
		}
	}
	return methods
}

// resolved returns the class that a container makes an object of: container.resolve(Class) of
// tsyringe.
func (m *module) resolved(call *js.Node) (classes []value) {
	if call.Kind != js.Call || len(call.List) != 1 || call.List[0].Kind != js.Name || call.X.Kind != js.Member || call.X.Name != "resolve" {
		return nil
	}
	if from, name := exportOf(call.X.X); from != "tsyringe" || name != "container" {
		return nil
	}
	for _, class := range m.values(call.List[0]) {
		if class.Kind == js.Class && !class.module.shared(class.Node) {
			classes = append(classes, class)
		}
	}
	return classes
}

// taken returns the class of the object that a container gives for it: app.get(Class) of Nest,
// container.resolve(Class).
func (m *module) taken(call *js.Node) (classes []value) {
	if call.Kind != js.Call || len(call.List) == 0 || call.List[0].Kind != js.Name || call.X.Kind != js.Member || call.X.Name != "get" && call.X.Name != "resolve" {
		return nil
	}
	for _, class := range m.values(call.List[0]) {
		if class.Kind == js.Class {
			classes = append(classes, class)
		}
	}
	return classes
}

// shared reports whether a decorator or a registration may make a container keep the one object
// of a class.
func (m *module) shared(class *js.Node) (found bool) {
	for _, path := range m.Paths {
		if other := m.function.module(path); other != nil {
			other.each(func(n *js.Node) {
				if n.Kind == js.Call {
					switch js.CalleeName(n.X) {
					case "singleton", "scoped", "registerSingleton", "registerInstance", "register":
						found = true
					}
				}
			})
		}
	}
	return found
}

// injected returns the methods that this.NAME.method may be if NAME is the name of exactly one
// class of the function, as a container injects it: this.orders of a class Orders.
func (m *module) injected(n *js.Node) []value {
	if classes := m.function.classesNamed(n.X.Name); len(classes) == 1 {
		return classes[0].member(n.Name)
	}
	return nil
}

// classesNamed are the classes of a name, in any case of letters, in the function's own modules.
func (f *function) classesNamed(name string) []value {
	if f.classes == nil {
		f.classes = map[string][]value{}
		for _, path := range f.Paths {
			if m := f.module(path); m != nil {
				m.each(func(c *js.Node) {
					if c.Kind == js.Class {
						key := strings.ToLower(className(c))
						f.classes[key] = append(f.classes[key], value{c, m})
					}
				})
			}
		}
	}
	return f.classes[strings.ToLower(name)]
}

// className is the name that a class is declared by, or as the value of a name.
func className(c *js.Node) string {
	if c.Name == "" && c.Parent != nil && c.Parent.Kind == js.Declare && c.Parent.X.Kind == js.Name {
		return c.Parent.X.Name
	}
	return c.Name
}

// callbacks returns the functions that a call is given by name and runs before it is done, or
// soon after.
func (m *module) callbacks(call *js.Node) (names []*js.Node) {
	from, name := exportOf(call.X)
	method := call.X.Kind == js.Member && slices.Contains(callbackMethods, call.X.Name)
	if !method && !callbackTakers[from+" "+strings.TrimPrefix(name, "default.")] {
		return nil
	}
	for _, arg := range call.List {
		if arg.Kind == js.Name || arg.Kind == js.Member {
			names = append(names, arg)
		}
	}
	return names
}

// callbackMethods are those of lists and promises.
var callbackMethods = []string{"map", "flatMap", "forEach", "filter", "some", "every", "find", "reduce", "then", "catch", "finally"}

// callbackTakers are functions, by module and export, that run a function for each of several
// things, or until it succeeds.
var callbackTakers = map[string]bool{
	"@aws-lambda-powertools/batch processPartialResponse": true, "@aws-lambda-powertools/batch processPartialResponseSync": true,
	"p-map default": true, "p-map *": true, "p-retry default": true, "p-retry *": true, "async-retry default": true, "async-retry *": true, "p-each-series default": true,
}

// makesOnce reports whether the function of the project that a call runs keeps what the function
// that it is given returns: it calls it only until it has done so.
func (m *module) makesOnce(call, given *js.Node) bool {
	i := slices.Index(call.List, given)
	for _, callee := range m.callees(call) {
		if i < 0 || i >= len(callee.List) || callee.List[i].Kind != js.Name || callee.Scope == nil {
			return false
		}
		b := callee.Scope.Own(callee.List[i].Name)
		if b == nil {
			return false
		}
		kept := false
		for _, ref := range b.Refs {
			p := ref.Parent
			if p == nil || p.Kind != js.Call || p.X != ref {
				continue
			}
			fn := nearest(p)
			if kept = fn != nil && (outlivesCall(p, fn) || callee.module.once(p, fn)); !kept {
				return false
			}
		}
		if kept {
			return true
		}
	}
	return false
}

// memoizes reports whether a call seems to keep what a function that it is given returns.
func memoizes(call *js.Node) bool {
	name := strings.ToLower(js.CalleeName(call.X))
	if call.X.Kind == js.Member && call.X.X.Kind == js.Name {
		name = strings.ToLower(call.X.X.Name) + " " + name
	}
	return slices.ContainsFunc([]string{"cache", "memo", "once", "lazy", "singleton", "remember"}, func(word string) bool { return strings.Contains(name, word) })
}

// member returns the function under a name of a class or an object literal.
func (v value) member(name string) []value {
	if v.Kind != js.Class && v.Kind != js.Object {
		return nil
	}
	if found := propertyOf(v.Node, name); found != nil {
		return []value{{found, v.module}}
	}
	return nil
}

// isAsync reports whether a function is written as async.
func (m *module) isAsync(fn *js.Node) bool {
	if strings.HasPrefix(m.text.Source[fn.Start:fn.End], "async") {
		return true
	}
	p := fn.Parent
	return p != nil && p.Kind == js.Property && p.Y == fn && strings.Contains(m.text.Source[p.Start:fn.Start], "async ")
}

// outlivesCall reports whether a value is stored where it outlives the call: in a
// name declared outside fn, or in a member of an object.
func outlivesCall(n, fn *js.Node) bool {
	for p := n.Parent; p != nil && p != fn; n, p = p, p.Parent {
		switch p.Kind {
		case js.Assign:
			if p.Y != n {
				return false
			}
			if p.X.Kind != js.Name {
				return true
			}
			if p.X.Scope == nil {
				return true
			}
			for s := p.X.Scope; s != nil; s = s.Parent {
				if s.Own(p.X.Name) != nil {
					return !within(s, fn)
				}
			}
			return true
		case js.Binary, js.Cond, js.Unary, js.Sequence:
			// The value passes through: a ??= b, a || (a = b), await ...
		case js.Call:
			// cache.set(key, new Client()) stores the client. The result of
			// from(new Client()) may be stored by an outer expression.
			if p.X != n && p.X.Kind == js.Member && (p.X.Name == "set" || p.X.Name == "push") {
				return true
			}
		case js.Member:
		default:
			return false
		}
	}
	return false
}

// within reports whether a scope belongs to fn or to a block in fn.
func within(s *js.Scope, fn *js.Node) bool {
	if fn.Scope == nil {
		return false
	}
	for ; s != nil; s = s.Parent {
		if s == fn.Scope {
			return true
		}
	}
	return false
}

// maxSteps bounds the expressions that dependsOnCall visits for one question.
const maxSteps = 10_000

// dependsOnCall reports whether the value of an expression may differ between calls of
// fn: it uses a parameter of fn or of a function in it, or a local name that may have
// another value in each call.
func dependsOnCall(n, fn *js.Node) bool {
	steps := 0
	return dependsOn(n, fn, 0, &steps)
}

func dependsOn(n, fn *js.Node, depth int, steps *int) bool {
	if *steps++; *steps > maxSteps || depth > maxNames {
		return true
	}
	if n.Kind == js.Name && n.Scope != nil {
		for s := n.Scope; s != nil; s = s.Parent {
			b := s.Own(n.Name)
			if b == nil {
				continue
			}
			if s.Function() == nil || s.Function().Parent == nil {
				return false // of the module
			}
			from := onlyValue(b)
			return from == nil || dependsOn(from, fn, depth+1, steps)
		}
		return false
	}
	if n.Kind == js.Literal && n.Name == "this" || differs(n) {
		return true
	}
	found := false
	n.Each(func(c *js.Node) { found = found || dependsOn(c, fn, depth+1, steps) })
	return found
}

// once reports whether what a call makes is kept for later calls of fn, as the condition around
// it says.
func (m *module) once(call, fn *js.Node) bool {
	kept, _ := m.kept(call, fn)
	return kept
}

// onlyValue is the value that a name has, or is an element or a property of; nil if it is a
// parameter, has several, or an unknown one.
func onlyValue(b *js.Binding) *js.Node {
	if b.Param != nil || len(b.Writes) != 1 || b.Writes[0].Each {
		return nil
	}
	if from := b.Writes[0].From; from != nil {
		return from
	}
	for _, ref := range b.Refs {
		for n, p := ref, ref.Parent; p != nil; n, p = p, p.Parent {
			if p.Kind == js.Declare && p.X == n && n.Kind == js.Array { // const [a] = await b()
				return p.Y
			}
			if p.Kind != js.Array && p.Kind != js.Object && (p.Kind != js.Property || p.Y != n) {
				break
			}
		}
	}
	return nil
}

// differs reports whether an expression has another value each time: the time, something random, or
// keys that are made.
func differs(n *js.Node) bool {
	switch {
	case n.Kind == js.New:
		return n.X.IsGlobal("Date") && len(n.List) == 0
	case n.Kind != js.Call:
		return false
	case n.X.Kind == js.Member && (n.X.X.IsGlobal("Date") || n.X.X.IsGlobal("performance")) && n.X.Name == "now",
		n.X.Kind == js.Member && n.X.X.IsGlobal("Math") && n.X.Name == "random", n.X.Kind == js.Member && n.X.X.IsGlobal("crypto"):
		return true
	}
	from, name := exportOf(n.X)
	name = strings.TrimPrefix(name, "default.")
	return from == "uuid" || from == "nanoid" || from == "crypto" && (strings.HasPrefix(name, "random") || strings.HasPrefix(name, "generate"))
}

// kept reports whether code in fn runs only until fn has kept what it makes for later
// calls: a condition around it, or one before it that returns, asks for a name declared
// outside fn, or for a field of its object, that fn assigns. expires is set if fn looks at
// a clock or a lifetime too.
func (m *module) kept(n, fn *js.Node) (kept, expires bool) {
	state := m.stateOf(fn)
	assigned, expires := state.assigned, state.expires
	if len(assigned) == 0 {
		return false, expires
	}
	asks := func(condition *js.Node) (found bool) {
		seen := map[*js.Binding]bool{}
		var look func(*js.Node)
		look = func(n *js.Node) {
			name := outerName(n, fn)
			found = found || assigned[name]
			if n.Kind == js.Name && n.Scope != nil && name == "" {
				if b := n.Scope.Find(n.Name); b != nil && !seen[b] { // const hit = cache.get(key); if (hit)
					seen[b] = true
					for _, w := range b.Writes {
						if w.From != nil {
							look(w.From)
						}
					}
				}
			}
			n.Each(look)
		}
		look(condition)
		return found
	}
	for p := n.Parent; p != nil && p != fn && !kept; n, p = p, p.Parent {
		switch p.Kind {
		case js.If, js.Cond:
			kept = p.X != n && asks(p.X)
		case js.Binary:
			kept = p.Y == n && asks(p.X)
		case js.Assign:
			kept = p.Y == n && p.Op == js.OpLogicAssign && asks(p.X)
		case js.Block:
			for _, before := range p.List {
				if before == n {
					break
				}
				kept = kept || before.Kind == js.If && returns(before) && asks(before.X)
			}
		}
	}
	return kept, expires
}

// state is what a function assigns that lives longer than a call of it, by outerName, and whether
// it looks at a clock or a lifetime.
type state struct {
	assigned map[string]bool
	expires  bool
}

func (m *module) stateOf(fn *js.Node) state {
	if known, ok := m.states[fn]; ok {
		return known
	}
	s := state{assigned: map[string]bool{}}
	var look func(*js.Node)
	look = func(n *js.Node) {
		switch {
		case n.Kind == js.Assign:
			s.assigned[outerName(holder(n.X), fn)] = true
		case n.Kind == js.Call && n.X.Kind == js.Member && n.X.Name == "set":
			s.assigned[outerName(n.X.X, fn)] = true
		}
		if n.Kind == js.Name || n.Kind == js.Member || n.Kind == js.Property {
			s.expires = s.expires || tellsTime(n.Name)
		}
		n.Each(look)
	}
	fn.Each(look)
	delete(s.assigned, "")
	m.states[fn] = s
	return s
}

// holder is what a member or an element that is assigned belongs to: state of state.pool and of
// state[key]. A field of this is its own.
func holder(n *js.Node) *js.Node {
	for (n.Kind == js.Member || n.Kind == js.Index) && !(n.X.Kind == js.Literal && n.X.Name == "this") {
		n = n.X
	}
	return n
}

// outerName is the name of what lives longer than a call of fn: a name that is declared
// outside of it, or a field of its object; "" for anything else.
func outerName(n, fn *js.Node) string {
	switch {
	case n.Kind == js.Name && n.Scope != nil:
		for s := n.Scope; s != nil; s = s.Parent {
			if s.Own(n.Name) != nil {
				if within(s, fn) {
					return ""
				}
				return n.Name
			}
		}
	case n.Kind == js.Member && n.X.Kind == js.Literal && n.X.Name == "this":
		return "this." + n.Name
	}
	return ""
}

// tellsTime reports whether a name is about a clock or a lifetime.
func tellsTime(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"expir", "ttl", "maxage", "until", "date", "now", "settimeout", "stale", "fresh"}, func(word string) bool {
		return strings.Contains(name, word)
	})
}

// returns reports whether a statement has a return in it.
func returns(n *js.Node) (found bool) {
	var look func(*js.Node)
	look = func(n *js.Node) {
		if isFunction(n) {
			return
		}
		found = found || n.Kind == js.Return
		n.Each(look)
	}
	look(n)
	return found
}
