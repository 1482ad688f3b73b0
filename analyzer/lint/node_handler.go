package lint

import (
	"slices"
	"strings"
	"unicode"

	"github.com/featherpack/featherpack/analyzer/js"
)

// value is an expression, function or class in one of the function's modules.
type value struct {
	*js.Node
	module *module
}

// exported returns the values that the module assigns to an export, with ECMAScript
// or CommonJS syntax. It follows exports of other modules of the project.
func (m *module) exported(name string) []value { return m.exportedAt(name, 0) }

func (m *module) exportedAt(name string, depth int) (values []value) {
	if depth > maxNames {
		return nil
	}
	add := func(n *js.Node) { values = append(values, value{n, m}) }
	declared := func(local *js.Node) {
		if local.Scope == nil {
			return
		}
		if b := local.Scope.Find(local.Name); b != nil {
			values = append(values, m.valuesOf(b, depth+1)...)
		}
	}
	handedOn := func(specifier, name string) {
		if from := m.imported(specifier); from != nil {
			values = append(values, from.exportedAt(name, depth+1)...)
		}
	}
	var look func(n *js.Node)
	look = func(n *js.Node) {
		switch n.Kind {
		case js.Export:
			if n.Z != nil {
				for _, c := range n.List {
					if c.Name == name {
						handedOn(n.Z.Name, firstWord(m.text.Source[c.Start:n.Z.Start]))
					}
				}
				if n.Flags&js.All != 0 && len(n.List) == 0 && name != "default" {
					handedOn(n.Z.Name, name)
				}
				return
			}
			for _, c := range n.List {
				if c.Name == name && c.X != nil {
					declared(c.X)
				}
			}
			switch {
			case n.Y == nil:
			case n.Flags&js.Default != 0:
				if name == "default" {
					add(n.Y)
				}
			case n.Y.Kind == js.Var:
				for _, d := range n.Y.List {
					if d.X.Kind == js.Name && d.X.Name == name && d.Y != nil {
						add(d.Y)
					}
				}
			case (n.Y.Kind == js.Function || n.Y.Kind == js.Class) && n.Y.Name == name:
				add(n.Y)
			}
		case js.Assign:
			if exportsMember(n.X, name) {
				add(n.Y)
			}
			if isModuleExports(n.X) && n.Y.Kind == js.Object {
				if v := propertyOf(n.Y, name); v != nil {
					add(v)
				}
			}
		}
		n.Each(look)
	}
	look(m.text.Top)
	return values
}

// firstWord is the identifier that a text begins with.
func firstWord(text string) string {
	end := strings.IndexFunc(text, func(r rune) bool { return r != '_' && r != '$' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return text[:max(end, 0)]
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

// propertyOf returns the value of a property of an object literal or of a class, or its
// method; nil if there is none.
func propertyOf(n *js.Node, name string) *js.Node {
	for _, p := range n.List {
		if p.Kind == js.Property && p.Name == name && p.Y != nil {
			return p.Y
		}
	}
	return nil
}

// valuesOf returns the function or class that a name declares, the only value that is
// ever assigned to it, or what another module of the project exports under it.
func (m *module) valuesOf(b *js.Binding, depth int) []value {
	if depth > maxNames {
		return nil
	}
	if b.Function != nil {
		return []value{{b.Function, m}}
	}
	from, name := b.Imported, b.Member
	if from == "" {
		writes := slices.DeleteFunc(slices.Clone(b.Writes), decorated)
		if len(writes) != 1 || writes[0].From == nil || writes[0].Each {
			return nil
		}
		w := writes[0]
		if len(w.Keys) == 0 {
			return []value{{w.From, m}}
		}
		if from, name = required(w.From), w.Keys[0]; from == "" || len(w.Keys) != 1 {
			return nil
		}
	}
	if other := m.imported(from); other != nil && name != "*" {
		return other.exportedAt(name, depth+1)
	}
	return nil
}

// decorated matches what esbuild assigns to a class with decorators.
func decorated(w js.Write) bool {
	return w.From != nil && w.From.Kind == js.Call && w.From.X.Kind == js.Name && strings.HasPrefix(w.From.X.Name, "__decorate")
}

// values returns what an expression may be: that of a name, or itself.
func (m *module) values(n *js.Node) []value {
	if n.Kind == js.Name && n.Scope != nil {
		if b := n.Scope.Find(n.Name); b != nil {
			return m.valuesOf(b, 0)
		}
		return nil
	}
	return []value{{n, m}}
}
