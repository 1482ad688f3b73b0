package projectfs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Record is what an [FS] was asked and what it answered: everything that a result may
// depend on. A later run may use the result again if the answers are still the same. The
// names are relative to the root and slash-separated.
type Record struct {
	// Skip are absolute folders that the run itself writes to. They are not part of the
	// tree.
	Skip []string

	began   time.Time
	mu      sync.Mutex
	looks   map[string]string   // by name; see answer
	lstats  map[string]string   // likewise, of what does not follow links
	files   map[string]*content // by name, of files that were read
	folders map[string]*listing // by name
	// forgotten are files that were taken out of the record, as they were last.
	forgotten map[string]stamp
	tree      []string // all names of the project's own files, nil if nothing asked
	asked     bool     // whether tree was asked for
	ignored   []string // absolute folders of the run itself
	unsure    string   // why the record must not be used, "" if it may
}

// content is a file that was read.
type content struct {
	stamp stamp
	// module means that the file was only read as a module of a graph: it concerns the
	// functions that hold it, and no other.
	module bool
	// altered means that it was read again after a change.
	altered bool
}

// listing is a folder that was listed.
type listing struct {
	entries []string // names, each with its kind
	stamp   stamp    // of before it was listed; zero if it is not there
	// all is set if any entry matters. Otherwise only those do whose names begin like one
	// of stems.
	all   bool
	stems map[string]bool
}

// stamp shows whether a file has changed. Size and time alone would not do: a program can
// set back the time of modification, but not that of the last change.
type stamp struct {
	size              int64
	modified, changed time.Time
	inode             uint64
}

func stampOf(info fs.FileInfo) stamp {
	changed, inode := ChangeOf(info)
	return stamp{info.Size(), info.ModTime(), changed, inode}
}

// tick is the coarsest time that systems stamp files with: a file that changed a shorter
// time ago may change again and keep its stamp. Linux updates its clock for file times at
// least every 10 ms. Some file systems store whole seconds, or even seconds only.
func (s stamp) tick() time.Duration {
	if s.modified.Nanosecond() == 0 && s.changed.Nanosecond() == 0 {
		return 3 * time.Second
	}
	return 20 * time.Millisecond
}

// settledBy reports whether a file with this stamp could not have changed at a time, or
// later, without its stamp showing it.
func (s stamp) settledBy(at time.Time) bool {
	latest := at.Add(-s.tick())
	return s.modified.Before(latest) && s.changed.Before(latest)
}

// Recording makes the FS record what it is asked from now on.
func (t *FS) Recording(skip ...string) *Record {
	t.record = &Record{
		Skip: skip, began: time.Now(), looks: map[string]string{}, lstats: map[string]string{}, files: map[string]*content{}, folders: map[string]*listing{}, forgotten: map[string]stamp{},
	}
	return t.record
}

// Recorded is the record of an FS, nil if it makes none.
func (t *FS) Recorded() *Record { return t.record }

// doubt makes the record useless.
func (r *Record) doubt(format string, args ...any) {
	if r.unsure == "" {
		r.unsure = fmt.Sprintf(format, args...)
	}
}

// Doubt is for what no record can cover.
func (t *FS) Doubt(why string) {
	if r := t.record; r != nil {
		r.mu.Lock()
		r.doubt("%s", why)
		r.mu.Unlock()
	}
}

// Ignore leaves an absolute folder out of the record: a temporary one of the run itself.
func (t *FS) Ignore(dir string) {
	if r := t.record; r != nil {
		r.mu.Lock()
		if !slices.Contains(r.ignored, dir) {
			r.ignored = append(r.ignored, dir)
		}
		r.mu.Unlock()
	}
}

// ignores reports whether a path is left out. r.mu is locked.
func (r *Record) ignores(abs string) bool {
	return slices.ContainsFunc(r.ignored, func(dir string) bool { return Within(dir, abs) })
}

func (t *FS) ignores(abs string) bool {
	t.record.mu.Lock()
	defer t.record.mu.Unlock()
	return t.record.ignores(abs)
}

// name is how a record names an absolute path.
func (t *FS) name(abs string) string {
	rel, err := Rel(t.root, abs)
	if err != nil {
		return filepath.ToSlash(abs)
	}
	return filepath.ToSlash(rel)
}

// looked records where a name leads.
func (t *FS) looked(abs string, p Place, err error) {
	r := t.record
	if r == nil {
		return
	}
	name, is := t.name(abs), t.answer(p, err)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ignores(abs) {
		return
	}
	if was, known := r.looks[name]; known && was != is {
		r.doubt("%s changed", name)
	}
	r.looks[name] = is
}

// answer describes where a name leads, without what a record has elsewhere.
func (t *FS) answer(p Place, err error) string {
	switch {
	case err == nil:
		return kindOf(p.Info.Mode()) + t.name(p.Path)
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR):
		return "-"
	case errors.Is(err, ErrOutside):
		return "outside"
	}
	return "error: " + err.Error()
}

// kindOf is a letter for a kind of file.
func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "d"
	case mode.IsRegular():
		return "f"
	case mode&fs.ModeSymlink != 0:
		return "l"
	}
	return "s"
}

// lstatted records what lies at a name itself.
func (t *FS) lstatted(abs string, info fs.FileInfo, err error) {
	if r := t.record; r != nil {
		is := t.answer(Place{Path: abs, Info: info}, err)
		r.mu.Lock()
		defer r.mu.Unlock()
		if !r.ignores(abs) {
			r.lstats[t.name(abs)] = is
		}
	}
}

// opened records that the content of a file was read.
func (t *FS) opened(abs string, info fs.FileInfo, module bool) {
	r := t.record
	if r == nil || !info.Mode().IsRegular() {
		return
	}
	name, is := t.name(abs), stampOf(info)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ignores(abs) {
		return
	}
	was, known := r.files[name]
	switch {
	case !known:
		r.files[name] = &content{stamp: is, module: module}
	case was.stamp != is:
		was.altered = was.altered || was.stamp.size != is.size || !was.stamp.modified.Equal(is.modified) || was.stamp.inode != is.inode
		r.doubt("%s changed", name)
	default:
		was.module = was.module && module
	}
}

// NoteModule records that a file is read as a module of a graph, by whatever reads it.
func (t *FS) NoteModule(name string) { t.note(name, true) }

// StatModule is Stat of a file that is read as a module of a graph, by whatever reads it.
func (t *FS) StatModule(name string) (fs.FileInfo, error) {
	p, err := t.Judge(name)
	if err == nil {
		t.opened(p.Path, p.Info, true)
	}
	return p.Info, err
}

// NoteContent records that a file is read, by whatever reads it.
func (t *FS) NoteContent(name string) { t.note(name, false) }

func (t *FS) note(name string, module bool) {
	if t.record == nil {
		return
	}
	if p, err := t.Judge(name); err == nil {
		t.opened(p.Path, p.Info, module)
	}
}

// NoteFolder records that a folder is listed, by whatever lists it.
func (t *FS) NoteFolder(name string) {
	if t.record != nil {
		_, _ = t.ReadDir(name)
	}
}

// NoteLink records that a name is looked at itself, and followed.
func (t *FS) NoteLink(name string) {
	if t.record != nil {
		_, _ = t.Lstat(name)
		_, _ = t.Judge(name)
	}
}

// ReadModule is Read of a file that is a module of the graph at hand. It concerns the
// functions that hold it, and no other.
func (t *FS) ReadModule(name string, limit int64) ([]byte, error) { return t.readAs(name, limit, true) }

// listed records the entries of a folder. info describes it before it was listed.
func (t *FS) listed(abs string, info fs.FileInfo, entries []fs.DirEntry, all bool) {
	r := t.record
	if r == nil {
		return
	}
	name, is := t.name(abs), namesOf(entries)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ignores(abs) {
		return
	}
	l := r.folders[name]
	switch {
	case l == nil:
		l = &listing{entries: is, stems: map[string]bool{}}
		r.folders[name] = l
	case !slices.Equal(l.entries, is):
		r.doubt("the folder %s changed", name)
	}
	l.stamp = stampOf(info)
	l.all = l.all || all || ofPackages(name)
}

func namesOf(entries []fs.DirEntry) []string {
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name() + "\x00" + kindOf(e.Type())
	}
	return names
}

// ofPackages reports whether a folder is one of installed packages, or inside one.
func ofPackages(name string) bool { return strings.Contains("/"+name+"/", "/node_modules/") }

// Peek is ReadDir for who looks only for some names. NoteName records which.
func (t *FS) Peek(name string) ([]fs.DirEntry, error) { return t.readDir(name, false) }

// NoteName records that a name, or one that differs from it in case or after its first
// dot, is looked for, and likewise the folders on the way to it. name is absolute.
func (t *FS) NoteName(name string) {
	if t.record == nil {
		return
	}
	for at := filepath.Clean(name); at != t.root && Within(t.root, at); at = filepath.Dir(at) {
		if t.ignores(at) {
			continue
		}
		if !t.noteStem(filepath.Dir(at), Stem(filepath.Base(at))) {
			return
		}
	}
}

// NoteNames records that names are looked for in an absolute folder.
func (t *FS) NoteNames(dir string, names ...string) {
	if t.record == nil || !Within(t.root, dir) {
		return
	}
	for _, name := range names {
		t.noteStem(dir, Stem(name))
	}
}

// noteStem reports whether that was new.
func (t *FS) noteStem(dir, stem string) bool {
	r, name := t.record, t.name(dir)
	r.mu.Lock()
	l := r.folders[name]
	r.mu.Unlock()
	if l == nil {
		_, _ = t.Peek(dir) // a folder that is not there is a look
		r.mu.Lock()
		if l = r.folders[name]; l == nil {
			l = &listing{stems: map[string]bool{}}
			r.folders[name] = l
		}
		r.mu.Unlock()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	isNew := !l.stems[stem]
	l.stems[stem] = true
	return isNew
}

// Stem is what names that may stand for each other have in common: that before the first
// dot, in lower case.
func Stem(name string) string {
	stem, _, _ := strings.Cut(strings.TrimLeft(name, "."), ".")
	return strings.ToLower(strings.ToUpper(name[:len(name)-len(strings.TrimLeft(name, "."))] + stem))
}

// NoteTree records all names of the project's own files: something was looked for in ways
// that are not known here.
func (t *FS) NoteTree() {
	r := t.record
	if r == nil {
		return
	}
	r.mu.Lock()
	asked := r.asked
	r.asked = true
	r.mu.Unlock()
	if asked {
		return
	}
	tree := t.Tree(r.Skip)
	r.mu.Lock()
	r.tree = tree
	r.mu.Unlock()
}

// Tree lists the names of the project's own files, sorted: all but installed packages, what
// git keeps, and the folders in skip, which are absolute.
func (t *FS) Tree(skip []string) []string {
	names := []string{}
	var into func(rel string)
	into = func(rel string) {
		dir := filepath.Join(t.root, filepath.FromSlash(rel))
		entries, err := os.ReadDir(dir)
		if err != nil {
			names = append(names, rel+"\x00unreadable")
			return
		}
		for _, e := range entries {
			if slices.Contains(skip, filepath.Join(dir, e.Name())) {
				continue
			}
			name := path.Join(rel, e.Name())
			names = append(names, name+"\x00"+kindOf(e.Type()))
			if e.IsDir() && e.Name() != "node_modules" && e.Name() != ".git" {
				into(name)
			}
		}
	}
	into(".")
	return names
}

// Altered returns the names of the files that are no longer what they were when they were
// read, sorted. A build that has read them may have seen some before the change and some
// after it.
func (r *Record) Altered(t *FS) (names []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, c := range r.files {
		abs := filepath.FromSlash(name)
		if !filepath.IsAbs(abs) {
			abs = filepath.Join(t.root, abs)
		}
		if r.ignores(abs) {
			continue // our own, and removed again
		}
		info, err := os.Stat(abs)
		if err == nil {
			// The time of the last change is left out: links and modes change it.
			is, was := stampOf(info), c.stamp
			if is.size == was.size && is.modified.Equal(was.modified) && is.inode == was.inode && !c.altered {
				continue
			}
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
