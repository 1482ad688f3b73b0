package resolution

import (
	"maps"

	"github.com/featherpack/featherpack/packager/node/installed"
)

// Renew makes the set ready for another build with the same packages, once these have been
// renewed. Where a request leads is still known then, and so is what installed packages hold.
// Everything that depends on a module of the project itself is forgotten: only those may have
// changed.
func (s *Set) Renew() {
	for _, r := range s.resolutions {
		r.renew()
	}
}

func (r *Resolution) renew() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.noted) // they are in the graph of another build
	forgotten := map[string]bool{}
	for asking := range r.reads { // it may be a module of a package
		forgotten[r.packages.Absolute(asking)] = true
	}
	maps.Copy(forgotten, r.again)
	stale := func(file string) bool { return forgotten[file] || installed.PackageDir(file) == "" }
	deleteStale(r.findings, stale)
	deleteStale(r.requests, stale)
	deleteStale(r.compared, stale)
	deleteStale(r.usesNames, stale)
	deleteStale(r.classes, stale)
	deleteStale(r.maps, stale)
	deleteStale(r.changes, stale)
	relative := func(file string) bool { return stale(r.packages.Absolute(file)) }
	deleteStale(r.outlines, relative)
	deleteStale(r.exports, relative)
	deleteStale(r.globals, relative)
	deleteStale(r.dataNames, relative)
	r.sound.Range(func(file, _ any) bool {
		if stale(file.(string)) {
			r.sound.Delete(file)
		}
		return true
	})
	clear(r.reads)
	clear(r.again)
}

func deleteStale[V any](known map[string]V, stale func(file string) bool) {
	maps.DeleteFunc(known, func(file string, _ V) bool { return stale(file) })
}
