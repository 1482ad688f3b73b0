package yamltree

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/featherpack/featherpack/analyzer"
)

// anchor is an anchor's value and its number of nodes, with all aliases expanded.
type anchor struct {
	value *Value
	size  int
}

// maxRepeats bounds how many duplicate keys are reported.
const maxRepeats = 20

// converter turns the library's tree into values and resolves anchors, aliases and
// merge keys.
type converter struct {
	file     string
	columns  *columns
	colon    string // what maskColons replaced colons with
	anchors  map[string]*anchor
	expanded int
	failed   *analyzer.Diagnostic
	repeats  []analyzer.Diagnostic // duplicate keys, at most maxRepeats
}

func (c *converter) fail(at analyzer.Position, hint, format string, args ...any) {
	if c.failed == nil {
		d := analyzer.Problem(analyzer.Error, "manifest-syntax", at, hint, format, args...)
		c.failed = &d
	}
}

// plain restores the colons of a text.
func (c *converter) plain(s string) string { return strings.ReplaceAll(s, c.colon, ":") }

func (c *converter) position(n ast.Node) analyzer.Position {
	at := analyzer.Position{File: c.file}
	tk := n.GetToken()
	switch n := n.(type) {
	case *ast.MappingNode:
		// The library's token of a block mapping is its first colon.
		if !n.IsFlowStyle && len(n.Values) > 0 {
			tk = n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		tk = n.Key.GetToken()
	}
	if tk != nil && tk.Position != nil {
		at.Line = tk.Position.Line
		at.Column = c.columns.bytes(at.Line, tk.Position.Column)
		// For the first key after a line break in a flow mapping, the library gives the
		// position of the white space before it.
		if lines := c.columns.lines; at.Line >= 1 && at.Line <= len(lines) && at.Column > 0 {
			for text := lines[at.Line-1]; at.Column <= len(text) && (text[at.Column-1] == ' ' || text[at.Column-1] == '\t'); {
				at.Column++
			}
		}
	}
	return at
}

// convert returns the value of a node, and its number of nodes with all aliases
// expanded.
func (c *converter) convert(n ast.Node, depth int) (*Value, int) {
	if n == nil || c.failed != nil {
		return &Value{At: analyzer.Position{File: c.file}}, 1
	}
	at := c.position(n)
	if depth > 2*MaxNesting {
		c.fail(at, "", "is nested deeper than %d levels", 2*MaxNesting)
		return &Value{At: at}, 1
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return c.mapping(n.Values, at, depth)
	case *ast.MappingValueNode:
		return c.mapping([]*ast.MappingValueNode{n}, at, depth)
	case *ast.SequenceNode:
		v, size := &Value{Kind: Sequence, At: at}, 1
		for _, item := range n.Values {
			child, s := c.convert(item, depth+1)
			v.Items = append(v.Items, child)
			size += s
		}
		return v, size
	case *ast.TagNode:
		v, size := c.convert(n.Value, depth+1)
		tag := c.plain(n.Start.Value)
		if strings.HasPrefix(tag, "!!") {
			if tag == "!!str" && v.Scalar() {
				v.Kind = Text
			}
			return v, size
		}
		tagged := *v // an alias's value must not get the tag
		tagged.Tag, tagged.At = tag, at
		return &tagged, size
	case *ast.AnchorNode:
		v, size := c.convert(n.Value, depth+1)
		if n.Name != nil {
			c.anchors[c.plain(n.Name.GetToken().Value)] = &anchor{v, size}
		}
		return v, size
	case *ast.AliasNode:
		name := ""
		if n.Value != nil {
			name = c.plain(n.Value.GetToken().Value)
		}
		target := c.anchors[name]
		if target == nil {
			c.fail(at, fmt.Sprintf("define it before with &%s", name), "alias *%s names no anchor above it", name)
			return &Value{At: at}, 1
		}
		if c.expanded += target.size; c.expanded > maxAliasNodes {
			c.fail(at, "write the values out, or use fewer aliases", "aliases expand to more than %d values", maxAliasNodes)
		}
		return target.value, target.size
	case *ast.LiteralNode:
		s := ""
		if n.Value != nil {
			s = n.Value.Value
		}
		return NewText(c.plain(s), at), 1
	case *ast.StringNode:
		return NewText(c.plain(n.Value), at), 1
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return &Value{Kind: Number, Text: c.plain(n.GetToken().Value), At: at}, 1
	case *ast.BoolNode:
		return &Value{Kind: Boolean, Text: strings.ToLower(n.GetToken().Value), At: at}, 1
	case *ast.MappingKeyNode:
		return c.convert(n.Value, depth+1)
	}
	return &Value{At: at}, 1
}

func (c *converter) mapping(pairs []*ast.MappingValueNode, at analyzer.Position, depth int) (*Value, int) {
	v, size := &Value{Kind: Mapping, At: at}, 1
	seen := make(map[string]int, len(pairs))
	var merges []*Value
	for _, pair := range pairs {
		if pair == nil || pair.Key == nil {
			continue
		}
		child, s := c.convert(pair.Value, depth+1)
		size += s + 1
		keyAt := c.position(pair.Key)
		if pair.Key.IsMergeKey() {
			if child.Kind == Sequence {
				merges = append(merges, child.Items...)
			} else {
				merges = append(merges, child)
			}
			continue
		}
		k, _ := c.convert(pair.Key, depth+1)
		name := k.Text
		if k.Kind == Null {
			name = "null"
		}
		if first, twice := seen[name]; twice {
			if len(c.repeats) < maxRepeats {
				c.repeats = append(c.repeats, analyzer.Problem(analyzer.Error, "manifest-syntax", keyAt,
					"give one of the two another name, or remove it",
					"%q appears twice: first in line %d, again in line %d", name, first, keyAt.Line))
			}
			i := v.index(name)
			v.Keys[i].At, v.Items[i] = keyAt, child
			continue
		}
		seen[name] = keyAt.Line
		v.Keys = append(v.Keys, Key{name, keyAt})
		v.Items = append(v.Items, child)
	}
	// A merge key adds the keys that the mapping itself does not have. If several
	// merges have a key, the first one counts. Source: yaml.org/type/merge.html
	for _, m := range merges {
		if m.Kind != Mapping {
			c.fail(m.At, "merge a mapping: <<: *name", "<< needs a mapping and got %s", m.Kind)
			continue
		}
		for i, k := range m.Keys {
			if _, own := seen[k.Name]; own {
				continue
			}
			seen[k.Name] = k.At.Line
			v.Keys = append(v.Keys, k)
			v.Items = append(v.Items, m.Items[i])
			if c.expanded++; c.expanded > maxAliasNodes {
				c.fail(at, "write the values out, or use fewer aliases", "aliases expand to more than %d values", maxAliasNodes)
				return v, size
			}
		}
	}
	return v, size
}
