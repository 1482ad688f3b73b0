package pass

import (
	"maps"

	"github.com/featherpack/featherpack/analyzer/js"
)

// keepParameters gives the parameters of some sources' functions the names that they
// have there: code reads them, from the text of the function. Parameters are variables
// of their function: under another name that nothing else there has, it does the same.
func keepParameters(c *bundle) []js.Edit {
	if c.Parameters == nil {
		return nil
	}
	p := parameters{bundle: c}
	c.Tree.Bind()
	c.Tree.Top.Each(p.look)
	return p.edits
}

type parameters struct {
	*bundle
	edits []js.Edit
}

func (p *parameters) look(n *js.Node) {
	if (n.Kind == js.Function || n.Kind == js.Arrow) && len(n.List) > 0 && p.Parameters(p.Origins.Source(int(n.Start))) {
		p.function(n)
	}
	n.Each(p.look)
}

// function renames the parameters of a function.
func (p *parameters) function(f *js.Node) {
	renamed := map[*js.Binding]string{}
	for _, param := range f.List {
		if param.Kind == js.Assign || param.Kind == js.Spread {
			param = param.X
		}
		if param.Kind != js.Name {
			continue
		}
		name := p.Origins.Name(int(param.Start))
		if b := f.Scope.Own(param.Name); b != nil && identifier.MatchString(name) && name != param.Name {
			renamed[b] = name
		}
	}
	for b, name := range renamed {
		if !free(f, b, name, renamed) {
			delete(renamed, b)
		}
	}
	if len(renamed) == 0 {
		return
	}
	maps.Copy(p.named, renamed)
	var rename func(*js.Node)
	rename = func(n *js.Node) {
		if n.Kind == js.Name && n.Scope != nil {
			if name := renamed[n.Scope.Find(n.Name)]; name != "" {
				if n.Parent.Kind == js.Property && n.Parent.Flags&js.Shorthand != 0 ||
					n.Parent.Kind == js.Assign && n.Parent.Parent.Kind == js.Property && n.Parent.Parent.Flags&js.Shorthand != 0 && n.Parent.X == n {
					name = n.Name + ":" + name
				}
				p.edits = append(p.edits, js.Edit{Start: int(n.Start), End: int(n.End), Text: name})
			}
		}
		n.Each(rename)
	}
	f.Each(rename)
}

// free reports whether a parameter can have a name: nothing in the function means
// something else by it.
func free(f *js.Node, of *js.Binding, name string, renamed map[*js.Binding]string) bool {
	ok := true
	var look func(*js.Node)
	look = func(n *js.Node) {
		if n.Kind == js.Name && n.Scope != nil {
			b := n.Scope.Find(n.Name)
			if n.Name == name && renamed[b] == "" {
				ok = ok && declaredInside(n, f)
			}
			if b == of {
				for s := n.Scope; s != nil && s != f.Scope; s = s.Parent {
					ok = ok && s.Own(name) == nil
				}
			}
		}
		n.Each(look)
	}
	f.Each(look)
	return ok && (f.Scope.Own(name) == nil || renamed[f.Scope.Own(name)] != "")
}

// declaredInside reports whether a name is declared in a scope inside of a function,
// and not in the function's own or outside of it.
func declaredInside(n, f *js.Node) bool {
	for s := n.Scope; s != nil && s != f.Scope; s = s.Parent {
		if s.Own(n.Name) != nil {
			return true
		}
	}
	return false
}
