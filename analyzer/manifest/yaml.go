package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/featherpack/featherpack/analyzer"
)

// Bounds of a manifest. The largest service a CloudFormation stack can hold
// (500 resources, 1 MB) stays far below them; a parser given more nesting
// spends memory out of all proportion.
const (
	maxManifestBytes = 2 << 20
	maxNesting       = 200
	maxAliasNodes    = 100_000
)

// parse reads a YAML or JSON document. JSON takes the same way, being YAML.
// file is what positions name. An empty document is a null value.
func parse(file string, source []byte) (*value, *analyzer.Diagnostic) {
	fail := func(line, column int, hint, format string, args ...any) (*value, *analyzer.Diagnostic) {
		d := problem(analyzer.Error, "manifest-syntax",
			analyzer.Position{File: file, Line: line, Column: column}, hint, format, args...)
		return nil, &d
	}
	if len(source) > maxManifestBytes {
		return fail(0, 0, "split it into several manifests", "is larger than %d MiB", maxManifestBytes>>20)
	}
	source = bytes.TrimPrefix(source, []byte("\ufeff"))
	if i := invalidUTF8(source); i >= 0 {
		line, column := place(source, i)
		return fail(line, column, "save it as UTF-8", "is not UTF-8 text")
	}
	if i := bytes.IndexByte(source, 0); i >= 0 {
		line, column := place(source, i)
		return fail(line, column, "", "holds a NUL byte")
	}
	source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n"))
	if i := tooDeep(source); i >= 0 {
		line, column := place(source, i)
		return fail(line, column, "", "is nested deeper than %d levels", maxNesting)
	}
	lines := strings.Split(string(source), "\n")
	masked, colon := maskColons(string(source))
	parsed, err := parseGuarded([]byte(masked))
	if err != nil {
		line, column, hint, message := explain(err, lines)
		return fail(line, column, hint, "%s", strings.ReplaceAll(message, colon, ":"))
	}
	c := &converter{file: file, lines: lines, colon: colon, anchors: map[string]*anchor{}}
	var body ast.Node
	for _, doc := range parsed.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType || doc.Body.Type() == ast.DirectiveType {
			continue
		}
		if body != nil {
			at := c.position(doc.Body)
			return fail(at.Line, at.Column, "keep one document and drop the line with ---", "holds several documents")
		}
		body = doc.Body
	}
	if body == nil {
		return &value{at: analyzer.Position{File: file, Line: 1, Column: 1}}, nil
	}
	root, _ := c.convert(body, 0)
	if c.failed != nil {
		return nil, c.failed
	}
	return root, nil
}

// parseGuarded turns a panic of the YAML library into an error: a manifest is
// foreign text, and a defect there must not take the whole run down.
func parseGuarded(source []byte) (f *ast.File, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("cannot be read as YAML")
		}
	}()
	return parser.ParseBytes(source, 0)
}

// maskColons replaces the colons inside plain texts, as in AWS::Region, by
// another character of the same width in characters. The library takes them for
// a mapping's where a list or a tag stands in a flow mapping, such as
// {Region: !Ref AWS::Region}; YAML wants a blank after a mapping's colon there.
func maskColons(source string) (masked, colon string) {
	mark := '\ue000'
	for strings.ContainsRune(source, mark) && mark < '\uf8ff' {
		mark++
	}
	colon = string(mark)
	var b strings.Builder
	b.Grow(len(source) + len(source)/16)
	for i := 0; i < len(source); i++ {
		if source[i] == ':' && i > 0 && i+1 < len(source) &&
			strings.IndexByte("\"' \t\n", source[i-1]) < 0 && strings.IndexByte(" \t\n,[]{}\"'", source[i+1]) < 0 {
			b.WriteString(colon)
			continue
		}
		b.WriteByte(source[i])
	}
	return b.String(), colon
}

// explain gives a syntax error the place and the words a person looks for.
func explain(err error, lines []string) (line, column int, hint, message string) {
	var syntax *yaml.SyntaxError
	if !errors.As(err, &syntax) || syntax.Token == nil || syntax.Token.Position == nil {
		return 0, 0, "", "is not valid YAML"
	}
	line, column = syntax.Token.Position.Line, syntax.Token.Position.Column
	message = syntax.Message
	switch {
	case strings.Contains(message, "'\t'"), strings.Contains(message, "tab character"):
		hint = "YAML is indented with spaces: replace the tab"
		message = "a tab is used for indentation"
	case strings.Contains(message, "already defined at"):
		var name string
		var l, c int
		if i := strings.LastIndex(message, "["); i >= 0 {
			fmt.Sscanf(message[i:], "[%d:%d]", &l, &c)
		}
		if i, j := strings.Index(message, `"`), strings.LastIndex(message, `"`); i >= 0 && j > i {
			name = message[i+1 : j]
		}
		return line, byteColumn(lines, line, column), "give one of the two another name, or remove it",
			fmt.Sprintf("%q is there twice: first in line %d, again in line %d", name, l, line)
	case strings.Contains(message, "mapping value is not allowed"):
		// The library blames the value; the mistake is where the second colon is.
		line, column, hint = secondColon(lines, line, column)
		message = "a mapping is not allowed here"
	case strings.Contains(message, "could not find end character"):
		hint = "close the quotation mark that opens here"
	case strings.Contains(message, "must be specified"):
		hint = "a bracket that was opened before is not closed"
	}
	return line, byteColumn(lines, line, column), hint, message
}

// secondColon finds what makes "mapping value is not allowed": either a second
// ": " in the same line, or a following line that is indented under a value.
func secondColon(lines []string, line, column int) (int, int, string) {
	if line < 1 || line > len(lines) {
		return line, column, ""
	}
	runes := []rune(lines[line-1])
	from := min(max(column-1, 0), len(runes))
	if i := strings.Index(string(runes[from:]), ": "); i >= 0 {
		return line, from + utf8.RuneCountInString(string(runes[from:])[:i]) + 1,
			"put quotation marks around a text that holds a colon"
	}
	for n := line; n < len(lines); n++ {
		trimmed := strings.TrimLeft(lines[n], " ")
		if trimmed == "" || trimmed[0] == '#' {
			continue
		}
		return n + 1, len(lines[n]) - len(trimmed) + 1,
			fmt.Sprintf("line %d is indented as if it belonged to line %d, which has a value already", n+1, line)
	}
	return line, column, ""
}

func invalidUTF8(source []byte) int {
	for i := 0; i < len(source); {
		r, n := utf8.DecodeRune(source[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return -1
}

// place turns a byte offset into line and column.
func place(source []byte, offset int) (line, column int) {
	before := source[:min(offset, len(source))]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n')
}

// tooDeep finds where a document nests deeper than maxNesting, before the
// parser sees it; -1 means nowhere. Brackets are counted also where they are
// text, which errs on the safe side: no manifest leaves 200 of them open.
func tooDeep(source []byte) int {
	depth := 0
	for start := 0; start < len(source); {
		end := len(source)
		if i := bytes.IndexByte(source[start:], '\n'); i >= 0 {
			end = start + i
		}
		line := source[start:end]
		if i := deepLead(line); i >= 0 {
			return start + i
		}
		for i, c := range line {
			switch c {
			case '[', '{':
				if depth++; depth > maxNesting {
					return start + i
				}
			case ']', '}':
				depth = max(depth-1, 0)
			}
		}
		start = end + 1
	}
	return -1
}

// deepLead finds where the beginning of a line alone nests too deep: by its
// indentation, or by a run of "- ", "? ", ": ", tags and anchors.
func deepLead(line []byte) int {
	run, at := 0, 0
	for at < len(line) {
		rest := line[at:]
		if rest[0] == ' ' {
			n := len(rest) - len(bytes.TrimLeft(rest, " "))
			if n > 10*maxNesting {
				return at
			}
			at += n
			continue
		}
		word, _, _ := bytes.Cut(rest, []byte(" "))
		if s := string(word); s != "-" && s != "?" && s != ":" && s[0] != '!' && s[0] != '&' {
			break
		}
		if run++; run > maxNesting {
			return at
		}
		at += len(word)
	}
	return -1
}

// byteColumn turns the library's column, in characters, into one in bytes.
func byteColumn(lines []string, line, column int) int {
	if line < 1 || line > len(lines) {
		return max(column, 0)
	}
	text, n := lines[line-1], 1
	for i := range text {
		if n >= column {
			return i + 1
		}
		n++
	}
	return len(text) + 1
}

// anchor is a named value and the number of nodes it stands for.
type anchor struct {
	value *value
	size  int
}

// converter turns the library's tree into values, resolving anchors, aliases
// and merge keys.
type converter struct {
	file     string
	lines    []string
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
		at.Column = byteColumn(c.lines, at.Line, tk.Position.Column)
		// The first key after a line break in a flow mapping is placed at the
		// white space before it.
		if at.Line >= 1 && at.Line <= len(c.lines) && at.Column <= len(c.lines[at.Line-1]) && at.Column > 0 {
			rest := c.lines[at.Line-1][at.Column-1:]
			at.Column += len(rest) - len(strings.TrimLeft(rest, " \t"))
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
