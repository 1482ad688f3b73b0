package installed

import (
	"errors"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// Find returns the folder, free of symlinks, that Node's lookup gives for a
// package asked for from dir, "" when it is not installed inside the root.
func (t *Tree) Find(dir, name string) string {
	key := asked{dir, name}
	t.mu.Lock()
	found, ok := t.found[key]
	t.mu.Unlock()
	if ok {
		return found
	}
	plugged := false
	if p := t.pnpOf(dir); p != nil {
		if found, plugged = p.find(dir, name); found != "" && !t.files.Allows() && !t.Ours(filepath.Join(found, "package.json")) {
			t.noteStray(key)
			found = ""
		}
	}
	for at := dir; !plugged && Inside(t.root, at); at = filepath.Dir(at) {
		if filepath.Base(at) != "node_modules" {
			candidate := filepath.Join(at, "node_modules", filepath.FromSlash(name))
			place, err := t.files.Judge(candidate)
			if errors.Is(err, projectfs.ErrOutside) {
				t.noteStray(key)
				break
			}
			if err == nil && place.Info.IsDir() && Inside(t.root, place.Path) {
				t.noteLink(dir, name, candidate, place.Path)
				found = place.Path
				break
			}
		}
		if at == t.root {
			break
		}
	}
	t.mu.Lock()
	t.found[key] = found
	t.mu.Unlock()
	return found
}

// noteStray records a package that lies where nothing may be read.
func (t *Tree) noteStray(key asked) {
	t.mu.Lock()
	t.strays[key] = true
	t.mu.Unlock()
}

// Strays reports whether a package lies outside the root: behind a link, or because a
// manifest of Plug'n'Play says so and it is in no cache of Yarn's.
func (t *Tree) Strays(dir, name string) bool {
	t.Find(dir, name)
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.strays[asked{dir, name}]
}

// pnpOf is the Plug'n'Play manifest that holds for a folder, the nearest at or
// above it, nil without one. Folders outside the root, such as those of a cache
// that projects share, go by the root's.
func (t *Tree) pnpOf(dir string) *pnp {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !Inside(t.root, dir) {
		dir = t.root
	}
	for at := dir; ; at = filepath.Dir(at) {
		p, known := t.pnps[at]
		if !known {
			if p = readPnP(t.files, at); p != nil {
				t.files.Doubt("Plug'n'Play")
			}
			t.pnps[at] = p
		}
		if p != nil || at == t.root {
			return p
		}
	}
}

// Production returns the folders of every package that an install without dev
// dependencies would hold for code in dir: the closure of the dependencies,
// optional and non-optional peer dependencies, as installed, of every
// package.json at or above dir, and of the packages in extra.
func (t *Tree) Production(dir string, extra []string) map[string]bool {
	closure := map[string]bool{}
	var visit func(dir string, m *Manifest)
	enter := func(at string) {
		if at == "" || closure[at] {
			return
		}
		closure[at] = true
		if m := t.Manifest(at); m != nil {
			visit(at, m)
		}
	}
	visit = func(dir string, m *Manifest) {
		for _, set := range []map[string]string{m.Dependencies, m.OptionalDependencies, m.PeerDependencies} {
			for name := range set {
				if m.DependsOn(name) {
					enter(t.Find(dir, name))
				}
			}
		}
	}
	for at, m := t.Nearest(dir); m != nil; at, m = t.Nearest(filepath.Dir(at)) {
		visit(at, m)
		if at == t.root {
			break
		}
	}
	for _, name := range extra {
		enter(filepath.Join(t.root, filepath.FromSlash(name)))
	}
	return closure
}

// AsNode finds a relative specifier's file where that takes no more than Node's
// LOAD_AS_FILE and no link is on the way, "" where it takes more. An import
// spells the whole name out, but esbuild finds x.js for x, behind x.jsx: this does so
// too in an installed package, where esbuild tries no TypeScript before. There it also
// finds the index.js of a folder without a package.json.
// Source: nodejs.org/api/modules.html#all-together
func (t *Tree) AsNode(dir, specifier string, required bool) string {
	if !strings.HasPrefix(specifier, "./") && !strings.HasPrefix(specifier, "../") || strings.HasSuffix(specifier, "/") || strings.ContainsAny(specifier, "?#%\\") {
		return ""
	}
	at := filepath.Join(dir, filepath.FromSlash(specifier))
	suffixes := []string{""}
	switch {
	case required:
		suffixes = []string{"", ".js", ".json", ".node"}
	case PackageDir(at) != "":
		suffixes = []string{"", ".jsx", ".js"}
	}
	folder := false
	for _, suffix := range suffixes {
		place, err := t.files.Judge(at + suffix)
		switch {
		case errors.Is(err, projectfs.ErrOutside):
			return ""
		case err != nil:
			continue
		case place.Info.IsDir():
			folder = folder || suffix == "" && place.Path == at
			continue
		case place.Path != at+suffix || !place.Info.Mode().IsRegular():
			return ""
		}
		return at + suffix
	}
	if folder && !required && PackageDir(at) != "" {
		return t.index(at)
	}
	return ""
}

// index is the index.js of a folder in an installed package, where esbuild takes that for
// the folder's name.
// Source: loadAsFileOrDirectory in internal/resolver of esbuild 0.28.2.
func (t *Tree) index(dir string) string {
	at := filepath.Join(dir, "index.js")
	before := []string{filepath.Join(dir, "package.json"), filepath.Join(dir, "index.jsx")}
	for _, suffix := range []string{".css", ".json", ".tsx", ".ts"} { // a file comes before a folder
		before = append(before, dir+suffix)
	}
	for _, file := range before {
		if _, err := t.files.Lstat(file); err == nil {
			return ""
		}
	}
	if place, err := t.files.Judge(at); err != nil || place.Path != at || !place.Info.Mode().IsRegular() {
		return ""
	}
	return at
}

// AsksFrom is a folder from which a package is found just as from dir. Inside an installed
// package that is the nearest folder above with packages in it, if the package is there.
// What has a name of its own among them may ask for itself: that is the folder of its
// package.json, unless packages lie between the two.
func (t *Tree) AsksFrom(dir, specifier string) string {
	name := js.PackageName(specifier)
	if name == "" || PackageDir(filepath.Join(dir, "_")) == "" {
		return dir
	}
	top, m := t.Nearest(dir)
	if PackageDir(filepath.Join(top, "_")) == "" {
		return dir
	}
	for at := dir; at != top; at = filepath.Dir(at) {
		if t.hasPackages(at) {
			return dir
		}
	}
	if m.Name == name || t.pnpOf(dir) != nil {
		return top
	}
	at := top
	for ; filepath.Base(at) != "node_modules"; at = filepath.Dir(at) {
		if t.hasPackages(at) {
			return top
		}
	}
	if _, err := t.files.Lstat(filepath.Join(at, filepath.FromSlash(name))); err != nil {
		return top
	}
	return at
}

func (t *Tree) hasPackages(dir string) bool {
	_, err := t.files.Lstat(filepath.Join(dir, "node_modules"))
	return err == nil
}
