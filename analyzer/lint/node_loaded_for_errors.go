package lint

import "github.com/featherpack/featherpack/analyzer/js"

// loadedForErrors finds packages and modules that are loaded at start and used only where
// something has failed. Package advise leaves out those that something else loads too, and
// small ones.
func (m *module) loadedForErrors() {
	m.loads(func(l loaded) {
		if m.onlyAfterFailure(l) {
			m.add(l.at, l.later("where something has failed", "", "failure"))
		}
	})
}

// onlyAfterFailure reports whether all uses run only after something has failed: in a catch
// clause, or in what .catch() is given, inside a function.
func (m *module) onlyAfterFailure(l loaded) bool {
	failure := func(of, p *js.Node) *js.Node {
		caught := p.Kind == js.Try && p.Y == of
		given := p.Kind == js.Call && p.X != of && p.X.Kind == js.Member && p.X.Name == "catch" && (isFunction(of) || of.Kind == js.Name || of.Kind == js.Member)
		if (caught || given) && nearest(p) != nil {
			return m.text.Top // one of them is as good as another
		}
		return nil
	}
	for _, use := range l.uses {
		if len(m.conditions(use, failure)) == 0 {
			return false
		}
	}
	return true
}
