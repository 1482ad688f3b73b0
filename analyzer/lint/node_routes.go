package lint

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// webFrameworks make applications whose routes, procedures and hooks run on every invocation.
var webFrameworks = map[string]bool{
	"express": true, "fastify": true, "hono": true, "koa": true, "@koa/router": true, "koa-router": true, "lambda-api": true, "itty-router": true,
	"@aws-lambda-powertools/event-handler/rest": true, "@aws-lambda-powertools/event-handler/http": true, "@trpc/server": true,
}

// routeMethods are the methods of applications that take functions for requests, by framework;
// "" are those that all have.
var routeMethods = map[string][]string{
	"":             {"get", "post", "put", "patch", "delete", "all", "options", "head", "use"},
	"fastify":      {"addHook", "route", "setErrorHandler", "setNotFoundHandler"},
	"hono":         {"on", "onError", "notFound"},
	"@trpc/server": {"query", "mutation", "subscription"},
}

// requestHooks are the hooks of fastify that run for a request.
var requestHooks = []string{
	"onRequest", "preParsing", "preValidation", "preHandler", "preSerialization", "onSend", "onResponse", "onError", "onTimeout",
}

// requestOptions are the properties of an object of options that hold functions for requests.
var requestOptions = append([]string{"handler", "context", "createContext", "resolvers"}, requestHooks...)

// graphServers are the functions and classes, by module and export, that take the resolvers of
// GraphQL and what makes their context.
var graphServers = map[string]bool{
	"@apollo/server ApolloServer": true, "apollo-server-lambda ApolloServer": true, "apollo-server ApolloServer": true, "graphql-yoga createYoga": true,
	"graphql-yoga createSchema": true, "@graphql-tools/schema makeExecutableSchema": true, "@apollo/subgraph buildSubgraphSchema": true,
}

// routes walks through the functions that the project gives to the application of a web
// framework, such as app.get('/', fn), to a GraphQL server, and to the controllers of Nest.
func (w *walk) routes() {
	for _, path := range w.Paths {
		m := w.function.module(path)
		if m == nil {
			continue
		}
		m.each(func(n *js.Node) {
			w.requestScoped(n, m)
			if n.Kind != js.Call && n.Kind != js.New {
				return
			}
			if from, name := exportOf(n.X); len(n.List) > 0 && graphServers[from+" "+name] {
				w.options(value{n.List[0], m}, 0)
			}
			if n.Kind == js.Call && m.routed(n) {
				w.handed(n, m)
			}
			if n.Kind == js.Call {
				w.controller(n, m)
			}
		})
	}
}

// handed walks through the functions that a call gives to an application.
func (w *walk) handed(call *js.Node, m *module) {
	if call.X.Name == "addHook" && (len(call.List) == 0 || call.List[0].Kind != js.String || !slices.Contains(requestHooks, call.List[0].Name)) {
		return
	}
	w.handing = true
	for _, arg := range call.List {
		if arg.Kind == js.Object {
			w.options(value{arg, m}, 0)
		} else {
			w.functionsOf(value{arg, m}, 0)
		}
	}
	w.handing = false
}

// maxOptions bounds how deep objects of functions nest.
const maxOptions = 5

// options walks through the functions for requests in an object of options, or in a list of
// them. Resolvers are objects of functions by type and field.
func (w *walk) options(v value, depth int) {
	if depth > maxOptions {
		return
	}
	for _, o := range v.module.values(v.Node) {
		for _, p := range o.List {
			switch {
			case o.Kind == js.Array:
				w.options(value{p, o.module}, depth+1)
			case o.Kind == js.Object && p.Kind == js.Property && p.Y != nil && p.Name == "resolvers":
				w.resolvers(value{p.Y, o.module}, depth+1)
			case o.Kind == js.Object && p.Kind == js.Property && p.Y != nil && slices.Contains(requestOptions, p.Name):
				w.functionsOf(value{p.Y, o.module}, 0)
			}
		}
	}
}

func (w *walk) resolvers(v value, depth int) {
	if depth > maxOptions {
		return
	}
	for _, o := range v.module.values(v.Node) {
		switch o.Kind {
		case js.Object, js.Array:
			for _, p := range o.List {
				switch {
				case p.Kind == js.Spread:
					w.resolvers(value{p.X, o.module}, depth+1)
				case p.Kind != js.Property:
					w.resolvers(value{p, o.module}, depth+1)
				case p.Y != nil:
					w.resolvers(value{p.Y, o.module}, depth+1)
				}
			}
		case js.Function, js.Arrow:
			w.functionsOf(o, 0)
		}
	}
}

// routeDecorators are the decorators of Nest whose methods answer requests.
var routeDecorators = []string{
	"Get", "Post", "Put", "Patch", "Delete", "Head", "Options", "All", "MessagePattern", "EventPattern", "Query", "Mutation", "ResolveField", "Subscription",
}

// controller walks through a method that a decorator of Nest makes the answer to a request.
func (w *walk) controller(call *js.Node, m *module) {
	d, ok := m.decoration(call)
	if !ok || d.member == nil || d.member.Kind != js.String {
		return
	}
	if !slices.ContainsFunc(d.by, func(by *js.Node) bool {
		from, export := exportOf(by.X)
		return strings.HasPrefix(from, "@nestjs/") && slices.Contains(routeDecorators, export)
	}) {
		return
	}
	for _, c := range m.values(d.class) {
		for _, method := range c.member(d.member.Name) {
			w.functionsOf(method, 0)
		}
	}
}

// routed reports whether a call gives functions to the application of a web framework.
func (m *module) routed(call *js.Node) bool {
	if call.X.Kind != js.Member {
		return false
	}
	name, known := call.X.Name, false
	for _, names := range routeMethods {
		known = known || slices.Contains(names, name)
	}
	if !known {
		return false
	}
	from := m.function.framework(value{call.X.X, m}, 0)
	return from != "" && (slices.Contains(routeMethods[""], name) || slices.Contains(routeMethods[from], name))
}

// framework returns the package of the web framework whose application an expression is, "" if
// it is something else: what the package makes, what a method of an application returns, a name
// of one, and what a function of the project returns or is given.
func (f *function) framework(v value, depth int) string {
	if depth > maxNames {
		return ""
	}
	n, m := v.Node, v.module
	switch n.Kind {
	case js.Call, js.New:
		if from, _ := exportOf(n.X); webFrameworks[from] {
			return from
		}
		if from := required(n); from != "" {
			if other := m.imported(from); other != nil {
				if exported := other.moduleExports(); exported != nil {
					return f.framework(value{exported, other}, depth+1)
				}
			}
			return ""
		}
		for _, callee := range m.callees(n) {
			for _, returned := range js.Returns(callee.Node) {
				if from := f.framework(value{returned, callee.module}, depth+1); from != "" {
					return from
				}
			}
		}
		if n.X.Kind == js.Member {
			return f.framework(value{n.X.X, m}, depth+1)
		}
	case js.Member:
		return f.framework(value{n.X, m}, depth+1)
	case js.Unary:
		if n.Name == "await" {
			return f.framework(value{n.X, m}, depth+1)
		}
	case js.Name:
		if n.Scope == nil {
			return ""
		}
		b := n.Scope.Find(n.Name)
		if b == nil {
			return ""
		}
		if b.Param != nil {
			return f.givenApplications()[b]
		}
		for _, named := range m.valuesOf(b, 0) {
			if from := f.framework(named, depth+1); from != "" {
				return from
			}
		}
	}
	return ""
}

// maxRounds bounds how many functions hand an application on to the next.
const maxRounds = 3

// givenApplications are the parameters through which functions of the project are given an
// application, with its framework: those of plugins, and of functions that are called with one.
func (f *function) givenApplications() map[*js.Binding]string {
	if f.given != nil {
		return f.given
	}
	f.given = map[*js.Binding]string{}
	for range maxRounds {
		before := len(f.given)
		for _, path := range f.Paths {
			if m := f.module(path); m != nil {
				m.each(func(n *js.Node) {
					if n.Kind == js.Call && len(n.List) > 0 {
						f.give(n, m)
					}
				})
			}
		}
		if len(f.given) == before {
			break
		}
	}
	return f.given
}

// give records the parameters that a call fills with an application.
func (f *function) give(call *js.Node, m *module) {
	if call.X.Kind == js.Member && call.X.Name == "register" {
		if from := f.framework(value{call.X.X, m}, 0); from != "" {
			plugin := call.List[0]
			if plugin.Kind == js.Name {
				for _, v := range m.values(plugin) {
					f.fill(v, 0, from)
				}
				return
			}
			f.fill(value{plugin, m}, 0, from)
		}
		return
	}
	for i, arg := range call.List {
		if arg.Kind != js.Name {
			continue
		}
		from := f.framework(value{arg, m}, 0)
		if from == "" {
			continue
		}
		for _, callee := range m.callees(call) {
			f.fill(callee, i, from)
		}
		if specifier := required(call.X); specifier != "" { // require('./routes')(app)
			if other := m.imported(specifier); other != nil && other.moduleExports() != nil {
				f.fill(value{other.moduleExports(), other}, i, from)
			}
		}
	}
}

// fill records that a function, or one in a wrapper such as fastify-plugin, is given an
// application as its parameter i.
func (f *function) fill(v value, i int, from string) {
	if v.Kind == js.Call {
		if maker, _ := exportOf(v.X); maker == "fastify-plugin" && len(v.List) > 0 {
			for _, inner := range v.module.values(v.List[0]) {
				f.fill(inner, i, from)
			}
		}
		return
	}
	if !isFunction(v.Node) || i >= len(v.Node.List) || v.Scope == nil {
		return
	}
	if p := v.Node.List[i]; p.Kind == js.Name {
		if b := v.Scope.Own(p.Name); b != nil {
			f.given[b] = from
		}
	}
}
