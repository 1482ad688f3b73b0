package js

import (
	"errors"
	"path"
	"sort"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// Place is where in the source something is said. Start and End are byte
// offsets, Line and Column count from 1, Column in bytes.
type Place struct {
	Start, End   int
	Line, Column int
}

// File is a source to be read.
type File struct {
	// Path is slash-separated; the extension says the loader where Loader does not.
	Path   string
	Source []byte
	// Loader is how the build reads it. What is no loader of code means by the
	// extension.
	Loader api.Loader
}

// Error says where a source stops making sense, and why. Line and Column count
// from 1, Column in bytes; both are 0 where the place is not known.
type Error struct {
	Line, Column int
	Message      string
}

func (e *Error) Error() string { return e.Message }

// Text is the JavaScript of a module, parsed, and the way from its offsets
// back to the module's own text.
type Text struct {
	*Tree  // what was parsed
	origin string
	lines  []int      // offsets at which the lines of origin start
	back   []position // nil when the source is origin
	parsed []int      // offsets at which the lines of the source start
}

// Read parses a module. What is not JavaScript, or not understood as such, goes
// through esbuild's transform first.
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
		if e, ok := errors.AsType[syntaxError](err); !ok || e.deep { // esbuild would do no better
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
	if t.back, err = readMappings(sourceMap); err != nil {
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

// IsCode says that a loader reads JavaScript or TypeScript.
func IsCode(l api.Loader) bool {
	return l == api.LoaderJS || l == api.LoaderJSX || l == api.LoaderTS || l == api.LoaderTSX
}

func (t *Text) unreadable(offset int, err error) *Error {
	line, column := lineColumn(t.lines, offset)
	return &Error{line, column, err.Error()}
}

// transform makes plain JavaScript of a module and keeps the source map.
func transform(f File, loader api.Loader) (code, sourceMap []byte, err error) {
	// A transform of deeply nested brackets recurses as we do.
	if depth := nesting(f.Source); depth > maxNesting {
		return nil, nil, &Error{Message: "nested too deeply"}
	}
	r := api.Transform(string(f.Source), api.TransformOptions{
		Loader:     loader,
		Sourcefile: f.Path,
		Sourcemap:  api.SourceMapExternal,
		// esbuild 0.28.2 does not come to an end when it quotes a text that is cut
		// short within a character; the mappings are all that is wanted.
		SourcesContent: api.SourcesContentExclude,
		Target:         api.ESNext,
		Charset:        api.CharsetUTF8,
		Supported:      map[string]bool{"decorators": false, "import-attributes": true},
		LogLevel:       api.LogLevelSilent,
	})
	if len(r.Errors) == 0 {
		return r.Code, r.Map, nil
	}
	e := &Error{Message: strings.ToLower(r.Errors[0].Text[:1]) + r.Errors[0].Text[1:]}
	if at := r.Errors[0].Location; at != nil {
		e.Line, e.Column = at.Line, at.Column+1
	}
	return nil, nil, e
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
