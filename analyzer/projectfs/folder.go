package projectfs

import (
	"io/fs"
	"path"
	"path/filepath"
)

// Folder shows a folder as a file system of its own, for functions that walk or read one.
// Nothing in it is larger than limit bytes.
func (t *FS) Folder(name string, limit int64) fs.FS { return folder{t, name, limit} }

type folder struct {
	files *FS
	name  string
	limit int64
}

func (f folder) at(name string) string {
	if filepath.IsAbs(f.name) {
		return filepath.Join(f.name, filepath.FromSlash(name))
	}
	return path.Join(f.name, name)
}

func (f folder) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	file, err := f.files.Open(f.at(name), f.limit)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return file, nil
}

func (f folder) ReadFile(name string) ([]byte, error) {
	text, err := f.files.Read(f.at(name), f.limit)
	return text, at("read", name, err)
}

func (f folder) Stat(name string) (fs.FileInfo, error) {
	info, err := f.files.Stat(f.at(name))
	return info, at("stat", name, err)
}

func (f folder) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := f.files.ReadDir(f.at(name))
	return entries, at("readdir", name, err)
}

func at(op, name string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}
