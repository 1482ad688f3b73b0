package node

import (
	"maps"

	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/licences"
	"github.com/featherpack/featherpack/packager/node/linker"
	"github.com/featherpack/featherpack/packager/node/resolution"
	"github.com/featherpack/featherpack/packager/node/sloppy"
)

// Memory is what a process keeps from one build to the next: where requests lead, what is
// known of the modules of installed packages, their licences, esbuild's contexts with what
// they have parsed, and guesses at plans. It holds for a build with the files that it was last
// used with, which the caller has renewed, see [projectfs.FS.Renew]; with others it is empty, but
// for what follows from the texts of own modules alone. The zero value works.
type Memory struct {
	files       *projectfs.FS
	packages    *installed.Tree
	resolutions *resolution.Set
	linkers     *linker.Pool
	notices     *licences.Notices
	sloppy      map[inMode]sloppy.Reading
	locked      map[inMode]sloppy.Locked
	ownNames    namesByText
	// guesses are those of alike.go, by the group and the kind of functions. missed counts those
	// that were wrong.
	guesses map[string]*guess
	missed  map[string]int
	builds  int // so far
}

// open makes the memory ready for a build.
func (m *Memory) open(files *projectfs.FS) error {
	m.builds++
	m.ownNames.renew()
	if m.files == files {
		m.resolutions.Renew()
		ofOwn := func(in inMode) bool { return installed.PackageDir(in.file) == "" }
		maps.DeleteFunc(m.sloppy, func(in inMode, _ sloppy.Reading) bool { return ofOwn(in) })
		maps.DeleteFunc(m.locked, func(in inMode, _ sloppy.Locked) bool { return ofOwn(in) })
		m.notices.Renew()
		return m.packages.Renew()
	}
	builds, ownNames := m.builds, m.ownNames
	m.Close()
	packages, err := installed.Open(files)
	if err != nil {
		return err
	}
	*m = Memory{
		files: files, ownNames: ownNames, packages: packages, resolutions: resolution.NewSet(packages), linkers: &linker.Pool{}, notices: licences.New(packages),
		sloppy: map[inMode]sloppy.Reading{}, locked: map[inMode]sloppy.Locked{},
		guesses: map[string]*guess{}, missed: map[string]int{}, builds: builds,
	}
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
