package lint

import (
	"regexp"
	"slices"
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
		switch n.Kind {
		case js.New:
			m.agentMade(n)
			m.agentSettings(n)
		case js.Call:
			m.requestMade(n)
			m.agentSettings(n)
		case js.Assign:
			m.connectionsSet(n)
		}
	})
}

// agentMade looks at a new agent.
func (m *module) agentMade(n *js.Node) {
	from, name := exportOf(n.X)
	name = strings.TrimPrefix(name, "default.")
	switch {
	case agentClass(from, name):
		if off := optionOf(n, "keepAlive", "false"); off != nil {
			m.agentOff(off, m.withTrue(off))
		} else if nearest(n) == nil && m.handedOver(n) {
			m.agentOff(n, m.withKeepAlive(n))
		}
	case from == "agentkeepalive":
		if off := optionOf(n, "keepAlive", "false"); off != nil {
			m.connectionsClosed(off, "keepAlive: false opens", "remove it: these agents keep connections alive by default", "https://github.com/node-modules/agentkeepalive#new-agentoptions")
		}
	case from == "undici" && undiciClients[name]:
		const docs = "https://undici.nodejs.org/#/docs/api/Client"
		if off := optionOf(n, "pipelining", "0"); off != nil {
			m.connectionsClosed(off, "pipelining: 0 opens", "remove it, or set it to 1, which is its default", docs)
		}
		for _, short := range []string{"0", "1", "10"} {
			if off := optionOf(n, "keepAliveTimeout", short); off != nil {
				m.connectionsClosed(off, "keepAliveTimeout: "+short+" (milliseconds) opens", "remove it: its default is four seconds", docs)
			}
		}
	}
}

// requestMade looks at a call that may make a request.
func (m *module) requestMade(n *js.Node) {
	from, name := m.clientOf(n.X, 0)
	name = strings.TrimPrefix(name, "default.")
	if (from == "http" || from == "https") && (name == "get" || name == "request") {
		if off := optionOf(n, "agent", "false"); off != nil {
			m.connectionsClosed(off, "agent: false opens", "remove it, so that the request uses the global agent, which keeps connections alive since Node 19", agentDocs)
		}
	}
	if from == "undici" && (name == "request" || name == "stream" || name == "pipeline") {
		if off := optionOf(n, "reset", "true"); off != nil {
			m.connectionsClosed(off, "reset: true opens", "remove it", "https://undici.nodejs.org/#/docs/api/Dispatcher")
		}
	}
	if requests(from, name, n) {
		if header := closingHeader(n, from); header != nil {
			m.connectionsClosed(header, closingText, "remove the header", closingDocs)
		}
	}
}

const (
	closingText = "the header Connection: close opens"
	closingDocs = "https://www.rfc-editor.org/rfc/rfc9112#section-9.6"
)

// connectionsSet looks at an assignment that may set how all requests of a client, or of Node,
// are made.
func (m *module) connectionsSet(n *js.Node) {
	if n.X.Kind != js.Member && n.X.Kind != js.Index {
		return
	}
	last := n.X.Name
	if n.X.Kind == js.Index {
		if last = ""; n.X.Y.IsPlainString() {
			last = n.X.Y.Name
		}
	}
	from, name := m.clientOf(n.X.X, 0)
	name = strings.TrimPrefix(name, "default.")
	switch {
	case (from == "http" || from == "https") && name == "globalAgent" && last == "keepAlive" && n.Y.Kind == js.Literal && n.Y.Name == "false":
		m.connectionsClosed(n, "keepAlive = false of the global agent opens", "remove the line: the global agents keep connections alive since Node 19", agentDocs)
	case from == "axios" && strings.EqualFold(last, "connection") && n.Y.IsPlainString() && strings.EqualFold(n.Y.Name, "close"):
		if at := strings.TrimPrefix(name, "defaults.headers"); at != name && (at == "" || axiosMethods[at[1:]]) {
			m.connectionsClosed(n, closingText, "remove the header", closingDocs)
		}
	}
}

// agentSettings looks at the settings of agents that a client makes by itself.
func (m *module) agentSettings(n *js.Node) {
	from, _ := exportOf(n.X)
	if !strings.HasPrefix(from, "@aws-sdk/client-") && !makesAgents[from] || len(n.List) == 0 || n.List[0].Kind != js.Object {
		return
	}
	options := n.List[0]
	if handler := propertyOf(options, "requestHandler"); handler != nil && handler.Kind == js.Object {
		options = handler
	}
	for _, name := range []string{"agent", "httpAgent", "httpsAgent"} {
		settings := propertyOf(options, name)
		if settings == nil || settings.Kind != js.Object {
			continue
		}
		for _, p := range settings.List {
			if p.Kind == js.Property && p.Name == "keepAlive" && p.Y != nil && p.Y.Kind == js.Literal && p.Y.Name == "false" {
				m.connectionsClosed(p, "keepAlive: false opens", "remove it: this client keeps connections alive by default", agentDocs)
			}
		}
	}
}

// makesAgents are libraries that make agents from plain settings, with keepAlive if these do not
// turn it off.
var makesAgents = map[string]bool{
	"@smithy/node-http-handler": true, "@aws-sdk/node-http-handler": true, "@elastic/elasticsearch": true, "@opensearch-project/opensearch": true,
}

// clientOf is exportOf for an expression that may also be a client with settings of its own, such
// as axios.create(...), or a member of one: it is taken for the library's own export.
func (m *module) clientOf(n *js.Node, depth int) (from, name string) {
	if from, name = exportOf(n); from != "" || depth > maxNames {
		return from, name
	}
	switch n.Kind {
	case js.Call:
		if from, name = m.clientOf(n.X, depth+1); instanceMakers[from+" "+strings.TrimPrefix(name, "default.")] {
			return from, "*"
		}
	case js.Member:
		if from, name = m.clientOf(n.X, depth+1); name == "*" {
			return from, n.Name
		} else if from != "" {
			return from, name + "." + n.Name
		}
	case js.Name:
		for _, v := range m.values(n) {
			if v.Kind == js.Call && v.Node != n {
				if from, name = v.module.clientOf(v.Node, depth+1); name == "*" {
					return from, name
				}
			}
		}
	}
	return "", ""
}

// instanceMakers are the functions, by module and export, that make a client with settings of
// its own.
var instanceMakers = map[string]bool{"axios create": true, "got extend": true, "got got.extend": true}

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
		return name != "interceptors.request.use" && name != "interceptors.response.use"
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

// axiosMethods are the parts of axios's headers: those of all requests, and those of a method.
var axiosMethods = map[string]bool{"common": true, "get": true, "delete": true, "head": true, "post": true, "put": true, "patch": true}

// closingHeader is the property that sends Connection: close, nil if there is none. from is the
// library of the call.
func closingHeader(call *js.Node, from string) *js.Node {
	for _, options := range call.List {
		if options.Kind != js.Object {
			continue
		}
		headers := propertyOf(options, "headers")
		if headers == nil || headers.Kind != js.Object {
			continue
		}
		all := headers.List
		for _, p := range headers.List {
			if from == "axios" && p.Kind == js.Property && axiosMethods[p.Name] && p.Y != nil && p.Y.Kind == js.Object {
				all = slices.Concat(all, p.Y.List)
			}
		}
		for _, p := range all {
			if p.Kind == js.Property && strings.EqualFold(p.Name, "connection") && p.Y != nil && p.Y.Kind == js.String && strings.EqualFold(p.Y.Name, "close") {
				return p
			}
		}
	}
	return nil
}

// handedOver reports whether a new agent is one without keepAlive that is used for requests,
// and for nothing else: the code cannot change it later.
func (m *module) handedOver(agent *js.Node) bool {
	return withoutKeepAlive(agent) && m.onlyForRequests(agent)
}

// onlyForRequests reports whether a new agent is used for requests, and for nothing else.
func (m *module) onlyForRequests(agent *js.Node) bool {
	if m.forRequests(agent) {
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
		if used = true; !m.forRequests(ref) {
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
// makes requests, that takes an agent, or takes the place of Node's own agent.
func (m *module) forRequests(n *js.Node) bool {
	p := n.Parent
	if p == nil {
		return false
	}
	if p.Kind == js.Assign && p.Y == n && p.X.Kind == js.Member { // axios.defaults.httpsAgent = agent, https.globalAgent = agent
		from, name := m.clientOf(p.X, 0)
		switch name = strings.TrimPrefix(name, "default."); from {
		case "axios":
			return name == "defaults.httpAgent" || name == "defaults.httpsAgent"
		case "http", "https":
			return name == "globalAgent"
		}
		return false
	}
	if p.Kind == js.Call && p.X != n && len(p.List) == 1 && p.X.Kind == js.Member && p.X.Name == "agent" {
		return chainOf(p.X.X) == "superagent" // superagent.get(url).agent(agent)
	}
	if p.Kind == js.Arrow && p.X == n && p.Parent != nil { // agent: () => agent of node-fetch
		p = p.Parent
	} else if p.Kind == js.Property && p.Y != n {
		return false
	}
	if p.Kind != js.Property || !agentOption(p.Name) {
		return false
	}
	for p != nil && (p.Kind == js.Property || p.Kind == js.Object) {
		p = p.Parent
	}
	if p == nil || p.Kind != js.Call && p.Kind != js.New {
		return false
	}
	from, _ := m.clientOf(p.X, 0)
	return agentTakers[from] || strings.HasPrefix(from, "aws-sdk/clients/") || strings.HasPrefix(from, "@aws-sdk/client-")
}

// chainOf is the module whose export a chain of calls such as a.get(x).set(y) begins with.
func chainOf(n *js.Node) string {
	for n != nil {
		if from, _ := exportOf(n); from != "" {
			return from
		}
		if n.Kind != js.Call && n.Kind != js.Member {
			return ""
		}
		n = n.X
	}
	return ""
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
