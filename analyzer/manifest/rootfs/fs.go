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

// FS reads the files below a root, and nothing else: a path, or a symbolic
// link on it, that leads outside is an error. Paths are slash-separated and
// relative to the root.
type FS struct {
	root  string // absolute and free of symbolic links
	lists map[string][]fs.DirEntry
}

// Why a file is not read.
var (
	ErrOutside   = errors.New("leads outside the project's root")
	ErrTooLarge  = errors.New("is too large")
	ErrIrregular = errors.New("is not a regular file")
)

// New reads below a folder, an absolute path free of symbolic links.
func New(root string) *FS {
	return &FS{root: root, lists: map[string][]fs.DirEntry{}}
}

// Inside reports whether a cleaned relative path stays below the root.
func Inside(rel string) bool {
	return rel != ".." && !strings.HasPrefix(rel, "../") && !path.IsAbs(rel) && !strings.ContainsRune(rel, 0)
}

// Real gives the absolute path of rel with links resolved, if it stays inside.
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

// Read gives the content of a regular file of at most limit bytes.
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

// Open opens a regular file of at most limit bytes. A pipe or a device is
// refused before it is opened, since opening one may wait for ever.
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

// List gives a folder's entries sorted by name, none if it cannot be read.
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

// Kind is what a path leads to.
type Kind uint8

const (
	Nothing Kind = iota
	File
	Folder
	Special // a pipe or a device
	Foreign // a link that leaves the root
)

// Look says what is at rel, going by the names as they are stored: on a disk
// that ignores case, "Orders.ts" is still not "orders.ts", since it will not be
// on Lambda's. actual is the path with the stored spelling where only case differs.
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

// Kind says what is at rel, as Look does.
func (t *FS) Kind(rel string) Kind {
	what, _ := t.Look(rel)
	return what
}

// EntryKind says what an entry of a folder is; rel is its path.
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

// skipFolder names folders that hold no sources of the project: what package
// managers, frameworks and this program put there.
func skipFolder(name string) bool {
	return strings.HasPrefix(name, ".") || name == "node_modules" || name == "vendor" || name == "cdk.out"
}

// Walk calls visit for every folder from dir down, parents first and sorted,
// leaving out skipFolder's and testdata, unless visit returns false. Links are
// not followed, so it ends. At most maxFolders are visited; it then returns false.
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

// MaxFolders bounds a search; the largest repositories hold some ten thousand.
const MaxFolders = 100_000

// Below reports whether dir is folder or lies in it.
func Below(dir, folder string) bool {
	return folder == "." || dir == folder || strings.HasPrefix(dir, folder+"/")
}
