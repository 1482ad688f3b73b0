package lint

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer/js"
)

// decoration is what decorators are written on: a class, or a member of it.
type decoration struct {
	by     []*js.Node // the calls among the decorators
	class  *js.Node
	member *js.Node // nil for the class itself
}

// decoration reads a call of the helpers as which esbuild writes decorators.
func (m *module) decoration(call *js.Node) (d decoration, ok bool) {
	if call.Kind != js.Call || call.X.Kind != js.Name {
		return d, false
	}
	var decorators *js.Node
	switch args := call.List; {
	case call.X.Name == "__decorateClass" && len(args) == 2:
		decorators, d.class = args[0], args[1]
	case call.X.Name == "__decorateClass" && len(args) > 2 && args[1].Kind == js.Member && args[1].Name == "prototype":
		decorators, d.class, d.member = args[0], args[1].X, args[2]
	case call.X.Name == "__decorateElement" && len(args) >= 5:
		decorators, d.class = args[3], args[4]
		if args[1].Kind != js.Number || args[1].Name != "0" {
			d.member = args[2]
		}
	default:
		return d, false
	}
	for _, list := range m.values(decorators) {
		for _, one := range list.List {
			if one.Kind == js.Call {
				d.by = append(d.by, one)
			}
		}
	}
	return d, true
}

// requestScoped walks through what Nest makes for each request: objects of classes with
// Scope.REQUEST, and what their factories make.
func (w *walk) requestScoped(n *js.Node, m *module) {
	if n.Kind == js.Object {
		if factory := propertyOf(n, "useFactory"); factory != nil && propertyOf(n, "provide") != nil && perRequest(n) {
			w.functionsOf(value{factory, m}, 0)
		}
		return
	}
	d, ok := m.decoration(n)
	if !ok || d.member != nil {
		return
	}
	for _, by := range d.by {
		from, name := exportOf(by.X)
		if from != "@nestjs/common" || name != "Injectable" && name != "Controller" || !slices.ContainsFunc(by.List, perRequest) {
			continue
		}
		for _, class := range m.values(d.class) {
			if class.Kind == js.Class {
				w.construct(class, nil)
			}
		}
	}
}

// perRequest reports whether an object of options has the scope of a request. Durable objects are
// kept for later requests.
func perRequest(options *js.Node) bool {
	if options.Kind != js.Object || propertyOf(options, "durable") != nil {
		return false
	}
	scope := propertyOf(options, "scope")
	if scope == nil {
		return false
	}
	from, name := exportOf(scope)
	return from == "@nestjs/common" && name == "Scope.REQUEST"
}

// container is a container of inversify, by the expression that makes it.
type container struct {
	value
	// made is set if each invocation makes it.
	made bool
}

// binding is what a container gives for a key.
type binding struct {
	key value
	// class or maker is what makes the object.
	class, maker value
	// each is set if the container makes another object for each call of get.
	each bool
}

// containerOf returns the container of inversify that an expression is.
func (w *walk) containerOf(n *js.Node, m *module) (c container, ok bool) {
	for _, v := range m.values(n) {
		if v.Kind != js.New {
			continue
		}
		if from, name := exportOf(v.X); from == "inversify" && name == "Container" {
			fn := nearest(v.Node)
			return container{v, fn != nil && w.seen[fn] && !outlivesCall(v.Node, fn) && !v.module.once(v.Node, fn)}, true
		}
	}
	return c, false
}

// provided walks through what container.get(key) of inversify makes.
func (w *walk) provided(call *js.Node, m *module) {
	if call.X.Kind != js.Member || call.X.Name != "get" && call.X.Name != "getAsync" || len(call.List) != 1 {
		return
	}
	if c, ok := w.containerOf(call.X.X, m); ok {
		w.provide(value{call.List[0], m}, c, w.bindings(c), 0)
	}
}

func (w *walk) provide(key value, c container, all []binding, depth int) {
	b, ok := bindingOf(key, all)
	if !ok || depth > maxNames || !b.each && !c.made {
		return
	}
	if b.maker.Node != nil {
		w.functionsOf(b.maker, 0)
	}
	if b.class.Node == nil || w.seen[b.class.Node] {
		return
	}
	w.construct(b.class, nil)
	for _, dependency := range w.injections(b.class) {
		w.provide(dependency, c, all, depth+1)
	}
}

// bindings are those of a container: container.bind(key).to(Class).
func (w *walk) bindings(c container) (all []binding) {
	for _, path := range w.Paths {
		m := w.function.module(path)
		if m == nil {
			continue
		}
		m.each(func(n *js.Node) {
			if n.Kind != js.Call || n.X.Kind != js.Member || n.X.Name != "bind" && n.X.Name != "rebind" || len(n.List) != 1 {
				return
			}
			if of, ok := w.containerOf(n.X.X, m); ok && of.Node == c.Node {
				all = append(all, w.bound(n, m, c))
			}
		})
	}
	return all
}

// bound reads the calls after bind(key).
func (w *walk) bound(bind *js.Node, m *module, c container) binding {
	b := binding{key: value{bind.List[0], m}, each: bySetting(c.Node)}
	for member := bind.Parent; member != nil && member.Kind == js.Member; {
		call := member.Parent
		if call == nil || call.Kind != js.Call || call.X != member {
			break
		}
		var given *js.Node
		if len(call.List) > 0 {
			given = call.List[0]
		}
		switch member.Name {
		case "toSelf":
			given = bind.List[0]
			fallthrough
		case "to":
			if given == nil {
				break
			}
			for _, class := range m.values(given) {
				if class.Kind == js.Class && !w.scopedByDecorator(class) {
					b.class = class
				}
			}
		case "toDynamicValue":
			if given != nil {
				b.maker = value{given, m}
			}
		case "inSingletonScope":
			b.each = false
		case "inTransientScope", "inRequestScope":
			b.each = true
		}
		member = call.Parent
	}
	return b
}

// bySetting reports whether a new container makes an object for each call of get by default, which
// defaultScope changes.
func bySetting(made *js.Node) bool {
	return len(made.List) == 0 || len(made.List) == 1 && made.List[0].Kind == js.Object && hasNone(made.List[0], "defaultScope")
}

// bindingOf is the only binding of a key.
func bindingOf(key value, all []binding) (found binding, ok bool) {
	for _, b := range all {
		if sameKey(key, b.key) {
			if ok {
				return binding{}, false
			}
			found, ok = b, true
		}
	}
	return found, ok
}

// sameKey reports whether two expressions are the same text, class or symbol.
func sameKey(x, y value) bool {
	x, y = keyOf(x), keyOf(y)
	if x.Node == nil || y.Node == nil {
		return false
	}
	return x.Node == y.Node || x.IsPlainString() && y.IsPlainString() && x.Name == y.Name
}

// keyOf is the value of a key, whose node is nil if it is not known.
func keyOf(key value) value {
	found := key.module.values(key.Node)
	if key.Kind == js.Member {
		found = key.module.methods(key.Node)
	}
	if len(found) != 1 {
		return value{}
	}
	return found[0]
}

// injections are the keys that a class asks a container for: @inject(key).
func (w *walk) injections(class value) (keys []value) {
	class.module.decorators(class.Node, func(by *js.Node) {
		if by.X.Kind == js.Name && by.X.Name == "__decorateParam" && len(by.List) == 2 && by.List[1].Kind == js.Call {
			by = by.List[1]
		}
		if from, name := exportOf(by.X); from == "inversify" && name == "inject" && len(by.List) == 1 {
			keys = append(keys, value{by.List[0], class.module})
		}
	})
	return keys
}

// scopedByDecorator reports whether @injectable(scope) says how long objects of a class live.
func (w *walk) scopedByDecorator(class value) (found bool) {
	class.module.decorators(class.Node, func(by *js.Node) {
		from, name := exportOf(by.X)
		found = found || from == "inversify" && name == "injectable" && len(by.List) > 0
	})
	return found
}

// decorators calls f for the decorators of a class of the module and of its members.
func (m *module) decorators(class *js.Node, f func(by *js.Node)) {
	m.each(func(n *js.Node) {
		d, ok := m.decoration(n)
		if !ok || !slices.ContainsFunc(m.values(d.class), func(v value) bool { return v.Node == class }) {
			return
		}
		for _, by := range d.by {
			f(by)
		}
	})
}
