package projectfs

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Read returns the content of a regular file of at most limit bytes.
func (t *FS) Read(name string, limit int64) ([]byte, error) { return t.readAs(name, limit, false) }

func (t *FS) readAs(name string, limit int64, module bool) ([]byte, error) {
	if text := t.Instead(name); text != nil {
		return slices.Clone(text), nil
	}
	f, err := t.openAs(name, limit, module)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, analyzer.WithoutPath(err)
	}
	content := make([]byte, info.Size()+1)
	n, err := io.ReadFull(f, content)
	if err == nil { // it has grown
		rest, err := io.ReadAll(io.LimitReader(f, limit+1-int64(n)))
		if err != nil {
			return nil, analyzer.WithoutPath(err)
		}
		content = append(content, rest...)
		n = len(content)
	} else if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, analyzer.WithoutPath(err)
	}
	if int64(n) > limit {
		return nil, ErrTooLarge
	}
	return content[:n:n], nil
}

// Instead is the other content of a file that [Allowances] give it, nil for none.
func (t *FS) Instead(name string) []byte {
	if len(t.instead) == 0 {
		return nil
	}
	p, err := t.Judge(name)
	if err != nil {
		return nil
	}
	return t.instead[p.Path]
}

// Head returns the first bytes of a regular file of any size, at most limit of them.
func (t *FS) Head(name string, limit int64) ([]byte, error) {
	f, err := t.Open(name, 1<<62)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, limit))
	if err != nil {
		return nil, analyzer.WithoutPath(err)
	}
	return content, nil
}

// Open opens a regular file of at most limit bytes. It does not open a pipe or a device,
// because that may block for ever or have an effect.
func (t *FS) Open(name string, limit int64) (*os.File, error) { return t.openAs(name, limit, false) }

func (t *FS) openAs(name string, limit int64, module bool) (*os.File, error) {
	p, err := t.Judge(name)
	if err != nil {
		return nil, err
	}
	if err := regular(p.Info, limit); err != nil {
		t.opened(p.Path, p.Info, module) // its size matters
		return nil, err
	}
	f, err := t.open(p.Path)
	if err != nil {
		t.Doubt("a file cannot be read")
		return nil, analyzer.WithoutPath(err)
	}
	info, err := f.Stat()
	if err == nil {
		err = regular(info, limit) // something else may have taken its place
	}
	if err != nil {
		f.Close()
		return nil, analyzer.WithoutPath(err)
	}
	t.opened(p.Path, info, module)
	return f, nil
}

func regular(info fs.FileInfo, limit int64) error {
	switch {
	case info.IsDir():
		return ErrFolder
	case !info.Mode().IsRegular():
		return ErrIrregular
	case info.Size() > limit:
		return ErrTooLarge
	}
	return nil
}

// open opens a file without symlinks on its path. Inside the root it goes through the
// handle of its folder, so that the operating system checks again that no link leads out.
func (t *FS) open(real string) (*os.File, error) {
	if real == t.root || !Within(t.root, real) {
		return os.OpenFile(real, os.O_RDONLY|nonblocking, 0)
	}
	return t.through(filepath.Dir(real), filepath.Base(real))
}

// openFolder opens a folder like open.
func (t *FS) openFolder(real string) (*os.File, error) {
	if !Within(t.root, real) {
		return os.Open(real)
	}
	return t.through(real, ".")
}

// maxHandles bounds the folders that are kept open.
const maxHandles = 256

// through opens a name in a folder by the folder's handle. Opening each path from the root
// would take a call of the operating system for every folder on it.
func (t *FS) through(dir, name string) (*os.File, error) {
	t.opening.RLock()
	if h := t.handles[dir]; h != nil {
		defer t.opening.RUnlock()
		return h.OpenFile(name, os.O_RDONLY|nonblocking, 0)
	}
	t.opening.RUnlock()
	t.opening.Lock()
	defer t.opening.Unlock()
	if len(t.handles) >= maxHandles {
		t.closeHandles()
	}
	h, err := t.handleOf(dir)
	if err != nil {
		return nil, err
	}
	return h.OpenFile(name, os.O_RDONLY|nonblocking, 0)
}

// handleOf opens a folder inside the root. t.opening is locked.
func (t *FS) handleOf(dir string) (*os.Root, error) {
	if h := t.handles[dir]; h != nil {
		return h, nil
	}
	var h *os.Root
	if dir == t.root {
		root, err := t.Handle()
		if err != nil {
			return nil, err
		}
		if h, err = root.OpenRoot("."); err != nil {
			return nil, err
		}
	} else {
		parent, err := t.handleOf(filepath.Dir(dir))
		if err != nil {
			return nil, err
		}
		if h, err = parent.OpenRoot(filepath.Base(dir)); err != nil {
			return nil, err
		}
	}
	if t.handles == nil {
		t.handles = map[string]*os.Root{}
	}
	t.handles[dir] = h
	return h, nil
}

// closeHandles forgets the open folders. t.opening is locked.
func (t *FS) closeHandles() {
	for _, h := range t.handles {
		h.Close()
	}
	clear(t.handles)
}

// List is ReadDir for folders that are listed again and again: it remembers the entries.
// It returns nil if the folder cannot be read.
func (t *FS) List(name string) []fs.DirEntry {
	abs, ok := t.absolute(name)
	if !ok {
		return nil
	}
	t.mu.Lock()
	entries, known := t.lists[abs]
	t.mu.Unlock()
	if !known {
		entries, _ = t.ReadDir(abs)
		t.mu.Lock()
		t.lists[abs] = entries
		t.mu.Unlock()
	}
	return entries
}

// ReadDir returns a folder's entries sorted by name.
func (t *FS) ReadDir(name string) ([]fs.DirEntry, error) { return t.readDir(name, true) }

func (t *FS) readDir(name string, all bool) ([]fs.DirEntry, error) {
	p, err := t.Judge(name)
	if err != nil {
		return nil, err
	}
	if !p.Info.IsDir() {
		return nil, errNoFolder
	}
	if has, known := t.remembered(p.Path); known {
		return has.entries, nil
	}
	f, err := t.openFolder(p.Path)
	if err != nil {
		t.Doubt("a folder cannot be read")
		return nil, analyzer.WithoutPath(err)
	}
	defer f.Close()
	entries, err := f.ReadDir(-1)
	if err != nil {
		return nil, analyzer.WithoutPath(err)
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	if t.within != nil {
		t.mu.Lock()
		t.within[p.Path] = within{p.Info, entries}
		t.mu.Unlock()
	}
	if abs, ok := t.absolute(name); ok {
		t.listed(abs, p.Info, entries, all)
	}
	return entries, nil
}
