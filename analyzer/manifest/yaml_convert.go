package manifest

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/featherpack/featherpack/analyzer"
)

// anchor is a named value and the number of nodes it stands for.
type anchor struct {
	value *value
	size  int
}

// converter turns the library's tree into values, resolving anchors, aliases
// and merge keys.
type converter struct {
	file     string
	columns  *columns
	colon    string // what stands for a colon inside a text
	anchors  map[string]*anchor
	expanded int
	failed   *analyzer.Diagnostic
}

func (c *converter) fail(at analyzer.Position, hint, format string, args ...any) {
	if c.failed == nil {
		d := problem(analyzer.Error, "manifest-syntax", at, hint, format, args...)
		c.failed = &d
	}
}

// plain gives a text its colons back.
func (c *converter) plain(s string) string { return strings.ReplaceAll(s, c.colon, ":") }

func (c *converter) position(n ast.Node) analyzer.Position {
	at := analyzer.Position{File: c.file}
	tk := n.GetToken()
	switch n := n.(type) {
	case *ast.MappingNode:
		// A block mapping's own token is its first colon.
		if !n.IsFlowStyle && len(n.Values) > 0 {
			tk = n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		tk = n.Key.GetToken()
	}
	if tk != nil && tk.Position != nil {
		at.Line = tk.Position.Line
		at.Column = c.columns.bytes(at.Line, tk.Position.Column)
		// The first key after a line break in a flow mapping is placed at the
		// white space before it.
		if lines := c.columns.lines; at.Line >= 1 && at.Line <= len(lines) && at.Column > 0 {
			for text := lines[at.Line-1]; at.Column <= len(text) && (text[at.Column-1] == ' ' || text[at.Column-1] == '\t'); {
				at.Column++
			}
		}
	}
	return at
}

// convert gives the value of a node and how many nodes it stands for once all
// its aliases are expanded.
func (c *converter) convert(n ast.Node, depth int) (*value, int) {
	if n == nil || c.failed != nil {
		return &value{at: analyzer.Position{File: c.file}}, 1
	}
	at := c.position(n)
	if depth > 2*maxNesting {
		c.fail(at, "", "is nested deeper than %d levels", 2*maxNesting)
		return &value{at: at}, 1
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return c.mapping(n.Values, at, depth)
	case *ast.MappingValueNode:
		return c.mapping([]*ast.MappingValueNode{n}, at, depth)
	case *ast.SequenceNode:
		v, size := &value{kind: sequence, at: at}, 1
		for _, item := range n.Values {
			child, s := c.convert(item, depth+1)
			v.items = append(v.items, child)
			size += s
		}
		return v, size
	case *ast.TagNode:
		v, size := c.convert(n.Value, depth+1)
		tag := c.plain(n.Start.Value)
		if strings.HasPrefix(tag, "!!") {
			if tag == "!!str" && v.scalar() {
				v.kind = text
			}
			return v, size
		}
		tagged := *v // an alias's value must not get the tag
		tagged.tag, tagged.at = tag, at
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
			return &value{at: at}, 1
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
		return textValue(c.plain(s), at), 1
	case *ast.StringNode:
		return textValue(c.plain(n.Value), at), 1
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return &value{kind: number, text: c.plain(n.GetToken().Value), at: at}, 1
	case *ast.BoolNode:
		return &value{kind: boolean, text: strings.ToLower(n.GetToken().Value), at: at}, 1
	case *ast.MappingKeyNode:
		return c.convert(n.Value, depth+1)
	}
	return &value{at: at}, 1
}

func (c *converter) mapping(pairs []*ast.MappingValueNode, at analyzer.Position, depth int) (*value, int) {
	v, size := &value{kind: mapping, at: at}, 1
	seen := make(map[string]int, len(pairs))
	var merges []*value
	for _, pair := range pairs {
		if pair == nil || pair.Key == nil {
			continue
		}
		child, s := c.convert(pair.Value, depth+1)
		size += s + 1
		keyAt := c.position(pair.Key)
		if pair.Key.IsMergeKey() {
			if child.kind == sequence {
				merges = append(merges, child.items...)
			} else {
				merges = append(merges, child)
			}
			continue
		}
		k, _ := c.convert(pair.Key, depth+1)
		name := k.text
		if k.kind == null {
			name = "null"
		}
		if first, twice := seen[name]; twice {
			c.fail(keyAt, "give one of the two another name, or remove it",
				"%q is there twice: first in line %d, again in line %d", name, first, keyAt.Line)
		}
		seen[name] = keyAt.Line
		v.keys = append(v.keys, key{name, keyAt})
		v.items = append(v.items, child)
	}
	// A merge key lends what the mapping does not say itself; the first wins.
	// Source: yaml.org/type/merge.html
	for _, m := range merges {
		if m.kind != mapping {
			c.fail(m.at, "merge a mapping: <<: *name", "<< needs a mapping and got %s", m.kind)
			continue
		}
		for i, k := range m.keys {
			if _, own := seen[k.name]; own {
				continue
			}
			seen[k.name] = k.at.Line
			v.keys = append(v.keys, k)
			v.items = append(v.items, m.items[i])
			if c.expanded++; c.expanded > maxAliasNodes {
				c.fail(at, "write the values out, or use fewer aliases", "aliases expand to more than %d values", maxAliasNodes)
				return v, size
			}
		}
	}
	return v, size
}
