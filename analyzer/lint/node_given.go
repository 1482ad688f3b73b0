package lint

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer/js"
)

// depends reports whether the value of an expression may differ between invocations. What a
// function is given counts as the same where every call of it gives the same.
func (n invoked) depends(value *js.Node) bool { return n.dependsAt(value, 0) }

func (n invoked) dependsAt(value *js.Node, depth int) bool {
	if !dependsOnCall(value, n.fn) {
		return false
	}
	indexes, only := parametersIn(value, n.fn)
	if !only || depth > maxHelpers {
		return true
	}
	calls, all := n.module.function.callsOf(n.fn)
	if !all || len(calls) == 0 {
		return true
	}
	for _, call := range calls {
		for _, i := range indexes {
			if i < len(call.List) && (call.List[i].Kind == js.Spread || call.dependsAt(call.List[i], depth+1)) {
				return true
			}
		}
	}
	return false
}

// parametersIn are the indexes of the parameters of a function that an expression depends on. It
// is false if it depends on anything else of a call.
func parametersIn(n, fn *js.Node) (indexes []int, only bool) {
	only = true
	var look func(n *js.Node, depth int)
	look = func(n *js.Node, depth int) {
		switch {
		case depth > maxNames, n.Kind == js.Literal && n.Name == "this", differs(n):
			only = false
		case n.Kind == js.Name && n.Scope != nil && usesLocal(n, fn):
			b := n.Scope.Find(n.Name)
			i := slices.IndexFunc(fn.List, func(p *js.Node) bool { return p.Kind == js.Name && p.Name == n.Name })
			switch {
			case b.Param == fn && len(b.Writes) == 0 && i >= 0:
				indexes = append(indexes, i)
			case onlyValue(b) != nil:
				look(onlyValue(b), depth+1)
			default:
				only = false
			}
		default:
			n.Each(func(c *js.Node) { look(c, depth+1) })
		}
	}
	look(n, 0)
	return indexes, only
}

// callsOf returns the calls of a function that every invocation makes. It is false if the function
// is also used as a value, or is called elsewhere.
func (f *function) callsOf(fn *js.Node) (calls []invoked, all bool) {
	for _, n := range f.invoked() {
		if n.Kind == js.Call && slices.ContainsFunc(n.module.callees(n.Node), func(v value) bool { return v.Node == fn }) {
			calls = append(calls, n)
		}
	}
	all = true
	for _, path := range f.Paths {
		m := f.module(path)
		if m == nil {
			continue
		}
		m.each(func(n *js.Node) {
			if !all || n.Kind != js.Name || n.Scope == nil || n.IsTarget() || n.Parent == nil || n.Parent.Kind == js.Clause {
				return
			}
			if !slices.ContainsFunc(m.values(n), func(v value) bool { return v.Node == fn }) {
				return
			}
			all = n.Parent.Kind == js.Call && n.Parent.X == n && slices.ContainsFunc(calls, func(c invoked) bool { return c.Node == n.Parent })
		})
	}
	return calls, all && namedFunction(fn)
}

// namedFunction reports whether a function is only known by the name that declares it.
func namedFunction(fn *js.Node) bool {
	p := fn.Parent
	return p != nil && (p.Kind == js.Declare && p.X.Kind == js.Name || fn.Name != "" && (p.Kind == js.Block || p.Kind == js.Export || p.Parent == nil))
}
