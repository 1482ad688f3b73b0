package reuse

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"

	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/cache"
)

// zips brings back zips by the names and contents of their files, whatever these were made
// of: a bundle that a change leaves as it was, or a Go program that go build has made again.
type zips struct {
	store *cache.Disk
	index *cache.Index
	tool  string
}

// NewZips returns nil if r is nil.
func NewZips(store *cache.Disk, r *Run) packager.Earlier {
	if r == nil {
		return nil
	}
	return &zips{store: store, index: r.index, tool: r.common.Tool}
}

const artifactName, zipName = "artifact", "zip"

// key is that of files given by their names and digests.
func (z *zips) key(compress string, files func(yield func(name, sum string))) cache.Digest {
	sum := sha256.New()
	files(func(name, digest string) { fmt.Fprintf(sum, "%q %s\n", name, digest) })
	return cache.Of(cache.Command{Arguments: []string{
		"featherpack", "zip", "1", "tool=" + z.tool, "compress=" + compress, "files=" + hex.EncodeToString(sum.Sum(nil)),
	}}.Encode())
}

// Find is that of [packager.Earlier].
func (z *zips) Find(ctx context.Context, files []packager.File, compress string) (zip packager.Stored, a packager.Artifact, ok bool) {
	sums := make([]string, len(files))
	for i, f := range files {
		if f.Content != nil {
			sum := sha256.Sum256(f.Content)
			sums[i] = hex.EncodeToString(sum[:])
			continue
		}
		info, err := os.Stat(f.Source)
		if err != nil || !info.Mode().IsRegular() {
			return zip, a, false
		}
		if sums[i], err = z.index.Hash(f.Source, info); err != nil {
			return zip, a, false
		}
	}
	key := z.key(compress, func(yield func(name, sum string)) {
		for i, f := range files {
			yield(f.Name, sums[i])
		}
	})
	result, err := z.store.Result(ctx, key)
	if err != nil {
		return zip, a, false
	}
	description, _ := result.File(artifactName)
	if !getPacked(ctx, z.store, description, &a) {
		return zip, a, false
	}
	blob, ok := result.File(zipName)
	return packager.Stored{
		SHA256: blob.Hash, Bytes: blob.Size, Open: func() (io.ReadCloser, error) { return z.store.Open(ctx, blob) },
	}, a, ok
}

// Keep is that of [packager.Earlier].
func (z *zips) Keep(ctx context.Context, a packager.Artifact, compress string, zip func() (io.ReadCloser, error)) {
	key := z.key(compress, func(yield func(name, sum string)) {
		for _, e := range a.Entries {
			yield(e.Name, e.SHA256)
		}
	})
	content, err := zip()
	if err != nil {
		return
	}
	defer content.Close()
	blob := cache.Digest{Hash: a.SHA256, Size: a.ZipBytes}
	if err := z.store.Put(ctx, blob, content); err != nil {
		return // something else wrote to the out-dir, or the store has failed
	}
	a.Name = ""
	description, err := putPacked(ctx, z.store, a)
	if err != nil {
		return
	}
	_ = z.store.SetResult(ctx, key, cache.Result{Files: []cache.File{{Name: artifactName, Digest: description}, {Name: zipName, Digest: blob}}})
}
