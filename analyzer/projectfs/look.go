package projectfs

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

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

// Forbidden returns the first folder on the way to a name that may not be listed, "" if there
// is none. What lies in it seems not to exist.
func (t *FS) Forbidden(rel string) string {
	rel = path.Clean(rel)
	if !Inside(rel) {
		return ""
	}
	at := "."
	for part := range strings.SplitSeq(rel, "/") {
		if _, err := t.Peek(at); errors.Is(err, fs.ErrPermission) {
			return at
		}
		at = path.Join(at, part)
	}
	if _, err := t.Peek(at); errors.Is(err, fs.ErrPermission) {
		return at
	}
	return ""
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
		info, err := t.Stat(rel)
		if errors.Is(err, ErrOutside) {
			return Foreign
		}
		if err != nil {
			return Nothing
		}
		mode = info.Mode().Type()
	}
	switch {
	case mode.IsDir():
		return Folder
	case mode.IsRegular():
		return File
	}
	return Special
}
