package projectfs

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Allowances are what the caller's flags allow beyond the root. What files say is never
// an allowance.
type Allowances struct {
	// Outside allows every file: --allow-outside.
	Outside bool
	// Folders are absolute. Their files may be read like those of the project.
	Folders []string
	// Files are absolute. They may be read although their folders may not.
	Files []string
	// Instead are other contents of files, by their paths relative to the root without
	// symlinks: those of a changed copy of the project, which is nowhere.
	Instead map[string][]byte
}

// FS reads files below a root, and those that are allowed. It may be used by many
// goroutines. It remembers folders: make a new one for every build.
type FS struct {
	root    string // absolute, with symlinks resolved
	outside bool
	folders []string          // allowed, with symlinks resolved
	files   []string          // allowed, with symlinks resolved
	instead map[string][]byte // of Allowances, by absolute path

	mu     sync.Mutex
	handle *os.Root                 // opened when it is first needed
	lists  map[string][]fs.DirEntry // by absolute folder
	real   map[string]realFolder    // by absolute folder
	// places are where names of installed packages led when Renew looked, by absolute path.
	places map[string]Place
	// within are folders that were listed, by absolute path without symlinks; nil if they are
	// not remembered.
	within map[string]within

	opening sync.RWMutex
	handles map[string]*os.Root // open folders inside the root, by their path

	record *Record // nil if nothing is recorded
}

// within is what a folder had.
type within struct {
	info    fs.FileInfo // of the folder, before it was listed
	entries []fs.DirEntry
}

// realFolder is where a folder lies, after symlinks.
type realFolder struct {
	path string
	err  error
}

// Reasons why a file is not read. A file that does not exist is fs.ErrNotExist, one that
// may not be read fs.ErrPermission.
var (
	ErrOutside   = errors.New("is outside the project's root")
	ErrTooLarge  = errors.New("is too large")
	ErrIrregular = errors.New("is not a regular file")
	ErrFolder    = errors.New("is a folder")
	errNoFolder  = errors.New("is not a folder")
)

// New returns an FS for a folder. root is absolute, with symlinks resolved.
func New(root string, allow Allowances) *FS {
	t := &FS{root: root, outside: allow.Outside, lists: map[string][]fs.DirEntry{}, real: map[string]realFolder{}}
	for name, text := range allow.Instead {
		if t.instead == nil {
			t.instead = map[string][]byte{}
		}
		t.instead[filepath.Join(root, filepath.FromSlash(name))] = text
	}
	for _, folder := range allow.Folders {
		if real, err := filepath.EvalSymlinks(folder); err == nil && filepath.IsAbs(real) {
			t.folders = append(t.folders, real)
		}
	}
	for _, file := range allow.Files {
		if real, err := filepath.EvalSymlinks(file); err == nil && filepath.IsAbs(real) {
			t.files = append(t.files, real)
		}
	}
	return t
}

// Of returns an FS for any folder, such as a cache that projects share. dir is absolute.
func Of(dir string) (*FS, error) {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, err
	}
	return New(real, Allowances{}), nil
}

// Again returns an FS for the same root with the same allowances that remembers nothing.
func (t *FS) Again() *FS {
	return &FS{root: t.root, outside: t.outside, folders: t.folders, files: t.files, instead: t.instead, lists: map[string][]fs.DirEntry{}, real: map[string]realFolder{}}
}

// Remember makes the FS remember what it lists from now on: what a folder had is not looked
// at again. It is for who asks much about one moment.
func (t *FS) Remember() { t.within = map[string]within{} }

// RootDir is the absolute folder that the FS was made for.
func (t *FS) RootDir() string { return t.root }

// Close lets go of the root.
func (t *FS) Close() error {
	t.opening.Lock()
	t.closeHandles()
	t.opening.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.handle == nil {
		return nil
	}
	err := t.handle.Close()
	t.handle = nil
	return err
}

// Handle is the root as the operating system keeps it: no symlink leads out of it.
func (t *FS) Handle() (*os.Root, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.handle == nil {
		handle, err := os.OpenRoot(t.root)
		if err != nil {
			return nil, err
		}
		t.handle = handle
	}
	return t.handle, nil
}

// Inside reports whether a cleaned relative path stays below the root.
func Inside(rel string) bool {
	return rel != ".." && !strings.HasPrefix(rel, "../") && !path.IsAbs(rel) && !strings.ContainsRune(rel, 0)
}

// Below reports whether dir is folder or is inside it. Both are slash-separated.
func Below(dir, folder string) bool {
	return folder == "." || dir == folder || strings.HasPrefix(dir, folder+"/")
}

// Within reports whether a cleaned absolute path is folder or is inside it.
func Within(folder, abs string) bool {
	rest, ok := strings.CutPrefix(abs, strings.TrimSuffix(folder, string(filepath.Separator)))
	return ok && (rest == "" || rest[0] == filepath.Separator)
}

// Relative turns an absolute path into one relative to the root.
func (t *FS) Relative(abs string) (string, bool) {
	rel, err := Rel(t.root, abs)
	if err != nil {
		return "", false
	}
	rel = filepath.ToSlash(rel)
	return rel, Inside(rel)
}

// Rel is [filepath.Rel] of absolute paths, which takes long for what lies below the first.
func Rel(root, abs string) (string, error) {
	abs = filepath.Clean(abs)
	if n := len(root); len(abs) > n+1 && abs[n] == filepath.Separator && abs[:n] == root {
		return abs[n+1:], nil
	}
	return filepath.Rel(root, abs)
}

// absolute is the absolute path of a name, false if a relative name leads outside and
// nothing there is allowed.
func (t *FS) absolute(name string) (string, bool) {
	if strings.ContainsRune(name, 0) {
		return "", false
	}
	if filepath.IsAbs(name) {
		return filepath.Clean(name), true
	}
	abs := filepath.Join(t.root, filepath.FromSlash(name))
	return abs, t.allows(abs)
}

// Allows reports whether every file outside the root is allowed.
func (t *FS) Allows() bool { return t.outside }

// allows reports whether a cleaned absolute path without symlinks may be read.
func (t *FS) allows(abs string) bool {
	if t.outside || Within(t.root, abs) || slices.Contains(t.files, abs) {
		return true
	}
	for _, folder := range t.folders {
		if Within(folder, abs) {
			return true
		}
	}
	return false
}
