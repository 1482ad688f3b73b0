package unreached

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// Module is a module of the program that is not of the package.
type Module struct {
	Source []byte
	// Text is the parsed and bound text, nil where that fails.
	Text func() *js.Text
	// Own means that it is of no installed package.
	Own bool
	// Requests are the specifiers of the module that lead to the package.
	Requests map[string]bool
}

// MayReach reports whether a module may give the package a name of the group's modules. It
// does so
//   - if it calls a member with one of the group's names, whatever it calls it of, or
//     uses such a member in a way that may end in a call;
//   - if it has one of the names in a string that code may take for a member's name;
//   - if it calls a computed member of what may be a value of the package: of anything
//     unknown, in own code and in modules that import the package;
//   - if it imports the package and does not just read and call its members, with no more
//     arguments than the functions with limits may have.
//
// Variables of these names and keys of objects do not matter: to become a call, a key
// needs a computed member.
func (g *Group) MayReach(m Module) bool {
	imports := len(m.Requests) > 0
	if !imports && !g.Named(m.Source) && !(m.Own && computedCall.Match(m.Source)) {
		return false
	}
	text := m.Text()
	if text == nil {
		return true
	}
	r := reader{group: g, close: m.Own || imports, requests: m.Requests, seen: map[*js.Binding]bool{}}
	return r.reaches(text.Top)
}

// computedCall matches where a computed member may be called.
var computedCall = regexp.MustCompile(`\]\s*(?:\?\.)?\s*\(|\]\s*(?:\?\.|\.)\s*(?:call|apply|bind)\b`)

// Named reports whether a text has one of the names. It is a quick search.
func (g *Group) Named(source []byte) bool {
	return slices.ContainsFunc(g.Names, func(name string) bool { return bytes.Contains(source, []byte(name)) }) ||
		bytes.Contains(source, []byte(`\u`)) && oddName.Match(source)
}

// oddName matches a letter of a name that is written as an escape.
var oddName = regexp.MustCompile(`\\u(?:00|\{0*)[4-7][0-9a-fA-F]`)

// reader looks through one module.
type reader struct {
	group    *Group
	close    bool // values of the package may be anywhere
	requests map[string]bool
	seen     map[*js.Binding]bool
}

func (r *reader) isName(name string) bool { return slices.Contains(r.group.Names, name) }

func (r *reader) reaches(n *js.Node) (found bool) {
	switch n.Kind {
	case js.Member:
		found = r.isName(n.Name) && !looked(n)
	case js.String:
		found = r.isRequest(n) && !r.onlyUses(n) || !specifies(n) && r.asMember(n, n.Name)
	case js.Template:
		found = slices.ContainsFunc(n.Texts, func(text string) bool { return r.asMember(n, text) })
	case js.Call:
		found = r.close && callsUnknown(n)
	}
	if !found {
		n.Each(func(c *js.Node) { found = found || r.reaches(c) })
	}
	return found
}

// asMember reports whether a string may become the name of a member. Any string with one
// of the names counts where values of the package may be; elsewhere, where it is the
// name, or a path or list of names.
func (r *reader) asMember(n *js.Node, text string) bool {
	if !slices.ContainsFunc(r.group.Names, func(name string) bool { return strings.Contains(text, name) }) {
		return false
	}
	if n.Parent != nil && (n.Parent.Kind == js.Binary && isComparison(n.Parent) || n.Parent.Kind == js.Property && n.Parent.X == n) {
		return false
	}
	parts := list
	if r.close || n.Parent != nil && n.Parent.Kind == js.Member && n.Parent.Name == "split" {
		parts = noName
	}
	return slices.ContainsFunc(parts.Split(text, -1), r.isName)
}

var (
	noName = regexp.MustCompile(`[^\w$]+`)
	list   = regexp.MustCompile(`[.,|/:;]+`)
)

func isComparison(n *js.Node) bool {
	return n.Op == js.OpIn || n.Op == js.OpEqual || n.Op == js.OpNotEqual
}

// specifies reports whether a string is what an import or a require names.
func specifies(n *js.Node) bool {
	p := n.Parent
	return p != nil && (p.Kind == js.Import || p.Kind == js.Export || p.Kind == js.ImportCall || p.Kind == js.Call && js.CalleeName(p.X) == "require")
}

// looked reports whether the value of a member is only compared, tested, or made text or a
// key of. A function that is read like that is not called.
func looked(n *js.Node) bool {
	p := n.Parent
	if p == nil {
		return false
	}
	switch p.Kind {
	case js.Expr:
		return true
	case js.Binary:
		return !(p.Op == js.OpAnd || p.Op == js.OpOr || p.Op == js.OpNullish) || p.X == n && p.Op == js.OpAnd
	case js.Unary:
		return p.Name != "await" && p.Name != "yield"
	case js.Template:
		return true
	case js.Index:
		return p.Y == n
	case js.If, js.Cond:
		return p.X == n
	case js.Assign:
		return p.X == n && p.Op == js.OpAssign
	case js.Call: // "text".concat(x.name)
		of := p.X
		if p.X == n || js.CalleeName(of) != "concat" {
			return false
		}
		for of.Kind == js.Member || of.Kind == js.Call {
			if of.Kind == js.Member && of.Name != "concat" {
				return false
			}
			of = of.X
		}
		return of.Kind == js.String || of.Kind == js.Template
	}
	return false
}

// callsUnknown reports whether a call is one of a computed member of something that may
// be a value of the package.
func callsUnknown(call *js.Node) bool {
	member := call.X
	if member.Kind == js.Member && (member.Name == "call" || member.Name == "apply" || member.Name == "bind") {
		member = member.X
	}
	if member.Kind != js.Index || member.Y.Kind == js.String || member.Y.Kind == js.Number {
		return false
	}
	switch of := member.X; of.Kind {
	case js.Array, js.Object, js.String, js.Template:
		return false
	case js.Literal:
		return of.Name != "this"
	case js.Name:
		b := of.Scope.Find(of.Name)
		if b == nil {
			return of.IsGlobal("globalThis") || of.IsGlobal("global")
		}
		return !isKnown(b)
	}
	return true
}

// isKnown reports whether all values of a variable are objects that are made here.
func isKnown(b *js.Binding) bool {
	if b.Function != nil && len(b.Writes) == 0 {
		return true
	}
	return b.Param == nil && b.Imported == "" && b.Function == nil && len(b.Writes) > 0 && !slices.ContainsFunc(b.Writes, func(w js.Write) bool {
		return w.From == nil || len(w.Keys) > 0 || w.Each || w.From.Kind != js.Object && w.From.Kind != js.Array && w.From.Kind != js.Class
	})
}
