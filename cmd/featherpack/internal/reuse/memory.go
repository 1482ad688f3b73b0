package reuse

import (
	"fmt"

	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/node"
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
}

// Used reports whether the last run used what an earlier one had left.
func (m *Memory) Used() bool { return m.used }

// open gives a run the files of earlier ones if it may use them.
func (m *Memory) open(r *Run) bool {
	m.used = false
	of := fmt.Sprintf("%q %q %q", r.project.Root, r.settings.Writes, r.common)
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
	m.files = r.recorded
	for _, k := range r.kept {
		for _, name := range k.own() {
			m.owned[name] = true
		}
	}
}

// Close forgets everything.
func (m *Memory) Close() {
	m.node.Close()
	if m.files != nil {
		_ = m.files.Close()
	}
	m.files, m.owned = nil, nil
}
