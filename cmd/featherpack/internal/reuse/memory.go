package reuse

import (
	"fmt"
	"io"

	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/packager/node"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/reporters"
)

// Memory is what a process keeps between the runs of one project, besides what is in the
// store: the files with the record of what they were asked, and what was built with them.
// A run uses it if all answers of the record are the same as before, by the same rules as
// for a result of the store. What the project's own modules held is not kept, so these may
// have changed. The zero value works. It is for one run at a time.
type Memory struct {
	node  node.Memory
	files *projectfs.FS
	of    string // what the files were recorded for
	// owned are the modules that concern only the functions that hold them, by name.
	owned map[string]bool
	used  bool
	// decoded are the blobs that the last run has read, listed the files of packages, folders
	// what the folders held that it looked at.
	decoded decoded
	listed  node.Listed
	folders projectfs.Listings
	report  reporters.Encoder
}

// JSON writes a report as [reporters.JSON] does. Most of it is most often that of the last one.
func (m *Memory) JSON(w io.Writer, r reporters.Report) error { return m.report.JSON(w, r) }

// decoded are blobs of a store by their digests, as what they were read for.
type decoded struct {
	answers map[cache.Digest]projectfs.Answers
	graphs  map[cache.Digest]nodes
	values  map[cache.Digest]value
	lists   map[cache.Digest]candidates
	fields  map[string]fields // of a package.json, by the SHA-256 of the file
}

func newDecoded() decoded {
	return decoded{map[cache.Digest]projectfs.Answers{}, map[cache.Digest]nodes{}, map[cache.Digest]value{}, map[cache.Digest]candidates{}, map[string]fields{}}
}

// answersOf reads answers, false if they are not in the store.
func (r *Run) answersOf(d cache.Digest) (a projectfs.Answers, ok bool) {
	return decode(r, r.decoded.answers, r.earlier().answers, d, func(projectfs.Answers) bool { return true })
}

// decode reads a blob as what it was read for by an earlier run of the process, or else from
// the store.
func decode[T any](r *Run, known, earlier map[cache.Digest]T, d cache.Digest, sound func(T) bool) (v T, ok bool) {
	if v, ok = known[d]; ok {
		return v, true
	}
	if v, ok = earlier[d]; !ok && (!r.getPacked(d, &v) || !sound(v)) {
		return v, false
	}
	known[d] = v
	return v, true
}

// earlier is what the last run with the same memory has decoded.
func (r *Run) earlier() decoded {
	if r.settings.Memory == nil {
		return decoded{}
	}
	return r.settings.Memory.decoded
}

// Used reports whether the last run used what an earlier one had left.
func (m *Memory) Used() bool { return m.used }

// open gives a run the files of earlier ones if it may use them.
func (m *Memory) open(r *Run) bool {
	m.used = false
	of := fmt.Sprintf("%q %q %q", r.project.Root, r.settings.Writes, r.common)
	if m.of == of {
		r.checker.Take(m.folders)
	}
	if m.files != nil && m.of == of && m.files.Renew(r.checker, m.owned) {
		r.recorded, r.record, m.used = m.files, m.files.Recorded(), true
		return true
	}
	m.Close()
	m.of, m.owned = of, map[string]bool{}
	return false
}

// keep keeps the files of a run that could keep all that it built.
func (m *Memory) keep(r *Run) {
	m.files, m.decoded, m.folders = r.recorded, r.decoded, r.checker.Listings()
	for _, k := range r.kept {
		for _, name := range k.own() {
			if installed.PackageDir(name) == "" { // what packages hold is kept, if it is still the same
				m.owned[name] = true
			}
		}
	}
}

// Close forgets everything but what each run checks by itself.
func (m *Memory) Close() {
	m.node.Close()
	if m.files != nil {
		_ = m.files.Close()
	}
	m.files, m.owned, m.decoded, m.folders = nil, nil, decoded{}, nil
}
