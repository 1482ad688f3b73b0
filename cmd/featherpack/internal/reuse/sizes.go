package reuse

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/reporters"
)

// measure begins to measure the unbundled zips of the run's functions. Only the report needs
// them, so it goes on while functions are looked for and built.
func (r *Run) measure() {
	r.measuring = make(chan struct{})
	go func() {
		defer close(r.measuring)
		for _, f := range r.settings.Functions {
			if f.Entry != "" && f.Family == analyzer.Node && r.ctx.Err() == nil {
				r.sizes.Of(f)
			}
		}
	}()
}

// AddSizes adds to the functions that were found the sizes of their unbundled zips, which are
// no part of what is kept.
func (r *Run) AddSizes(built []reporters.Built) {
	for i := range built {
		b := &built[i].Bundle
		if _, found := r.taken[b.ID]; !found {
			continue
		}
		if b.Unbundled = r.sizes.Of(b.Function); b.Unbundled != nil {
			b.Waterfall = append([]packager.Step{{Name: "unbundled", Bytes: b.Unbundled.Bytes}}, b.Waterfall...)
		}
	}
}

// Sizes of unbundled zips: what a sample of the files came to, by the contents of all, and
// what each of the files came to, by the names of all. A change to one file of a sample
// leaves the other files to be found by the second.

const sizesName = "sizes.json"

// compressed is what compressing some files came to in an earlier run.
func (r *Run) compressed(contents string, compress func() [2][8]int64) (both [2][8]int64) {
	key := sizesKey("1", contents)
	if r.readSizes(key, &both) {
		return both
	}
	both = compress()
	r.writeSizes(key, both)
	return both
}

// compressedFiles are the sizes of files that an earlier run kept for these names, by their
// SHA-256.
func (r *Run) compressedFiles(names string) (sizes map[string]int64) {
	if !r.readSizes(sizesKey("files 1", names), &sizes) {
		return nil
	}
	return sizes
}

func (r *Run) keepCompressed(names string, sizes map[string]int64) {
	r.writeSizes(sizesKey("files 1", names), sizes)
}

func sizesKey(what, digest string) cache.Digest {
	return cache.Of(cache.Command{Arguments: []string{"featherpack", "sizes", what, digest}}.Encode())
}

func (r *Run) readSizes(key cache.Digest, into any) bool {
	result, err := r.store.Result(r.ctx, key)
	if err != nil {
		return false
	}
	blob, ok := result.File(sizesName)
	return ok && r.getJSON(blob, into)
}

// writeSizes keeps what the next run measures again if it cannot be kept.
func (r *Run) writeSizes(key cache.Digest, sizes any) {
	if blob, err := r.putJSON(sizes); err == nil {
		_ = r.store.SetResult(r.ctx, key, cache.Result{Files: []cache.File{{Name: sizesName, Digest: blob}}})
	}
}
