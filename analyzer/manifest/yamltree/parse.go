package yamltree

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/featherpack/featherpack/analyzer"
)

// Bounds on a manifest. The largest service that fits into a CloudFormation stack
// (500 resources, 1 MB) stays far below them. With deeper nesting a parser would
// need far too much memory.
const (
	MaxBytes   = 2 << 20
	MaxNesting = 200
	// The library's work grows with the square of a block's entries.
	maxEntries    = 10_000
	maxLines      = 100_000
	maxAliasNodes = 100_000
)

// Parse reads a YAML or JSON document. JSON is parsed as YAML, which includes it.
// file is the file name in positions. An empty document gives a null value.
func Parse(file string, source []byte) (*Value, *analyzer.Diagnostic) {
	root, repeats, problem := ParseRepeats(file, source)
	if problem == nil && len(repeats) > 0 {
		return nil, &repeats[0]
	}
	return root, problem
}

// ParseRepeats is Parse for formats that allow a duplicate key in a mapping. The
// last one counts, and repeats holds an error for each duplicate.
func ParseRepeats(file string, source []byte) (root *Value, repeats []analyzer.Diagnostic, problem *analyzer.Diagnostic) {
	fail := func(line, column int, hint, format string, args ...any) (*Value, []analyzer.Diagnostic, *analyzer.Diagnostic) {
		d := analyzer.Problem(analyzer.Error, "manifest-syntax",
			analyzer.Position{File: file, Line: line, Column: column}, hint, format, args...)
		return nil, nil, &d
	}
	if len(source) > MaxBytes {
		return fail(0, 0, "split it into several manifests", "is larger than %d MiB", MaxBytes>>20)
	}
	source = bytes.TrimPrefix(source, []byte("\ufeff"))
	if i := invalidUTF8(source); i >= 0 {
		line, column := place(source, i)
		return fail(line, column, "save it as UTF-8", "is not UTF-8 text")
	}
	if i := bytes.IndexByte(source, 0); i >= 0 {
		line, column := place(source, i)
		return fail(line, column, "remove it: a manifest is text", "holds a NUL byte")
	}
	source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n"))
	source = bytes.ReplaceAll(source, []byte("\r"), []byte("\n"))
	if i := tooDeep(source); i >= 0 {
		line, column := place(source, i)
		return fail(line, column, "no manifest needs that", "is nested deeper than %d levels", MaxNesting)
	}
	lines := strings.Split(string(source), "\n")
	if len(lines) > maxLines {
		return fail(maxLines, 1, "split it into several manifests", "has more than %d lines", maxLines)
	}
	if line := tooMany(lines); line > 0 {
		return fail(line, 1, "split it into several manifests", "has more than %d entries in one list or mapping", maxEntries)
	}
	masked, colon := maskColons(string(source))
	parsed, err := parseGuarded([]byte(masked))
	if err != nil {
		line, column, hint, message := explain(err, lines)
		return fail(line, column, hint, "%s", strings.ReplaceAll(message, colon, ":"))
	}
	c := &converter{file: file, columns: newColumns(lines), colon: colon, anchors: map[string]*anchor{}}
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
		return &Value{At: analyzer.Position{File: file, Line: 1, Column: 1}}, nil, nil
	}
	root, _ = c.convert(body, 0)
	if c.failed != nil {
		return nil, nil, c.failed
	}
	return root, c.repeats, nil
}

// parseGuarded turns a panic of the YAML library into an error. A manifest is
// untrusted input, and a bug in the library must not end the whole run.
func parseGuarded(source []byte) (f *ast.File, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("cannot be read as YAML")
		}
	}()
	return parser.ParseBytes(source, 0, parser.AllowDuplicateMapKey())
}

// maskColons replaces the colons inside plain texts, such as AWS::Region, by
// another single character. In a flow mapping the library wrongly reads them as a
// mapping's colon after a list or a tag, as in {Region: !Ref AWS::Region}. YAML
// requires a space after a mapping's colon there.
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

// place converts a byte offset to a line and a column.
func place(source []byte, offset int) (line, column int) {
	before := source[:min(offset, len(source))]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n')
}

// tooDeep returns the offset at which a document nests deeper than MaxNesting, or
// -1. It runs before the parser. It also counts brackets inside texts, which is
// safe: no real manifest has 200 unclosed brackets. So does a row of that many "<",
// which the parser reads again from each of them.
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
		row := 0
		for i, c := range line {
			if row++; c != '<' {
				row = 0
			}
			if row > MaxNesting {
				return start + i
			}
			switch c {
			case '[', '{':
				if depth++; depth > MaxNesting {
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

// tooMany returns the line at which a block gets more than maxEntries entries,
// judged by their indentation, or 0.
func tooMany(lines []string) int {
	type block struct{ indent, entries int }
	stack := []block{{indent: -1}}
	for i, line := range lines {
		rest := strings.TrimLeft(line, " ")
		if rest == "" || rest[0] == '#' {
			continue
		}
		indent := len(line) - len(rest)
		for stack[len(stack)-1].indent > indent {
			stack = stack[:len(stack)-1]
		}
		if stack[len(stack)-1].indent < indent {
			stack = append(stack, block{indent: indent})
		}
		top := &stack[len(stack)-1]
		if top.entries++; top.entries > maxEntries {
			return i + 1
		}
	}
	return 0
}

// deepLead returns the offset at which the beginning of a line nests too deep, or
// -1. It looks at the indentation and at a run of "- ", "? ", ": ", tags and
// anchors.
func deepLead(line []byte) int {
	run, at := 0, 0
	for at < len(line) {
		rest := line[at:]
		if rest[0] == ' ' {
			n := len(rest) - len(bytes.TrimLeft(rest, " "))
			if n > 10*MaxNesting {
				return at
			}
			at += n
			continue
		}
		word, _, _ := bytes.Cut(rest, []byte(" "))
		if s := string(word); s != "-" && s != "?" && s != ":" && s[0] != '!' && s[0] != '&' {
			break
		}
		if run++; run > MaxNesting {
			return at
		}
		at += len(word)
	}
	return -1
}
