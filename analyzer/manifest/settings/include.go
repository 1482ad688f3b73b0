package settings

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// Include is a pattern to add to a featherpack.yaml, and why, as a clause for a
// comment.
type Include struct{ Glob, Reason string }

// EscapeGlob returns the pattern that matches a name alone.
func EscapeGlob(name string) string { return globMarks.Replace(name) }

var globMarks = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`, `{`, `\{`, `}`, `\}`)

// AddIncludes adds patterns to override.GLOB.include in the text of a featherpack.yaml
// and returns those that were not there yet. Everything else stays as it is, comments
// and order too. An empty text gives a new file.
//
// The result has been read again. The error says what to write by hand where the
// file's form leaves no place.
func AddIncludes(file string, text []byte, glob string, includes []Include) (updated []byte, added []Include, err error) {
	root, problem := yamltree.Parse(file, text)
	if problem != nil {
		return nil, nil, *problem
	}
	known := included(root, glob)
	for _, in := range includes {
		if !slices.Contains(known, in.Glob) && !slices.ContainsFunc(added, func(other Include) bool { return other.Glob == in.Glob }) {
			added = append(added, in)
		}
	}
	if len(added) == 0 {
		return text, nil, nil
	}
	e := &includeEdit{text: string(text), root: root, glob: glob, added: added, plain: path.Ext(file) == ".json"}
	updated = []byte(e.apply())
	want := slices.Clone(known)
	for _, in := range added {
		want = append(want, in.Glob)
	}
	again, problem := yamltree.Parse(file, updated)
	if problem != nil || !slices.Equal(included(again, glob), want) || !slices.Equal(others(root, glob), others(again, glob)) {
		var list []string
		for _, in := range added {
			list = append(list, quoted(in.Glob))
		}
		return nil, nil, analyzer.Problem(analyzer.Error, "learn", analyzer.Position{File: file},
			fmt.Sprintf("write there by hand: override: {%s: {include: [%s]}}", quoted(glob), strings.Join(list, ", ")),
			"the patterns cannot be added to this form of the file")
	}
	return updated, added, nil
}

// included returns the patterns that the file has for a function's glob.
func included(root *yamltree.Value, glob string) (globs []string) {
	v := root.Get("override", glob, "include")
	if v != nil && v.Kind == yamltree.Sequence {
		for _, item := range v.Items {
			globs = append(globs, item.Text)
		}
	}
	return globs
}

// others lists the scalars of a file besides a function's patterns. A list that an
// alias shares belongs to others too.
func others(root *yamltree.Value, glob string) (all []string) {
	own := fmt.Sprintf("%q", []string{"override", glob, "include"})
	var visit func(v *yamltree.Value, at []string)
	visit = func(v *yamltree.Value, at []string) {
		switch {
		case v == nil || fmt.Sprintf("%q", at) == own:
		case v.Kind == yamltree.Mapping:
			for i, k := range v.Keys {
				visit(v.Items[i], append(slices.Clone(at), k.Name))
			}
		case v.Kind == yamltree.Sequence:
			for _, item := range v.Items {
				visit(item, append(slices.Clone(at), "-"))
			}
		case v.Kind != yamltree.Null:
			all = append(all, fmt.Sprintf("%q %q %d", at, v.Text, v.Kind))
		}
	}
	visit(root, nil)
	return all
}

// includeEdit is one edit of a featherpack.yaml.
type includeEdit struct {
	text  string
	root  *yamltree.Value
	glob  string
	added []Include
	plain bool // JSON, which has no comments
}

// apply inserts at the deepest of override, the function and include that exists.
func (e *includeEdit) apply() string {
	names := []string{"override", e.glob, "include"}
	v, depth := e.root, 0
	for ; depth < len(names); depth++ {
		next := v.Get(names[depth])
		if next == nil || next.Kind == yamltree.Null {
			break
		}
		v = next
	}
	missing := names[depth:]
	if v == nil || v.Kind == yamltree.Null || v == e.root && !e.flow(v) {
		return e.atEnd(missing)
	}
	if e.flow(v) {
		return e.inFlow(v, missing)
	}
	return e.inBlock(v, missing)
}

// offset is where a position lies in the text.
func (e *includeEdit) offset(at analyzer.Position) int {
	from := 0
	for line := 1; line < at.Line; line++ {
		next := strings.IndexByte(e.text[from:], '\n')
		if next < 0 {
			return len(e.text)
		}
		from += next + 1
	}
	return min(from+at.Column-1, len(e.text))
}

// flow reports whether a list or mapping is written in brackets.
func (e *includeEdit) flow(v *yamltree.Value) bool {
	at := e.offset(v.At)
	return at < len(e.text) && (e.text[at] == '{' || e.text[at] == '[')
}

// block writes keys and, in the last, the patterns, at an indent.
func (e *includeEdit) block(keys []string, indent int) string {
	var b strings.Builder
	for _, key := range keys {
		if key == e.glob {
			key = quoted(key)
		}
		fmt.Fprintf(&b, "%s%s:\n", strings.Repeat(" ", indent), key)
		indent += 2
	}
	for _, in := range e.added {
		fmt.Fprintf(&b, "%s- %s # %s\n", strings.Repeat(" ", indent), quoted(in.Glob), in.Reason)
	}
	return b.String()
}

func (e *includeEdit) atEnd(keys []string) string {
	text := e.text
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text + e.block(keys, 0)
}

// inBlock inserts after the last line of a list or mapping that is written in lines.
func (e *includeEdit) inBlock(v *yamltree.Value, keys []string) string {
	indent := v.At.Column - 1
	if v.Kind == yamltree.Mapping && len(v.Keys) > 0 {
		indent = v.Keys[0].At.Column - 1
	} else if v.Kind == yamltree.Sequence {
		// The position of a list is that of its first dash, or of its first item.
		at := e.offset(v.Items[0].At)
		start := strings.LastIndexByte(e.text[:at], '\n') + 1
		indent = start + strings.IndexByte(e.text[start:], '-') - start
	}
	at := e.offset(v.At)
	end := strings.LastIndexByte(e.text[:at], '\n') + 1
	last := end
	for rest := e.text[end:]; rest != ""; {
		line, after, more := strings.Cut(rest, "\n")
		trimmed := strings.TrimLeft(line, " ")
		within := len(line)-len(trimmed) >= indent
		if v.Kind == yamltree.Sequence && len(line)-len(trimmed) == indent && !strings.HasPrefix(trimmed, "-") && !strings.HasPrefix(trimmed, "#") {
			within = false
		}
		if strings.TrimSpace(line) != "" && !within {
			break
		}
		size := len(line)
		if more {
			size++
		}
		end += size
		if trimmed := strings.TrimSpace(line); trimmed != "" {
			last = end
		}
		rest = after
	}
	head := e.text[:last]
	if head != "" && !strings.HasSuffix(head, "\n") {
		head += "\n"
	}
	return head + e.block(keys, indent) + e.text[last:]
}

// inFlow inserts before the bracket that closes a list or mapping.
func (e *includeEdit) inFlow(v *yamltree.Value, keys []string) string {
	from := e.offset(v.At)
	end := closing(e.text, from)
	if end < 0 {
		return e.text
	}
	start := strings.LastIndexByte(e.text[:from], '\n') + 1
	indent := len(e.text[start:]) - len(strings.TrimLeft(e.text[start:], " ")) + 2
	var b strings.Builder
	body := strings.TrimRight(e.text[:end], " \t\n")
	b.WriteString(body)
	if len(v.Items) > 0 && !strings.HasSuffix(body, ",") {
		b.WriteString(",")
	}
	if len(keys) > 0 || e.plain {
		b.WriteString(" ")
	}
	for _, key := range keys {
		if key == "include" {
			b.WriteString(e.name(key) + ": [")
			continue
		}
		b.WriteString(e.name(key) + ": {")
	}
	for i, in := range e.added {
		comma := ","
		if i == len(e.added)-1 {
			comma = ""
		}
		if e.plain {
			b.WriteString(quoted(in.Glob) + comma)
			continue
		}
		fmt.Fprintf(&b, "\n%s%s%s # %s", strings.Repeat(" ", indent), quoted(in.Glob), comma, in.Reason)
	}
	if !e.plain {
		b.WriteString("\n" + strings.Repeat(" ", indent))
	}
	for _, key := range slices.Backward(keys) {
		if key == "include" {
			b.WriteString("]")
		} else {
			b.WriteString("}")
		}
	}
	return b.String() + e.text[end:]
}

// name writes a key between brackets.
func (e *includeEdit) name(key string) string {
	if e.plain || key == e.glob {
		return quoted(key)
	}
	return key
}

// closing is the offset of the bracket that closes the one at from, -1 if there is
// none.
func closing(text string, from int) int {
	depth := 0
	for i := from; i < len(text); i++ {
		switch c := text[i]; c {
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return i
			}
		case '"', '\'':
			for i++; i < len(text) && text[i] != c; i++ {
				if c == '"' && text[i] == '\\' {
					i++
				}
			}
		case '#':
			if i > 0 && (text[i-1] == ' ' || text[i-1] == '\n') {
				for i < len(text) && text[i] != '\n' {
					i++
				}
			}
		}
	}
	return -1
}

// quoted writes a text in double quotes, as JSON and YAML both read it.
func quoted(s string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(s) != nil {
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}
