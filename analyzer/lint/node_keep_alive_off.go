package lint

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// keepAliveOff finds HTTP agents that are told to open a connection for every
// request.
func (m *module) keepAliveOff() {
	m.each(func(n *js.Node) {
		if n.Kind != js.New || len(n.List) == 0 || n.List[0].Kind != js.Object {
			return
		}
		module, name := m.made(n.X, 0)
		if module != "http" && module != "https" && module != "agentkeepalive" || name != "Agent" && name != "HttpsAgent" {
			return
		}
		for _, p := range n.List[0].List {
			if p.Kind == js.Property && p.Name == "keepAlive" && p.Y != nil && p.Y.Kind == js.Literal && p.Y.Name == "false" {
				m.add(p, Advice{
					Diagnostic: analyzer.Diagnostic{
						Message: "keepAlive: false makes every request open a connection, TLS included",
						Hint:    "leave it out where Node's version keeps connections alive by default (19 and later), or set it to true",
					},
					Source: "https://nodejs.org/api/http.html#new-agentoptions", BehaviourChanges: "connections stay open between calls",
				})
			}
		}
	})
}
