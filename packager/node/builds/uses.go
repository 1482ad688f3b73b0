package builds

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// importer is a parsed module that imports others.
type importer struct {
	*js.Text
	requires map[string][]*js.Node // calls, by specifier
	imports  map[string][]*js.Node // statements, by specifier
}

// importerOf parses an input, nil where that fails.
func (c *Comparer) importerOf(input string) *importer {
	im, known := c.importers[input]
	if known {
		return im
	}
	if text, err := c.read(input); err == nil {
		im = &importer{Text: text, requires: map[string][]*js.Node{}, imports: map[string][]*js.Node{}}
		text.Bind()
		im.look(text.Top)
	}
	c.importers[input] = im
	return im
}

func (im *importer) look(n *js.Node) {
	switch n.Kind {
	case js.Import, js.Export:
		if n.Z != nil {
			im.imports[n.Name] = append(im.imports[n.Name], n)
		}
	case js.Call:
		if specifier := required(n); specifier != "" {
			im.requires[specifier] = append(im.requires[specifier], n)
		}
	}
	n.Each(im.look)
}

// onlyReads reports whether all that an importer does with a module is to read these
// exports.
func (c *Comparer) onlyReads(e edge, its exports) bool {
	only, known := c.reads[e]
	if !known {
		only = c.judge(e, its)
		c.reads[e] = only
	}
	return only
}

// judge reads the importer for [Comparer.onlyReads].
func (c *Comparer) judge(e edge, its exports) bool {
	im := c.importerOf(e.importer)
	if im == nil {
		return false
	}
	u := use{names: its.names, marked: its.marked, seen: map[*js.Binding]bool{}}
	switch e.Kind {
	case "require-call":
		calls := im.requires[e.Original]
		return len(calls) > 0 && !slices.ContainsFunc(calls, func(call *js.Node) bool { return !u.value(call) })
	case "import-statement":
		statements := im.imports[e.Original]
		return len(statements) > 0 && !slices.ContainsFunc(statements, func(n *js.Node) bool { return !u.statement(n, im.Source) })
	}
	return false // an import() gets a namespace, which has a default in Node
}

// use judges uses of one module.
type use struct {
	names  map[string]bool
	marked bool // see exports
	seen   map[*js.Binding]bool
}

// wrappers are functions of compilers that answer with their argument where it is marked
// as made from an ES module.
var wrappers = map[string]bool{
	"__importStar": true, "__importDefault": true, "_interopRequireWildcard": true, "_interopRequireDefault": true,
	"_interop_require_wildcard": true, "_interop_require_default": true,
}

// copiers are functions of compilers that copy the exports of a module to another one.
var copiers = map[string]bool{"__exportStar": true, "__reExport": true}

// value reports whether the value of an expression, which is the required module, is
// only read from.
func (u *use) value(n *js.Node) bool {
	p := n.Parent
	switch p.Kind {
	case js.Expr:
		return true
	case js.Member:
		return p.X == n && u.read(p)
	case js.Index:
		return p.X == n && p.Y.Kind == js.String && u.read(p)
	case js.Declare:
		return p.Y == n && u.target(p.X)
	case js.Binary:
		return p.Op == js.OpIn && p.Y == n && p.X.Kind == js.String && p.X.Name != "default" // "name" in it
	case js.Assign:
		if p.X == n {
			return p.Op == js.OpLogicAssign && p.Parent.Kind == js.Expr // written where it is empty
		}
		return (p.Op == js.OpAssign || p.Op == js.OpLogicAssign) && p.Parent.Kind == js.Expr && u.target(p.X)
	case js.Arrow: // await Promise.resolve().then(() => it) is what compilers make of import()
		then := p.Parent
		return p.X == n && then.Kind == js.Call && then.X.Kind == js.Member && then.X.Name == "then" && isResolved(then.X.X) &&
			then.Parent.Kind == js.Unary && then.Parent.Name == "await" && u.value(then.Parent)
	case js.Call:
		name := js.CalleeName(p.X)
		switch {
		case p.X == n:
			return false
		case wrappers[name] && p.List[0] == n:
			return u.marked && u.value(p)
		case name == "__toESM" && p.List[0] == n: // its default is the module itself
			return u.withoutDefault(p)
		case copiers[name] && p.Parent.Kind == js.Expr:
			return true
		}
	}
	return false
}

// isResolved reports whether a node is Promise.resolve().
func isResolved(n *js.Node) bool {
	return n.Kind == js.Call && len(n.List) == 0 && n.X.Kind == js.Member && n.X.Name == "resolve" && n.X.X.IsGlobal("Promise")
}

// withoutDefault is value for a wrapper whose result has a default. Its members are all
// that may be read, and this one must not be.
func (u *use) withoutDefault(n *js.Node) bool {
	p := n.Parent
	if p.Kind != js.Declare || p.X.Kind != js.Name {
		return false
	}
	b := p.X.Scope.Find(p.X.Name)
	return b != nil && !b.Exported && !slices.ContainsFunc(b.Refs, func(ref *js.Node) bool {
		return !ref.IsTarget() && (ref.Parent.Kind != js.Member || ref.Parent.X != ref || !u.names[ref.Parent.Name] || !u.read(ref.Parent))
	})
}

// read reports whether a member of the module is read where it stands.
func (u *use) read(member *js.Node) bool {
	p := member.Parent
	written := member.IsTarget() || p.Kind == js.Assign && p.X == member || p.Kind == js.Update || p.Kind == js.Unary && p.Name == "delete"
	return !written
}

// target reports whether what the module is assigned to is only read from.
func (u *use) target(n *js.Node) bool {
	switch n.Kind {
	case js.Object:
		return !slices.ContainsFunc(n.List, func(property *js.Node) bool { return property.Kind != js.Property || property.X != nil })
	case js.Name:
		b := n.Scope.Find(n.Name)
		if b == nil || b.Exported {
			return false
		}
		return u.binding(b)
	}
	return false
}

func (u *use) binding(b *js.Binding) bool {
	if u.seen[b] {
		return true
	}
	u.seen[b] = true
	return !slices.ContainsFunc(b.Refs, func(ref *js.Node) bool { return !ref.IsTarget() && !u.value(ref) })
}

// statement reports whether an import or export takes names that the module has, or
// a namespace that is only read from by such names.
func (u *use) statement(n *js.Node, source string) bool {
	if n.Kind == js.Export {
		rest := strings.TrimSpace(strings.TrimPrefix(source[n.Start:n.End], "export"))
		if strings.HasPrefix(rest, "*") {
			return n.Flags&js.All != 0
		}
		return !slices.ContainsFunc(n.List, func(clause *js.Node) bool { return !u.names[word(source[clause.Start:])] })
	}
	for _, clause := range n.List {
		if clause.Name == "*" {
			b := clause.X.Scope.Find(clause.X.Name)
			if b == nil || b.Exported || slices.ContainsFunc(b.Refs, func(ref *js.Node) bool {
				return !ref.IsTarget() && (ref.Parent.Kind != js.Member || ref.Parent.X != ref || !u.names[ref.Parent.Name])
			}) {
				return false
			}
			continue
		}
		if !u.names[clause.Name] {
			return false
		}
	}
	return true
}

// word is the identifier that a text begins with.
func word(text string) string {
	i := 0
	for i < len(text) && js.InName(text[i]) {
		i++
	}
	return text[:i]
}
