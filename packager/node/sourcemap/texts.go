package sourcemap

import (
	"encoding/json"
	"sync"

	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// Maps makes the source maps of one build.
type Maps struct {
	packages *installed.Tree
	edited   edited
	sources  map[string]json.RawMessage // texts, by input
	bytes    int                        // of sources
}

// New makes source maps of installed packages and the project's code.
func New(packages *installed.Tree) *Maps {
	return &Maps{packages: packages, edited: edited{texts: map[editedKey]string{}}, sources: map[string]json.RawMessage{}}
}

// Edited remembers the text of a module that was edited before esbuild read it.
func (m *Maps) Edited(of *resolution.Resolution, layout kept.Layout, file, text string) {
	m.edited.put(editedKey{of, layout, file}, text)
}

// edited are the texts of modules that were edited before esbuild read them.
type edited struct {
	mu    sync.Mutex
	texts map[editedKey]string
}

// editedKey is what an edit depends on.
type editedKey struct {
	resolution *resolution.Resolution
	layout     kept.Layout
	file       string
}

func (e *edited) of(key editedKey) (text string, known bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	text, known = e.texts[key]
	return text, known
}

func (e *edited) put(key editedKey, text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.texts[key] = text
}
