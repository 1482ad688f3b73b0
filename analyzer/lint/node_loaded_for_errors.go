package lint

import (
	"fmt"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// loadedForErrors finds packages that are loaded at start and used only where something has
// failed. Package advise leaves out those that something else loads too, and small ones.
func (m *module) loadedForErrors() {
	m.imports(func(at *js.Node, specifier string, statement *js.Node) {
		name := js.PackageName(specifier)
		if name == "" || js.Builtin(specifier) || nearest(at) != nil {
			return
		}
		used := false
		for _, local := range locals(at, statement) {
			b := local.Scope.Find(local.Name)
			if b == nil {
				return
			}
			for _, ref := range b.Refs {
				if ref == local {
					continue
				}
				if used = true; !afterFailure(ref) {
					return
				}
			}
		}
		if !used {
			return
		}
		how := fmt.Sprintf("load it there: await import(%q)", specifier)
		if statement == nil {
			how = fmt.Sprintf("load it there: require(%q)", specifier)
		}
		m.add(at, Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: specifier + " is loaded in every cold start, and used only where something has failed",
				Hint:    how + "; below 1,769 MB a handler has less than one CPU, so it loads more slowly there than at start",
			},
			Package: name, OneImport: true, Source: bestPractices,
			BehaviourChanges: "the first failure waits for it to load, and is where it fails to load",
		})
	})
}

// locals are the names that an import or a require at the top of a module declares, nil if
// they are not all known.
func locals(at, statement *js.Node) (names []*js.Node) {
	if statement != nil {
		for _, clause := range statement.List {
			if clause.X == nil || clause.X.Scope == nil {
				return nil
			}
			names = append(names, clause.X)
		}
		return names
	}
	d := at.Parent.Parent
	if d == nil || d.Kind != js.Declare || d.Y != at.Parent || d.Parent == nil || d.Parent.Name != "const" {
		return nil
	}
	known := true
	var down func(*js.Node)
	down = func(n *js.Node) {
		if n.Kind == js.Name && n.IsTarget() {
			known = known && n.Scope != nil
			names = append(names, n)
		}
		n.Each(down)
	}
	down(d.X)
	if !known {
		return nil
	}
	return names
}

// afterFailure reports whether code runs only after something has failed: in a catch clause,
// or in what .catch() is given, inside a function.
func afterFailure(n *js.Node) bool {
	if nearest(n) == nil {
		return false
	}
	for of, p := n, n.Parent; p != nil; of, p = p, p.Parent {
		switch {
		case p.Kind == js.Try && p.Y == of:
			return nearest(p) != nil
		case p.Kind == js.Call && p.X != of && p.X.Kind == js.Member && p.X.Name == "catch" && isFunction(of):
			return nearest(p) != nil
		}
	}
	return false
}
