package lint

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// reuseVariable makes the AWS SDK v2 keep connections alive if it is 1. The agents of its own
// do not by themselves, on any version of Node.
// Source: github.com/aws/aws-sdk-js/blob/v2.1692.0/lib/http/node.js
const reuseVariable = "AWS_NODEJS_CONNECTION_REUSE_ENABLED"

// keepAliveByDefault finds libraries that keep no connection alive unless they are asked to.
func (f *function) keepAliveByDefault() {
	if f.ReuseUnset && !f.setsAgents() {
		f.sdkV2Closes()
	}
	if version := f.closingNodeFetch(); version != "" && f.Node >= 19 {
		f.nodeFetchCloses(version)
	}
	f.proxyAgentsOff()
}

// sdkV2Closes reports the first client of the AWS SDK v2.
func (f *function) sdkV2Closes() {
	for _, path := range f.Paths {
		m := f.module(path)
		if m == nil {
			continue
		}
		for _, n := range m.nodes {
			if n.Kind != js.New {
				continue
			}
			from, name := exportOf(n.X)
			if from != "aws-sdk" && !strings.HasPrefix(from, "aws-sdk/clients/") || constructed(from, name) == "" {
				continue
			}
			m.add(n, Advice{
				Diagnostic: analyzer.Diagnostic{
					Message: "the AWS SDK v2 opens a new connection, including the TLS handshake, for every request, since " + reuseVariable + " is not set",
					Hint:    "set it to 1 in the function's environment; version 3 of the SDK needs no setting",
				},
				Config:           reuseVariable + `: "1"`,
				Source:           "https://docs.aws.amazon.com/sdk-for-javascript/v2/developer-guide/node-reusing-connections.html",
				BehaviourChanges: "connections stay open between invocations",
			})
			return
		}
	}
}

// setsAgents reports whether any of the function's own modules sets how connections are kept, or
// the variable itself.
func (f *function) setsAgents() (found bool) {
	for _, path := range f.Paths {
		if m := f.module(path); m != nil {
			m.each(func(n *js.Node) {
				switch n.Name {
				case reuseVariable, "keepAlive", "httpOptions", "agentkeepalive":
					found = true
				}
			})
		}
	}
	return found
}

// closingNodeFetch is the version of the bundle's node-fetch if it sends Connection: close with
// each request that has no agent, "" if it does not or if there are several.
// Source: github.com/node-fetch/node-fetch/blob/v3.3.1/src/request.js
func (f *function) closingNodeFetch() (version string) {
	version = f.versionOf("node-fetch")
	switch major(version) {
	case "2":
		if compareVersions(version, "2.6.13") < 0 {
			return version
		}
	case "3":
		if compareVersions(version, "3.3.2") < 0 {
			return version
		}
	}
	return ""
}

// nodeFetchCloses reports the first request of each module that has neither an agent nor a header
// Connection.
func (f *function) nodeFetchCloses(version string) {
	for _, path := range f.Paths {
		m := f.module(path)
		if m == nil {
			continue
		}
		for _, n := range m.nodes {
			if n.Kind != js.Call {
				continue
			}
			if from, name := exportOf(n.X); from != "node-fetch" || name != "default" && name != "*" || !withoutAgent(n) {
				continue
			}
			m.add(n, Advice{
				Diagnostic: analyzer.Diagnostic{
					Message: "node-fetch " + version + " asks the server to close the connection after each request that has no agent: the next one opens a new connection, including any TLS handshake",
					Hint:    "use Node's own fetch, or node-fetch 2.7.0, 3.3.2 or later",
				},
				Source: "https://github.com/node-fetch/node-fetch/releases/tag/v3.3.2", BehaviourChanges: "connections stay open between invocations",
			})
			break
		}
	}
}

// withoutAgent reports whether the options of a request are all known, and neither an agent nor a
// header Connection is among them.
func withoutAgent(call *js.Node) bool {
	if len(call.List) == 0 || len(call.List) > 2 || call.List[0].Kind == js.Spread {
		return false
	}
	if len(call.List) == 1 {
		return call.List[0].IsPlainString()
	}
	return hasNone(call.List[1], "agent") && (propertyOf(call.List[1], "headers") == nil || hasNone(propertyOf(call.List[1], "headers"), "connection"))
}

// hasNone reports whether all properties of an object are known, and none has the name in any case.
func hasNone(object *js.Node, name string) bool {
	if object.Kind != js.Object {
		return false
	}
	for _, p := range object.List {
		if p.Kind != js.Property || p.X != nil || strings.EqualFold(p.Name, name) {
			return false
		}
	}
	return true
}
