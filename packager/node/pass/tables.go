package pass

import (
	"encoding/json"
	"math/big"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/featherpack/featherpack/analyzer/js"
)

// fewestTableBytes is the size from which a table is parsed as JSON. node.md has the
// figures that it comes from.
const fewestTableBytes = 4 << 10

// parseTables hands large tables of data to JSON.parse: {a:[1,2]} becomes
// JSON.parse('{"a":[1,2]}'). V8 compiles an object literal, which takes several times as
// long, and keeps a template of it, of which it makes the object.
//
// The value is the same: an object or array made anew, with the same keys in the same
// order, of which the last wins if two are equal. These stay as they are:
//   - what holds anything but strings, numbers, booleans, null, arrays without holes, and
//     objects with plain keys. "__proto__" without brackets sets the prototype;
//   - strings with half a surrogate pair, which the parser does not keep;
//   - what may run more than once, where a literal is faster: it must be at the top level,
//     in a module's wrapper, or in a function that is called where it is written;
//   - everything, where code may replace JSON or one of its functions.
func parseTables(c *bundle) []js.Edit {
	f := tableFinder{bundle: c, once: map[*js.Node]bool{}}
	for _, w := range c.wrappers {
		f.once[w.function] = true
	}
	f.look(c.Tree.Top)
	if len(f.found) == 0 || replacesJSON(c.Tree) {
		return nil
	}
	return f.found
}

type tableFinder struct {
	*bundle
	once  map[*js.Node]bool // functions that run at most once
	found []js.Edit
}

// look finds the tables in code that runs at most once.
func (f *tableFinder) look(n *js.Node) {
	switch n.Kind {
	case js.Function, js.Arrow:
		if !f.once[n] {
			return
		}
	case js.Class, js.For, js.ForIn, js.While, js.Labelled:
		return
	case js.New: // new JSON.parse() would mean something else
		for _, argument := range n.List {
			f.look(argument)
		}
		return
	case js.Call:
		callee := n.X
		if callee.Kind == js.Member && (callee.Name == "call" || callee.Name == "apply") {
			callee = callee.X
		}
		f.once[callee] = true
	case js.Array, js.Object:
		if f.table(n) {
			return
		}
	}
	if n.End-n.Start >= fewestTableBytes {
		n.Each(f.look)
	}
}

// table reports whether a literal is a table, and adds its edit.
func (f *tableFinder) table(n *js.Node) bool {
	if n.End-n.Start < fewestTableBytes {
		return false
	}
	var text strings.Builder
	if !writeJSON(&text, n) || f.edited(int(n.Start), int(n.End)) {
		return false
	}
	source := f.Tree.Source
	before := ""
	if at := n.Start; at > 0 && isWord(source[at-1]) { // return[1]
		before = " "
	}
	// The lines behind it keep their numbers, for the source map.
	lines := strings.Repeat("\n", strings.Count(source[n.Start:n.End], "\n"))
	f.found = append(f.found, js.Edit{Start: int(n.Start), End: int(n.End), Text: before + "JSON.parse(" + f.oneByte(quote(text.String())) + lines + ")"})
	return true
}

// edited reports whether a pass before changes anything in a part of the code.
func (f *tableFinder) edited(start, end int) bool {
	for _, e := range f.edits {
		if e.Start < end && e.End > start {
			return true
		}
	}
	return false
}

func isWord(c byte) bool {
	return c == '_' || c == '$' || c >= utf8.RuneSelf || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// writeJSON writes a node as JSON. It is false for what JSON cannot say.
func writeJSON(b *strings.Builder, n *js.Node) bool {
	switch n.Kind {
	case js.String:
		return writeString(b, n.Name)
	case js.Template:
		return len(n.List) == 0 && !strings.Contains(n.Texts[0], "\r") && writeString(b, n.Texts[0])
	case js.Number:
		return writeNumber(b, n.Name)
	case js.Literal:
		b.WriteString(n.Name)
		return n.Name == "true" || n.Name == "false" || n.Name == "null"
	case js.Unary:
		switch {
		case n.X.Kind != js.Number:
			return false
		case n.Op == js.OpMinus:
			b.WriteByte('-')
			return writeNumber(b, n.X.Name)
		case n.Op == js.OpNot && n.X.Name == "0":
			b.WriteString("true")
			return true
		case n.Op == js.OpNot && n.X.Name == "1":
			b.WriteString("false")
			return true
		}
		return false
	case js.Array:
		b.WriteByte('[')
		for i, element := range n.List {
			if i > 0 {
				b.WriteByte(',')
			}
			if !writeJSON(b, element) {
				return false
			}
		}
		b.WriteByte(']')
		return true
	case js.Object:
		b.WriteByte('{')
		for i, p := range n.List {
			if i > 0 {
				b.WriteByte(',')
			}
			if p.Kind != js.Property || p.Y == nil || p.Flags&(js.Shorthand|js.Method) != 0 || !writeKey(b, p) {
				return false
			}
			b.WriteByte(':')
			if !writeJSON(b, p.Y) {
				return false
			}
		}
		b.WriteByte('}')
		return true
	}
	return false
}

func writeKey(b *strings.Builder, p *js.Node) bool {
	switch {
	case p.X == nil:
		// A number as a key stands for its value: 1e3 for "1000".
		return p.Name != "__proto__" && (!startsNumber(p.Name) || plainKey.MatchString(p.Name)) && writeString(b, p.Name)
	case p.X.Kind == js.String:
		return writeString(b, p.X.Name)
	}
	return false
}

// startsNumber reports whether a key may be written as a number.
func startsNumber(key string) bool {
	return key != "" && (key[0] == '.' || '0' <= key[0] && key[0] <= '9')
}

// plainKey matches keys that are the same as a number and as a string.
var plainKey = regexp.MustCompile(`^(?:0|[1-9][0-9]{0,14})$`)

// writeString writes a string as JSON, with what JavaScript allows to stay as it is.
func writeString(b *strings.Builder, s string) bool {
	if !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError) {
		return false
	}
	plain := strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r == '\u2028' || r == '\u2029' }) < 0
	if plain {
		b.WriteByte('"')
		b.WriteString(s)
		b.WriteByte('"')
		return true
	}
	e := json.NewEncoder(lineless{b})
	e.SetEscapeHTML(false)
	return e.Encode(s) == nil
}

// lineless drops the line break that an encoder writes behind a value.
type lineless struct{ *strings.Builder }

func (l lineless) Write(p []byte) (int, error) {
	l.WriteString(strings.TrimSuffix(string(p), "\n"))
	return len(p), nil
}

var (
	decimal     = regexp.MustCompile(`^(0|[1-9][0-9]*)?(?:(\.)([0-9]*))?([eE][+-]?[0-9]+)?$`)
	hexadecimal = regexp.MustCompile(`^0[xX][0-9a-fA-F]+$`)
)

// writeNumber writes a number as JSON has it, which needs digits around a point.
func writeNumber(b *strings.Builder, text string) bool {
	if hexadecimal.MatchString(text) {
		n, ok := new(big.Int).SetString(text[2:], 16)
		if ok {
			b.WriteString(n.String())
		}
		return ok
	}
	m := decimal.FindStringSubmatch(text)
	if m == nil || m[1] == "" && m[3] == "" {
		return false
	}
	if m[1] == "" {
		b.WriteByte('0')
	}
	b.WriteString(m[1])
	if m[3] != "" {
		b.WriteString("." + m[3])
	}
	b.WriteString(m[4])
	return true
}

// quote writes a text as the shorter of a string and a template.
func quote(text string) string {
	text = strings.ReplaceAll(text, `\`, `\\`)
	if strings.Count(text, "'") <= strings.Count(text, "`")+strings.Count(text, "${") {
		return "'" + strings.ReplaceAll(text, "'", `\'`) + "'"
	}
	return "`" + strings.ReplaceAll(strings.ReplaceAll(text, "`", "\\`"), "${", `\${`) + "`"
}

// replacesJSON reports whether code may replace JSON or one of its functions: it declares
// the name, assigns to it or to a member, or hands it to a call.
func replacesJSON(tree *js.Tree) (replaces bool) {
	named := placesOf(tree.Source, "JSON")
	var look func(n, parent *js.Node, target bool)
	look = func(n, parent *js.Node, target bool) {
		switch n.Kind {
		case js.Function, js.Class:
			replaces = replaces || n.Name == "JSON"
		case js.Name:
			replaces = replaces || n.Name == "JSON" && (target || !readsJSON(n, parent))
		case js.Member, js.Index:
			of := n.Name == "JSON" || n.X.Kind == js.Name && n.X.Name == "JSON"
			replaces = replaces || of && (target || parent.Kind == js.Unary && parent.Name == "delete")
		}
		if !replaces {
			n.Each(func(child *js.Node) {
				if named.in(child) {
					look(child, n, assignsTo(n, child, target))
				}
			})
		}
	}
	look(tree.Top, tree.Top, false)
	return replaces
}

// assignsTo reports whether a node assigns to a child. target means that the node itself is
// assigned to, as a pattern is.
func assignsTo(n, child *js.Node, target bool) bool {
	switch n.Kind {
	case js.Assign, js.ForIn:
		return child == n.X
	case js.Update:
		return true
	case js.Property:
		return target && child == n.Y
	case js.Array, js.Object, js.Spread:
		return target
	}
	return false
}

// readsJSON reports whether a use of the name only reads it. A call that gets JSON may
// change it. Code that keeps it among other values, as get-intrinsic does, does not.
func readsJSON(n, parent *js.Node) bool {
	switch parent.Kind {
	case js.Member, js.Index, js.Binary, js.Unary, js.If, js.Cond:
		return true
	case js.Property:
		return parent.Y == n && parent.Flags&js.Shorthand == 0
	case js.Declare, js.Assign:
		return parent.Y == n
	}
	return false
}
