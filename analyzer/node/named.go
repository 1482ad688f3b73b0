package node

import "strings"

// options and viewEngine find modules that are named by a plain string in an
// option, which no call of require shows.

// options looks at an object literal for the targets of pino's transports:
// {transport: {target: "x"}}, {targets: [{target: "x"}]} below a transport, and
// pino.transport({...}) (https://getpino.io/#/docs/transports). They are loaded
// in a worker thread.
func (t *tracer) options(n *node, c context) {
	for _, p := range n.list {
		if p.kind == kProperty && p.name == "target" && p.y != nil && t.isTransport(n) {
			t.named(p.y, "worker", c)
		}
	}
}

// isTransport says that an object stands where pino takes a transport.
func (t *tracer) isTransport(n *node) bool {
	for range 6 {
		p := n.parent
		if p == nil {
			return false
		}
		switch p.kind {
		case kProperty:
			if p.name == "transport" {
				return true
			}
			if p.name != "targets" && p.name != "pipeline" {
				return false
			}
		case kCall:
			return strings.HasSuffix(t.eval(p.x).thing, "pino.transport")
		case kArray, kObject:
		default:
			return false
		}
		n = p
	}
	return false
}

func (t *tracer) named(arg *node, kind string, c context) {
	for _, s := range t.eval(arg).strings {
		if anchored(plainPath(s)) || hasGap(s) || s == "" || strings.Contains(s, ":") && !strings.HasPrefix(s, "node:") || builtin(s) {
			continue
		}
		r := t.reference(arg, arg, c)
		r.Kind, r.Specifier = kind, s
		if p, ok := t.resolve(s, t.module.Dir(), "require"); ok {
			r.Candidates = []Candidate{{Specifier: s, Path: p}}
		} else if !strings.Contains(t.text.source, "pino") && !strings.Contains(t.text.source, "fastify") {
			continue
		}
		t.result.Modules = append(t.result.Modules, r)
	}
}

// viewEngine looks at app.set("view engine", "pug"), which requires the engine
// when a view is first drawn, and app.set("views", "./views")
// (https://expressjs.com/en/guide/using-template-engines.html).
func (t *tracer) viewEngine(n *node, c context) {
	if n.x.kind != kMember || n.x.name != "set" || len(n.list) != 2 || n.list[0].kind != kString {
		return
	}
	value := n.list[1]
	switch t.eval(n.list[0]).only() {
	case "view engine":
		c.guarded = true // app.engine may provide it instead
		t.engine = n
		t.named(value, "require", c)
	case "views":
		t.hasViews = true
		for _, s := range t.eval(value).strings {
			if !strings.HasPrefix(s, "/") && !strings.HasPrefix(s, gap) {
				t.take(value, resolvePath([]string{s}), use{kind: useList, tree: true, folder: true}, c)
			}
		}
	}
}
