package lint

import (
	"fmt"
	"slices"

	"github.com/featherpack/featherpack/analyzer/js"
)

// loaded is something that a module loads at its start for the names that it takes of it.
type loaded struct {
	at, statement *js.Node
	specifier     string
	// pkg is the package, path the module of the project. One of them is "".
	pkg, path string
	// uses are the places where the code uses it. There is at least one.
	uses []*js.Node
}

// loads calls f for the packages and the modules of the project that a module loads at its
// start, where all that it does with them is known.
func (m *module) loads(f func(loaded)) {
	m.imports(func(at *js.Node, specifier string, statement *js.Node) {
		l := loaded{at: at, statement: statement, specifier: specifier, pkg: js.PackageName(specifier)}
		if l.pkg == "" {
			l.path = m.Modules.Resolve(m.path, specifier)
		}
		if l.pkg == "" && (l.path == "" || m.function.module(l.path) == nil) || js.Builtin(specifier) || nearest(at) != nil {
			return
		}
		for _, local := range locals(at, statement) {
			b := local.Scope.Find(local.Name)
			if b == nil {
				return
			}
			for _, ref := range b.Refs {
				if ref != local {
					l.uses = append(l.uses, ref)
				}
			}
		}
		if len(l.uses) > 0 && !slices.ContainsFunc(l.uses, makesClient) {
			f(l)
		}
	})
}

// makesClient reports whether a use creates a client that is to be created once, at start.
func makesClient(use *js.Node) bool {
	p := use.Parent
	for of := use; p != nil && p.Kind == js.Member && p.X == of; p = p.Parent {
		of = p
	}
	switch {
	case p == nil || p.Kind != js.Call && p.Kind != js.New || !isIn(use, p.X):
		return false
	case p.Kind == js.New:
		return constructed(exportOf(p.X)) != ""
	}
	return made(p) != ""
}

// later is the advice to load something where it is used. when is a clause.
func (l loaded) later(message, hint, first string) Advice {
	how := fmt.Sprintf("load it there: await import(%q)", l.specifier)
	if l.statement == nil {
		how = fmt.Sprintf("load it there: require(%q)", l.specifier)
	}
	a := Advice{Package: l.pkg, Target: l.path, OneImport: true, Source: bestPractices}
	a.Message = l.specifier + " is loaded in every cold start, and used only " + message
	a.Hint = how + hint + "; below 1,769 MB a handler has less than one CPU, so it loads more slowly there than at start"
	a.BehaviourChanges = "the first " + first + " waits for it to load, and is where it fails to load"
	return a
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

// maxHelpers bounds how many functions are followed to their callers.
const maxHelpers = 5

// conditions are the nodes that is returns on the way from code to the top of its module. Code
// in a function of the module has the conditions that all uses of the function have.
func (m *module) conditions(n *js.Node, is func(of, p *js.Node) *js.Node) []*js.Node {
	return m.conditionsAt(n, is, 0)
}

func (m *module) conditionsAt(n *js.Node, is func(of, p *js.Node) *js.Node, depth int) (found []*js.Node) {
	for of, p := n, n.Parent; p != nil; of, p = p, p.Parent {
		if c := is(of, p); c != nil {
			found = append(found, c)
		}
		b := m.declared(of)
		if b == nil || b.Exported || depth > maxHelpers {
			continue
		}
		var all [][]*js.Node
		for _, ref := range b.Refs {
			if !ref.IsTarget() && (ref.Start < of.Start || ref.End > of.End) {
				all = append(all, m.conditionsAt(ref, is, depth+1))
			}
		}
		found = append(found, common(all)...)
	}
	return found
}

// declared is the name of the module that declares a function, nil if there is none.
func (m *module) declared(fn *js.Node) *js.Binding {
	if !isFunction(fn) {
		return nil
	}
	name := fn.Name
	if d := fn.Parent; d.Kind == js.Declare && d.X.Kind == js.Name {
		name = d.X.Name
	}
	b := m.text.Scope.Own(name)
	if b == nil || b.Function != fn && (len(b.Writes) != 1 || b.Writes[0].From != fn || len(b.Writes[0].Keys) > 0) {
		return nil
	}
	return b
}

// common are the nodes that all lists have, in the order of the first.
func common(lists [][]*js.Node) []*js.Node {
	if len(lists) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(lists[0]), func(n *js.Node) bool {
		return slices.ContainsFunc(lists[1:], func(other []*js.Node) bool { return !slices.Contains(other, n) })
	})
}
