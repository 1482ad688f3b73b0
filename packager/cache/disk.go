package cache

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/featherpack/featherpack/analyzer"
)

// DefaultCap is the size in bytes that a store on disk may have if no setting says more.
const DefaultCap = 4 << 30

// Names in the folder of a store.
const (
	blobs   = "cas" // by the first two digits of the digest, then by the digest
	results = "ac"
	drafts  = "tmp"
	trimmed = "trimmed" // its time is that of the last trim
)

// Disk is a [Store] in a folder. A file is written under another name and then renamed,
// so that a reader sees all of it or nothing. What a crash has damaged is noticed when it
// is read, because a blob must have its digest and a result its checksum; so nothing waits
// until the disk has written.
type Disk struct {
	root    *os.Root
	cap     int64
	written atomic.Int64

	mu  sync.Mutex
	err error // of the first write that failed
}

// mark identifies the folder of a store, so that no other folder is ever cleaned.
const mark = "featherpack-cache"

// Open opens the store in a folder, and makes the folder if it is not there. capacity is the
// size in bytes that the store may have, 0 for [DefaultCap].
func Open(dir string, capacity int64) (*Disk, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("opening the cache: %w", analyzer.WithoutPath(err))
	}
	root, err := os.OpenRoot(dir) // no link leads out of the folder
	if err != nil {
		return nil, fmt.Errorf("opening the cache: %w", analyzer.WithoutPath(err))
	}
	d := &Disk{root: root, cap: cmp.Or(capacity, DefaultCap)}
	if _, err := root.Lstat(mark); err != nil {
		entries, err := fs.ReadDir(root.FS(), ".")
		if err == nil && len(entries) > 0 {
			// Two processes may be making the same folder.
			if _, err := root.Lstat(mark); err != nil {
				root.Close()
				return nil, errors.New("opening the cache: the folder holds other files")
			}
		} else if err := root.WriteFile(mark, []byte("made by featherpack; it may be removed at any time\n"), 0o600); err != nil {
			root.Close()
			return nil, fmt.Errorf("opening the cache: %w", analyzer.WithoutPath(err))
		}
	}
	return d, nil
}

// Again opens the same folder once more, for work that lasts longer than d is open.
func (d *Disk) Again() (*Disk, error) {
	root, err := d.root.OpenRoot(".")
	if err != nil {
		return nil, analyzer.WithoutPath(err)
	}
	return &Disk{root: root, cap: d.cap}, nil
}

func place(kind, hash string) string { return path.Join(kind, hash[:2], hash) }

// Open is that of [Store].
func (d *Disk) Open(_ context.Context, blob Digest) (io.ReadCloser, error) {
	if !blob.Valid() {
		return nil, ErrMissing
	}
	name := place(blobs, blob.Hash)
	f, err := d.root.Open(name)
	if err != nil {
		return nil, ErrMissing
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() != blob.Size {
		f.Close()
		d.remove(name)
		return nil, ErrMissing
	}
	d.touch(name, info)
	return &checked{File: f, sum: sha256.New(), want: blob.Hash, damaged: func() { d.remove(name) }}, nil
}

// checked fails at the end of a file that is not the blob.
type checked struct {
	*os.File
	sum     hash.Hash
	want    string
	damaged func()
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.File.Read(p)
	c.sum.Write(p[:n])
	if err != nil && hex.EncodeToString(c.sum.Sum(nil)) != c.want {
		c.damaged()
		return 0, ErrMissing
	}
	return n, err
}

// WriteTo keeps io.Copy from reading the file past Read.
func (c *checked) WriteTo(w io.Writer) (int64, error) {
	return io.Copy(w, struct{ io.Reader }{c})
}

// lately is how long ago a file must have been used for its time to be written again.
const lately = time.Hour

// touch makes a file one of those that were used last.
func (d *Disk) touch(name string, info fs.FileInfo) {
	if now := time.Now(); now.Sub(info.ModTime()) > lately {
		_ = d.root.Chtimes(name, now, now) // the store may be read-only
	}
}

// UsedLately reports whether a result was used so lately that using it is not noted again.
func (d *Disk) UsedLately(action Digest) bool {
	if !action.Valid() {
		return false
	}
	info, err := d.root.Stat(place(results, action.Hash))
	return err == nil && time.Since(info.ModTime()) <= lately
}

// Use makes a blob one of those that were used last.
func (d *Disk) Use(blob Digest) {
	if !blob.Valid() {
		return
	}
	name := place(blobs, blob.Hash)
	if info, err := d.root.Stat(name); err == nil {
		d.touch(name, info)
	}
}

func (d *Disk) remove(name string) { _ = d.root.Remove(name) } // a store that is read-only keeps it

// Put is that of [Store].
func (d *Disk) Put(ctx context.Context, blob Digest, content io.Reader) error {
	if !blob.Valid() {
		return errors.New("the digest is malformed")
	}
	name := place(blobs, blob.Hash)
	if info, err := d.root.Stat(name); err == nil && info.Mode().IsRegular() && info.Size() == blob.Size {
		// Whether it is damaged shows when it is read, and then it is removed.
		d.touch(name, info)
		return nil
	}
	from := &source{r: io.LimitReader(content, blob.Size+1)}
	return d.write(ctx, name, func(w io.Writer) error {
		sum := sha256.New()
		n, err := io.Copy(io.MultiWriter(w, sum), from)
		if from.err != nil {
			return sourceError{from.err}
		}
		if err == nil && (n != blob.Size || hex.EncodeToString(sum.Sum(nil)) != blob.Hash) {
			err = sourceError{errors.New("the content changed")}
		}
		return err
	})
}

// source notes the error of what is read, which says nothing about the store.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// sourceError is an error of the content that a store was given.
type sourceError struct{ error }

func (e sourceError) Unwrap() error { return e.error }

// write writes a file whole. After the first failure that is not one of the content's source
// nothing is written any more: the store is read-only, or its disk is full.
func (d *Disk) write(ctx context.Context, name string, fill func(io.Writer) error) error {
	d.mu.Lock()
	err := d.err
	d.mu.Unlock()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	err = d.draft(name, fill)
	if of := (sourceError{}); errors.As(err, &of) {
		return of.error
	}
	if err != nil {
		err = analyzer.WithoutPath(err)
		d.mu.Lock()
		if d.err == nil {
			d.err = err
		}
		d.mu.Unlock()
	}
	return err
}

func (d *Disk) draft(name string, fill func(io.Writer) error) error {
	if err := d.root.Mkdir(drafts, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := d.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return err
	}
	draft := path.Join(drafts, rand.Text())
	f, err := d.root.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer d.root.Remove(draft)
	count := &counter{w: f}
	err = fill(count)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = d.root.Rename(draft, name)
	}
	if err == nil {
		d.written.Add(count.n)
	}
	return err
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// maxResult bounds a result, in bytes.
const maxResult = 4 << 20

// Result is that of [Store].
func (d *Disk) Result(_ context.Context, action Digest) (Result, error) {
	if !action.Valid() {
		return Result{}, ErrMissing
	}
	name := place(results, action.Hash)
	f, err := d.root.Open(name)
	if err != nil {
		return Result{}, ErrMissing
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxResult+1))
	if err != nil {
		return Result{}, ErrMissing
	}
	r, err := decodeEntry(action, raw)
	if err != nil {
		d.remove(name)
		return Result{}, ErrMissing
	}
	if info, err := f.Stat(); err == nil {
		d.touch(name, info)
	}
	return r, nil
}

// SetResult is that of [Store].
func (d *Disk) SetResult(ctx context.Context, action Digest, r Result) error {
	if !action.Valid() {
		return errors.New("the digest is malformed")
	}
	raw := encodeEntry(action, r)
	if len(raw) > maxResult {
		return errors.New("the result is too large")
	}
	return d.write(ctx, place(results, action.Hash), func(w io.Writer) error {
		_, err := w.Write(raw)
		return err
	})
}

// Failure returns the first error of a write, nil if all succeeded.
func (d *Disk) Failure() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.err
}

// untrimmed is how long a store may grow until it is measured, unless a run writes much.
const untrimmed = time.Hour

// Close trims the store if it may have become too large.
func (d *Disk) Close() error {
	defer d.root.Close()
	if n := d.written.Load(); n > 0 {
		info, err := d.root.Stat(trimmed)
		if err != nil || time.Since(info.ModTime()) > untrimmed || n > d.cap/20 {
			return d.Trim()
		}
	}
	return nil
}

// held is a file of a store.
type held struct {
	name string
	size int64
	used time.Time
}

// list returns all entries, and drafts that no running process can be writing.
func (d *Disk) list() (entries []held, abandoned []string) {
	_ = fs.WalkDir(d.root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil // another process may be removing it
		}
		info, err := e.Info()
		if err != nil {
			return nil
		}
		switch kind, _, _ := strings.Cut(name, "/"); kind {
		case blobs, results:
			entries = append(entries, held{name, info.Size(), info.ModTime()})
		case drafts:
			if time.Since(info.ModTime()) > 24*time.Hour {
				abandoned = append(abandoned, name)
			}
		}
		return nil
	})
	return entries, abandoned
}

// blockBytes is what even a small file takes.
const blockBytes = 4096

func (h held) disk() int64 { return (h.size + blockBytes - 1) / blockBytes * blockBytes }

// Trim removes the entries that were not used for the longest time until the store is
// below nine tenths of its cap, if it is above its cap. A process that reads a removed
// entry finishes reading it; a result whose blobs are gone is a miss.
func (d *Disk) Trim() error {
	entries, abandoned := d.list()
	for _, name := range abandoned {
		d.remove(name)
	}
	var total int64
	for _, e := range entries {
		total += e.disk()
	}
	if total > d.cap {
		slices.SortFunc(entries, func(a, b held) int { return cmp.Or(a.used.Compare(b.used), strings.Compare(a.name, b.name)) })
		for _, e := range entries {
			if total <= d.cap/10*9 {
				break
			}
			d.remove(e.name)
			total -= e.disk()
		}
	}
	if err := d.root.WriteFile(trimmed, nil, 0o600); err != nil {
		return analyzer.WithoutPath(err)
	}
	return nil
}
