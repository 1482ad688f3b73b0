package lint

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// clientInHandler finds clients that the handler creates on every invocation.
func (m *module) clientInHandler() {
	if m.handler == "" {
		return
	}
	h := &handlerSearch{module: m, seen: map[*js.Node]bool{}, wrappers: map[*js.Node]bool{}}
	for _, value := range m.exported(m.handler) {
		h.functionsOf(value, 0)
	}
}

// handlerSearch walks through a handler and the functions of the same module that
// the handler calls by name.
type handlerSearch struct {
	*module
	seen, wrappers map[*js.Node]bool
	steps          int
}

// maxSteps bounds the expressions that dependsOnCall visits in one module.
const maxSteps = 100_000

// maxWrappers bounds how many wrappers around a handler are followed, as in
// middy(tracer(handler)).
const maxWrappers = 8

// functionsOf walks through the function that an expression denotes or wraps.
func (h *handlerSearch) functionsOf(n *js.Node, depth int) {
	if n == nil || depth > maxWrappers || h.wrappers[n] {
		return
	}
	h.wrappers[n] = true
	switch n.Kind {
	case js.Function, js.Arrow:
		h.walkFunction(n)
	case js.Name:
		if n.Scope != nil {
			if b := n.Scope.Find(n.Name); b != nil {
				for _, v := range valuesOf(b) {
					if v != n {
						h.functionsOf(v, depth+1)
					}
				}
			}
		}
	case js.Call:
		// A function that is called where it is defined runs once. Its result is not followed.
		if n.X.Kind == js.Function || n.X.Kind == js.Arrow {
			return
		}
		if n.X.Kind == js.Member { // middy().use(...).handler(fn)
			h.functionsOf(n.X.X, depth+1)
		}
		for _, arg := range n.List {
			h.functionsOf(arg, depth+1)
		}
	}
}

func (h *handlerSearch) walkFunction(fn *js.Node) {
	if h.seen[fn] || fn.X == nil {
		return
	}
	h.seen[fn] = true
	h.walk(fn.X, fn)
}

// walk checks the code that runs when fn is called.
func (h *handlerSearch) walk(n, fn *js.Node) {
	switch n.Kind {
	case js.New:
		if what := h.client(n.X); what != "" && !outlivesCall(n, fn) && !h.dependsOnCall(enclosingCall(n), fn, 0) {
			h.add(n, Advice{
				Diagnostic: analyzer.Diagnostic{
					Message: "the handler creates " + what + " on every invocation",
					Hint:    "create it once, outside the handler, to reuse its connections and credentials",
				},
				Source:           bestPractices,
				BehaviourChanges: "its credentials and connections live as long as the execution environment",
			})
		}
	case js.Call:
		if n.X.Kind == js.Name && n.X.Scope != nil && !outlivesCall(n, fn) {
			if b := n.X.Scope.Find(n.X.Name); b != nil {
				for _, v := range valuesOf(b) {
					if v.Kind == js.Function || v.Kind == js.Arrow {
						h.walkFunction(v)
					}
				}
			}
		}
	}
	n.Each(func(c *js.Node) { h.walk(c, fn) })
}

// client describes the client that a constructor of a known SDK creates. It
// returns "" for any other constructor.
func (h *handlerSearch) client(n *js.Node) string {
	module, name := h.exportOf(n, 0)
	service, isSDK := strings.CutPrefix(module, "@aws-sdk/client-")
	switch {
	case isSDK && strings.HasSuffix(name, "Client"):
		return "an AWS client (" + name + ")"
	case isSDK && name != "" && strings.EqualFold(name, strings.ReplaceAll(service, "-", "")):
		return "an AWS client (" + name + ")"
	case strings.HasPrefix(module, "aws-sdk/clients/") && (name == "*" || name == "default"):
		return "an AWS client (" + strings.TrimPrefix(module, "aws-sdk/clients/") + ")"
	case module == "aws-sdk" && isService(name):
		return "an AWS client (" + name + ")"
	case module == "@prisma/client" && name == "PrismaClient":
		return "a database client (PrismaClient)"
	case module == "pg" && (name == "Pool" || name == "Client"), module == "mongodb" && name == "MongoClient":
		return "a database client (" + name + ")"
	}
	return ""
}

// isService reports whether an export of the AWS SDK v2 is the class of a service,
// such as S3 or DynamoDB.DocumentClient.
func isService(name string) bool {
	name = strings.TrimSuffix(name, ".DocumentClient")
	switch name {
	case "", "Config", "Endpoint", "HttpRequest", "HttpResponse", "HttpClient", "NodeHttpClient", "Request", "Response",
		"Service", "Signers", "XML", "JSON":
		return false
	}
	return name[0] >= 'A' && name[0] <= 'Z' && !strings.Contains(name, ".") &&
		!strings.HasSuffix(name, "Credentials") && !strings.HasSuffix(name, "Chain")
}

// enclosingCall returns the call that takes a new client as an argument, such as
// one that adds tracing. Without such a call it returns n, the client itself.
func enclosingCall(n *js.Node) *js.Node {
	if p := n.Parent; p != nil && p.Kind == js.Call && p.X != n {
		return p
	}
	return n
}

// dependsOnCall reports whether a client may differ between calls of fn: its
// expression uses a parameter of fn, or a local name that may have another value
// in each call.
func (h *handlerSearch) dependsOnCall(n, fn *js.Node, depth int) bool {
	if h.steps++; h.steps > maxSteps || depth > maxNames {
		return true
	}
	if n.Kind == js.Name && n.Scope != nil {
		for s := n.Scope; s != nil; s = s.Parent {
			b := s.Own(n.Name)
			if b == nil {
				continue
			}
			if !within(s, fn) {
				return false
			}
			if b.Param != nil || len(b.Writes) != 1 || b.Writes[0].From == nil || b.Writes[0].Each {
				return true
			}
			return h.dependsOnCall(b.Writes[0].From, fn, depth+1)
		}
		return false
	}
	found := false
	n.Each(func(c *js.Node) { found = found || h.dependsOnCall(c, fn, depth+1) })
	return found
}

// outlivesCall reports whether a value is stored where it outlives the call: in a
// name declared outside fn, or in a member of an object.
func outlivesCall(n, fn *js.Node) bool {
	for p := n.Parent; p != nil && p != fn; n, p = p, p.Parent {
		switch p.Kind {
		case js.Assign:
			if p.Y != n {
				return false
			}
			if p.X.Kind != js.Name {
				return true
			}
			if p.X.Scope == nil {
				return true
			}
			for s := p.X.Scope; s != nil; s = s.Parent {
				if s.Own(p.X.Name) != nil {
					return !within(s, fn)
				}
			}
			return true
		case js.Binary, js.Cond, js.Unary, js.Sequence:
			// The value passes through: a ??= b, a || (a = b), await ...
		case js.Call:
			// cache.set(key, new Client()) stores the client. The result of
			// from(new Client()) may be stored by an outer expression.
			if p.X != n && p.X.Kind == js.Member && (p.X.Name == "set" || p.X.Name == "push") {
				return true
			}
		case js.Member:
		default:
			return false
		}
	}
	return false
}

// within reports whether a scope belongs to fn or to a block in fn.
func within(s *js.Scope, fn *js.Node) bool {
	if fn.Scope == nil {
		return false
	}
	for ; s != nil; s = s.Parent {
		if s == fn.Scope {
			return true
		}
	}
	return false
}
