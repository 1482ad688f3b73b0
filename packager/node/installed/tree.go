package installed

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// Tree is a project's files and the packages installed in it.
type Tree struct {
	root   string   // free of symlinks
	handle *os.Root // no link leads out of it
	archives
	mu        sync.Mutex
	manifests map[string]*Manifest // by folder; nil where there is none
	found     map[asked]string     // the package's folder, "" where there is none
	modules   map[string][2]string // by input: see ModuleBuild
	needs     map[string]needs     // by input: see Needs
	shared    map[string]string    // archives of a cache outside the root, by the path that is shown
	pnps      map[string]*pnp      // by folder; nil where there is none
	listings  map[string]listing   // by folder
	twinned   map[string]bool      // by folder: see HasTwin
	linked    map[asked]string     // see LinkedTwin
	strays    map[asked]bool       // see Strays

	pathsMu sync.RWMutex
	paths   map[string]string // by input: see Absolute
}

// asked is a package's name and the folder of the code that imports it.
type asked struct{ dir, name string }

// Open reads a project's packages.
func Open(files *projectfs.FS) (*Tree, error) {
	handle, err := files.Handle()
	if err != nil {
		return nil, fmt.Errorf("reading the project: %w", err)
	}
	t := &Tree{root: files.RootDir(), handle: handle, archives: archives{files: files}, manifests: map[string]*Manifest{}}
	t.forget()
	return t, nil
}

// forget makes the tree ask again for everything but what a package.json holds.
func (t *Tree) forget() {
	t.found, t.modules, t.needs = map[asked]string{}, map[string][2]string{}, map[string]needs{}
	t.shared, t.pnps, t.listings = map[string]string{}, map[string]*pnp{}, map[string]listing{}
	t.twinned, t.linked, t.strays = map[string]bool{}, map[asked]string{}, map[asked]bool{}
	t.paths = map[string]string{}
}

// Renew makes the tree ready for another build with the same files, once these have been
// renewed: see [projectfs.FS.Renew]. What files and folders of installed packages hold is
// still known then.
func (t *Tree) Renew() error {
	handle, err := t.files.Handle()
	if err != nil {
		return fmt.Errorf("reading the project: %w", err)
	}
	t.handle = handle
	modules, needed, listings, paths := t.modules, t.needs, t.listings, t.paths
	found, links, strays := t.found, t.linked, t.strays
	t.forget()
	t.paths = paths // they depend on the root alone
	// Each place where a package was looked for is as it was.
	for key, dir := range found {
		if _, noted := links[key]; !noted && !strays[key] {
			t.found[key] = dir
		}
	}
	for input, build := range modules {
		if PackageDir(input) != "" {
			t.modules[input] = build
		}
	}
	for input, n := range needed {
		if !n.ofOwn {
			t.needs[input] = n
		}
	}
	for dir, l := range listings {
		if t.inPackage(dir) {
			t.listings[dir] = l
		}
	}
	return nil
}

// inPackage reports whether a file or folder lies in an installed package, and not behind a
// link to the project's own code.
func (t *Tree) inPackage(at string) bool {
	place, err := t.files.Judge(at)
	return err == nil && PackageDir(filepath.Join(place.Path, "_")) != ""
}

// Files reads the project's files.
func (t *Tree) Files() *projectfs.FS { return t.files }

// Root is the absolute folder that the tree was opened with.
func (t *Tree) Root() string { return t.root }

// Absolute is the path of an input. Every function of a build asks for those of all its
// modules many times: joining them each time took 3% of what a build of 100 functions allocates.
func (t *Tree) Absolute(input string) string {
	t.pathsMu.RLock()
	path, known := t.paths[input]
	t.pathsMu.RUnlock()
	if known {
		return path
	}
	path = filepath.Join(t.root, filepath.FromSlash(input))
	t.pathsMu.Lock()
	defer t.pathsMu.Unlock()
	t.paths[strings.Clone(input)] = path // it may be a part of a large text
	return path
}

// Nearest returns the closest folder at or above dir, inside the root, that
// holds a package.json, and that manifest.
func (t *Tree) Nearest(dir string) (string, *Manifest) {
	for ; Inside(t.root, dir); dir = filepath.Dir(dir) {
		if m := t.Manifest(dir); m != nil {
			return dir, m
		}
		if dir == t.root {
			break
		}
	}
	return "", nil
}

// Inside reports whether the cleaned path is root or lies below it.
func Inside(root, file string) bool { return projectfs.Within(root, file) }

// Relative turns an absolute path inside the root into a slash-separated one.
func (t *Tree) Relative(file string) string {
	rel, err := projectfs.Rel(t.root, file)
	if err != nil {
		return ""
	}
	return filepath.ToSlash(rel)
}

// PackageOf returns the package of an input: its folder relative to the root, ""
// for own code, and its manifest, nil when it has none.
func (t *Tree) PackageOf(input string) (dir string, m *Manifest) {
	dir = filepath.ToSlash(PackageDir(filepath.FromSlash(input)))
	if dir == "" {
		return "", nil
	}
	return dir, t.Manifest(filepath.Join(t.root, filepath.FromSlash(dir)))
}

// IsESM reports whether Node reads the file at that path, relative to the
// root, as an ES module: by extension, else by the nearest package.json.
func (t *Tree) IsESM(file string) bool {
	switch path.Ext(file) {
	case ".mjs", ".mts":
		return true
	case ".cjs", ".cts":
		return false
	}
	_, m := t.Nearest(filepath.Join(t.root, filepath.FromSlash(path.Dir(file))))
	return m != nil && m.Type == "module"
}

// IsFile reports whether a path is a regular file of the project. It may be a link to
// one inside the root.
func (t *Tree) IsFile(file string) bool {
	name, files := t.Relative(file), t.FS()
	if !Archived(name + "/") { // what it holds does not matter
		t.files.NoteLink(name)
		files = t.handle.FS()
	}
	info, err := fs.Stat(files, name)
	return err == nil && info.Mode().IsRegular()
}
