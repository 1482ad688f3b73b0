package node

import (
	"cmp"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
)

// text is the JavaScript of a module, parsed, and the way from its offsets
// back to the module's own text.
type text struct {
	source string // what was parsed
	tree   *node
	module bool // it has import, export or import.meta
	origin string
	lines  []int      // offsets at which the lines of origin start
	back   []position // nil when source is origin
	parsed []int      // offsets at which the lines of source start
}

// understand parses a module. What is not JavaScript, or not understood as
// such, goes through esbuild's transform first.
func understand(m Module) (*text, error) {
	loader := m.Loader
	if loader == "" {
		loader = loaderOf(m.Path)
	}
	t := &text{origin: string(m.Source), source: string(m.Source)}
	t.lines = lineStarts(t.origin)
	var err error
	if loader == "js" {
		if t.tree, _, t.module, err = parse(m.Source); err == nil {
			return t, nil
		}
	}
	if len(m.Source) > maxSource {
		return nil, m.unreadable(t, 0, err.Error())
	}
	if err != nil && nestedTooDeeply(err) {
		return nil, m.unreadable(t, offsetOf(err), err.Error())
	}
	code, sourceMap, d := transform(m, loader)
	if d != nil {
		return nil, *d
	}
	t.source = string(code)
	t.parsed = lineStarts(t.source)
	if t.tree, _, t.module, err = parse(code); err != nil {
		return nil, m.unreadable(t, 0, err.Error())
	}
	if t.back, err = readMappings(sourceMap); err != nil {
		return nil, m.unreadable(t, 0, err.Error())
	}
	return t, nil
}

func loaderOf(name string) string {
	switch path.Ext(name) {
	case ".ts", ".mts", ".cts":
		return "ts"
	case ".tsx":
		return "tsx"
	case ".jsx":
		return "jsx"
	}
	return "js"
}

func nestedTooDeeply(err error) bool {
	return strings.HasPrefix(err.Error(), "nested") || strings.HasPrefix(err.Error(), "chains")
}

func (m Module) unreadable(t *text, offset int, message string) analyzer.Diagnostic {
	line, column := lineColumn(t.lines, offset)
	return analyzer.Diagnostic{
		Code: "unreadable-module", Severity: analyzer.Warning,
		Message:  "cannot trace what this file reads: " + message,
		Hint:     "name the files it needs with build.include",
		Position: analyzer.Position{File: m.Path, Line: line, Column: column},
	}
}

// transform makes plain JavaScript of a module and keeps the source map.
func transform(m Module, loader string) (code, sourceMap []byte, d *analyzer.Diagnostic) {
	// A transform of deeply nested brackets recurses as we do.
	if depth := nesting(m.Source); depth > maxNesting {
		return nil, nil, &analyzer.Diagnostic{
			Code: "unreadable-module", Severity: analyzer.Warning,
			Message:  "cannot trace what this file reads: nested too deeply",
			Hint:     "name the files it needs with build.include",
			Position: analyzer.Position{File: m.Path},
		}
	}
	r := api.Transform(string(m.Source), api.TransformOptions{
		Loader:     map[string]api.Loader{"js": api.LoaderJS, "jsx": api.LoaderJSX, "ts": api.LoaderTS, "tsx": api.LoaderTSX}[loader],
		Sourcefile: m.Path,
		Sourcemap:  api.SourceMapExternal,
		// esbuild 0.28.2 does not come to an end when it quotes a text that is cut
		// short within a character; the mappings are all that is wanted.
		SourcesContent: api.SourcesContentExclude,
		Target:         api.ESNext,
		TsconfigRaw:    m.TSConfigRaw,
		Charset:        api.CharsetUTF8,
		Supported:      map[string]bool{"decorators": false, "import-attributes": true},
		LogLevel:       api.LogLevelSilent,
	})
	if len(r.Errors) == 0 {
		return r.Code, r.Map, nil
	}
	e := r.Errors[0]
	d = &analyzer.Diagnostic{
		Code: "unreadable-module", Severity: analyzer.Warning,
		Message:  "cannot trace what this file reads: " + strings.ToLower(e.Text[:1]) + e.Text[1:],
		Hint:     "name the files it needs with build.include",
		Position: analyzer.Position{File: m.Path},
	}
	if e.Location != nil {
		d.Line, d.Column = e.Location.Line, e.Location.Column+1
	}
	return nil, nil, d
}

// nesting is an upper bound of how deep brackets nest, strings and comments included.
func nesting(src []byte) (deepest int) {
	depth := 0
	for _, c := range src {
		switch c {
		case '(', '[', '{':
			depth++
			deepest = max(deepest, depth)
		case ')', ']', '}':
			depth = max(depth-1, 0)
		}
	}
	return deepest
}

func lineStarts(s string) []int {
	starts := []int{0}
	for i := 0; i < len(s); i++ {
		if s[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// lineColumn counts from 1, columns in bytes.
func lineColumn(starts []int, offset int) (line, column int) {
	line = sort.SearchInts(starts, offset+1)
	return line, offset - starts[line-1] + 1
}

// place turns offsets of the parsed text into those of the module's own, and
// says the line and column. Where the way back is not exact, Start and End are
// both where the thing begins.
func (t *text) place(p *Place) {
	if t.back != nil {
		what := t.source[p.Start:p.End]
		start, ok := t.original(p.Start)
		if !ok {
			start = 0
		}
		p.Start, p.End = start, start
		if strings.HasPrefix(t.origin[start:], what) {
			p.End = start + len(what)
		}
	}
	p.Line, p.Column = lineColumn(t.lines, p.Start)
}

// placeEdits does the same for edits; an edit that finds other text at its
// place cannot be made and becomes an Uncertain.
func (t *text) placeEdits(edits []Edit, lost *[]Uncertain) []Edit {
	if t.back == nil {
		return edits
	}
	var kept []Edit
	for _, e := range edits {
		p := Place{Start: e.Start, End: e.End}
		what := t.source[e.Start:e.End]
		t.place(&p)
		if p.Start == p.End {
			*lost = append(*lost, Uncertain{Place: p, Trigger: what, Reason: "its place in the source could not be found again"})
			continue
		}
		e.Start, e.End = p.Start, p.End
		kept = append(kept, e)
	}
	return kept
}

// original finds an offset of the parsed text in the module's own.
func (t *text) original(offset int) (int, bool) {
	line := sort.SearchInts(t.parsed, offset+1) - 1
	column := utf16Column(t.source[t.parsed[line]:], offset-t.parsed[line])
	at := position{line: line, column: column}
	i, found := slices.BinarySearchFunc(t.back, at, func(a, b position) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	if !found {
		if i--; i < 0 || t.back[i].line != line {
			return 0, false
		}
	}
	p := t.back[i]
	if p.fromLine >= len(t.lines) {
		return 0, false
	}
	start := t.lines[p.fromLine]
	return min(start+byteColumn(t.origin[start:], p.fromColumn), len(t.origin)), true
}

// utf16Column is the column in UTF-16 units, in which source maps count.
func utf16Column(line string, bytes int) (n int) {
	for _, r := range line[:bytes] {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

func byteColumn(line string, units int) int {
	n := 0
	for i, r := range line {
		if n >= units {
			return i
		}
		n++
		if r > 0xffff {
			n++
		}
	}
	return len(line)
}
