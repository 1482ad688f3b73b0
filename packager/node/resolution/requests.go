package resolution

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// Requests are the imports and requires of a file, in order, as it says them.
// They are empty where the file cannot be read.
func (r *Resolution) Requests(file string) []js.Specifier {
	r.mu.Lock()
	requests, known := r.requests[file]
	r.mu.Unlock()
	if known {
		return requests
	}
	if text, err := r.packages.ReadFile(file); err == nil {
		requests = slices.Clip(js.Specifiers(text))
	}
	r.mu.Lock()
	r.requests[file] = requests
	r.mu.Unlock()
	return requests
}

// RequiredAtLoad reports whether a file asks for a specifier whenever it loads,
// with nothing to catch a failure: without an answer the file does not load.
func (r *Resolution) RequiredAtLoad(file, specifier string) bool {
	return slices.ContainsFunc(r.Requests(file), func(s js.Specifier) bool {
		return s.Name == specifier && !s.Guarded && !s.Conditional
	})
}

// Guarded reports whether a file asks for a specifier, each time with a try
// block or a catch around it.
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

// FirstRequest is where an input first asks for a specifier: the input alone
// where its text does not say.
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
