package lint

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// heldOpen are functions and classes, by module and export, that keep the event loop busy until
// the code closes what they make.
var heldOpen = map[string]string{
	"mongoose connect": connection, "mongoose createConnection": connection, "mysql createConnection": connection, "mysql createPool": connection,
	"mysql2 createConnection": connection, "mysql2 createPool": connection, "mysql2/promise createConnection": connection, "mysql2/promise createPool": connection,
	"redis createClient": connection, "ioredis default": connection, "ioredis *": connection, "ioredis Redis": connection, "mongodb MongoClient.connect": connection,
	"fs watch": watcher, "fs watchFile": watcher, "chokidar watch": watcher, "node-cron schedule": schedule, "node-schedule scheduleJob": schedule,
}

const (
	connection = "a connection that stays open"
	watcher    = "a watcher of files"
	schedule   = "a schedule"
)

// connecting are classes whose objects connect, and stay connected, when connect is called.
var connecting = map[string]bool{"pg Client": true, "mongodb MongoClient": true}

// timerAtLoad finds timers that never end, and connections and listeners that stay open,
// in functions that answer by a callback: Lambda waits until nothing is left to do, which is
// until the timeout.
func (f *function) timerAtLoad() {
	if f.Handler == "" || !f.waitsForCallback() || f.mentions("callbackWaitsForEmptyEventLoop") {
		return
	}
	report := func(m *module, n, fn *js.Node) {
		what, hint := m.waitedFor(n, fn)
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
	}
	for _, path := range f.Paths {
		if m := f.module(path); m != nil {
			m.atLoad(func(n *js.Node) { report(m, n, nil) })
		}
	}
	for _, n := range f.started() {
		report(n.module, n.Node, n.fn)
	}
}

// waitedFor describes what keeps the event loop busy for ever, "" for anything else. fn is the
// function that it is in, nil for none.
func (m *module) waitedFor(n, fn *js.Node) (what, hint string) {
	if n.Kind != js.Call && n.Kind != js.New || insideOf(n, "require.main") || ends(n) || closed(n) {
		return "", ""
	}
	if n.Kind == js.Call && n.X.IsGlobal("setInterval") {
		return "a timer that never ends", "call unref() on it, or "
	}
	if n.Kind == js.Call && n.X.IsGlobal("setTimeout") && fn != nil && len(n.List) > 0 && n.List[0].Kind == js.Name {
		for _, again := range m.values(n.List[0]) {
			if again.Node == fn {
				return "a timer that starts itself again", "call unref() on it, or "
			}
		}
	}
	from, name := exportOf(n.X)
	if name = strings.TrimPrefix(name, "default."); heldOpen[from+" "+name] != "" {
		return heldOpen[from+" "+name], ""
	}
	if n.Kind == js.Call && n.X.Kind == js.Member && n.X.Name == "connect" && m.connects(n.X.X) {
		return connection, ""
	}
	return "", ""
}

// connects reports whether an expression is an object of a class that stays connected, which is
// never closed.
func (m *module) connects(n *js.Node) bool {
	return slices.ContainsFunc(m.values(n), func(made value) bool {
		if made.Kind != js.New || closed(made.Node) {
			return false
		}
		from, name := exportOf(made.X)
		return connecting[from+" "+strings.TrimPrefix(name, "default.")]
	})
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
	for p != nil && (p.Kind == js.Unary && p.Name == "await" || chained(p)) {
		p = p.Parent
	}
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

// chained reports whether a node is part of what follows a promise: .then(...) or .catch(...).
func chained(n *js.Node) bool {
	member := func(n *js.Node) bool {
		return n.Kind == js.Member && (n.Name == "then" || n.Name == "catch" || n.Name == "finally") && n.Parent != nil && n.Parent.Kind == js.Call && n.Parent.X == n
	}
	return member(n) || n.Kind == js.Call && member(n.X)
}
