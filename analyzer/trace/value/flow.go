package value

import (
	"path"

	"github.com/featherpack/featherpack/analyzer/js"
)

// evalName returns the union of all values that are assigned to a name.
func (e *Evaluator) evalName(n *js.Node) Value {
	b := n.Scope.Find(n.Name)
	if b == nil {
		if n.Flags&js.Odd != 0 {
			return unknown
		}
		return e.global(n.Name)
	}
	f := e.names[b]
	if f == nil {
		f = &frame{}
		e.names[b] = f
	}
	return e.within(f, func() { e.evalBinding(f, b) })
}

func (e *Evaluator) evalBinding(f *frame, b *js.Binding) {
	if b.Imported != "" {
		f.so = e.imported(b.Imported, path.Dir(e.Path))
		if _, paths := f.so.JSON.(Exports); paths && b.Member != "*" || b.Member != "*" && b.Member != "default" {
			f.so = e.member(f.so, b.Member)
		}
		return
	}
	if b.Function != nil && len(b.Writes) == 0 {
		f.so = Value{Node: b.Function}
		return
	}
	if len(b.Writes) > maxUnion {
		f.so = unknown
		return
	}
	unsure := true
	if b.Param != nil {
		f.so = e.evalParam(b)
	} else if len(b.Writes) == 1 && b.Writes[0].From != nil {
		p := b.Writes[0].From.Parent
		unsure = p == nil || p.Kind != js.Declare
	}
	if b.Function != nil {
		f.so = f.so.or(Value{Node: b.Function})
	}
	for _, w := range b.Writes {
		v := unknown
		if w.From != nil {
			if v = e.Eval(w.From); w.Each {
				v = e.Elements(v)
			}
			for _, k := range w.Keys {
				v = e.member(v, k)
			}
		}
		if len(w.Keys) > 0 {
			v.Unsure = true
		}
		f.so = f.so.or(v)
	}
	f.so.Unsure = f.so.Unsure || unsure
}

// Elements returns what an iteration over an array may give.
func (e *Evaluator) Elements(v Value) Value {
	e.steps++
	if v.Node == nil || v.Node.Kind != js.Array || e.depth > maxEvalDepth || e.steps > maxSteps || len(v.Node.List) > maxUnion {
		return unknown
	}
	e.depth++
	defer func() { e.depth-- }()
	all := Value{}
	for _, c := range v.Node.List {
		if c.Kind == js.Spread {
			all = all.or(e.Elements(e.Eval(c.X)))
			continue
		}
		all = all.or(e.Eval(c))
	}
	all.Unsure = true
	return all
}

// evalParam returns the union of what the function is called with. If some calls
// are not known, the parameter may also be anything else.
func (e *Evaluator) evalParam(b *js.Binding) Value {
	if b.ParamRest {
		return unknown
	}
	calls, closed := e.CallsOf(b.Param)
	if len(calls) > maxUnion {
		return unknown
	}
	v := Value{Open: !closed, Unsure: true}
	for _, c := range calls {
		if c.Kind == js.Member { // a callback of an array method
			if b.ParamIndex == 0 {
				v = v.or(e.Elements(e.Eval(c.X)))
			} else {
				v = v.or(unknown)
			}
			continue
		}
		for i, a := range c.List {
			if a.Kind == js.Spread {
				v = v.or(unknown)
				break
			}
			if i == b.ParamIndex {
				v = v.or(e.Eval(a))
			}
		}
	}
	return v
}

// CallsOf lists the calls of a function. closed reports whether these are all. A
// Member among them is an array method that gets the function as its callback.
func (e *Evaluator) CallsOf(f *js.Node) (calls []*js.Node, closed bool) {
	p := f.Parent
	if p == nil {
		return nil, false
	}
	switch p.Kind {
	case js.Call:
		if p.X == f {
			return []*js.Node{p}, true
		}
		return e.callsOfArgument(p, f)
	case js.Declare, js.Assign:
		if p.Y == f && p.X.Kind == js.Name {
			if b := p.X.Scope.Find(p.X.Name); b != nil {
				return e.callsOfBinding(b)
			}
		}
		return nil, false
	}
	if f.Kind == js.Function && f.Name != "" {
		if b := f.Scope.Parent.Find(f.Name); b != nil && b.Function == f && len(b.Writes) == 0 {
			return e.callsOfBinding(b)
		}
	}
	return nil, false
}

// iterators are the array methods whose callback gets each element as its first
// argument.
var iterators = map[string]bool{
	"forEach": true, "map": true, "filter": true, "some": true, "every": true, "find": true, "flatMap": true,
	"findIndex": true,
}

func (e *Evaluator) callsOfArgument(call, f *js.Node) (calls []*js.Node, closed bool) {
	if x := call.X; x.Kind == js.Member && iterators[x.Name] && len(call.List) > 0 && call.List[0] == f {
		return []*js.Node{x}, true
	}
	callee := e.Eval(call.X).Node
	if callee == nil || callee.Kind != js.Function && callee.Kind != js.Arrow {
		return nil, false
	}
	for i, a := range call.List {
		if a == f && i < len(callee.List) && callee.List[i].Kind == js.Name {
			if b := callee.Scope.Own(callee.List[i].Name); b != nil && len(b.Writes) == 0 {
				return e.callsOfBinding(b)
			}
		}
	}
	return nil, false
}

func (e *Evaluator) callsOfBinding(b *js.Binding) (calls []*js.Node, closed bool) {
	closed = !b.Exported
	for _, r := range b.Refs {
		p := r.Parent
		switch {
		case r.IsTarget():
		case p.Kind == js.Call && p.X == r:
			calls = append(calls, p)
		case p.Kind == js.Unary && p.Name == "typeof", p.Kind == js.Binary && p.Op != js.OpOr && p.Op != js.OpNullish, p.Kind == js.If:
		default:
			closed = false
		}
	}
	return calls, closed
}
