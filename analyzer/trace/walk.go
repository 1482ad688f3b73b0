package trace

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// Bounds of one folder or pattern: beyond them it is reported as uncertain.
const (
	maxPatternFiles = 5_000
	maxPatternBytes = 250 << 20 // Lambda's limit for everything, unzipped
	maxVisited      = 50_000    // directory entries looked at
)

// collect gathers the files below dir that match; false means that there were
// too many, which is then said instead.
func (t *tracer) collect(a *Asset, dir string, m matcher) bool {
	w := walk{files: t.Files, shallow: m.shallow && !strings.Contains(m.pattern, "/"), want: m.matches}
	files, bytes, ok := w.below(dir)
	a.Stray = w.stray
	if !ok {
		t.result.Uncertain = append(t.result.Uncertain, Uncertain{
			Place: a.Place, Trigger: a.Why, Dir: dir,
			Reason: "it may mean more than can be shipped", TooMuch: true,
		})
		return false
	}
	a.Files, a.Bytes = files, bytes
	return true
}

// walk lists the files below dir, without node_modules and .git, sorted.
func (t *tracer) walk(dir string, shallow bool, want func(string) bool) (files []string, bytes int64, ok bool) {
	w := walk{files: t.Files, shallow: shallow, want: want}
	return w.below(dir)
}

// matcher decides which files below a folder a pattern means.
type matcher struct {
	pattern string // relative to the folder, with gaps
	shallow bool   // a gap stays within one folder
	code    bool   // files of code count too
	noMaps  bool   // source maps do not
}

func (m matcher) matches(name string) bool {
	if !m.code && m.pattern == value.Gap && (codeExtensions[path.Ext(name)] || path.Ext(name) == ".map") {
		return false
	}
	return !(m.noMaps && path.Ext(name) == ".map") && fits(name, m.pattern, m.shallow)
}

// fits matches a name against a pattern with gaps. It is linear in practice:
// every gap but the last takes the first place where the text after it occurs.
func fits(name, pattern string, shallow bool) bool {
	parts := strings.Split(pattern, value.Gap)
	if len(parts) == 1 {
		return name == pattern
	}
	if !strings.HasPrefix(name, parts[0]) {
		return false
	}
	rest := name[len(parts[0]):]
	for _, p := range parts[1 : len(parts)-1] {
		before, after, ok := strings.Cut(rest, p)
		if !ok || shallow && strings.Contains(before, "/") {
			return false
		}
		rest = after
	}
	last := parts[len(parts)-1]
	return strings.HasSuffix(rest, last) && !(shallow && strings.Contains(rest[:len(rest)-len(last)], "/"))
}

// walk goes through a folder. Folders behind links are gone through too, at the
// place of the link, unless they hold it; links that lead out of the project,
// or nowhere, are only noted.
type walk struct {
	files   fs.FS
	shallow bool              // only the folder itself
	want    func(string) bool // asked with the path below the folder

	found   []string
	bytes   int64
	stray   []string
	visited int
}

// Bounds of how deep folders nest, and of the links on the way down: folders
// that link to each other multiply.
const (
	maxDepth  = 40
	maxLinked = 4
)

// below lists the files below dir, without node_modules and .git, sorted, and
// the sum of their sizes; ok is false when there are too many.
func (w *walk) below(dir string) (files []string, bytes int64, ok bool) {
	ok = fs.ValidPath(dir) && w.down(dir, "", 0, 0)
	slices.Sort(w.found)
	return w.found, w.bytes, ok
}

func (w *walk) down(dir, rel string, depth, links int) bool {
	if depth > maxDepth || links > maxLinked {
		return false
	}
	entries, err := fs.ReadDir(w.files, dir)
	if err != nil {
		return true
	}
	if w.visited += len(entries); w.visited > maxVisited {
		return false
	}
	for _, e := range entries {
		name, short := path.Join(dir, e.Name()), path.Join(rel, e.Name())
		folder, linked := e.IsDir(), e.Type()&fs.ModeSymlink != 0
		if linked {
			st, err := fs.Stat(w.files, name)
			if err != nil {
				if w.want(short) || w.want(short+"/"+value.Gap) {
					w.stray = append(w.stray, name)
				}
				continue
			}
			folder = st.IsDir()
		}
		if folder {
			if w.shallow || e.Name() == "node_modules" || e.Name() == ".git" || linked && w.holds(name, dir) {
				continue
			}
			behind := links
			if linked {
				behind++
			}
			if !w.down(name, short, depth+1, behind) {
				return false
			}
			continue
		}
		if !w.want(short) {
			continue
		}
		st, err := fs.Stat(w.files, name)
		if err != nil || !st.Mode().IsRegular() {
			continue
		}
		w.found, w.bytes = append(w.found, name), w.bytes+st.Size()
		if len(w.found) > maxPatternFiles || w.bytes > maxPatternBytes {
			return false
		}
	}
	return true
}

// holds reports whether a link leads to dir or a folder around it.
func (w *walk) holds(link, dir string) bool {
	target, err := fs.Stat(w.files, link)
	if err != nil {
		return true
	}
	for at := dir; ; at = path.Dir(at) {
		if st, err := fs.Stat(w.files, at); err != nil || os.SameFile(st, target) {
			return true
		}
		if at == "." {
			return false
		}
	}
}
