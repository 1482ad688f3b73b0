package resolution

import "slices"

// Import is an edge of a finished graph, in esbuild's words.
// Format: https://esbuild.github.io/api/#metafile
type Import struct {
	Path     string `json:"path"`
	Kind     string `json:"kind"`
	Original string `json:"original"`
	External bool   `json:"external"`
}

// noted is what is in the graph of an input.
type noted struct {
	bytes   int64
	format  string
	imports []Import
}

// Note remembers that an input is in the graph and reports whether that is new: under
// another plan the same input may import other modules.
func (r *Resolution) Note(input string, bytes int64, format string, imports []Import) (isNew bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	was, known := r.noted[input]
	if known && was.bytes == bytes && was.format == format && slices.Equal(was.imports, imports) {
		return false
	}
	r.noted[input] = noted{bytes, format, imports}
	return true
}
