package installed

import (
	"archive/zip"
	"io/fs"
	"path/filepath"
	"strings"
)

// FS is the project's files, with those of Yarn's archives in their places. No
// link leads out of the root.
func (t *Tree) FS() fs.FS { return projectFS{t.handle.FS(), t} }

type projectFS struct {
	fs.FS
	tree *Tree
}

// Open opens regular files and folders only: a named pipe would wait for ever
// for somebody to write to it.
func (p projectFS) Open(name string) (fs.File, error) {
	if !Archived(name + "/") {
		if info, err := fs.Stat(p.FS, name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
			return nil, &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
		}
		p.tree.files.NoteContent(name)
		return p.FS.Open(name)
	}
	r, inner, err := p.archive(name)
	if err != nil {
		return nil, err
	}
	return r.Open(inner)
}

func (p projectFS) Stat(name string) (fs.FileInfo, error) {
	if !Archived(name + "/") {
		p.tree.files.NoteContent(name) // its size may matter
		return fs.Stat(p.FS, name)
	}
	r, inner, err := p.archive(name)
	if err != nil {
		return nil, err
	}
	return fs.Stat(r, inner)
}

func (p projectFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if !Archived(name + "/") {
		p.tree.files.NoteFolder(name)
		return fs.ReadDir(p.FS, name)
	}
	r, inner, err := p.archive(name)
	if err != nil {
		return nil, err
	}
	return fs.ReadDir(r, inner)
}

// Lstat and ReadLink are for links of the project; archives contain none.
func (p projectFS) Lstat(name string) (fs.FileInfo, error) {
	if Archived(name + "/") {
		return p.Stat(name)
	}
	p.tree.files.NoteLink(name)
	return fs.Lstat(p.FS, name)
}

func (p projectFS) ReadLink(name string) (string, error) {
	p.tree.files.NoteLink(name)
	return fs.ReadLink(p.FS, name)
}

// archive finds the archive that a path leads into, and the path inside it.
func (p projectFS) archive(name string) (*zip.Reader, string, error) {
	archive, rest, _ := strings.Cut(devirtualised("/" + name)[1:], ".zip/")
	p.tree.mu.Lock()
	actual := p.tree.shared[archive+".zip"]
	p.tree.mu.Unlock()
	if actual == "" {
		actual = filepath.Join(p.tree.root, filepath.FromSlash(archive+".zip"))
	}
	r, inner := p.tree.enter(filepath.Join(actual, filepath.FromSlash(rest)))
	if r == nil {
		return nil, "", &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return r, inner, nil
}
