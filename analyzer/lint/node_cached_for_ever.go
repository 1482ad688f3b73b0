package lint

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// cachedForEver finds values that their source rotates and that the function keeps
// without an end.
func (f *function) cachedForEver() {
	add := func(m *module, n *js.Node, fetched fetch) {
		m.add(n, Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: "keeps " + fetched.what + " for as long as the execution environment lives, although its source may rotate it",
				Hint:    "keep the time with it, and fetch it again after a few minutes or when it is refused",
			},
			Source:           "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html",
			BehaviourChanges: "it is fetched again from time to time",
		})
	}
	for _, path := range f.Paths {
		if m := f.module(path); m != nil {
			m.atLoad(func(n *js.Node) {
				if fetched, ok := m.fetched(n); ok && fetched.rotates && f.Handler != "" {
					add(m, n, fetched)
				}
			})
		}
	}
	for _, n := range f.invoked() {
		if n.Kind != js.Call {
			continue
		}
		fetched, ok := n.module.fetched(n.Node)
		if kept, expires := n.module.kept(n.Node, n.fn); ok && fetched.rotates && kept && !expires {
			add(n.module, n.Node, fetched)
		}
	}
}
