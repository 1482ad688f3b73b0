package lint

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// heldOpen are functions, by module and export, whose connections stay open until the code
// closes them, and keep the event loop busy.
var heldOpen = map[string]bool{
	"mongoose connect": true, "mongoose createConnection": true, "mysql createConnection": true, "mysql createPool": true, "mysql2 createConnection": true, "mysql2 createPool": true,
	"mysql2/promise createConnection": true, "mysql2/promise createPool": true, "redis createClient": true, "ioredis default": true, "ioredis *": true, "ioredis Redis": true,
}

// timerAtLoad finds timers that never end and connections that stay open,
// in functions that answer by a callback: Lambda waits until nothing is left to do, which is
// until the timeout.
func (f *function) timerAtLoad() {
	if f.Handler == "" || !f.waitsForCallback() || f.mentions("callbackWaitsForEmptyEventLoop") {
		return
	}
	for _, path := range f.Paths {
		if m := f.module(path); m != nil {
			m.atLoad(func(n *js.Node) {
				what, hint := m.waitedFor(n)
				if what == "" {
					return
				}
				m.add(n, Advice{
					Diagnostic: analyzer.Diagnostic{
						Message: what + " keeps a handler with a callback waiting until its timeout", Hint: hint + "set context.callbackWaitsForEmptyEventLoop = false",
					},
					Edits:  m.unref(n),
					Source: "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html", BehaviourChanges: "the answer is sent as soon as the callback is called",
				})
			})
		}
	}
}

// waitedFor describes what keeps the event loop busy for ever, "" for anything else.
func (m *module) waitedFor(n *js.Node) (what, hint string) {
	if n.Kind != js.Call && n.Kind != js.New || insideOf(n, "require.main") || ends(n) || closed(n) {
		return "", ""
	}
	if n.Kind == js.Call && n.X.IsGlobal("setInterval") {
		return "a timer that never ends", "call unref() on it, or "
	}
	from, name := exportOf(n.X)
	if name = strings.TrimPrefix(name, "default."); heldOpen[from+" "+name] {
		return "a connection that stays open", ""
	}
	return "", ""
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
