package onload

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// maxAdded bounds the modules that one import() may add to those that are loaded.
const maxAdded = 60

// loaded is what a module has loaded when it starts to run.
type loaded struct {
	importer string
	files    map[string]bool
	builtins map[string]bool
	// unclear means that the importer imports itself in a circle, so that it may run
	// before what it imports, or that there are too many modules.
	unclear bool
}

// loadedBy follows the static imports of a module.
func loadedBy(v View, importer string) loaded {
	l := loaded{importer: importer, files: map[string]bool{}, builtins: map[string]bool{}}
	queue := []string{importer}
	for i := 0; i < len(queue) && !l.unclear; i++ {
		o := v.Outline(queue[i])
		if o == nil {
			continue
		}
		for _, specifier := range o.Requests {
			if js.Builtin(specifier) {
				l.builtins[strings.TrimPrefix(specifier, "node:")] = true
				continue
			}
			to := v.Resolve(queue[i], specifier)
			if to != "" && !l.files[to] {
				l.files[to] = true
				queue = append(queue, to)
			}
		}
		l.unclear = l.files[importer] || len(queue) > maxFollowed
	}
	return l
}

// onlyDeclares reports whether a file, and all that it imports and that is not loaded yet,
// only declares things: no code of it can be observed to run, fail, or read what may
// change later. Such modules do the same whenever they are loaded. past are all files that
// this depends on.
func (l *loaded) onlyDeclares(v View, file string) (past []string, ok bool) {
	if l.unclear || file == l.importer {
		return nil, false
	}
	if !l.files[file] {
		added := adding{loaded: l, view: v, state: map[string]int{}}
		if !added.visit(file) {
			return nil, false
		}
		past = added.order
	}
	for f := range l.files {
		past = append(past, f)
	}
	slices.Sort(past)
	return past, true
}

// adding visits the modules that an import adds.
type adding struct {
	*loaded
	view  View
	state map[string]int // 1 while a file is visited, 2 afterwards
	order []string
}

func (a *adding) visit(file string) bool {
	a.state[file] = 1
	a.order = append(a.order, file)
	o := a.view.Outline(file)
	m := a.view.Module(file)
	if o == nil || m == nil || !o.Module || o.Opaque || len(a.order) > maxAdded {
		return false
	}
	for _, specifier := range o.Requests {
		if js.Builtin(specifier) {
			if !a.builtins[strings.TrimPrefix(specifier, "node:")] {
				return false
			}
			continue
		}
		to := a.view.Resolve(file, specifier)
		if to == "" || to == a.importer || a.state[to] == 1 || !a.files[to] && a.state[to] == 0 && !a.visit(to) {
			return false
		}
	}
	f := finder{view: a.view}
	for _, i := range o.Imports {
		if i.Attributes {
			return false
		}
		for _, it := range i.Items {
			if !js.Builtin(i.Specifier) && it.Imported != "*" && !it.Type && !f.exports(a.view.Resolve(file, i.Specifier), it.Imported) {
				return false // an error of the whole program, if it is missing
			}
		}
	}
	for name, e := range o.Exports {
		if e.From != "" && !f.exports(file, name) {
			return false
		}
	}
	a.state[file] = 2
	text := m.Text()
	return text != nil && !text.Rewritten() && !slices.ContainsFunc(text.Top.List, func(s *js.Node) bool { return !declares(s) })
}

// declares reports whether a statement on the top level only declares.
func declares(s *js.Node) bool {
	switch s.Kind {
	case js.Import, js.Empty, js.Function:
		return true
	case js.Expr:
		return s.X.Kind == js.String
	case js.Class:
		return declaresClass(s)
	case js.Export:
		return s.Y == nil || declares(s.Y) || s.Flags&js.Default != 0 && settled(s.Y)
	case js.Var:
		return s.Name != "using" && s.Name != "await using" && !slices.ContainsFunc(s.List, func(d *js.Node) bool {
			return d.X.Kind != js.Name || d.Y != nil && !settled(d.Y)
		})
	}
	return false
}

// settled reports whether an expression always has an equal value, and whether nothing
// happens when it is evaluated.
func settled(n *js.Node) bool {
	all := func(list []*js.Node) bool {
		return !slices.ContainsFunc(list, func(c *js.Node) bool { return !settled(c) })
	}
	switch n.Kind {
	case js.String, js.Number, js.Regex, js.Function, js.Arrow, js.Empty:
		return true
	case js.Literal:
		return n.Name == "true" || n.Name == "false" || n.Name == "null"
	case js.Template:
		return !slices.ContainsFunc(n.List, func(c *js.Node) bool { return !primitive(c) })
	case js.Name:
		return n.IsGlobal("undefined") || knownBefore(n)
	case js.Class:
		return declaresClass(n)
	case js.Array:
		return all(n.List)
	case js.Object:
		return !slices.ContainsFunc(n.List, func(p *js.Node) bool {
			return p.Kind != js.Property || p.X != nil && !primitive(p.X) || p.Y != nil && !settled(p.Y)
		})
	case js.Unary:
		return n.Name == "void" && settled(n.X) || n.Name != "await" && n.Name != "yield" && n.Name != "delete" && n.X != nil && primitive(n.X)
	case js.Binary:
		return primitive(n)
	case js.Cond:
		return settled(n.X) && settled(n.Y) && settled(n.Z)
	case js.New:
		return len(n.List) == 0 && (n.X.IsGlobal("Map") || n.X.IsGlobal("Set") || n.X.IsGlobal("WeakMap") || n.X.IsGlobal("WeakSet"))
	}
	return false
}

// primitive reports whether an expression is a string or a number, or made of these.
func primitive(n *js.Node) bool {
	switch n.Kind {
	case js.String:
		return true
	case js.Number:
		return !strings.HasSuffix(n.Name, "n")
	case js.Binary:
		return n.Op != js.OpIn && n.Op != js.OpInstanceof && primitive(n.X) && primitive(n.Y)
	}
	return false
}

// knownBefore reports whether a name has a value, which nothing changes, when a statement
// on the top level reads it.
func knownBefore(n *js.Node) bool {
	b := n.Scope.Find(n.Name)
	switch {
	case b == nil || b.Imported != "" || b.Param != nil:
		return false
	case b.Function != nil:
		return len(b.Writes) == 0 && (b.Function.Kind == js.Function || b.Function.End < n.Start)
	case len(b.Writes) != 1 || b.Writes[0].From == nil:
		return false
	}
	value := b.Writes[0].From
	return value.End < n.Start && value.Parent != nil && value.Parent.Kind == js.Declare && value.Parent.Parent.Name == "const"
}

// declaresClass reports whether nothing runs when a class is declared: it extends a class
// of the same module or an error, and its static members have settled values.
func declaresClass(n *js.Node) bool {
	if n.X != nil && !n.X.IsGlobal("Error") && (n.X.Kind != js.Name || !isClassBefore(n.X)) {
		return false
	}
	return !slices.ContainsFunc(n.List, func(p *js.Node) bool {
		return p.Kind != js.Property || p.X != nil && !primitive(p.X) || p.Flags&js.Static != 0 && p.Flags&js.Method == 0 && p.Y != nil && !settled(p.Y)
	})
}

func isClassBefore(n *js.Node) bool {
	b := n.Scope.Find(n.Name)
	return b != nil && b.Function != nil && b.Function.Kind == js.Class && len(b.Writes) == 0 && b.Function.End < n.Start
}
