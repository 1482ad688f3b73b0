package lint

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// keepAliveOff finds HTTP agents and requests that open a connection for every request.
func (m *module) keepAliveOff() {
	m.each(func(n *js.Node) {
		if n.Kind != js.New && n.Kind != js.Call || len(n.List) == 0 {
			return
		}
		module, name := exportOf(n.X)
		name = strings.TrimPrefix(name, "default.")
		option := ""
		switch {
		case module != "http" && module != "https" && module != "agentkeepalive":
		case n.Kind == js.New && (name == "Agent" || name == "HttpsAgent"):
			option = "keepAlive"
		case n.Kind == js.Call && (name == "get" || name == "request"):
			option = "agent"
		}
		for _, options := range n.List {
			if option == "" || options.Kind != js.Object {
				continue
			}
			for _, p := range options.List {
				if p.Kind == js.Property && p.Name == option && p.Y != nil && p.Y.Kind == js.Literal && p.Y.Name == "false" {
					m.connectionsClosed(p, option)
				}
			}
		}
	})
}

func (m *module) connectionsClosed(at *js.Node, option string) {
	hint := "remove it (Node 19 and later keep connections alive by default), or set it to true"
	if option == "agent" {
		hint = "remove it, so that the request uses the global agent, which keeps connections alive since Node 19"
	}
	m.add(at, Advice{
		Diagnostic: analyzer.Diagnostic{
			Message: option + ": false opens a new connection, including any TLS handshake, for every request", Hint: hint,
		},
		Edits:  m.without(at, option),
		Source: "https://nodejs.org/api/http.html#new-agentoptions", BehaviourChanges: "connections stay open between invocations",
	})
}
