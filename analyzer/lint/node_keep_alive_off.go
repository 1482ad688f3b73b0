package lint

import (
	"regexp"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// agentDocs says that an agent keeps no connection alive unless it is asked to; only the
// global agents of Node 19 and later do.
const agentDocs = "https://nodejs.org/api/http.html#new-agentoptions"

// keepAliveOff finds HTTP agents and requests that open a connection for every request.
func (m *module) keepAliveOff() {
	m.each(func(n *js.Node) {
		if n.Kind != js.New && n.Kind != js.Call {
			return
		}
		from, name := exportOf(n.X)
		name = strings.TrimPrefix(name, "default.")
		switch {
		case n.Kind == js.New && agentClass(from, name):
			if off := optionOf(n, "keepAlive", "false"); off != nil {
				m.agentOff(off, m.withTrue(off))
			} else if nearest(n) == nil && handedOver(n) {
				m.agentOff(n, m.withKeepAlive(n))
			}
		case n.Kind == js.New && from == "agentkeepalive":
			if off := optionOf(n, "keepAlive", "false"); off != nil {
				m.connectionsClosed(off, "keepAlive: false opens", "remove it: these agents keep connections alive by default", "https://github.com/node-modules/agentkeepalive#new-agentoptions")
			}
		case n.Kind == js.New && from == "undici" && undiciClients[name]:
			if off := optionOf(n, "pipelining", "0"); off != nil {
				m.connectionsClosed(off, "pipelining: 0 opens", "remove it, or set it to 1, which is its default", "https://undici.nodejs.org/#/docs/api/Client")
			}
		case n.Kind == js.Call && (from == "http" || from == "https") && (name == "get" || name == "request"):
			if off := optionOf(n, "agent", "false"); off != nil {
				m.connectionsClosed(off, "agent: false opens", "remove it, so that the request uses the global agent, which keeps connections alive since Node 19", agentDocs)
			}
		}
		if n.Kind == js.Call && requests(from, name, n) {
			if header := closingHeader(n); header != nil {
				m.connectionsClosed(header, "the header Connection: close opens", "remove the header", "https://www.rfc-editor.org/rfc/rfc9112#section-9.6")
			}
		}
	})
}

func (m *module) agentOff(at *js.Node, edits []Edit) {
	m.add(at, Advice{
		Diagnostic: analyzer.Diagnostic{
			Message: "an agent without keepAlive: true opens a new connection, including any TLS handshake, for every request",
			Hint:    "set keepAlive: true (only the global agents of Node 19 and later keep connections alive by default), or use the global agent",
		},
		Edits: edits, Source: agentDocs, BehaviourChanges: "connections stay open between invocations",
	})
}

func (m *module) connectionsClosed(at *js.Node, what, hint, source string) {
	m.add(at, Advice{
		Diagnostic: analyzer.Diagnostic{Message: what + " a new connection, including any TLS handshake, for every request", Hint: hint},
		Edits:      m.without(at, at.Name), Source: source, BehaviourChanges: "connections stay open between invocations",
	})
}

func agentClass(from, name string) bool {
	return (from == "http" || from == "https") && name == "Agent"
}

// undiciClients are the classes of undici that hold connections.
var undiciClients = map[string]bool{"Agent": true, "Pool": true, "Client": true, "BalancedPool": true, "RoundRobinPool": true, "ProxyAgent": true, "EnvHttpProxyAgent": true}

// agentTakers are libraries whose calls and classes take agents for the requests that they make.
var agentTakers = map[string]bool{
	"axios": true, "got": true, "node-fetch": true, "undici": true, "http": true, "https": true,
	"@smithy/node-http-handler": true, "@aws-sdk/node-http-handler": true, "aws-sdk": true,
}

// requests reports whether a call makes a request with the headers of its options.
func requests(from, name string, call *js.Node) bool {
	switch from {
	case "http", "https":
		return name == "get" || name == "request"
	case "axios", "got", "node-fetch":
		return true
	case "undici":
		return name == "fetch" || name == "request" || name == "stream"
	}
	return call.X.IsGlobal("fetch")
}

// optionOf is the property of an object among the arguments of a call that has a literal value,
// nil if there is none.
func optionOf(call *js.Node, name, value string) *js.Node {
	for _, options := range call.List {
		if options.Kind != js.Object {
			continue
		}
		for _, p := range options.List {
			if p.Kind == js.Property && p.Name == name && p.Y != nil && (p.Y.Kind == js.Literal || p.Y.Kind == js.Number) && p.Y.Name == value {
				return p
			}
		}
	}
	return nil
}

// closingHeader is the property that sends Connection: close, nil if there is none.
func closingHeader(call *js.Node) *js.Node {
	for _, options := range call.List {
		if options.Kind != js.Object {
			continue
		}
		headers := propertyOf(options, "headers")
		if headers == nil || headers.Kind != js.Object {
			continue
		}
		for _, p := range headers.List {
			if p.Kind == js.Property && strings.EqualFold(p.Name, "connection") && p.Y != nil && p.Y.Kind == js.String && strings.EqualFold(p.Y.Name, "close") {
				return p
			}
		}
	}
	return nil
}

// handedOver reports whether a new agent is one without keepAlive that is used for requests,
// and for nothing else: the code cannot change it later.
func handedOver(agent *js.Node) bool {
	if !withoutKeepAlive(agent) {
		return false
	}
	if forRequests(agent) {
		return true
	}
	d := agent.Parent
	if d == nil || d.Kind != js.Declare || d.X.Kind != js.Name || d.X.Scope == nil {
		return false
	}
	b := d.X.Scope.Find(d.X.Name)
	if b == nil || b.Exported || len(b.Writes) != 1 {
		return false
	}
	used := false
	for _, ref := range b.Refs {
		if ref == d.X {
			continue
		}
		if used = true; !forRequests(ref) {
			return false
		}
	}
	return used
}

// withoutKeepAlive reports whether the options of a new agent are all known, and keepAlive is
// not among them.
func withoutKeepAlive(agent *js.Node) bool {
	if len(agent.List) == 0 {
		return true
	}
	if len(agent.List) > 1 || agent.List[0].Kind != js.Object {
		return false
	}
	for _, p := range agent.List[0].List {
		if p.Kind != js.Property || p.X != nil || p.Name == "keepAlive" {
			return false
		}
	}
	return true
}

// forRequests reports whether an expression is an option of a request, or of something that
// makes requests, that takes an agent.
func forRequests(n *js.Node) bool {
	p := n.Parent
	if p == nil {
		return false
	}
	if p.Kind == js.Assign && p.Y == n { // axios.defaults.httpsAgent = agent
		from, name := exportOf(p.X)
		name = strings.TrimPrefix(name, "default.")
		return from == "axios" && (name == "defaults.httpAgent" || name == "defaults.httpsAgent")
	}
	if p.Kind != js.Property || p.Y != n || !agentOption(p.Name) {
		return false
	}
	for p != nil && (p.Kind == js.Property || p.Kind == js.Object) {
		p = p.Parent
	}
	if p == nil || p.Kind != js.Call && p.Kind != js.New {
		return false
	}
	from, _ := exportOf(p.X)
	return agentTakers[from] || strings.HasPrefix(from, "aws-sdk/clients/")
}

func agentOption(name string) bool {
	switch name {
	case "agent", "httpAgent", "httpsAgent", "http", "https":
		return true
	}
	return false
}

// withTrue sets a property to true.
func (m *module) withTrue(p *js.Node) []Edit {
	at := js.Place{Start: int(p.Y.Start), End: int(p.Y.End)}
	if m.text.Locate(&at); at.End <= at.Start || at.End > len(m.source) || string(m.source[at.Start:at.End]) != "false" {
		return nil
	}
	return []Edit{{at.Start, at.End, "true"}}
}

var noOptions = regexp.MustCompile(`\(\s*(?:\{\s*\})?\s*\)$`)

// withKeepAlive adds keepAlive: true to the options of a new agent.
func (m *module) withKeepAlive(agent *js.Node) []Edit {
	p := js.Place{Start: int(agent.Start), End: int(agent.End)}
	if m.text.Locate(&p); p.End <= p.Start || p.End > len(m.source) {
		return nil
	}
	text := string(m.source[p.Start:p.End])
	if found := noOptions.FindStringIndex(text); found != nil {
		return []Edit{{p.Start + found[0], p.End, "({ keepAlive: true })"}}
	}
	if open := strings.Index(text, "({ "); open > 0 && len(agent.List) == 1 && len(agent.List[0].List) > 0 {
		return []Edit{{p.Start + open + len("({"), p.Start + open + len("({"), " keepAlive: true,"}}
	}
	return nil
}
