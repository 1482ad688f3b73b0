package manifest

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

// dirEntry is an entry of a folder.
type dirEntry = fs.DirEntry

// tree reads the files below a root, and nothing else: a path, or a symbolic
// link on it, that leads outside is an error. Paths are slash-separated and
// relative to the root.
type tree struct {
	root  string // absolute and free of symbolic links
	lists map[string][]dirEntry
}

var (
	errOutside   = errors.New("leads outside the project's root")
	errTooLarge  = errors.New("is too large")
	errIrregular = errors.New("is not a regular file")
)

func newTree(root string) *tree {
	return &tree{root: root, lists: map[string][]dirEntry{}}
}

// inside reports whether a cleaned relative path stays below the root.
func inside(rel string) bool {
	return rel != ".." && !strings.HasPrefix(rel, "../") && !path.IsAbs(rel) && !strings.ContainsRune(rel, 0)
}

// real gives the absolute path of rel with links resolved, if it stays inside.
func (t *tree) real(rel string) (string, error) {
	rel = path.Clean(rel)
	if !inside(rel) {
		return "", errOutside
	}
	abs, err := filepath.EvalSymlinks(filepath.Join(t.root, filepath.FromSlash(rel)))
	if err != nil {
		return "", analyzer.WithoutPath(err)
	}
	if _, ok := t.relative(abs); !ok {
		return "", errOutside
	}
	return abs, nil
}

// relative turns an absolute path into one relative to the root.
func (t *tree) relative(abs string) (string, bool) {
	rel, err := filepath.Rel(t.root, abs)
	if err != nil {
		return "", false
	}
	rel = filepath.ToSlash(rel)
	return rel, inside(rel)
}

// read gives the content of a regular file of at most limit bytes.
func (t *tree) read(rel string, limit int64) ([]byte, error) {
	f, err := t.open(rel, limit)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, analyzer.WithoutPath(err)
	}
	if int64(len(content)) > limit {
		return nil, errTooLarge
	}
	return content, nil
}

// open opens a regular file of at most limit bytes. A pipe or a device is
// refused before it is opened, since opening one may wait for ever.
func (t *tree) open(rel string, limit int64) (*os.File, error) {
	abs, err := t.real(rel)
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
		return nil, errIrregular
	}
	if st.Size() > limit {
		return nil, errTooLarge
	}
	f, err := os.Open(abs)
	if err != nil {
		return nil, analyzer.WithoutPath(err)
	}
	return f, nil
}

// list gives a folder's entries sorted by name, none if it cannot be read.
func (t *tree) list(rel string) []dirEntry {
	rel = path.Clean(rel)
	entries, ok := t.lists[rel]
	if !ok {
		if abs, err := t.real(rel); err == nil {
			entries, _ = os.ReadDir(abs)
		}
		t.lists[rel] = entries
	}
	return entries
}

// sort of thing a path leads to.
type thing uint8

const (
	nothing thing = iota
	file
	folder
	special
	foreign // a link that leaves the root
)

// look says what is at rel, going by the names as they are stored: on a disk
// that ignores case, "Orders.ts" is still not "orders.ts", since it will not be
// on Lambda's. actual is the path with the stored spelling where only case differs.
func (t *tree) look(rel string) (what thing, actual string) {
	rel = path.Clean(rel)
	if !inside(rel) {
		return foreign, ""
	}
	if rel == "." {
		return folder, "."
	}
	at, spelled := ".", "."
	what = folder
	for part := range strings.SplitSeq(rel, "/") {
		if what == foreign {
			return foreign, spelled
		}
		if what != folder {
			return nothing, ""
		}
		var exact, folded fs.DirEntry
		for _, e := range t.list(spelled) {
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
				return nothing, ""
			}
		}
		at, spelled = path.Join(at, part), path.Join(spelled, exact.Name())
		what = t.thing(spelled, exact)
	}
	if at != spelled {
		return nothing, spelled
	}
	return what, spelled
}

func (t *tree) thing(rel string, e fs.DirEntry) thing {
	mode := e.Type()
	if mode&fs.ModeSymlink != 0 {
		abs, err := t.real(rel)
		if errors.Is(err, errOutside) {
			return foreign
		}
		if err != nil {
			return nothing
		}
		st, err := os.Stat(abs)
		if err != nil {
			return nothing
		}
		mode = st.Mode().Type()
	}
	switch {
	case mode.IsDir():
		return folder
	case mode.IsRegular():
		return file
	}
	return special
}

// skipFolder names folders that hold no sources of the project: what package
// managers, frameworks and this program put there.
func skipFolder(name string) bool {
	return strings.HasPrefix(name, ".") || name == "node_modules" || name == "vendor" || name == "cdk.out"
}

// walk calls visit for every folder from dir down, parents first and sorted,
// leaving out skipFolder's and testdata, unless visit returns false. Links are
// not followed, so it ends. At most maxFolders are visited; it then returns false.
func (t *tree) walk(dir string, visit func(dir string, entries []dirEntry) bool) bool {
	left := maxFolders
	var into func(string) bool
	into = func(at string) bool {
		if left--; left < 0 {
			return false
		}
		entries := t.list(at)
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

// maxFolders bounds a search; the largest repositories hold some ten thousand.
const maxFolders = 100_000
