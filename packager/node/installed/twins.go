package installed

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
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
	t.files.NoteName(file)
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

// listing is what is remembered of a folder's entries.
type listing struct {
	twins map[string]bool // names, in lower case, that are there in more than one spelling
	read  []string        // see Tree.ReadUnasked
}

// unasked are the files that esbuild reads in every folder on its way.
// Source: dirInfoUncached in internal/resolver of esbuild 0.28.2.
var unasked = map[string]bool{
	"package.json": true, "tsconfig.json": true, "jsconfig.json": true, ".pnp.data.json": true, ".pnp.cjs": true, ".pnp.js": true,
}

// Unasked lists the names of the files that esbuild reads in every folder on its way, sorted.
func Unasked() []string { return slices.Sorted(maps.Keys(unasked)) }

// ReadUnasked lists the names in an absolute folder that esbuild reads although no import
// names them.
func (t *Tree) ReadUnasked(dir string) []string { return t.listing(dir).read }

// folded returns the names in a folder, in lower case, that are there in more
// than one spelling.
func (t *Tree) folded(dir string) map[string]bool { return t.listing(dir).twins }

func (t *Tree) listing(dir string) listing {
	t.mu.Lock()
	l, known := t.listings[dir]
	t.mu.Unlock()
	if known {
		return l
	}
	entries, err := t.files.Peek(dir)
	if err == nil { // a folder of an archive has no twins that we know of
		t.files.NoteNames(dir, slices.Collect(maps.Keys(unasked))...)
		seen := make(map[string]bool, len(entries))
		for _, entry := range entries {
			lower := strings.ToLower(entry.Name())
			if seen[lower] {
				if l.twins == nil {
					l.twins = map[string]bool{}
				}
				l.twins[lower] = true
			}
			seen[lower] = true
			if unasked[lower] { // esbuild looks names up in lower case
				l.read = append(l.read, entry.Name())
				t.files.NoteContent(filepath.Join(dir, entry.Name()))
			}
		}
	}
	t.mu.Lock()
	t.listings[dir] = l
	t.mu.Unlock()
	return l
}

// Misspelt reports whether esbuild was led to a file that is there in another
// spelling only: ./user to User.ts, although user.js is meant.
func (t *Tree) Misspelt(file string) bool {
	if !Inside(t.root, file) {
		return false
	}
	if _, err := t.files.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	entries, err := t.files.ReadDir(filepath.Dir(file))
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
	if info, err := t.files.Lstat(candidate); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		t.mu.Lock()
		t.linked[asked{dir, name}] = t.Relative(candidate)
		t.mu.Unlock()
	}
}
