package trace

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// options and viewEngine find modules that an option names as a plain string,
// without a call of require.

// options finds the targets of pino's transports in an object literal: {transport:
// {target: "x"}}, {targets: [{target: "x"}]} below a transport, and
// pino.transport({...}) (https://getpino.io/#/docs/transports). pino loads them in
// a worker thread.
func (t *tracer) options(n *js.Node, c context) {
	for _, p := range n.List {
		if p.Kind == js.Property && p.Name == "target" && p.Y != nil && t.isTransport(n) {
			t.named(p.Y, "worker", c)
		}
	}
}

// isTransport reports whether an object is where pino expects a transport.
func (t *tracer) isTransport(n *js.Node) bool {
	for range 6 {
		p := n.Parent
		if p == nil {
			return false
		}
		switch p.Kind {
		case js.Property:
			if p.Name == "transport" {
				return true
			}
			if p.Name != "targets" && p.Name != "pipeline" {
				return false
			}
		case js.Call:
			return strings.HasSuffix(t.Eval(p.X).Thing, "pino.transport")
		case js.Array, js.Object:
		default:
			return false
		}
		n = p
	}
	return false
}

func (t *tracer) named(arg *js.Node, kind string, c context) {
	for _, s := range t.Eval(arg).Strings {
		if value.Anchored(value.PlainPath(s)) || value.HasGap(s) || s == "" || js.Builtin(s) ||
			strings.Contains(s, ":") && !strings.HasPrefix(s, "node:") {
			continue
		}
		r := t.reference(arg, arg, c)
		r.Kind, r.Specifier = kind, s
		if p, ok := t.Resolve(s, t.module.Dir(), "require"); ok {
			r.Candidates = []Candidate{{Specifier: s, Path: p}}
		} else if !strings.Contains(t.Text.Source, "pino") && !strings.Contains(t.Text.Source, "fastify") {
			continue
		}
		t.result.Modules = append(t.result.Modules, r)
	}
}

// viewEngine handles app.set("view engine", "pug"), which requires the engine when
// the first view is rendered, and app.set("views", "./views")
// (https://expressjs.com/en/guide/using-template-engines.html).
func (t *tracer) viewEngine(n *js.Node, c context) {
	if n.X.Kind != js.Member || n.X.Name != "set" || len(n.List) != 2 || n.List[0].Kind != js.String {
		return
	}
	view := n.List[1]
	switch t.Eval(n.List[0]).Only() {
	case "view engine":
		c.guarded = true // app.engine may provide it instead
		t.engine = n
		t.named(view, "require", c)
	case "views":
		t.hasViews = true
		for _, s := range t.Eval(view).Strings {
			if !strings.HasPrefix(s, "/") && !strings.HasPrefix(s, value.Gap) {
				t.take(view, value.ResolvePath([]string{s}), use{kind: useList, tree: true, folder: true}, c)
			}
		}
	}
}
