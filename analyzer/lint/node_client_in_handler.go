package lint

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// clientInHandler finds what the handler makes anew in every call.
func (m *module) clientInHandler() {
	if m.handler == "" {
		return
	}
	h := &handlerSearch{module: m, seen: map[*js.Node]bool{}, wrappers: map[*js.Node]bool{}}
	for _, value := range m.exported(m.handler) {
		h.functionsOf(value, 0)
	}
}

// handlerSearch walks through a handler and the functions of its module that it
// calls by name.
type handlerSearch struct {
	*module
	seen, wrappers map[*js.Node]bool
	steps          int
}

// maxLooks bounds the expressions looked at to tell whether a client is the call's own.
const maxLooks = 100_000

// maxWrappers bounds how deep a handler may be wrapped: middy(tracer(handler)).
const maxWrappers = 8

// functionsOf walks through the function that an expression is, or wraps.
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
		// A function that is called on the spot runs once; what it returns is not followed.
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

// walk looks at what runs when fn is called.
func (h *handlerSearch) walk(n, fn *js.Node) {
	switch n.Kind {
	case js.New:
		if what := h.client(n.X); what != "" && !keptOutside(n, fn) && !h.ofTheCall(handedWith(n), fn, 0) {
			h.add(n, Advice{
				Diagnostic: analyzer.Diagnostic{
					Message: "the handler makes " + what + " anew in every call",
					Hint:    "make it once, outside the handler: its connections and credentials are then used again",
				},
				Source:           bestPractices,
				BehaviourChanges: "it lives as long as the execution environment, and so do its credentials and connections",
			})
		}
	case js.Call:
		if n.X.Kind == js.Name && n.X.Scope != nil && !keptOutside(n, fn) {
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

// client says what an SDK client's constructor makes, "" for any other.
func (h *handlerSearch) client(n *js.Node) string {
	module, name := h.made(n, 0)
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

// isService tells a service's class of the AWS SDK v2, S3 or DynamoDB.DocumentClient,
// from what else it exports.
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

// handedWith is the call that a new client is an argument of, such as one that
// ties it to a trace, or the client alone.
func handedWith(n *js.Node) *js.Node {
	if p := n.Parent; p != nil && p.Kind == js.Call && p.X != n {
		return p
	}
	return n
}

// ofTheCall reports whether what a client is made of may differ from call to
// call: it names a parameter of the function, or a name of the function's that
// is not plainly the same in every call.
func (h *handlerSearch) ofTheCall(n, fn *js.Node, depth int) bool {
	if h.steps++; h.steps > maxLooks || depth > maxNames {
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
			return h.ofTheCall(b.Writes[0].From, fn, depth+1)
		}
		return false
	}
	found := false
	n.Each(func(c *js.Node) { found = found || h.ofTheCall(c, fn, depth+1) })
	return found
}

// keptOutside reports whether a value is put into something that outlives the
// call: a name declared outside fn, or a member of an object.
func keptOutside(n, fn *js.Node) bool {
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
			// a ??= b, a || (a = b), await ...
		case js.Call:
			// cache.set(key, new Client()) keeps it; from(new Client()) may be kept itself.
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

// within reports whether a scope is that of a function, or of a block in it.
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
