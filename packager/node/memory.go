package node

import (
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/linker"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// Memory is what a process keeps from one build to the next: where requests lead, what is
// known of the modules of installed packages, and esbuild's contexts with what they have
// parsed. It holds for a build with the files that it was last used with, which the caller
// has renewed, see [projectfs.FS.Renew]; with others it is empty. The zero value works.
type Memory struct {
	files       *projectfs.FS
	packages    *installed.Tree
	resolutions *resolution.Set
	linkers     *linker.Pool
}

// open makes the memory ready for a build.
func (m *Memory) open(files *projectfs.FS) error {
	if m.files == files {
		m.resolutions.Renew()
		return m.packages.Renew()
	}
	m.Close()
	packages, err := installed.Open(files)
	if err != nil {
		return err
	}
	*m = Memory{files: files, packages: packages, resolutions: resolution.NewSet(packages), linkers: &linker.Pool{}}
	return nil
}

// pool keeps contexts, nil if there is no memory.
func (m *Memory) pool() *linker.Pool {
	if m == nil {
		return nil
	}
	return m.linkers
}

// Close forgets everything.
func (m *Memory) Close() {
	if m.linkers != nil {
		m.linkers.Close()
	}
	*m = Memory{}
}
