package projectfs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/featherpack/featherpack/analyzer/parallel"
)

// Answers are a part of a [Record] that can be kept, to ask the same again later.
type Answers struct {
	// Looks say where names lead, and Links what is at a name itself.
	Looks map[string]string `json:"looks,omitempty"`
	Links map[string]string `json:"links,omitempty"`
	// Files are the SHA-256 of contents, in hex.
	Files   map[string]string `json:"files,omitempty"`
	Folders map[string]Names  `json:"folders,omitempty"`
	// Tree is the digest of [FS.Tree], "" if it does not matter.
	Tree string `json:"tree,omitempty"`
}

// Names are those entries of a folder that matter: all, or those that begin like one of
// Stems.
type Names struct {
	Stems []string `json:"stems,omitempty"`
	All   bool     `json:"all,omitempty"`
	Found []string `json:"found,omitempty"`
}

// Hash returns the SHA-256 of a regular file, in hex. info describes it.
type Hash func(abs string, info fs.FileInfo) (string, error)

// HashFile is the [Hash] that reads the file.
func HashFile(abs string, _ fs.FileInfo) (string, error) {
	f, err := os.Open(abs)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Content identifies what a file holds: its SHA-256 in hex, and its size in bytes. The zero
// value stands for a file that has changed meanwhile, or so lately that it cannot be told.
type Content struct {
	SHA256 string
	Bytes  int64
}

// Settle ends a record. common is what concerns everything that was made with the FS,
// modules are those files that concern only who holds them. The error says why nothing of
// the record may be used.
func (r *Record) Settle(files *FS, hash Hash) (common Answers, modules map[string]Content, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := files.Again()
	defer now.Close()
	common = Answers{Looks: r.looks, Links: r.lstats, Files: map[string]string{}, Folders: map[string]Names{}}
	modules = map[string]Content{}
	for _, name := range slices.Sorted(maps.Keys(r.files)) {
		c := r.files[name]
		sum := ""
		if c.stamp.settledBy(r.began) {
			sum = now.sum(name, c.stamp, hash)
		}
		switch {
		case c.module && !ofPackages(name):
			modules[name] = Content{}
			if sum != "" {
				modules[name] = Content{sum, c.stamp.size}
			}
		case sum == "":
			r.doubt("%s changed during the build, or shortly before", name)
		default:
			common.Files[name] = sum
		}
	}
	for name, l := range r.folders {
		n := l.names(name)
		n.Found = n.of(l.entries)
		common.Folders[name] = n
	}
	if r.asked {
		if !slices.Equal(r.tree, now.Tree(r.Skip)) {
			r.doubt("files were added or removed during the build")
		}
		common.Tree = treeSum(r.tree)
	}
	if r.unsure != "" {
		return common, modules, fmt.Errorf("%s", r.unsure)
	}
	return common, modules, nil
}

// names are those that matter, without what was found.
func (l *listing) names(folder string) Names {
	if l.all || ofPackages(folder) {
		return Names{All: true}
	}
	return Names{Stems: slices.Sorted(maps.Keys(l.stems))}
}

// sum is the digest of a file that still has its stamp, "" otherwise.
func (t *FS) sum(name string, was stamp, hash Hash) string {
	p, err := t.Judge(filepath.Join(t.root, filepath.FromSlash(name)))
	if err != nil || !p.Info.Mode().IsRegular() || stampOf(p.Info) != was {
		return ""
	}
	sum, err := hash(p.Path, p.Info)
	if err != nil {
		return ""
	}
	// It may have changed while it was read.
	if info, err := os.Lstat(p.Path); err != nil || stampOf(info) != was {
		return ""
	}
	return sum
}

// of returns those of a folder's entries that matter.
func (n Names) of(entries []string) []string {
	if n.All {
		return entries
	}
	var found []string
	for _, e := range entries {
		name, _, _ := strings.Cut(e, "\x00")
		if _, ok := slices.BinarySearch(n.Stems, Stem(name)); ok {
			found = append(found, e)
		}
	}
	return found
}

func treeSum(names []string) string {
	sum := sha256.Sum256([]byte(strings.Join(names, "\n")))
	return hex.EncodeToString(sum[:])
}

// Checker compares answers with those that an FS gives now. It asks for each name once,
// however many answers hold it. It is for one goroutine.
type Checker struct {
	files *FS
	hash  Hash
	skip  []string

	places             map[string]judged // of files and looks
	looks, links, sums map[string]string
	folders            map[string][]string
	tree               string
	listed, earlier    Listings
}

// Listings are the entries of folders that a [Checker] listed, for the next one of the same
// process and root: most folders are the same then.
type Listings map[string]listedAt

type listedAt struct {
	entries []string
	stamp   stamp
	at      time.Time
}

// Listings are those that the checker listed, or took from earlier ones.
func (c *Checker) Listings() Listings { return c.listed }

// Take makes the checker list a folder only if it is not surely as it was in earlier listings.
func (c *Checker) Take(earlier Listings) { c.earlier = earlier }

// NewChecker makes a checker. skip is that of the record.
func NewChecker(files *FS, hash Hash, skip ...string) *Checker {
	return &Checker{
		places: map[string]judged{}, files: files, hash: hash, skip: skip,
		looks: map[string]string{}, links: map[string]string{}, sums: map[string]string{}, folders: map[string][]string{}, listed: Listings{},
	}
}

// judged is what [FS.Judge] says.
type judged struct {
	place Place
	err   error
}

func (c *Checker) judge(name string) (Place, error) {
	is, known := c.places[name]
	if !known {
		is.place, is.err = c.files.Judge(c.absolute(name))
		c.places[name] = is
	}
	return is.place, is.err
}

// few are so few names that one goroutine judges them as fast as several.
const few = 64

// judgeAll judges names that will be asked for, several at a time: most of the work is waiting
// for the system.
func (c *Checker) judgeAll(names []string) {
	names = slices.DeleteFunc(names, func(name string) bool { _, known := c.places[name]; return known })
	slices.Sort(names) // those of a folder together
	names = slices.Compact(names)
	found := make([]judged, len(names))
	parallel.Each((len(names)+few-1)/few, func(part int) {
		for i := part * few; i < min((part+1)*few, len(names)); i++ {
			found[i].place, found[i].err = c.files.Judge(c.absolute(names[i]))
		}
	})
	for i, name := range names {
		c.places[name] = found[i]
	}
}

func (c *Checker) absolute(name string) string {
	return filepath.Join(c.files.root, filepath.FromSlash(name))
}

// Change says what became of a name. The zero value means that nothing changed.
type Change struct {
	What Fate
	Name string
}

// Fate is what became of a name.
type Fate uint8

const (
	Same    Fate = iota
	Altered      // a file holds something else
	Gone
	Added     // something is there now
	Shadowing // Added, and something else was found by a name that begins alike
	Moved     // it leads elsewhere
	Tree      // files were added or removed somewhere
)

// Changed says what answers differently.
func (c *Checker) Changed(a Answers) Change {
	c.judgeAll(slices.AppendSeq(slices.Collect(maps.Keys(a.Files)), maps.Keys(a.Looks)))
	for _, name := range slices.Sorted(maps.Keys(a.Files)) {
		if is := c.File(name, a.Files[name]); is.What != Same {
			return is
		}
	}
	for name, n := range a.Folders {
		if found := n.of(c.folder(name)); !slices.Equal(found, n.Found) {
			return difference(name, n.Found, found)
		}
	}
	for name, was := range a.Looks {
		if is := c.look(name); is != was {
			return moved(name, was, is)
		}
	}
	for name, was := range a.Links {
		if is := c.link(name); is != was {
			return moved(name, was, is)
		}
	}
	if a.Tree != "" {
		if c.tree == "" {
			c.tree = treeSum(c.files.Tree(c.skip))
		}
		if c.tree != a.Tree {
			return Change{Tree, "."}
		}
	}
	return Change{}
}

// moved says what became of a name.
func moved(name, was, is string) Change {
	switch {
	case was == "-":
		return Change{Added, name}
	case is == "-":
		return Change{Gone, name}
	}
	return Change{Moved, name}
}

// difference says what became of a folder.
func difference(folder string, was, is []string) Change {
	for _, e := range is {
		if slices.Contains(was, e) {
			continue
		}
		name, _, _ := strings.Cut(e, "\x00")
		like := func(other string) bool {
			other, _, _ = strings.Cut(other, "\x00")
			return other != name && Stem(other) == Stem(name)
		}
		if slices.ContainsFunc(was, like) {
			return Change{Shadowing, path.Join(folder, name)}
		}
		return Change{Added, path.Join(folder, name)}
	}
	for _, e := range was {
		if name, _, _ := strings.Cut(e, "\x00"); !slices.Contains(is, e) {
			return Change{Gone, path.Join(folder, name)}
		}
	}
	return Change{Moved, folder}
}

// File says whether a file still has a content.
func (c *Checker) File(name, sum string) Change {
	is, known := c.sums[name]
	if !known {
		is = "-"
		if p, err := c.judge(name); err == nil && p.Info.Mode().IsRegular() {
			if is, err = c.hash(p.Path, p.Info); err != nil {
				is = "unreadable"
			}
		}
		c.sums[name] = is
	}
	switch {
	case is == sum && sum != "":
		return Change{}
	case is == "-":
		return Change{Gone, name}
	}
	return Change{Altered, name}
}

func (c *Checker) look(name string) string {
	is, known := c.looks[name]
	if !known {
		is = c.files.answer(c.judge(name))
		c.looks[name] = is
	}
	return is
}

func (c *Checker) link(name string) string {
	is, known := c.links[name]
	if !known {
		abs := c.absolute(name)
		info, err := c.files.Lstat(abs)
		is = c.files.answer(Place{Path: abs, Info: info}, err)
		c.links[name] = is
	}
	return is
}

func (c *Checker) folder(name string) []string {
	is, known := c.folders[name]
	if known {
		return is
	}
	at := time.Now()
	p, err := c.judge(name)
	if err != nil {
		c.folders[name] = nil
		return nil
	}
	now := listedAt{stamp: stampOf(p.Info), at: at}
	if was, known := c.earlier[name]; known && was.stamp == now.stamp && now.stamp.settledBy(was.at) {
		now = was
	} else if entries, err := c.files.ReadDir(c.absolute(name)); err == nil {
		now.entries = namesOf(entries)
	}
	c.listed[name], c.folders[name] = now, now.entries
	return now.entries
}
