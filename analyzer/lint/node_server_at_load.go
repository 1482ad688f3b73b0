package lint

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// servers are the functions and classes, by module and export, that make something that listens
// on a port when its method listen is called.
var servers = map[string]bool{
	"http createServer": true, "http Server": true, "https createServer": true, "https Server": true, "http2 createServer": true, "http2 createSecureServer": true, "net createServer": true,
	"express default": true, "express *": true, "fastify default": true, "fastify *": true, "fastify fastify": true, "koa default": true, "koa *": true,
	"polka default": true, "polka *": true, "restify createServer": true, "restify default.createServer": true,
	"@nestjs/core NestFactory.create": true, "apollo-server ApolloServer": true,
}

// startedServers are those that listen when their method start is called.
var startedServers = map[string]bool{"@hapi/hapi server": true, "@hapi/hapi Server": true, "@hapi/hapi default.server": true}

// listeners are functions and classes, by module and export, that listen on a port by themselves.
var listeners = map[string]bool{"@hono/node-server serve": true, "@apollo/server/standalone startStandaloneServer": true}

// serverAtLoad finds servers that listen on a port when the function is loaded: Lambda sends
// no request there.
func (f *function) serverAtLoad() {
	if f.Handler == "" || len(f.entry.exported(f.Handler)) == 0 || f.mentions("unref") || f.mentions("address") {
		return
	}
	report := func(m *module, n *js.Node) {
		if !m.listens(n) || f.callsItself(n) {
			return
		}
		what, source := "a server listens in every cold start, on a port to which Lambda sends nothing", "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html"
		if f.waitsForCallback() && !f.mentions("callbackWaitsForEmptyEventLoop") {
			what, source = "a server that listens keeps a handler with a callback waiting until its timeout", "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html"
		}
		m.add(n, Advice{
			Without: m.withStandIn(n),
			Diagnostic: analyzer.Diagnostic{
				Message: what, Hint: "listen only where the file is started by itself (if (require.main === module)), or in a file that the function does not load",
			},
			Source: source, BehaviourChanges: "the function listens on no port",
		})
	}
	for _, m := range f.loadedAtStart() {
		m.atLoad(func(n *js.Node) {
			if !conditional(n) {
				report(m, n)
			}
		})
	}
	for _, n := range f.started() {
		report(n.module, n.Node)
	}
}

// loadedAtStart are the function's own modules that are certainly loaded when it starts.
func (f *function) loadedAtStart() (all []*module) {
	seen := map[*module]bool{}
	var visit func(m *module)
	visit = func(m *module) {
		if m == nil || seen[m] {
			return
		}
		seen[m] = true
		all = append(all, m)
		m.atLoad(func(n *js.Node) {
			switch {
			case (n.Kind == js.Import || n.Kind == js.Export) && n.Z != nil:
				visit(m.imported(n.Z.Name))
			case n.Kind == js.Call && required(n) != "" && !conditional(n):
				visit(m.imported(n.List[0].Name))
			}
		})
	}
	visit(f.entry)
	return all
}

// conditional reports whether an expression at the top of a module may be passed over.
func conditional(n *js.Node) bool {
	for child, p := n, n.Parent; p != nil; child, p = p, p.Parent {
		switch p.Kind {
		case js.If, js.Cond, js.For, js.ForIn, js.While, js.Switch, js.Case:
			return true
		case js.Binary:
			if child == p.Y && (p.Op == js.OpAnd || p.Op == js.OpOr || p.Op == js.OpNullish) {
				return true
			}
		case js.Try:
			if child != p.X {
				return true
			}
		case js.Class:
			return true
		}
	}
	return false
}

// listens reports whether a call makes a server of a known library listen on a port.
func (m *module) listens(call *js.Node) bool {
	if call.Kind == js.New {
		from, name := exportOf(call.X)
		return from == "ws" && (name == "WebSocketServer" || name == "Server") && len(call.List) > 0 && call.List[0].Kind == js.Object && propertyOf(call.List[0], "port") != nil
	}
	if call.Kind != js.Call {
		return false
	}
	if from, name := exportOf(call.X); listeners[from+" "+name] {
		return true
	}
	if call.X.Kind != js.Member {
		return false
	}
	if call.X.Name == "start" {
		return m.isServer(call.X.X, startedServers, 0)
	}
	if call.X.Name != "listen" || len(call.List) > 0 && (call.List[0].Kind == js.String || call.List[0].Kind == js.Template) {
		return false // a string is the path of a socket
	}
	return m.isServer(call.X.X, servers, 0)
}

// isServer reports whether an expression is one of some servers.
func (m *module) isServer(n *js.Node, some map[string]bool, depth int) bool {
	if depth > maxNames {
		return false
	}
	switch n.Kind {
	case js.Unary:
		return n.Name == "await" && m.isServer(n.X, some, depth+1)
	case js.Call, js.New:
		from, name := exportOf(n.X)
		if some[from+" "+name] || some[from+" "+strings.TrimPrefix(name, "default.")] {
			return true
		}
		return n.Kind == js.Call && slices.ContainsFunc(m.callees(n), func(callee value) bool {
			return slices.ContainsFunc(js.Returns(callee.Node), func(returned *js.Node) bool { return callee.module.isServer(returned, some, depth+1) })
		})
	case js.Member:
		field := fieldOf(n)
		return field != nil && m.isServer(field, some, depth+1)
	}
	if n.Kind != js.Name || n.Scope == nil {
		return false
	}
	b := n.Scope.Find(n.Name)
	if b == nil {
		return false
	}
	if len(b.Writes) == 1 && b.Writes[0].From != nil && len(b.Writes[0].Keys) == 0 {
		if other := m.imported(required(b.Writes[0].From)); other != nil {
			exported := other.moduleExports()
			return exported != nil && other.isServer(exported, some, depth+1)
		}
	}
	if then := b.Param; then != nil && b.ParamIndex == 0 && then.Parent != nil { // promise.then(server => ...)
		call := then.Parent
		return call.Kind == js.Call && call.X.Kind == js.Member && call.X.Name == "then" && m.isServer(call.X.X, some, depth+1)
	}
	for _, v := range m.valuesOf(b, 0) {
		if v.module.isServer(v.Node, some, depth+1) {
			return true
		}
	}
	return false
}

// fieldOf is the only value of a field of this, nil if it is not known.
func fieldOf(n *js.Node) (field *js.Node) {
	if n.X.Kind != js.Literal || n.X.Name != "this" {
		return nil
	}
	class := n.Parent
	for class != nil && class.Kind != js.Class {
		class = class.Parent
	}
	if class == nil {
		return nil
	}
	count := 0
	var look func(*js.Node)
	look = func(c *js.Node) {
		switch {
		case c.Kind == js.Property && c.Parent == class && c.Name == n.Name && c.Y != nil && c.Flags&js.Static == 0:
			field, count = c.Y, count+1
		case c.Kind == js.Assign && c.X.Kind == js.Member && c.X.Name == n.Name && c.X.X.Kind == js.Literal && c.X.X.Name == "this":
			field, count = c.Y, count+1
		}
		c.Each(look)
	}
	if look(class); count != 1 {
		return nil
	}
	return field
}

// moduleExports is what a module of CommonJS exports as a whole, nil if that is not known.
func (m *module) moduleExports() (value *js.Node) {
	m.atLoad(func(n *js.Node) {
		if n.Kind == js.Assign && isModuleExports(n.X) {
			value = n.Y
		}
	})
	return value
}

// callsItself reports whether code may send requests to the function's own server: a text that
// is not one of the call that makes it listen has the name of this machine.
func (f *function) callsItself(listen *js.Node) (found bool) {
	for _, path := range f.Paths {
		m := f.module(path)
		if m == nil {
			continue
		}
		m.each(func(n *js.Node) {
			text := ""
			switch n.Kind {
			case js.String:
				text = n.Name
			case js.Template:
				text = strings.Join(n.Texts, "")
			}
			if (strings.Contains(text, "localhost") || strings.Contains(text, "127.0.0.1")) && !isIn(n, listen) {
				found = true
			}
		})
	}
	return found
}

func isIn(n, outer *js.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == outer {
			return true
		}
	}
	return false
}
