package lint

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// timerAtLoad finds timers that never end, in functions that answer by a callback: Lambda
// waits until nothing is left to do, which is until the timeout.
func (f *function) timerAtLoad() {
	if f.Handler == "" || !f.waitsForCallback() || f.mentions("callbackWaitsForEmptyEventLoop") {
		return
	}
	for _, path := range f.Paths {
		if m := f.module(path); m != nil {
			m.atLoad(func(n *js.Node) {
				if n.Kind != js.Call || !n.X.IsGlobal("setInterval") || ends(n) {
					return
				}
				m.add(n, Advice{
					Diagnostic: analyzer.Diagnostic{
						Message: "a timer that never ends keeps a handler with a callback waiting until its timeout",
						Hint:    "call unref() on it, or set context.callbackWaitsForEmptyEventLoop = false",
					},
					Edits:  m.unref(n),
					Source: "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html", BehaviourChanges: "the answer is sent as soon as the callback is called",
				})
			})
		}
	}
}

// mentions reports whether one of the function's own modules has a member of that name.
func (f *function) mentions(member string) (found bool) {
	for _, path := range f.Paths {
		if m := f.module(path); m != nil {
			m.each(func(n *js.Node) { found = found || n.Kind == js.Member && n.Name == member })
		}
	}
	return found
}

// ends reports whether a timer is let go: unref() is called on it, or something clears it.
func ends(timer *js.Node) bool {
	p := timer.Parent
	if p == nil {
		return false
	}
	if p.Kind == js.Member && p.Name == "unref" {
		return true
	}
	if p.Kind == js.Call || p.Kind == js.Return {
		return true // someone else has it
	}
	target := p.X
	if p.Kind != js.Declare && p.Kind != js.Assign || target.Kind != js.Name || target.Scope == nil {
		return p.Kind != js.Expr
	}
	b := target.Scope.Find(target.Name)
	if b == nil {
		return true
	}
	for _, ref := range b.Refs {
		r := ref.Parent
		if r != nil && (r.Kind == js.Member && r.Name == "unref" || r.Kind == js.Call && r.X.IsGlobal("clearInterval")) {
			return true
		}
	}
	return false
}
