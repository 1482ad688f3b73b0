package js

import (
	"errors"
	"path"
	"sort"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/mappings"
)

// Place is a position in a source. Start and End are byte offsets. Line and Column
// count from 1, Column in bytes.
type Place struct {
	Start, End   int
	Line, Column int
}

// File is a source to read.
type File struct {
	// Path is slash-separated. If Loader is not set, the extension decides it.
	Path   string
	Source []byte
	// Loader is how the build reads the file. A loader that is not for code means
	// that the extension decides.
	Loader api.Loader
}

// Error is a syntax error and its position. Line and Column count from 1, Column
// in bytes. Both are 0 if the position is not known.
type Error struct {
	Line, Column int
	Message      string
}

func (e *Error) Error() string { return e.Message }

// Text is a module's parsed JavaScript, with the mapping from its offsets to the
// module's own text.
type Text struct {
	*Tree  // what was parsed
	origin string
	lines  []int          // offsets at which the lines of origin start
	parsed []int          // offsets at which the lines of the parsed text start, nil if that is origin
	back   mappings.Table // from the parsed text to origin
}

// Read parses a module. TypeScript, JSX and text that does not parse as JavaScript
// go through esbuild's transform first.
func Read(f File) (*Text, error) {
	loader := f.loader()
	t := &Text{origin: string(f.Source)}
	t.lines = lineStarts(t.origin)
	if loader == api.LoaderJS || len(f.Source) > maxSource {
		tree, err := Parse(f.Source)
		if err == nil {
			t.Tree = tree
			return t, nil
		}
		if e, ok := errors.AsType[syntaxError](err); !ok || e.deep { // esbuild would fail too
			return nil, t.unreadable(offsetOf(err), err)
		}
	}
	code, sourceMap, err := transform(f, loader)
	if err != nil {
		return nil, err
	}
	if t.Tree, err = Parse(code); err != nil {
		return nil, t.unreadable(0, err)
	}
	t.parsed = lineStarts(t.Source)
	if t.back, err = mappings.ReadTable(sourceMap); err != nil {
		return nil, t.unreadable(0, err)
	}
	return t, nil
}

func (f File) loader() api.Loader {
	if IsCode(f.Loader) {
		return f.Loader
	}
	switch path.Ext(f.Path) {
	case ".ts", ".mts", ".cts":
		return api.LoaderTS
	case ".tsx":
		return api.LoaderTSX
	case ".jsx":
		return api.LoaderJSX
	}
	return api.LoaderJS
}

// IsCode reports whether a loader reads JavaScript or TypeScript.
func IsCode(l api.Loader) bool {
	return l == api.LoaderJS || l == api.LoaderJSX || l == api.LoaderTS || l == api.LoaderTSX
}

func (t *Text) unreadable(offset int, err error) *Error {
	line, column := lineColumn(t.lines, offset)
	return &Error{line, column, err.Error()}
}

// transform turns a module into plain JavaScript and returns the source map too.
func transform(f File, loader api.Loader) (code, sourceMap []byte, err error) {
	// esbuild's transform recurses into nested brackets, as this parser does.
	if depth := nesting(f.Source); depth > maxNesting {
		return nil, nil, &Error{Message: "nested too deeply"}
	}
	o := api.TransformOptions{
		Loader:     loader,
		Sourcefile: f.Path,
		Sourcemap:  api.SourceMapExternal,
		// esbuild 0.28.2 does not terminate when it quotes a text that is cut off within
		// a character. Only the mappings are needed.
		SourcesContent: api.SourcesContentExclude,
		Target:         api.ESNext,
		Charset:        api.CharsetUTF8,
		Supported:      map[string]bool{"decorators": false, "import-attributes": true},
		LogLevel:       api.LogLevelSilent,
	}
	r := api.Transform(string(f.Source), o)
	if len(r.Errors) > 0 { // decorators of parameters are part of the older kind only
		o.TsconfigRaw = `{"compilerOptions": {"experimentalDecorators": true}}`
		if older := api.Transform(string(f.Source), o); len(older.Errors) == 0 {
			r = older
		}
	}
	if len(r.Errors) == 0 {
		return r.Code, r.Map, nil
	}
	e := &Error{Message: strings.ToLower(r.Errors[0].Text[:1]) + r.Errors[0].Text[1:]}
	if at := r.Errors[0].Location; at != nil {
		e.Line, e.Column = at.Line, at.Column+1
	}
	return nil, nil, e
}

// nesting returns an upper bound on how deep brackets nest. It also counts those
// in strings and comments.
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

// lineColumn returns a line and a column in bytes, both from 1.
func lineColumn(starts []int, offset int) (line, column int) {
	line = sort.SearchInts(starts, offset+1)
	return line, offset - starts[line-1] + 1
}
