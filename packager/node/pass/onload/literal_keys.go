package onload

import (
	"bytes"
	"regexp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// literalKeys writes out the keys of objects that name a constant: with const _A = "A",
// {[_A]: 1} becomes {"A": 1}. The bundler takes a computed key for an effect, since it
// may call toString, and keeps objects that nobody uses: the schemas of the AWS SDK.
//
// Nothing else changes. The key is a string either way, and the properties keep their
// order: integers come first and the rest as written, for computed keys too. These stay
// as they are:
//   - a name that anything assigns to, or that is not declared by const with a plain
//     string;
//   - a key that may be read before its declaration has run, which is an error at run
//     time: the object must lie behind the declaration, in the same scope or in a
//     function;
//   - "__proto__", which sets the prototype unless it is computed;
//   - code that is not an ES module: nothing of it is left out, and eval or with may
//     declare the name once more there;
//   - methods, getters, setters and members of classes: their functions are named by
//     the key, and "constructor" has a meaning of its own there.
func literalKeys(m *Module, _ View, _ analyzer.Switches) []Change {
	text := m.Text()
	if text == nil || text.Rewritten() || !text.Module {
		return nil
	}
	var edits []js.Edit
	var look func(n *js.Node)
	look = func(n *js.Node) {
		if n.Kind == js.Object {
			for _, p := range n.List {
				if e, ok := literalKey(text.Tree, p); ok {
					edits = append(edits, e)
				}
			}
		}
		n.Each(look)
	}
	look(text.Top)
	if len(edits) == 0 {
		return nil
	}
	return []Change{{Edits: edits}}
}

// computedKey matches a key that is a name in brackets.
var computedKey = regexp.MustCompile(`[{,]\s*\[[\w$]+\]\s*:`)

// hasComputedKey is false for CommonJS, where the bundler leaves out no object.
func hasComputedKey(source []byte) bool {
	return bytes.Contains(source, []byte("]:")) && bytes.Contains(source, []byte("export ")) && computedKey.Match(source)
}

// literalKey is the edit for a property.
func literalKey(t *js.Tree, p *js.Node) (e js.Edit, ok bool) {
	if p.Kind != js.Property || p.X == nil || p.X.Kind != js.Name || p.Y == nil || p.Flags&js.Method != 0 {
		return e, false
	}
	key := p.X
	value := constant(key.Scope.Find(key.Name))
	if value == nil || value.Name == "__proto__" || !declaredBefore(value, p) {
		return e, false
	}
	start, end := int(p.Start), int(key.End)
	if t.Source[start] != '[' {
		return e, false
	}
	for end < len(t.Source) && (t.Source[end] == ' ' || t.Source[end] == '\t') {
		end++
	}
	if end == len(t.Source) || t.Source[end] != ']' || int(key.Start) != start+1 {
		return e, false // with comments or line breaks
	}
	return js.Edit{Start: start, End: end + 1, Text: t.Source[value.Start:value.End]}, true
}

// constant is the plain string that a name is declared with by const, nil for any other
// binding.
func constant(b *js.Binding) *js.Node {
	if b == nil || len(b.Writes) != 1 || b.Function != nil || b.Imported != "" || b.Param != nil {
		return nil
	}
	value := b.Writes[0].From
	if value == nil || value.Kind != js.String || value.Flags&js.Escaped != 0 || len(b.Writes[0].Keys) > 0 || b.Writes[0].Each {
		return nil
	}
	d := value.Parent
	if d == nil || d.Kind != js.Declare || d.Y != value || d.X.Kind != js.Name || d.X.Name != b.Name || d.Parent.Kind != js.Var || d.Parent.Name != "const" {
		return nil
	}
	return value
}

// declaredBefore reports whether a constant has its value whenever a node is evaluated:
// its declaration lies in front of the node, in a block that encloses it, and not in
// another case of a switch.
func declaredBefore(value, n *js.Node) bool {
	if value.End > n.Start {
		return false
	}
	list := value.Parent.Parent.Parent // of the statement
	if list != nil && list.Kind == js.Export {
		list = list.Parent
	}
	if list == nil || list.Kind != js.Block {
		return false
	}
	for at := n; at != nil; at = at.Parent {
		if at == list {
			return true
		}
		if at.Kind == js.Function && at.Parent != nil && isDeclaration(at) {
			return false // hoisted: it may be called before the constant has its value
		}
	}
	return false
}

// isDeclaration reports whether a function is a statement of its own.
func isDeclaration(f *js.Node) bool {
	p := f.Parent
	return p.Kind == js.Block || p.Kind == js.Case || p.Kind == js.Export || p.Kind == js.Labelled || p.Kind == js.If
}
