package trace

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// Bounds on one folder or pattern. Beyond them it is reported as uncertain.
const (
	maxPatternFiles = 20_000
	maxPatternBytes = 250 << 20 // Lambda's limit for the unzipped code
	maxVisited      = 50_000    // directory entries looked at
)

// collect adds the matching files below dir. If there are too many, it reports an
// Uncertain and returns false.
func (t *tracer) collect(a *Asset, dir string, m matcher) bool {
	w := walk{files: t.Files, shallow: m.glob == nil && m.shallow && !strings.Contains(m.pattern, "/"), want: m.matches}
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

// matcher decides which files below a folder match.
type matcher struct {
	pattern string // relative to the folder, with gaps
	shallow bool   // a gap stays within one folder
	code    bool   // code files match too
	noMaps  bool   // source maps do not match
	// glob is a library's pattern. It replaces the pattern with gaps.
	glob *regexp.Regexp
}

func (m matcher) matches(name string) bool {
	if m.glob != nil {
		return m.glob.MatchString(name)
	}
	if !m.code && m.pattern == value.Gap && (codeExtensions[path.Ext(name)] || path.Ext(name) == ".map") {
		return false
	}
	return !(m.noMaps && path.Ext(name) == ".map") && fits(name, m.pattern, m.shallow)
}

// fits matches a name against a pattern with gaps. It is linear in practice: every
// gap but the last ends at the first occurrence of the text after it.
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

// walk lists a folder. It follows a symlink to a folder unless that contains the
// symlink, and reports the files under the symlink's path. A symlink that is
// broken or leads outside the project is only recorded.
type walk struct {
	files   fs.FS
	shallow bool              // only the folder itself
	want    func(string) bool // gets the path below the folder

	found   []string
	bytes   int64
	stray   []string
	visited int
}

// Bounds on the nesting of folders and on the symlinks in a path. Folders that
// link to each other multiply.
const (
	maxDepth  = 40
	maxLinked = 4
)

// below lists the files below dir, sorted, except in node_modules and .git, and
// returns their total size. ok is false if there are too many.
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

// holds reports whether a symlink leads to dir or to one of its parents.
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
