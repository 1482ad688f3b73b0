package lint

import "github.com/featherpack/featherpack/analyzer/js"

// exported returns the values that the module assigns to an export, with ECMAScript
// or CommonJS syntax.
func (m *module) exported(name string) (values []*js.Node) {
	declared := func(local *js.Node) {
		if local.Scope == nil {
			return
		}
		if b := local.Scope.Find(local.Name); b != nil {
			values = append(values, valuesOf(b)...)
		}
	}
	var look func(n *js.Node)
	look = func(n *js.Node) {
		switch n.Kind {
		case js.Export:
			for _, c := range n.List {
				if c.Name == name && c.X != nil && n.Z == nil {
					declared(c.X)
				}
			}
			switch {
			case n.Y == nil:
			case n.Flags&js.Default != 0:
				if name == "default" {
					values = append(values, n.Y)
				}
			case n.Y.Kind == js.Var:
				for _, d := range n.Y.List {
					if d.X.Kind == js.Name && d.X.Name == name && d.Y != nil {
						values = append(values, d.Y)
					}
				}
			case (n.Y.Kind == js.Function || n.Y.Kind == js.Class) && n.Y.Name == name:
				values = append(values, n.Y)
			}
		case js.Assign:
			if exportsMember(n.X, name) {
				values = append(values, n.Y)
			}
			if isModuleExports(n.X) && n.Y.Kind == js.Object {
				for _, p := range n.Y.List {
					if p.Kind == js.Property && p.Name == name && p.Y != nil {
						values = append(values, p.Y)
					}
				}
			}
		}
		n.Each(look)
	}
	look(m.text.Top)
	return values
}

// exportsMember matches exports.NAME and module.exports.NAME.
func exportsMember(n *js.Node, name string) bool {
	if n.Kind != js.Member || n.Name != name {
		return false
	}
	return n.X.IsGlobal("exports") || isModuleExports(n.X)
}

func isModuleExports(n *js.Node) bool {
	return n.Kind == js.Member && n.Name == "exports" && n.X.IsGlobal("module")
}

// valuesOf returns the function that a name declares, or the only value that is
// ever assigned to it.
func valuesOf(b *js.Binding) []*js.Node {
	if b.Function != nil {
		return []*js.Node{b.Function}
	}
	if len(b.Writes) == 1 && b.Writes[0].From != nil && len(b.Writes[0].Keys) == 0 && !b.Writes[0].Each {
		return []*js.Node{b.Writes[0].From}
	}
	return nil
}
