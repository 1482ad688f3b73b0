package cache

import (
	"context"
	"io"
	"path"
	"strings"
)

// Stats is the size of a store.
type Stats struct {
	Blobs, Results int
	// Bytes is the size of all files, Cap what it may become.
	Bytes, Cap int64
}

// Stats measures the store.
func (d *Disk) Stats() Stats {
	s := Stats{Cap: d.cap}
	entries, _ := d.list()
	for _, e := range entries {
		s.Bytes += e.size
		if strings.HasPrefix(e.name, blobs+"/") {
			s.Blobs++
		} else {
			s.Results++
		}
	}
	return s
}

// Clean removes all entries and returns how much there was. Files that are not the
// store's stay.
func (d *Disk) Clean() (Stats, error) {
	before := d.Stats()
	for _, kind := range []string{results, blobs, drafts, trimmed} {
		if err := d.root.RemoveAll(kind); err != nil {
			return before, err
		}
	}
	return before, nil
}

// Verify reads all entries, removes the damaged ones and those whose blobs are gone, and
// returns how many these were.
func (d *Disk) Verify(ctx context.Context) (damaged int, err error) {
	entries, _ := d.list()
	var kept []string
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return damaged, err
		}
		hash := path.Base(e.name)
		if strings.HasPrefix(e.name, results+"/") {
			kept = append(kept, hash)
			continue
		}
		if r, err := d.Open(ctx, Digest{hash, e.size}); err == nil {
			_, err = io.Copy(io.Discard, r)
			r.Close()
			if err == nil {
				continue
			}
		}
		d.remove(e.name)
		damaged++
	}
	for _, hash := range kept {
		r, err := d.Result(ctx, Digest{Hash: hash})
		for _, f := range r.Files {
			if _, missing := d.root.Stat(place(blobs, f.Digest.Hash)); missing != nil {
				err = ErrMissing
			}
		}
		if err != nil {
			d.remove(place(results, hash))
			damaged++
		}
	}
	return damaged, nil
}
