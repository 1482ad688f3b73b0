package reuse

import (
	"context"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/cache"
)

// wanted is a function that this disk does not have as it would be built now.
type wanted struct {
	f   analyzer.Function
	key cache.Digest
	// builds are those that the server knows. found is the one that is right.
	builds  []candidate
	found   *candidate
	brought bool
}

// Fetch brings what the remote cache has of functions to the store on this disk, where
// [Run.Find] finds it. What is there already is not asked for.
func (r *Run) Fetch(functions []analyzer.Function) {
	var all []*wanted
	for _, f := range functions {
		if f.Entry == "" || never(f) != "" {
			continue
		}
		w := &wanted{f: f, key: r.key(f)}
		if c, ok := r.here(w.key); ok {
			r.offer(w.key, c, false)
			continue
		}
		all = append(all, w)
	}
	if len(all) == 0 {
		return
	}
	r.settings.Remote.Fetch(r.ctx, func(ctx context.Context, gained func()) {
		r.settings.Remote.Each(ctx, len(all), func(i int) { r.ask(ctx, all[i]) })
		var found []*wanted
		for _, w := range all {
			for i, c := range w.builds {
				if r.changed(c) == "" {
					w.found = &w.builds[i]
					found = append(found, w)
					break
				}
			}
		}
		r.settings.Remote.Each(ctx, len(found), func(i int) {
			if found[i].brought = r.bring(ctx, found[i]); found[i].brought {
				gained()
			}
		})
	})
	for _, w := range all { // what a later run is told when something changed
		if w.brought && r.remember(w.f) != nil {
			return
		}
	}
}

// here returns the build under a first key that this disk has whole and that is right.
func (r *Run) here(key cache.Digest) (candidate, bool) {
	for _, c := range r.candidates(key) {
		if r.changed(c) != "" {
			continue
		}
		result, err := r.store.Result(r.ctx, c.Action)
		for _, f := range result.Files {
			blob, missing := r.store.Open(r.ctx, f.Digest)
			if missing != nil {
				err = missing
				break
			}
			blob.Close()
		}
		if err == nil {
			return c, true
		}
	}
	return candidate{}, false
}

// maxShared bounds the parts of a result that are decoded, in bytes.
const maxShared = 64 << 20

// ask gets the builds of a function that the server knows, with what they depend on.
func (r *Run) ask(ctx context.Context, w *wanted) {
	builds, err := r.builds(ctx, r.store, w.key)
	if err != nil {
		return
	}
	for _, c := range builds[:min(len(builds), maxCandidates)] {
		whole := true
		for _, d := range []cache.Digest{c.Common, c.Patterns} {
			if d != (cache.Digest{}) && (d.Size > maxShared || r.settings.Remote.Bring(ctx, r.store, d) != nil) {
				whole = false
			}
		}
		if whole {
			w.builds = append(w.builds, c)
		}
	}
}

// builds gets the builds that the server knows under a first key. The error is
// [cache.ErrMissing] if there are none.
func (r *Run) builds(ctx context.Context, into *cache.Disk, key cache.Digest) (all []candidate, err error) {
	list, err := r.settings.Remote.Result(ctx, key)
	if err != nil {
		return nil, err
	}
	blob, ok := list.File(candidatesName)
	if !ok || blob.Size > maxShared {
		r.settings.Remote.Wrong(ctx)
		return nil, cache.ErrWrong
	}
	if err := r.settings.Remote.Bring(ctx, into, blob); err != nil {
		return nil, err
	}
	text, err := cache.Read(ctx, into, blob)
	if err != nil {
		return nil, err
	}
	if all, ok = decodeList(text, key); !ok {
		r.settings.Remote.Wrong(ctx)
		return nil, cache.ErrWrong
	}
	return all, nil
}

// bring gets a result with all its files, and then lists it among the builds on this disk.
func (r *Run) bring(ctx context.Context, w *wanted) bool {
	result, err := r.settings.Remote.Result(ctx, w.found.Action)
	if err != nil {
		return false
	}
	if !fits(w.f, result) {
		r.settings.Remote.Wrong(ctx)
		return false
	}
	for _, f := range result.Files {
		if r.settings.Remote.Bring(ctx, r.store, f.Digest) != nil {
			return false
		}
	}
	if d := w.found.Manifests; d.Valid() && d.Size <= maxShared {
		_ = r.settings.Remote.Bring(ctx, r.store, d) // only explanations need it
	}
	if r.store.SetResult(ctx, w.found.Action, result) != nil {
		return false
	}
	return r.list(w.key, *w.found) == nil
}

// fits reports whether a result has the files of a function, and no others.
func fits(f analyzer.Function, result cache.Result) bool {
	var names []string
	for _, file := range result.Files {
		name, out := strings.CutPrefix(file.Name, outPrefix)
		beside, own := strings.CutPrefix(name, f.ID+".")
		switch {
		case slices.Contains(names, file.Name):
			return false
		case out && (!own || strings.ContainsAny(beside, `/\`) || strings.HasSuffix(beside, ".zip")):
			return false
		case !out && (file.Name != valueName && file.Name != nodesName || file.Digest.Size > maxShared):
			return false
		}
		names = append(names, file.Name)
	}
	return slices.Contains(names, valueName) && slices.Contains(names, nodesName) && slices.Contains(names, outPrefix+f.ID+".zip")
}

// offer uploads a build that is on this disk, if the remote cache may be written to. If the
// build is not new, the cache may have it: then its list says so.
func (r *Run) offer(key cache.Digest, c candidate, isNew bool) {
	if r.settings.Remote == nil || !r.settings.Remote.Writes() {
		return
	}
	if r.lasting == nil {
		lasting, err := r.store.Again()
		if err != nil {
			return
		}
		r.lasting = lasting
		r.settings.Remote.Finally(func() { lasting.Close() })
	}
	store := r.lasting
	r.settings.Remote.Upload(func(ctx context.Context) { r.send(ctx, store, key, c, isNew) })
}

// send uploads a build: first the blobs, then the result that names them, then the list that
// names the result. So whoever finds one finds all of it.
func (r *Run) send(ctx context.Context, store *cache.Disk, key cache.Digest, c candidate, isNew bool) {
	theirs, err := r.builds(ctx, store, key)
	listed := slices.ContainsFunc(theirs, func(t candidate) bool { return t.Action == c.Action })
	if err != nil && err != cache.ErrMissing || listed && !isNew {
		return
	}
	result, err := store.Result(ctx, c.Action)
	if err != nil {
		return
	}
	blobs := []cache.Digest{c.Common}
	for _, d := range []cache.Digest{c.Patterns, c.Manifests} {
		if d != (cache.Digest{}) {
			blobs = append(blobs, d)
		}
	}
	for _, f := range result.Files {
		blobs = append(blobs, f.Digest)
	}
	for _, d := range blobs {
		if r.settings.Remote.Send(store, d) != nil {
			return
		}
	}
	if r.settings.Remote.SetResult(c.Action, result) != nil {
		return
	}
	list, err := listOf(ctx, store, c, theirs)
	if err != nil || r.settings.Remote.Send(store, list.Files[0].Digest) != nil {
		return
	}
	_ = r.settings.Remote.SetResult(key, list)
}
