package installed

import (
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Files or folders of one folder whose names differ in case alone are twins.
// esbuild 0.28.2 takes two of them for one module, whichever it met first, and
// of a link that has a twin it follows either. A function that reaches twins is
// linked again with a mark behind the path of each, so that they differ; the mark
// is removed from all of esbuild's output. Sources: internal/fs (entries
// are looked up in lower case) and internal/bundler (so are visited files).

// HasTwin reports whether an absolute path, or a folder on the way to it from
// the root, has a twin.
func (t *Tree) HasTwin(file string) bool {
	if file == t.root || !Inside(t.root, file) {
		return false
	}
	dir := filepath.Dir(file)
	if t.folded(dir)[strings.ToLower(filepath.Base(file))] {
		return true
	}
	t.mu.Lock()
	has, known := t.twinned[dir]
	t.mu.Unlock()
	if !known {
		has = t.HasTwin(dir)
		t.mu.Lock()
		t.twinned[dir] = has
		t.mu.Unlock()
	}
	return has
}

// folded returns the names in a folder, in lower case, that are there in more
// than one spelling.
func (t *Tree) folded(dir string) map[string]bool {
	t.mu.Lock()
	twins, known := t.twins[dir]
	t.mu.Unlock()
	if known {
		return twins
	}
	entries, err := os.ReadDir(dir)
	if err == nil { // a folder of an archive has none that we know of
		seen := make(map[string]bool, len(entries))
		for _, entry := range entries {
			lower := strings.ToLower(entry.Name())
			if seen[lower] {
				if twins == nil {
					twins = map[string]bool{}
				}
				twins[lower] = true
			}
			seen[lower] = true
		}
	}
	t.mu.Lock()
	t.twins[dir] = twins
	t.mu.Unlock()
	return twins
}

// Misspelt reports whether esbuild was led to a file that is there in another
// spelling only: ./user to User.ts, although user.js is meant.
func (t *Tree) Misspelt(file string) bool {
	if !Inside(t.root, file) {
		return false
	}
	if _, err := os.Lstat(file); !os.IsNotExist(err) {
		return false
	}
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		return false
	}
	for _, entry := range entries {
		if strings.EqualFold(entry.Name(), filepath.Base(file)) {
			return true
		}
	}
	return false
}

// Exactly is the file that a relative specifier names in its own spelling,
// where esbuild found one in another.
func (t *Tree) Exactly(dir, specifier, found string) string {
	if !strings.HasPrefix(specifier, ".") || !t.Misspelt(found) {
		return found
	}
	asked := filepath.Join(dir, filepath.FromSlash(specifier))
	for _, suffix := range exactSuffixes {
		if file := asked + filepath.FromSlash(suffix); t.IsFile(file) {
			return file
		}
	}
	return found
}

// exactSuffixes is esbuild's order of extensions, and then what a folder offers.
var exactSuffixes = []string{"", ".tsx", ".ts", ".jsx", ".js", ".json", ".mjs", ".cjs", "/index.tsx", "/index.ts", "/index.jsx", "/index.js", "/index.json"}

// Mark is what esbuild keeps behind a path and does not read from the disk.
func (t *Tree) Mark(file string) string {
	h := fnv.New64a()
	h.Write([]byte(t.Relative(file)))
	return fmt.Sprintf("?twin=%016x", h.Sum64())
}

var marks = regexp.MustCompile(`\?twin=[0-9a-f]{16}`)

// Unmark takes the marks off a text of esbuild's.
func Unmark(text string) string {
	if !strings.Contains(text, "?twin=") {
		return text
	}
	return marks.ReplaceAllString(text, "")
}

// LinkedTwin names the link, relative to the root, behind which a package was
// found that has a twin in the same node_modules, as JSONStream and jsonstream
// may; "" without one.
func (t *Tree) LinkedTwin(dir, name string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.linked[asked{dir, name}]
}

// noteLink records, for LinkedTwin, a package that was found at that place.
func (t *Tree) noteLink(dir, name, candidate, real string) {
	if candidate == real || !t.folded(filepath.Dir(candidate))[strings.ToLower(filepath.Base(candidate))] {
		return
	}
	if info, err := os.Lstat(candidate); err == nil && info.Mode()&os.ModeSymlink != 0 {
		t.mu.Lock()
		t.linked[asked{dir, name}] = t.Relative(candidate)
		t.mu.Unlock()
	}
}
