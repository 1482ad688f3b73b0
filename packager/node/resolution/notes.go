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

// Note remembers that an input's imports are in the graph and reports whether
// that is new: under another plan the same input may import other modules.
func (r *Resolution) Note(input string, imports []Import) (isNew bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	noted, known := r.noted[input]
	if known && slices.Equal(noted, imports) {
		return false
	}
	r.noted[input] = imports
	return true
}
