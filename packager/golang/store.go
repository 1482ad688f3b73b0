package golang

import (
	"cmp"
	"context"
	"crypto/sha256"
	"debug/elf"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/packager"
)

// store is the folder that keeps linked programs between runs. It has a folder for
// each checkout and settings, so that `go build` finds its earlier output.
type store struct{ dir string }

const (
	// keepUnused is how long an unused folder is kept.
	keepUnused = 30 * 24 * time.Hour
	// mostKept is how many bytes all folders may hold before the longest unused are removed.
	mostKept = 4 << 30
)

// rules are the sources of the code that decides what a kept program is: how it is linked,
// stripped and recorded. A program that other rules made is not reused.
//
//go:embed flags.go link.go list.go plan.go ship.go store.go
var rules embed.FS

// rulesDigest identifies the rules of this version of featherpack.
var rulesDigest = sync.OnceValue(func() string { return digestOf(rules) })

// digestOf returns a digest of embedded files.
func digestOf(files fs.FS) string {
	digest := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		fmt.Fprintf(digest, "%s %d\n%s", name, len(text), text)
		return err
	})
	if err != nil {
		panic(err) // they are embedded
	}
	return hex.EncodeToString(digest.Sum(nil))
}

func openStore(dir string) (*store, error) {
	if dir == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return nil, analyzer.Diagnostic{
				Code: "no-cache-dir", Severity: analyzer.Error,
				Message: "there is no cache folder for linked programs: " + err.Error(),
				Hint:    "set HOME or XDG_CACHE_HOME",
			}
		}
		dir = filepath.Join(user, "featherpack", "go")
	}
	if !filepath.IsAbs(dir) {
		return nil, errors.New("the cache folder is not an absolute path")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, storeError("making the cache folder", err)
	}
	scratch.Sweep(dir)
	s := &store{dir}
	s.prune(time.Now(), mostKept)
	return s, nil
}

// Copies returns the absolute path of an empty folder for copies of modules, and what removes
// it. A program names the folders of replaced modules, so it is the same folder in every run,
// unless another run has it.
func (o Builder) Copies() (path string, release func(), err error) {
	s, err := openStore(o.CacheDir)
	if err != nil {
		return "", nil, err
	}
	lock := flock.New(filepath.Join(s.dir, "copies.lock"))
	if held, err := lock.TryLock(); err != nil || !held {
		folder, err := scratch.New(s.dir, "trial")
		if err != nil {
			return "", nil, storeError("making a scratch folder", err)
		}
		return folder.Path, func() { folder.Close() }, nil
	}
	path = filepath.Join(s.dir, "copies")
	release = func() {
		os.RemoveAll(path) // if this fails, a later run removes it
		lock.Unlock()
	}
	if err := errors.Join(os.RemoveAll(path), os.Mkdir(path, 0o755)); err != nil {
		release()
		return "", nil, storeError("making a folder for copies of modules", err)
	}
	return path, release, nil
}

// storeError returns a diagnostic that does not include the store's path.
func storeError(doing string, err error) error {
	return analyzer.Diagnostic{
		Code: "cache", Severity: analyzer.Error,
		Message: fmt.Sprintf("%s: %v", doing, analyzer.WithoutPath(err)),
		Hint:    "make the user's cache folder writable, or set XDG_CACHE_HOME to one that is",
	}
}

// prune removes the folders that no build has used for keepUnused, and then the longest
// unused until all hold at most so many bytes. It ignores folders that it cannot remove.
func (s *store) prune(now time.Time, most int64) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return
	}
	used := map[string]time.Time{}
	for _, e := range entries {
		if key, isLock := strings.CutSuffix(e.Name(), ".lock"); isLock {
			if info, err := e.Info(); err == nil {
				used[key] = info.ModTime()
			}
		}
	}
	latestFirst := slices.SortedFunc(maps.Keys(used), func(a, b string) int {
		return cmp.Or(used[b].Compare(used[a]), cmp.Compare(a, b))
	})
	var total int64
	for _, key := range latestFirst {
		total += bytesBelow(filepath.Join(s.dir, key))
		if total <= most && now.Sub(used[key]) < keepUnused {
			continue
		}
		lock := flock.New(filepath.Join(s.dir, key+".lock"))
		if held, err := lock.TryLock(); err == nil && held {
			// Keep the lock file: another process may be waiting for it.
			os.RemoveAll(filepath.Join(s.dir, key))
			lock.Unlock()
		}
	}
}

// bytesBelow is how many bytes the files of a folder hold. What cannot be read counts as nothing.
func bytesBelow(dir string) (size int64) {
	filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			if info, err := e.Info(); err == nil {
				size += info.Size()
			}
		}
		return nil
	})
	return size
}

// folder is the locked folder of one group of settings.
type folder struct {
	dir   string
	lock  *flock.Flock
	holds atomic.Int32 // users of the lock; the last one releases it
	// linked maps paths below dir to the linked programs.
	linked map[string]record
}

// record describes a program at the time it was linked.
type record struct {
	// ID is Go's build ID. Its last part is a digest of the program's content.
	ID string `json:"id"`
	// Linked is the checksum of the linked program, Sum that of the stripped
	// program, which is shipped.
	Linked string `json:"linked"`
	Sum    string `json:"sum"`
}

// key names the facts kept about a program. It is "" for a program without a build
// ID, whose facts are not kept.
func (r record) key() string {
	if r.ID == "" {
		return ""
	}
	digest := sha256.Sum256([]byte(r.ID + "\n" + r.Sum))
	return hex.EncodeToString(digest[:16])
}

// lock waits for the folder of these settings and locks it. While it is locked, no
// other run links into it or reads from it.
func (s *store) lock(ctx context.Context, set settings) (*folder, error) {
	key := sha256.Sum256(fmt.Append(nil, rulesDigest(), "\x00", set))
	name := hex.EncodeToString(key[:10])
	f := &folder{dir: filepath.Join(s.dir, name), lock: flock.New(filepath.Join(s.dir, name+".lock"))}
	if _, err := f.lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, storeError("locking the cache folder", err)
	}
	f.holds.Store(1)
	now := time.Now()
	os.Chtimes(f.lock.Path(), now, now) // for prune; if this fails, it is pruned early
	if err := os.MkdirAll(f.dir, 0o755); err != nil {
		f.unlock()
		return nil, storeError("making the cache folder", err)
	}
	f.linked = map[string]record{}
	if text, err := os.ReadFile(filepath.Join(f.dir, linkedFile)); err == nil {
		if json.Unmarshal(text, &f.linked) != nil {
			f.linked = map[string]record{} // all are linked again
		}
	}
	return f, nil
}

// hold keeps the folder locked until release is called, even if unlock is called
// first.
func (f *folder) hold() (release func()) {
	f.holds.Add(1)
	return sync.OnceFunc(f.unlock)
}

func (f *folder) unlock() {
	if f.holds.Add(-1) == 0 {
		f.lock.Unlock()
	}
}

const linkedFile = "linked.json"

// discardUnknown removes a program that no finished run has recorded, because it may
// be incomplete. The go command would consider it up to date, since it checks only
// the build ID near the start.
func (f *folder) discardUnknown(name string) {
	if _, ok := f.linked[name]; !ok {
		os.Remove(f.path(name)) // if this fails, linking reports it
	}
}

// take records a program after linking, and makes the stripped copy unless it exists.
// intact is false if the program cannot be read, or if its content has changed
// although its build ID has not, so that the go command did not link it again.
func (f *folder) take(s settings, name string) (r record, intact bool, err error) {
	r.ID = buildID(f.path(name))
	before, known := f.linked[name]
	same := known && before.ID != "" && (r.ID == before.ID || r.ID == "")
	if same && r.ID != "" {
		if sum, err := sumOf(f.shipped(name)); err == nil && sum == before.Sum {
			return before, true, nil // even if the linked program has changed
		}
	}
	if r.Linked, err = sumOf(f.path(name)); err != nil {
		return record{}, false, storeError("reading the linked program", err)
	}
	// A damaged program may have an ID that only the go command can still read.
	damaged := same && r.Linked != before.Linked
	if !damaged {
		err = s.ship(f.path(name), f.shipped(name))
		damaged = errors.Is(err, errNotStripped)
	}
	if damaged {
		delete(f.linked, name)
		return record{}, false, nil
	}
	if err == nil {
		r.Sum, err = sumOf(f.shipped(name))
	}
	if err != nil {
		return record{}, false, err
	}
	f.linked[name] = r
	return r, true, nil
}

// shipped returns the path of a linked program's stripped copy.
func (f *folder) shipped(name string) string { return f.path(path.Join("ship", name)) }

func (f *folder) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

// save writes the records atomically.
func (f *folder) save() error {
	text, err := json.Marshal(f.linked)
	if err != nil {
		return err
	}
	return keep(filepath.Join(f.dir, linkedFile), text, 0o644)
}

// buildID reads Go's build ID from its ELF note. It returns "" if there is none.
func buildID(program string) string {
	file, err := elf.Open(program)
	if err != nil {
		return ""
	}
	defer file.Close()
	section := file.Section(goNote)
	if section == nil || section.Size > 4096 {
		return ""
	}
	note, err := section.Data()
	if err != nil {
		return ""
	}
	return string(noteContent(note))
}

// keep writes a file of the store atomically.
func keep(name string, content []byte, mode os.FileMode) error {
	err := packager.WriteWhole(name, mode, func(f *os.File) error {
		_, err := f.Write(content)
		return err
	})
	if err != nil {
		return storeError("writing to the cache folder", err)
	}
	return nil
}

// sumOf returns a checksum of a file and its size. CRC-32 is enough to detect damage
// and reads a few GB/s; a cryptographic digest would be slower.
func sumOf(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := crc32.NewIEEE()
	n, err := io.CopyBuffer(h, struct{ io.Reader }{f}, make([]byte, 1<<20))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%08x-%d", h.Sum32(), n), nil
}
