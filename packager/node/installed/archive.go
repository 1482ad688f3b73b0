package installed

import (
	"archive/zip"
	"errors"
	"io/fs"
	"math"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// archives read packages that Yarn keeps in zips. A path leads into one, as in
// ".yarn/cache/ms-npm-2.1.3-81ff3cfac1-d924b57e73.zip/node_modules/ms/index.js".
// Source: yarnpkg.com/advanced/pnp-spec
type archives struct {
	files *projectfs.FS
	mu    sync.Mutex
	open  map[string]*zip.Reader // by absolute path; nil where there is none
}

// sharedArchive matches the names that Yarn gives the archives in its caches: the package,
// ten digits of a hash, and a checksum or the version of the format. Only files of such a
// name are read outside the root.
// Source: yarnpkg.com/api/yarnpkg-core/class/Cache
var sharedArchive = regexp.MustCompile(`^[^/\\]+-[0-9a-f]{10}-[0-9a-zA-Z]{1,10}\.zip$`)

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

// ShownPath is an input's path for people and reports: where the machine keeps
// a cache that projects share must not be shown, so such a file is named as
// if the cache were the project's own.
func ShownPath(name string) string {
	m := sharedCache.FindStringSubmatch(name)
	switch {
	case m == nil:
		return name
	case m[1] != "":
		return ".yarn/__virtual__/" + m[1] + "/0/cache/" + m[2]
	}
	return ".yarn/cache/" + m[2]
}

// Archived reports whether a path leads into an archive of Yarn's.
func Archived(name string) bool {
	return strings.Contains(filepath.ToSlash(name), ".zip/node_modules/")
}

// Shown is [ShownPath] of an absolute path. It remembers where the archive is,
// for [Tree.FS].
func (t *Tree) Shown(file string) string {
	rel := t.Relative(file)
	name := ShownPath(rel)
	if name != rel {
		t.mu.Lock()
		archive, _, _ := strings.Cut(devirtualised("/"+name), ".zip/")
		actual, _, _ := strings.Cut(devirtualised(filepath.ToSlash(file)), ".zip/")
		t.shared[archive[1:]+".zip"] = actual + ".zip"
		t.mu.Unlock()
	}
	return name
}

// Ours reports whether a file may be looked at: it is inside the root, links and Yarn's
// virtual folders followed, or Plug'n'Play installed it in a cache that projects share.
func (t *Tree) Ours(file string) bool {
	slashed := filepath.ToSlash(filepath.Clean(file))
	once, all := devirtualisedOnce(slashed), devirtualised(slashed)
	return t.ours(file, filepath.FromSlash(all)) && (once == all || t.ours(file, filepath.FromSlash(once)))
}

func (t *Tree) ours(file, actual string) bool {
	if t.inCache(actual) {
		p := t.pnpOf(t.root)
		return p != nil && p.owns(file)
	}
	if at := inArchive.FindStringIndex(filepath.ToSlash(actual)); at != nil && t.reader(actual[:at[1]-1]) != nil {
		actual = actual[:at[1]-1]
	}
	place, err := t.files.Judge(actual)
	return err == nil && Inside(t.root, place.Path) || errors.Is(err, fs.ErrNotExist) && Inside(t.root, actual)
}

// devirtualisedOnce is the path that esbuild reads: it applies the first virtual part
// alone, with a number of any length.
// Source: ParseYarnPnPVirtualPath in internal/fs of esbuild 0.28.2.
func devirtualisedOnce(slashed string) string {
	m := anyVirtual.FindStringSubmatchIndex(slashed)
	if m == nil {
		return slashed
	}
	base := slashed[:m[0]]
	levels, err := strconv.ParseInt(slashed[m[2]:m[3]], 10, 64)
	if err != nil {
		return slashed
	}
	for ; levels > 0 && base != ""; levels-- {
		base = base[:max(strings.LastIndexByte(base, '/'), 0)]
	}
	return base + "/" + slashed[m[1]:]
}

var anyVirtual = regexp.MustCompile(`/(?:__virtual__|\$\$virtual)/[^/]+/([+-]?\d+)(?:/|$)`)

// Indirect reports whether a path goes through one of Yarn's virtual folders or an
// archive, so that it leads elsewhere than it says.
func Indirect(file string) bool {
	slashed := filepath.ToSlash(file)
	return strings.Contains(slashed, "virtual") && anyVirtual.MatchString(slashed) || strings.Contains(slashed, ".zip/")
}

// inArchive finds the archive that a path leads into.
var inArchive = regexp.MustCompile(`\.zip/`)

// inCache reports whether a path without virtual parts leads into an archive of a cache
// outside the root.
func (t *Tree) inCache(file string) bool {
	archive, inside, found := strings.Cut(filepath.ToSlash(file), ".zip/node_modules/")
	return found && inside != "" && !Inside(t.root, file) && sharedArchive.MatchString(path.Base(archive)+".zip")
}

// enter splits an absolute path into the archive it leads into and the path
// Inside that, "." for the whole; the archive is nil for an ordinary path, and
// Inside is then the path itself without virtual parts.
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
		if archive, size := a.find(name); size > 0 {
			a.files.Doubt("packages in archives")
			// What zip.ErrInsecurePath complains of is refused by Open in any case.
			var err error
			if r, err = zip.NewReader(archive, size); err != nil && !errors.Is(err, zip.ErrInsecurePath) {
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

// find returns an archive and its size in bytes, 0 if there is none. Outside the root it
// must be one of Yarn's, and no link may lead out of its folder.
func (a *archives) find(name string) (pieces, int64) {
	files := a.files
	place, err := files.Judge(name)
	if errors.Is(err, projectfs.ErrOutside) && sharedArchive.MatchString(filepath.Base(name)) {
		if files, err = projectfs.Of(filepath.Dir(name)); err == nil {
			place, err = files.Judge(filepath.Base(name))
		}
	}
	if err != nil || !place.Info.Mode().IsRegular() {
		return pieces{}, 0
	}
	return pieces{files, place.Path}, place.Info.Size()
}

// pieces is a file that is open only while it is read: a project may have more
// archives than a process may have files open.
type pieces struct {
	files *projectfs.FS
	name  string
}

func (p pieces) ReadAt(b []byte, offset int64) (int, error) {
	f, err := p.files.Open(p.name, math.MaxInt64)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.ReadAt(b, offset)
}

// MaxFile bounds what [Tree.ReadFile] reads, in bytes.
const MaxFile = 128 << 20

// maxArchived bounds a file of an archive that is read into memory, whatever
// the archive says it unpacks to.
const maxArchived = 64 << 20

var (
	errTooLarge   = errors.New("is larger than 64 MiB")
	errNotRegular = errors.New("is not a regular file")
)

// ReadFile reads a file that may lie in an archive.
func (a *archives) ReadFile(name string) ([]byte, error) { return a.read(name, a.files.Read) }

// ReadModule is ReadFile of a module of the graph at hand: what it holds concerns only
// the functions that reach it.
func (a *archives) ReadModule(name string) ([]byte, error) { return a.read(name, a.files.ReadModule) }

// Instead is the other content of a file in a changed copy of the project, nil for none.
func (a *archives) Instead(name string) []byte { return a.files.Instead(name) }

func (a *archives) read(name string, file func(string, int64) ([]byte, error)) ([]byte, error) {
	archive, inside := a.enter(name)
	if archive == nil {
		return file(inside, MaxFile)
	}
	if info, err := fs.Stat(archive, inside); err != nil {
		return nil, err
	} else if info.Size() > maxArchived {
		return nil, &fs.PathError{Op: "read", Path: inside, Err: errTooLarge}
	}
	return fs.ReadFile(archive, inside)
}

// IsFile reports whether there is a regular file.
func (a *archives) IsFile(name string) bool {
	archive, inside := a.enter(name)
	var info fs.FileInfo
	var err error
	if archive == nil {
		info, err = a.files.Stat(inside)
	} else {
		info, err = fs.Stat(archive, inside)
	}
	return err == nil && info.Mode().IsRegular()
}

// Folder is a folder as a file system of its own.
func (a *archives) Folder(dir string) fs.FS {
	archive, inside := a.enter(dir)
	if archive == nil {
		return a.files.Folder(inside, MaxFile)
	}
	sub, err := fs.Sub(archive, inside)
	if err != nil {
		return a.files.Folder(dir, 0) // which says that there is no such folder
	}
	return sub
}
