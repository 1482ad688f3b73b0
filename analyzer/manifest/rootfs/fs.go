package rootfs

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// FS reads files below a root, and only there: it is an error if a path, or a
// symlink on it, leads outside. Paths are slash-separated and relative to the
// root.
type FS struct {
	root  string // absolute, with symlinks resolved
	lists map[string][]fs.DirEntry
}

// Reasons why a file is not read.
var (
	ErrOutside   = errors.New("leads outside the project's root")
	ErrTooLarge  = errors.New("is too large")
	ErrIrregular = errors.New("is not a regular file")
)

// New returns an FS for a folder. root is absolute, with symlinks resolved.
func New(root string) *FS {
	return &FS{root: root, lists: map[string][]fs.DirEntry{}}
}

// Inside reports whether a cleaned relative path stays below the root.
func Inside(rel string) bool {
	return rel != ".." && !strings.HasPrefix(rel, "../") && !path.IsAbs(rel) && !strings.ContainsRune(rel, 0)
}

// Real returns the absolute path of rel with symlinks resolved, if it is inside
// the root.
func (t *FS) Real(rel string) (string, error) {
	rel = path.Clean(rel)
	if !Inside(rel) {
		return "", ErrOutside
	}
	abs, err := filepath.EvalSymlinks(filepath.Join(t.root, filepath.FromSlash(rel)))
	if err != nil {
		return "", analyzer.WithoutPath(err)
	}
	if _, ok := t.Relative(abs); !ok {
		return "", ErrOutside
	}
	return abs, nil
}

// Relative turns an absolute path into one relative to the root.
func (t *FS) Relative(abs string) (string, bool) {
	rel, err := filepath.Rel(t.root, abs)
	if err != nil {
		return "", false
	}
	rel = filepath.ToSlash(rel)
	return rel, Inside(rel)
}

// Read returns the content of a regular file of at most limit bytes.
func (t *FS) Read(rel string, limit int64) ([]byte, error) {
	f, err := t.Open(rel, limit)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, analyzer.WithoutPath(err)
	}
	if int64(len(content)) > limit {
		return nil, ErrTooLarge
	}
	return content, nil
}

// Open opens a regular file of at most limit bytes. It does not open a pipe or a
// device, because that may block for ever.
func (t *FS) Open(rel string, limit int64) (*os.File, error) {
	abs, err := t.Real(rel)
	if err != nil {
		return nil, err
	}
	st, err := os.Stat(abs)
	if err != nil {
		return nil, analyzer.WithoutPath(err)
	}
	if st.IsDir() {
		return nil, errors.New("is a folder")
	}
	if !st.Mode().IsRegular() {
		return nil, ErrIrregular
	}
	if st.Size() > limit {
		return nil, ErrTooLarge
	}
	f, err := os.Open(abs)
	if err != nil {
		return nil, analyzer.WithoutPath(err)
	}
	return f, nil
}

// List returns a folder's entries sorted by name, or nil if it cannot be read.
func (t *FS) List(rel string) []fs.DirEntry {
	rel = path.Clean(rel)
	entries, ok := t.lists[rel]
	if !ok {
		if abs, err := t.Real(rel); err == nil {
			entries, _ = os.ReadDir(abs)
		}
		t.lists[rel] = entries
	}
	return entries
}

// Kind is what a path leads to, after symlinks.
type Kind uint8

const (
	Nothing Kind = iota
	File
	Folder
	Special // a pipe or a device
	Foreign // a symlink that leads outside the root
)

// Look returns what is at rel. It compares names exactly as they are stored, even
// on a file system that ignores case, because Lambda's does not: "Orders.ts" is
// not "orders.ts". If only the case differs, what is Nothing and actual is the
// path in its stored spelling.
func (t *FS) Look(rel string) (what Kind, actual string) {
	rel = path.Clean(rel)
	if !Inside(rel) {
		return Foreign, ""
	}
	if rel == "." {
		return Folder, "."
	}
	at, spelled := ".", "."
	what = Folder
	for part := range strings.SplitSeq(rel, "/") {
		if what == Foreign {
			return Foreign, spelled
		}
		if what != Folder {
			return Nothing, ""
		}
		var exact, folded fs.DirEntry
		for _, e := range t.List(spelled) {
			if e.Name() == part {
				exact = e
				break
			}
			if folded == nil && strings.EqualFold(e.Name(), part) {
				folded = e
			}
		}
		if exact == nil {
			if exact = folded; exact == nil {
				return Nothing, ""
			}
		}
		at, spelled = path.Join(at, part), path.Join(spelled, exact.Name())
		what = t.EntryKind(spelled, exact)
	}
	if at != spelled {
		return Nothing, spelled
	}
	return what, spelled
}

// Kind is Look without the spelling.
func (t *FS) Kind(rel string) Kind {
	what, _ := t.Look(rel)
	return what
}

// EntryKind returns what an entry of a folder is. rel is the entry's path.
func (t *FS) EntryKind(rel string, e fs.DirEntry) Kind {
	mode := e.Type()
	if mode&fs.ModeSymlink != 0 {
		abs, err := t.Real(rel)
		if errors.Is(err, ErrOutside) {
			return Foreign
		}
		if err != nil {
			return Nothing
		}
		st, err := os.Stat(abs)
		if err != nil {
			return Nothing
		}
		mode = st.Mode().Type()
	}
	switch {
	case mode.IsDir():
		return Folder
	case mode.IsRegular():
		return File
	}
	return Special
}

// skipFolder reports whether a folder holds none of the project's sources, but
// files of a package manager, a framework or featherpack.
func skipFolder(name string) bool {
	return strings.HasPrefix(name, ".") || name == "node_modules" || name == "vendor" || name == "cdk.out"
}

// Walk calls visit for dir and every folder below it, parents first, sorted. If
// visit returns false, Walk skips that folder's children. It also skips testdata
// and the folders of skipFolder, and does not follow symlinks. It visits at most
// MaxFolders folders, and returns false if there are more.
func (t *FS) Walk(dir string, visit func(dir string, entries []fs.DirEntry) bool) bool {
	left := MaxFolders
	var into func(string) bool
	into = func(at string) bool {
		if left--; left < 0 {
			return false
		}
		entries := t.List(at)
		if !visit(at, entries) {
			return true
		}
		for _, e := range entries {
			if !e.IsDir() || skipFolder(e.Name()) || e.Name() == "testdata" {
				continue
			}
			if !into(path.Join(at, e.Name())) {
				return false
			}
		}
		return true
	}
	return into(path.Clean(dir))
}

// MaxFolders bounds a search. The largest repositories have about 10,000 folders.
const MaxFolders = 100_000

// Below reports whether dir is folder or is inside it.
func Below(dir, folder string) bool {
	return folder == "." || dir == folder || strings.HasPrefix(dir, folder+"/")
}
