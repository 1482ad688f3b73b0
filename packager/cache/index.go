package cache

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"time"

	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// Index remembers the digests of files by what the system says of them, as the index of git
// does: size, inode, and the times of modification and of the last change. No program can
// set back the last of these. A file that changed shortly before it was read is not
// remembered, since it could change again and keep its times; nor is one on a file system
// that stores whole seconds, or has no inodes.
//
// It holds no paths, and is no part of any key: it belongs to this machine.
type Index struct {
	mu    sync.Mutex
	known map[fileKey][sha256.Size]byte
	used  map[fileKey]bool
	fresh bool // whether it holds what the store does not
}

// fileKey is what the system says of a file.
type fileKey struct {
	Device, Inode           uint64
	Size, Modified, Changed int64
}

const (
	indexFile = "files"
	// maxIndexed bounds the files of an index.
	maxIndexed = 400_000
)

var indexMark = []byte("featherpack files 1\n")

// Index reads the store's index. One that is damaged is empty.
func (d *Disk) Index() *Index {
	x := &Index{known: map[fileKey][sha256.Size]byte{}, used: map[fileKey]bool{}}
	raw, err := d.root.ReadFile(indexFile)
	if err != nil || !bytes.HasPrefix(raw, indexMark) || len(raw) < len(indexMark)+sha256.Size {
		return x
	}
	sum, rest := raw[len(indexMark):len(indexMark)+sha256.Size], raw[len(indexMark)+sha256.Size:]
	if actual := sha256.Sum256(rest); !bytes.Equal(sum, actual[:]) {
		return x
	}
	const row = 5*8 + sha256.Size
	for ; len(rest) >= row; rest = rest[row:] {
		n := func(i int) uint64 { return binary.LittleEndian.Uint64(rest[8*i:]) }
		x.known[fileKey{n(0), n(1), int64(n(2)), int64(n(3)), int64(n(4))}] = [sha256.Size]byte(rest[5*8 : row])
	}
	return x
}

// Save writes the index to a store if it has become larger. Files that were not asked for
// stay while there is space.
func (x *Index) Save(ctx context.Context, d *Disk) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.fresh {
		return nil
	}
	var rows []byte
	n := 0
	add := func(k fileKey) {
		if n++; n > maxIndexed {
			return
		}
		for _, v := range []uint64{k.Device, k.Inode, uint64(k.Size), uint64(k.Modified), uint64(k.Changed)} {
			rows = binary.LittleEndian.AppendUint64(rows, v)
		}
		sum := x.known[k]
		rows = append(rows, sum[:]...)
	}
	for k := range x.used {
		add(k)
	}
	for k := range x.known {
		if !x.used[k] {
			add(k)
		}
	}
	sum := sha256.Sum256(rows)
	return d.write(ctx, indexFile, func(w io.Writer) error {
		for _, part := range [][]byte{indexMark, sum[:], rows} {
			if _, err := w.Write(part); err != nil {
				return err
			}
		}
		return nil
	})
}

// Hash is a [projectfs.Hash].
func (x *Index) Hash(abs string, info fs.FileInfo) (string, error) {
	key, ok := keyOf(info)
	if ok {
		x.mu.Lock()
		sum, known := x.known[key]
		if known {
			x.used[key] = true
		}
		x.mu.Unlock()
		if known {
			return hex.EncodeToString(sum[:]), nil
		}
	}
	began := time.Now()
	text, err := projectfs.HashFile(abs, info)
	if err != nil || !ok || !Settled(info, began) {
		return text, err
	}
	sum, err := hex.DecodeString(text)
	if err != nil {
		return text, err
	}
	x.mu.Lock()
	x.known[key], x.used[key], x.fresh = [sha256.Size]byte(sum), true, true
	x.mu.Unlock()
	return text, nil
}

// margin is how long a file must have stayed as it is: longer than file times are coarse,
// even where the clock of a file server is behind.
const margin = 2 * time.Second

// Settled reports whether a file could not have changed at a time, or later, without what
// the system says of it showing that.
func Settled(info fs.FileInfo, at time.Time) bool {
	changed, _ := projectfs.ChangeOf(info)
	return changed.Before(at.Add(-margin)) && info.ModTime().Before(at.Add(-margin))
}

func keyOf(info fs.FileInfo) (fileKey, bool) {
	changed, inode := projectfs.ChangeOf(info)
	device, ok := deviceOf(info)
	if !ok || inode == 0 || changed.Nanosecond() == 0 {
		return fileKey{}, false
	}
	return fileKey{device, inode, info.Size(), info.ModTime().UnixNano(), changed.UnixNano()}, true
}

// StampOf is what the system says of a file, as a text, and false where that does not show
// every change.
func StampOf(info fs.FileInfo) (string, bool) {
	key, ok := keyOf(info)
	return fmt.Sprint(key), ok
}
