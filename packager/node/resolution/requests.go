package resolution

import (
	"path/filepath"
	"slices"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// Requests are the imports and requires in a file's own text, in order. There are
// none where the file cannot be read.
func (r *Resolution) Requests(file string) []js.Specifier {
	return remembered(r, r.requests, file, func() (requests []js.Specifier) {
		read := r.packages.ReadModule
		if r.AsFiles {
			read = r.packages.ReadFile // it is in no graph
		}
		if text, err := read(file); err == nil {
			requests = slices.Clip(js.Specifiers(text))
		}
		return requests
	})
}

// NamesMap judges the source map that a file's text names, because esbuild reads it. nil
// means that nothing is wrong. The answer is remembered.
func (r *Resolution) NamesMap(file string) *analyzer.Diagnostic {
	loader := r.Loader(file)
	if r.Options.Sourcemap == api.SourceMapNone || !js.IsCode(loader) && loader != api.LoaderCSS && filepath.Ext(file) != ".css" {
		return nil
	}
	return remembered(r, r.maps, file, func() (d *analyzer.Diagnostic) {
		if text, err := r.packages.ReadModule(file); err == nil {
			d = r.Gate.SourceMap(file, text)
		}
		return d
	})
}

// RequiredAtLoad reports whether a file requests a specifier whenever it loads and
// does not catch a failure: without an answer, the file does not load.
func (r *Resolution) RequiredAtLoad(file, specifier string) bool {
	return slices.ContainsFunc(r.Requests(file), func(s js.Specifier) bool {
		return s.Name == specifier && !s.Guarded && !s.Conditional
	})
}

// Guarded reports whether a file requests a specifier, each time with a try block
// or a catch around the request.
func (r *Resolution) Guarded(file, specifier string) bool {
	found := false
	for _, s := range r.Requests(file) {
		if s.Name == specifier {
			if !s.Guarded {
				return false
			}
			found = true
		}
	}
	return found
}

// FirstRequest is where an input first requests a specifier: the input without a
// line where its text does not contain the request.
func (r *Resolution) FirstRequest(input, specifier string) analyzer.Position {
	at := analyzer.Position{File: input}
	for _, s := range r.Requests(r.packages.Absolute(input)) {
		if s.Name == specifier {
			at.Line, at.Column = s.Line, s.Column
			break
		}
	}
	return at
}
