package projectfs

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Place is where a name leads.
type Place struct {
	// Path is absolute, with symlinks resolved.
	Path string
	// Info describes the file itself, never a symlink.
	Info fs.FileInfo
}

// longestPath is more than a path can have, in bytes: PATH_MAX of Linux, which has the longest
// that are in use. Code may name anything as a file, such as the text of one: with a hundred
// thousand slashes in a text, looking at each folder took seconds.
const longestPath = 4096

// Judge follows the symlinks of a name. The error is [ErrOutside] if there is a file that
// may not be read, else that of the operating system, without a path. Of a relative name
// that itself leads outside, nothing is looked at.
func (t *FS) Judge(name string) (Place, error) {
	abs, ok := t.absolute(name)
	if !ok {
		return Place{}, ErrOutside
	}
	if len(abs) > longestPath {
		return Place{}, fs.ErrNotExist // and nothing can come there
	}
	if p, known := t.places[abs]; known { // and recorded
		return p, nil
	}
	p, err := t.judge(abs)
	t.looked(abs, p, err)
	return p, err
}

func (t *FS) judge(abs string) (Place, error) {
	dir := filepath.Dir(abs)
	if dir == abs || abs == t.root {
		return t.place(abs)
	}
	real, err := t.folder(dir)
	if err != nil {
		return Place{}, analyzer.WithoutPath(err)
	}
	at := filepath.Join(real, filepath.Base(abs))
	info, err := t.lstat(real, filepath.Base(abs))
	switch {
	case err != nil:
		return Place{}, analyzer.WithoutPath(err)
	case info.Mode()&fs.ModeSymlink != 0:
		return t.place(at)
	case !t.allows(at):
		return Place{}, ErrOutside
	}
	return Place{at, info}, nil
}

// place follows all symlinks of an absolute path.
func (t *FS) place(abs string) (Place, error) {
	real, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return Place{}, analyzer.WithoutPath(err)
	}
	if !t.allows(real) {
		return Place{}, ErrOutside
	}
	info, err := os.Lstat(real)
	if err != nil {
		return Place{}, analyzer.WithoutPath(err)
	}
	return Place{real, info}, nil
}

// folder is where an absolute folder lies. Most paths share their folders, so each is
// looked up once.
func (t *FS) folder(dir string) (string, error) {
	if dir == t.root {
		return dir, nil
	}
	if len(dir) > longestPath {
		return "", fs.ErrNotExist
	}
	t.mu.Lock()
	known, ok := t.real[dir]
	t.mu.Unlock()
	if ok {
		return known.path, known.err
	}
	found := t.realFolder(dir)
	t.mu.Lock()
	t.real[dir] = found
	t.mu.Unlock()
	return found.path, found.err
}

func (t *FS) realFolder(dir string) realFolder {
	at := dir
	if Within(t.root, dir) {
		parent, err := t.folder(filepath.Dir(dir))
		if err != nil {
			return realFolder{err: err}
		}
		at = filepath.Join(parent, filepath.Base(dir))
		info, err := t.lstat(parent, filepath.Base(dir))
		if err != nil {
			return realFolder{err: err}
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			return realFolder{path: at}
		}
	}
	real, err := filepath.EvalSymlinks(at)
	return realFolder{real, err}
}

// lstat describes a name in a folder that has no symlinks on its path. A name that a
// remembered folder does not have may still be there in another spelling.
func (t *FS) lstat(dir, name string) (fs.FileInfo, error) {
	has, _ := t.remembered(dir)
	i, found := slices.BinarySearchFunc(has.entries, name, func(e fs.DirEntry, name string) int { return strings.Compare(e.Name(), name) })
	if found {
		if info, err := has.entries[i].Info(); err == nil {
			return info, nil
		}
	}
	return os.Lstat(filepath.Join(dir, name))
}

// remembered is what a folder had when it was listed.
func (t *FS) remembered(dir string) (has within, known bool) {
	if t.within == nil {
		return has, false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	has, known = t.within[dir]
	return has, known
}

// Lstat describes what is at a name itself, be it a symlink. The symlinks of its folder
// are followed.
func (t *FS) Lstat(name string) (fs.FileInfo, error) {
	abs, ok := t.absolute(name)
	if !ok {
		return nil, ErrOutside
	}
	dir, err := t.Real(filepath.Dir(abs))
	if err != nil {
		return nil, err
	}
	info, err := t.lstat(dir, filepath.Base(abs))
	err = analyzer.WithoutPath(err)
	t.lstatted(abs, info, err)
	return info, err
}

// Real returns the absolute path of a name with symlinks resolved.
func (t *FS) Real(name string) (string, error) {
	p, err := t.Judge(name)
	return p.Path, err
}

// Stat describes the file that a name leads to.
func (t *FS) Stat(name string) (fs.FileInfo, error) {
	p, err := t.Judge(name)
	return p.Info, err
}
