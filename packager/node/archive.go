package node

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/featherpack/featherpack/analyzer"
)

// archives read packages that Yarn keeps in zips. A path leads into one, as in
// ".yarn/cache/ms-npm-2.1.3-81ff3cfac1-d924b57e73.zip/node_modules/ms/index.js".
// Source: yarnpkg.com/advanced/pnp-spec
type archives struct {
	mu   sync.Mutex
	open map[string]*zip.Reader // by absolute path; nil where there is none
}

// virtual is the part of a path that Yarn puts in to tell apart instances of a
// package that see different peers: the folders after it are taken from as many
// folders above it as its number says.
var virtual = regexp.MustCompile(`/(?:__virtual__|\$\$virtual)/[^/]+/(\d{1,2})(/|$)`)

// devirtualised is the path without such parts.
func devirtualised(slashed string) string {
	for {
		m := virtual.FindStringSubmatchIndex(slashed)
		if m == nil {
			return slashed
		}
		base := slashed[:m[0]]
		levels := 0
		for _, digit := range slashed[m[2]:m[3]] {
			levels = levels*10 + int(digit-'0')
		}
		for ; levels > 0; levels-- {
			base = base[:max(strings.LastIndexByte(base, '/'), 0)]
		}
		slashed = base + "/" + slashed[m[1]:]
	}
}

// sharedCache matches a file of an archive in a cache outside the project.
var sharedCache = regexp.MustCompile(`^(?:\.\./.*?|\.yarn/__virtual__/([^/]+)/[1-9]\d?/.*?)([^/]+\.zip/node_modules/.*)$`)

// shownPath is an input's path for people and reports: where the machine keeps
// a cache that projects share is nobody's business, so such a file is named as
// if the cache were the project's own.
func shownPath(name string) string {
	m := sharedCache.FindStringSubmatch(name)
	switch {
	case m == nil:
		return name
	case m[1] != "":
		return ".yarn/__virtual__/" + m[1] + "/0/cache/" + m[2]
	}
	return ".yarn/cache/" + m[2]
}

// archived reports whether a path leads into an archive of Yarn's.
func archived(name string) bool {
	return strings.Contains(filepath.ToSlash(name), ".zip/node_modules/")
}

// shown is shownPath for an absolute path. It remembers where the archive is,
// for tree.
func (in *installed) shown(file string) string {
	rel := in.relative(file)
	name := shownPath(rel)
	if name != rel {
		in.mu.Lock()
		archive, _, _ := strings.Cut(devirtualised("/"+name), ".zip/")
		actual, _, _ := strings.Cut(devirtualised(filepath.ToSlash(file)), ".zip/")
		in.shared[archive[1:]+".zip"] = actual + ".zip"
		in.mu.Unlock()
	}
	return name
}

// ours reports whether a file may be looked at: it is inside the root, or
// Plug'n'Play installed it.
func (in *installed) ours(file string) bool {
	if inside(in.root, file) {
		return true
	}
	p := in.pnpOf(in.root)
	return p != nil && p.owns(file)
}

// tree is the project's files, with those of archives in their places.
func (b *builder) tree() fs.FS { return projectTree{b.files.FS(), b.in} }

type projectTree struct {
	fs.FS
	in *installed
}

// Open opens regular files and folders only: a named pipe would wait for ever
// for somebody to write to it.
func (t projectTree) Open(name string) (fs.File, error) {
	if !archived(name + "/") {
		if info, err := fs.Stat(t.FS, name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
			return nil, &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
		}
		return t.FS.Open(name)
	}
	r, inner, err := t.archive(name)
	if err != nil {
		return nil, err
	}
	return r.Open(inner)
}

func (t projectTree) Stat(name string) (fs.FileInfo, error) {
	if !archived(name + "/") {
		return fs.Stat(t.FS, name)
	}
	r, inner, err := t.archive(name)
	if err != nil {
		return nil, err
	}
	return fs.Stat(r, inner)
}

func (t projectTree) ReadDir(name string) ([]fs.DirEntry, error) {
	if !archived(name + "/") {
		return fs.ReadDir(t.FS, name)
	}
	r, inner, err := t.archive(name)
	if err != nil {
		return nil, err
	}
	return fs.ReadDir(r, inner)
}

// Lstat and ReadLink tell links of the project; archives hold none.
func (t projectTree) Lstat(name string) (fs.FileInfo, error) {
	if archived(name + "/") {
		return t.Stat(name)
	}
	return fs.Lstat(t.FS, name)
}

func (t projectTree) ReadLink(name string) (string, error) { return fs.ReadLink(t.FS, name) }

// archive finds the archive that a path leads into, and the path inside it.
func (t projectTree) archive(name string) (*zip.Reader, string, error) {
	archive, rest, _ := strings.Cut(devirtualised("/" + name)[1:], ".zip/")
	t.in.mu.Lock()
	actual := t.in.shared[archive+".zip"]
	t.in.mu.Unlock()
	if actual == "" {
		actual = filepath.Join(t.in.root, filepath.FromSlash(archive+".zip"))
	}
	r, inner := t.in.enter(filepath.Join(actual, filepath.FromSlash(rest)))
	if r == nil {
		return nil, "", &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return r, inner, nil
}

// unplug is the error of a package that needs files of its own at run time and
// lies in an archive, which no function ships.
func (b *builder) unplug(j *job, file string) analyzer.Diagnostic {
	name := nameOf(packageDir(file))
	return analyzer.Diagnostic{
		Code: "needs-unplugging", Severity: analyzer.Error, Function: j.id, Position: analyzer.Position{File: shownPath(file)},
		Message: fmt.Sprintf("%s needs files of its own at run time, and Yarn keeps it in an archive", name),
		Hint:    fmt.Sprintf("yarn unplug %s, then build again", name),
	}
}

// enter splits an absolute path into the archive it leads into and the path
// inside that, "." for the whole; the archive is nil for an ordinary path, and
// inside is then the path itself without virtual parts.
func (a *archives) enter(name string) (archive *zip.Reader, inside string) {
	slashed := devirtualised(filepath.ToSlash(filepath.Clean(name)))
	at, rest, found := strings.Cut(slashed+"/", ".zip/")
	if !found {
		return nil, filepath.FromSlash(slashed)
	}
	if archive = a.reader(filepath.FromSlash(at + ".zip")); archive == nil {
		return nil, filepath.FromSlash(slashed)
	}
	if rest = strings.Trim(rest, "/"); rest == "" {
		rest = "."
	}
	return archive, rest
}

func (a *archives) reader(name string) *zip.Reader {
	a.mu.Lock()
	defer a.mu.Unlock()
	r, known := a.open[name]
	if !known {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			// What zip.ErrInsecurePath complains of is refused by Open in any case.
			if r, err = zip.NewReader(pieces(name), info.Size()); err != nil && !errors.Is(err, zip.ErrInsecurePath) {
				r = nil
			}
		}
		if a.open == nil {
			a.open = map[string]*zip.Reader{}
		}
		a.open[name] = r
	}
	return r
}

// pieces is a file that is open only while it is read: a project may have more
// archives than a process may have files open.
type pieces string

func (p pieces) ReadAt(b []byte, offset int64) (int, error) {
	f, err := os.Open(string(p))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.ReadAt(b, offset)
}

// maxArchived bounds a file of an archive that is read into memory, whatever
// the archive says it unpacks to.
const maxArchived = 64 << 20

var (
	errTooLarge   = errors.New("is larger than 64 MiB")
	errNotRegular = errors.New("is not a regular file")
)

// readFile is os.ReadFile for paths that may lead into an archive.
func (a *archives) readFile(name string) ([]byte, error) {
	archive, inside := a.enter(name)
	if archive == nil {
		if info, err := os.Stat(inside); err == nil && (!info.Mode().IsRegular() || info.Size() > maxModule) {
			return nil, &fs.PathError{Op: "read", Path: inside, Err: errNotRegular}
		}
		return os.ReadFile(inside)
	}
	if info, err := fs.Stat(archive, inside); err != nil {
		return nil, err
	} else if info.Size() > maxArchived {
		return nil, &fs.PathError{Op: "read", Path: inside, Err: errTooLarge}
	}
	return fs.ReadFile(archive, inside)
}

// isFile reports whether there is a regular file.
func (a *archives) isFile(name string) bool {
	archive, inside := a.enter(name)
	var info fs.FileInfo
	var err error
	if archive == nil {
		info, err = os.Stat(inside)
	} else {
		info, err = fs.Stat(archive, inside)
	}
	return err == nil && info.Mode().IsRegular()
}

// folder is a folder as a file system of its own.
func (a *archives) folder(dir string) fs.FS {
	archive, inside := a.enter(dir)
	if archive == nil {
		return os.DirFS(inside)
	}
	sub, err := fs.Sub(archive, inside)
	if err != nil {
		return os.DirFS(dir) // which says that there is no such folder
	}
	return sub
}
