package node

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

const nodeBestPractices = "https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html"

// handler finds what the handler makes anew in every call.
func (a *adviser) handler(name string) {
	h := &handlerSearch{adviser: a, seen: map[*node]bool{}, wrappers: map[*node]bool{}}
	for _, value := range a.exported(name) {
		h.functionsOf(value, 0)
	}
}

// exported are the values that an export gets: of ECMAScript and of CommonJS.
func (a *adviser) exported(name string) (values []*node) {
	declared := func(local *node) {
		if local.scope == nil {
			return
		}
		if b := local.scope.find(local.name); b != nil {
			values = append(values, valuesOf(b)...)
		}
	}
	var look func(n *node)
	look = func(n *node) {
		switch n.kind {
		case kExport:
			for _, c := range n.list {
				if c.name == name && c.x != nil && n.z == nil {
					declared(c.x)
				}
			}
			switch {
			case n.y == nil:
			case n.flags&fDefault != 0:
				if name == "default" {
					values = append(values, n.y)
				}
			case n.y.kind == kVar:
				for _, d := range n.y.list {
					if d.x.kind == kName && d.x.name == name && d.y != nil {
						values = append(values, d.y)
					}
				}
			case (n.y.kind == kFunction || n.y.kind == kClass) && n.y.name == name:
				values = append(values, n.y)
			}
		case kAssign:
			if exportsMember(n.x, name) {
				values = append(values, n.y)
			}
			if isModuleExports(n.x) && n.y.kind == kObject {
				for _, p := range n.y.list {
					if p.kind == kProperty && p.name == name && p.y != nil {
						values = append(values, p.y)
					}
				}
			}
		}
		n.each(look)
	}
	look(a.text.tree)
	return values
}

// exportsMember matches exports.NAME and module.exports.NAME.
func exportsMember(n *node, name string) bool {
	if n.kind != kMember || n.name != name {
		return false
	}
	return n.x.kind == kName && n.x.name == "exports" && n.x.scope.find("exports") == nil || isModuleExports(n.x)
}

func isModuleExports(n *node) bool {
	return n.kind == kMember && n.name == "exports" && n.x.kind == kName && n.x.name == "module" && n.x.scope.find("module") == nil
}

// valuesOf is what a name may hold: the function it declares, or the one value
// that is ever put into it.
func valuesOf(b *binding) []*node {
	if b.function != nil {
		return []*node{b.function}
	}
	if len(b.writes) == 1 && b.writes[0].from != nil && len(b.writes[0].keys) == 0 && !b.writes[0].each {
		return []*node{b.writes[0].from}
	}
	return nil
}

// handlerSearch walks through a handler and the functions of its module that it
// calls by name.
type handlerSearch struct {
	*adviser
	seen, wrappers map[*node]bool
}

// maxWrappers bounds how deep a handler may be wrapped: middy(tracer(handler)).
const maxWrappers = 8

// functionsOf walks through the function that an expression is, or wraps.
func (h *handlerSearch) functionsOf(n *node, depth int) {
	if n == nil || depth > maxWrappers || h.wrappers[n] {
		return
	}
	h.wrappers[n] = true
	switch n.kind {
	case kFunction, kArrow:
		h.walkFunction(n)
	case kName:
		if n.scope != nil {
			if b := n.scope.find(n.name); b != nil {
				for _, v := range valuesOf(b) {
					if v != n {
						h.functionsOf(v, depth+1)
					}
				}
			}
		}
	case kCall:
		// A function that is called on the spot runs once; what it returns is not followed.
		if n.x.kind == kFunction || n.x.kind == kArrow {
			return
		}
		if n.x.kind == kMember { // middy().use(...).handler(fn)
			h.functionsOf(n.x.x, depth+1)
		}
		for _, arg := range n.list {
			h.functionsOf(arg, depth+1)
		}
	}
}

func (h *handlerSearch) walkFunction(fn *node) {
	if h.seen[fn] || fn.x == nil {
		return
	}
	h.seen[fn] = true
	h.walk(fn.x, fn)
}

// walk looks at what runs when fn is called.
func (h *handlerSearch) walk(n, fn *node) {
	switch n.kind {
	case kNew:
		if what := h.client(n.x); what != "" && !keptOutside(n, fn) && !h.ofTheCall(handedWith(n), fn, 0) {
			h.add(n, Advice{
				Diagnostic: analyzer.Diagnostic{
					Code: "client-in-handler", Message: "the handler makes " + what + " anew in every call",
					Hint: "make it once, outside the handler: its connections and credentials are then used again",
				},
				Source: nodeBestPractices, BehaviourChanges: "it lives as long as the execution environment, and so do its credentials and connections",
			})
		}
	case kCall:
		if n.x.kind == kName && n.x.scope != nil && !keptOutside(n, fn) {
			if b := n.x.scope.find(n.x.name); b != nil {
				for _, v := range valuesOf(b) {
					if v.kind == kFunction || v.kind == kArrow {
						h.walkFunction(v)
					}
				}
			}
		}
	}
	n.each(func(c *node) { h.walk(c, fn) })
}

// client says what an SDK client's constructor makes, "" for any other.
func (h *handlerSearch) client(n *node) string {
	module, name := h.made(n, 0)
	switch {
	case strings.HasPrefix(module, "@aws-sdk/client-") && strings.HasSuffix(name, "Client"):
		return "an AWS client (" + name + ")"
	case strings.HasPrefix(module, "@aws-sdk/client-") && name != "" && strings.EqualFold(name, strings.ReplaceAll(strings.TrimPrefix(module, "@aws-sdk/client-"), "-", "")):
		return "an AWS client (" + name + ")"
	case strings.HasPrefix(module, "aws-sdk/clients/") && (name == "*" || name == "default"):
		return "an AWS client (" + strings.TrimPrefix(module, "aws-sdk/clients/") + ")"
	case module == "aws-sdk" && service(name):
		return "an AWS client (" + name + ")"
	case module == "@prisma/client" && name == "PrismaClient":
		return "a database client (PrismaClient)"
	case module == "pg" && (name == "Pool" || name == "Client"), module == "mongodb" && name == "MongoClient":
		return "a database client (" + name + ")"
	}
	return ""
}

// service tells a service's class of the AWS SDK v2, S3 or DynamoDB.DocumentClient,
// from what else it exports.
func service(name string) bool {
	name = strings.TrimSuffix(name, ".DocumentClient")
	switch name {
	case "", "Config", "Endpoint", "HttpRequest", "HttpResponse", "HttpClient", "NodeHttpClient", "Request", "Response", "Service", "Signers", "XML", "JSON":
		return false
	}
	return name[0] >= 'A' && name[0] <= 'Z' && !strings.Contains(name, ".") && !strings.HasSuffix(name, "Credentials") && !strings.HasSuffix(name, "Chain")
}

// handedWith is the call that a new client is an argument of, such as one that
// ties it to a trace, or the client alone.
func handedWith(n *node) *node {
	if p := n.parent; p != nil && p.kind == kCall && p.x != n {
		return p
	}
	return n
}

// ofTheCall reports whether what a client is made of may differ from call to
// call: it names a parameter of the function, or a name of the function's that
// is not plainly the same in every call.
func (h *handlerSearch) ofTheCall(n, fn *node, depth int) bool {
	if h.steps++; h.steps > maxSteps || depth > maxNames {
		return true
	}
	if n.kind == kName && n.scope != nil {
		for s := n.scope; s != nil; s = s.parent {
			b := s.own(n.name)
			if b == nil {
				continue
			}
			if !within(s, fn) {
				return false
			}
			if b.param != nil || len(b.writes) != 1 || b.writes[0].from == nil || b.writes[0].each {
				return true
			}
			return h.ofTheCall(b.writes[0].from, fn, depth+1)
		}
		return false
	}
	found := false
	n.each(func(c *node) { found = found || h.ofTheCall(c, fn, depth+1) })
	return found
}

// keptOutside reports whether a value is put into something that outlives the
// call: a name declared outside fn, or a member of an object.
func keptOutside(n, fn *node) bool {
	for p := n.parent; p != nil && p != fn; n, p = p, p.parent {
		switch p.kind {
		case kAssign:
			if p.y != n {
				return false
			}
			if p.x.kind != kName {
				return true
			}
			if p.x.scope == nil {
				return true
			}
			for s := p.x.scope; s != nil; s = s.parent {
				if s.own(p.x.name) != nil {
					return !within(s, fn)
				}
			}
			return true
		case kBinary, kCond, kUnary, kSequence:
			// a ??= b, a || (a = b), await ...
		case kCall:
			// cache.set(key, new Client()) keeps it; from(new Client()) may be kept itself.
			if p.x != n && p.x.kind == kMember && (p.x.name == "set" || p.x.name == "push") {
				return true
			}
		case kMember:
		default:
			return false
		}
	}
	return false
}

// within reports whether a scope is that of a function, or of a block in it.
func within(s *scope, fn *node) bool {
	if fn.scope == nil {
		return false
	}
	for ; s != nil; s = s.parent {
		if s == fn.scope {
			return true
		}
	}
	return false
}
