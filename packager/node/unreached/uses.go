package unreached

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer/js"
)

// isRequest reports whether a string is a specifier that leads to the package.
func (r *reader) isRequest(n *js.Node) bool { return specifies(n) && r.requests[n.Name] }

// onlyUses reports whether a module that is imported or required by a string is only used
// in ways that give it no name.
func (r *reader) onlyUses(specifier *js.Node) bool {
	statement := specifier.Parent
	switch statement.Kind {
	case js.Call:
		return r.value(statement)
	case js.Import:
		return !slices.ContainsFunc(statement.List, func(clause *js.Node) bool {
			if clause.Name == "*" || clause.Name == "default" {
				return !r.variable(clause.X)
			}
			return !r.harmless(clause.Name)
		})
	}
	return false // export from, and import(), whose namespace may go anywhere
}

// wrappers are functions of compilers that answer with their argument, or with an object
// whose default it is.
var wrappers = map[string]bool{
	"__importStar": true, "__importDefault": true, "_interopRequireWildcard": true, "_interopRequireDefault": true,
	"_interop_require_wildcard": true, "_interop_require_default": true, "_interopDefault": true, "_interopDefaultLegacy": true,
}

// harmless reports whether a member of the package may be handed on.
func (r *reader) harmless(name string) bool {
	switch name {
	case "call", "apply", "bind", "default", "fn", "prototype", "constructor", "__proto__":
		return false
	}
	_, limited := r.group.Limits[name]
	return !limited && !r.isName(name)
}

// value reports whether the value of an expression, which is the package, is only used in
// ways that give it no name.
func (r *reader) value(n *js.Node) bool {
	p := n.Parent
	if p == nil {
		return false
	}
	switch p.Kind {
	case js.Expr:
		return true
	case js.Member:
		return p.X == n && r.member(p)
	case js.Call:
		if wrappers[js.CalleeName(p.X)] && p.X != n && p.List[0] == n {
			return r.value(p)
		}
		return p.X == n && within(p, r.group.Limits[""])
	case js.New:
		return p.X == n && within(p, r.group.Limits[""])
	case js.Sequence:
		return p.List[len(p.List)-1] == n && r.value(p)
	case js.Declare:
		return p.Y == n && r.target(p.X)
	case js.Assign:
		return p.Y == n && p.Op == js.OpAssign && p.Parent.Kind == js.Expr && p.X.Kind == js.Name && r.variable(p.X)
	case js.Binary:
		return p.Op == js.OpInstanceof && p.Y == n || p.Op == js.OpEqual || p.Op == js.OpNotEqual
	case js.Unary:
		return p.Name == "typeof"
	}
	return false
}

// member reports that of a member of the package.
func (r *reader) member(n *js.Node) bool {
	p := n.Parent
	limit, limited := r.group.Limits[n.Name]
	switch {
	case n.Name == "default":
		return r.value(n)
	case n.Name == "fn" || n.Name == "prototype":
		return p.Kind == js.Member && p.X == n && !r.isName(p.Name)
	case limited && p.Kind == js.Call && p.X == n:
		return within(p, limit)
	case limited:
		return p.Kind == js.Member && p.X == n && r.harmless(p.Name)
	}
	return r.harmless(n.Name)
}

// target reports that of what the package is assigned to.
func (r *reader) target(n *js.Node) bool {
	if n.Kind == js.Name {
		return r.variable(n)
	}
	return n.Kind == js.Object && !slices.ContainsFunc(n.List, func(p *js.Node) bool {
		if p.Kind != js.Property || p.X != nil {
			return true
		}
		if p.Name == "default" {
			return !r.target(p.Y)
		}
		return !r.harmless(p.Name)
	})
}

// variable reports that of a variable that is the package.
func (r *reader) variable(n *js.Node) bool {
	b := n.Scope.Find(n.Name)
	if b == nil || b.Exported {
		return false
	}
	if r.seen[b] {
		return true
	}
	r.seen[b] = true
	return !slices.ContainsFunc(b.Refs, func(ref *js.Node) bool { return !ref.IsTarget() && !r.value(ref) })
}

// within reports whether a call has no more arguments than a limit, or one more that is
// true or false.
func within(call *js.Node, limit int) bool {
	last := len(call.List) - 1
	return !slices.ContainsFunc(call.List, func(a *js.Node) bool { return a.Kind == js.Spread }) &&
		(last < limit || last == limit && isBoolean(call.List[last]))
}

func isBoolean(n *js.Node) bool {
	return n.Kind == js.Literal && (n.Name == "true" || n.Name == "false") || n.Kind == js.Unary && n.Op == js.OpNot
}
