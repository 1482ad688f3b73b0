package lint

import (
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// proxyAgents are the classes of agents that go through a proxy, by module and export, with the
// index of the argument that has their options.
var proxyAgents = map[string]int{
	"https-proxy-agent HttpsProxyAgent": 1, "https-proxy-agent default": 1, "https-proxy-agent *": 1,
	"http-proxy-agent HttpProxyAgent": 1, "http-proxy-agent default": 1, "http-proxy-agent *": 1,
	"hpagent HttpsProxyAgent": 0, "hpagent HttpProxyAgent": 0,
}

// firstKeeping is the first major version of https-proxy-agent and http-proxy-agent whose agents
// keep connections when they are asked to. Those before set shouldKeepAlive = false for each request
// (github.com/TooTallNate/node-agent-base/blob/6.0.2/src/index.ts).
const firstKeeping = 6

// proxyAgentsOff finds agents for proxies that are used for requests and keep no connection.
func (f *function) proxyAgentsOff() {
	for _, path := range f.Paths {
		m := f.module(path)
		if m == nil {
			continue
		}
		m.each(func(n *js.Node) {
			if name, never, off := m.proxyAgent(n); off && nearest(n) == nil && m.onlyForRequests(n) {
				m.proxyAgentOff(n, name, never)
			}
		})
	}
}

// proxyAgent reports whether an expression makes an agent for a proxy that keeps no connection.
// never is the version of a package that cannot keep them, "" for one that can.
func (m *module) proxyAgent(n *js.Node) (name, never string, off bool) {
	if n.Kind != js.New {
		return "", "", false
	}
	from, export := exportOf(n.X)
	index, known := proxyAgents[from+" "+export]
	if !known {
		if index, known = proxyAgents[from+" "+strings.TrimPrefix(export, "default.")]; !known {
			return "", "", false
		}
	}
	if from != "hpagent" {
		version := m.function.versionOf(from)
		number, err := strconv.Atoi(major(version))
		if err != nil {
			return "", "", false
		}
		if number < firstKeeping {
			return from, version, true
		}
	}
	if len(n.List) > index+1 || len(n.List) > 0 && n.List[0].Kind == js.Spread {
		return "", "", false
	}
	if len(n.List) <= index {
		return from, "", true
	}
	return from, "", optionOf(n, "keepAlive", "false") != nil || hasNone(n.List[index], "keepAlive")
}

func (m *module) proxyAgentOff(n *js.Node, name, never string) {
	message, hint := "an agent of "+name+" without keepAlive: true opens", "set keepAlive: true in its options"
	if never != "" {
		message, hint = name+" "+never+" opens", "use "+name+" 7 with keepAlive: true in the second argument"
	}
	m.add(n, Advice{
		Diagnostic: analyzer.Diagnostic{
			Message: message + " a new connection to the proxy, and a tunnel with a TLS handshake for https, for every request", Hint: hint,
		},
		Source: "https://github.com/TooTallNate/proxy-agents/tree/main/packages/https-proxy-agent", BehaviourChanges: "connections stay open between invocations",
	})
}

// versionOf is the version of a package in the bundle, "" if there is none or if there are several.
func (f *function) versionOf(name string) (version string) {
	for _, in := range f.reached() {
		if in.Package != name || in.Version == version {
			continue
		}
		if version != "" {
			return ""
		}
		version = in.Version
	}
	return version
}
