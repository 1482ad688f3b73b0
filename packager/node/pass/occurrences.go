package pass

import "github.com/featherpack/featherpack/analyzer/js"

// occurrences are all places that name a variable, which is not a parameter.
type occurrences struct {
	// names are those in the tree, with the parents of all nodes around them.
	names  []*js.Node
	writes int // of values
	// declaredAs means that a function or a class is declared by the name. function is that
	// where it is a function.
	declaredAs bool
	function   *js.Node
}

// occurrencesOf are those of the variable of a name, nil where they are not all known. Passes ask
// for few variables: [js.Tree.Bind], which collects those of all, took 3% of a build.
func (b *bundle) occurrencesOf(name *js.Node) *occurrences {
	binding := name.Scope.Find(name.Name)
	if binding == nil {
		return nil
	}
	r := b.references()
	if v := &r.variables[binding.ID]; v.fixed || v.param || r.asWritten[v.name] {
		return nil
	}
	var found occurrences
	var at places
	for _, ref := range r.list {
		if ref.variable == binding.ID {
			at = append(at, ref.start)
			if ref.use == written || ref.use == initialised {
				found.writes++
			}
		}
	}
	own := 0 // of functions and classes
	at.around(b.Tree.Top, func(n *js.Node) {
		switch n.Kind {
		case js.Name:
			if n.Name == binding.Name && n.Scope != nil && n.Scope.Find(n.Name) == binding {
				found.names = append(found.names, n)
			}
		case js.Function, js.Class:
			if n.Name == binding.Name && n.Scope.Find(n.Name) == binding {
				own++
				found.declaredAs = true
				if n.Kind == js.Function && found.function == nil {
					found.function = n
				}
			}
		}
	})
	if len(found.names)+own != len(at) {
		return nil
	}
	return &found
}
