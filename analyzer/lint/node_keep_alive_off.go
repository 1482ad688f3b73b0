package lint

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// keepAliveOff finds HTTP agents that open a connection for every request.
func (m *module) keepAliveOff() {
	m.each(func(n *js.Node) {
		if n.Kind != js.New || len(n.List) == 0 || n.List[0].Kind != js.Object {
			return
		}
		module, name := m.exportOf(n.X, 0)
		if module != "http" && module != "https" && module != "agentkeepalive" || name != "Agent" && name != "HttpsAgent" {
			return
		}
		for _, p := range n.List[0].List {
			if p.Kind == js.Property && p.Name == "keepAlive" && p.Y != nil && p.Y.Kind == js.Literal && p.Y.Name == "false" {
				m.add(p, Advice{
					Diagnostic: analyzer.Diagnostic{
						Message: "keepAlive: false opens a new connection, including any TLS handshake, for every request",
						Hint:    "remove it (Node 19 and later keep connections alive by default), or set it to true",
					},
					Source: "https://nodejs.org/api/http.html#new-agentoptions", BehaviourChanges: "connections stay open between invocations",
				})
			}
		}
	})
}
