package onload

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// lateBuiltins has a CommonJS module ask for a module of Node when one of its functions
// needs it first, not while it loads: a web framework requires http2 for a server that a
// function on Lambda never makes.
//
// It concerns modules that most invocations do not need, and whose loading nobody can see:
// Node makes functions and classes out of its own, whatever the program has done by then,
// and reads nothing that a program can change. The constant must be declared on the
// module's own level, by a call of its require, and be used in functions only. It becomes a
// function that asks once. A use before the declaration throws, as it does of a constant.
//
// The module stays as it is where eval or with may see the constant.
func lateBuiltins(m *Module, v View, _ analyzer.Switches) []Change {
	if v.Process().Node == 0 || redeclares(m.Source) {
		return nil
	}
	text := m.Text()
	if text == nil || text.Rewritten() || text.Module {
		return nil
	}
	var edits []js.Edit
	for _, s := range text.Top.List {
		if s.Kind != js.Var || s.Name != "const" {
			continue
		}
		for _, d := range s.List {
			if name := requiredLate(d); name != "" {
				edits = append(edits, lateUses(d, text.Scope.Own(d.X.Name))...)
			}
		}
	}
	if len(edits) == 0 {
		return nil
	}
	return []Change{{Edits: edits}}
}

// late are the modules of Node that this is about. What is loaded with every start, or that
// reads process.env, is not among them.
var late = []string{"assert", "child_process", "dgram", "dns", "http2"}

// lateRequire matches a request of one of them.
var lateRequire = regexp.MustCompile(`\brequire\(\s*["'](?:node:)?(?:` + strings.Join(late, "|") + `)["']`)

// requiresLate is a quick search: most modules of packages are ES modules and require nothing.
func requiresLate(source []byte) bool {
	return bytes.Contains(source, []byte("require(")) && lateRequire.Match(source)
}

// requiredLate is the module that a declaration requires as a constant, "" for any other.
func requiredLate(d *js.Node) string {
	if d.X.Kind != js.Name || d.X.Flags&js.Odd != 0 || d.Y == nil || d.Y.Kind != js.Call || d.Y.Flags&(js.Optional|js.Parenthesised) != 0 ||
		!d.Y.X.IsGlobal("require") || len(d.Y.List) != 1 || d.Y.List[0].Kind != js.String {
		return ""
	}
	if name := strings.TrimPrefix(d.Y.List[0].Name, "node:"); slices.Contains(late, name) {
		return name
	}
	return ""
}

// lateUses makes a function of a constant and calls it where the constant is used, nil where
// a use is not in a function, or is none that a call can take the place of.
func lateUses(d *js.Node, b *js.Binding) (edits []js.Edit) {
	if b == nil || b.Exported || len(b.Writes) != 1 || b.Name == "asked" {
		return nil
	}
	edits = []js.Edit{
		{Start: int(d.Y.Start), End: int(d.Y.Start), Text: "((asked) => () => asked ??= "},
		{Start: int(d.Y.End), End: int(d.Y.End), Text: ")()"},
	}
	for _, use := range b.Refs {
		if use == d.X {
			continue
		}
		if use.Flags&js.Odd != 0 || use.Parent == nil || use.Parent.Kind == js.Property && use.Parent.Flags&js.Shorthand != 0 || !inFunction(use) {
			return nil
		}
		if made(use) {
			edits = append(edits, js.Edit{Start: int(use.Start), End: int(use.Start), Text: "("})
		}
		text := "()"
		if made(use) {
			text = "())"
		}
		edits = append(edits, js.Edit{Start: int(use.End), End: int(use.End), Text: text})
	}
	if len(edits) == 2 {
		return nil
	}
	return edits
}

// inFunction reports whether a place is in a function.
func inFunction(n *js.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind == js.Function || p.Kind == js.Arrow {
			return true
		}
	}
	return false
}

// made reports whether new makes an instance of an expression or of a member of it: a call
// in it would be taken for that of new.
func made(n *js.Node) bool {
	for p := n.Parent; p != nil && p.X == n; n, p = p, p.Parent {
		switch p.Kind {
		case js.New:
			return true
		case js.Member, js.Index, js.Tagged:
			if n.Flags&js.Parenthesised != 0 {
				return false
			}
		default:
			return false
		}
	}
	return false
}
