package sourcetree

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// Set holds the copies of one project. Functions of equal settings share one.
type Set struct {
	root   string
	folder *scratch.Folder
	temp   string // the folder's path; it may lie in the project
	// node starts programs of the project's own, contained.
	node boot.Options

	mu     sync.Mutex
	copies map[[sha256.Size]byte]*copied
}

// Need is what a copy must hold besides a function's own folder.
type Need struct {
	// Inputs are files of the project in the bundles of its functions, and Shipped
	// are files that their zips hold. Both are relative to the project's root.
	Inputs  []string
	Shipped map[string]bool
	// Named are sources that the artifacts hold under their own names, such as a.ts.
	Named map[string]bool
	// Own are the inputs of the function itself.
	Own map[string]bool
}

// NewSet makes an empty set for the project below root. Close removes its copies.
func NewSet(root string, node boot.Options) (*Set, error) {
	folder, err := scratch.New("", "source")
	if err != nil {
		return nil, fmt.Errorf("making a temporary folder: %w", analyzer.WithoutPath(err))
	}
	return &Set{root: root, folder: folder, temp: folder.Path, node: node, copies: map[[sha256.Size]byte]*copied{}}, nil
}

// Close removes the copies.
func (s *Set) Close() error {
	for _, c := range s.copies {
		if c.root != nil {
			c.root.Close()
		}
	}
	return s.folder.Close()
}

// Package is the package that is installed in a folder, relative to the root, as
// name@version; "" where that is not known.
func (s *Set) Package(dir string) string {
	packages, err := installed.Open(projectfs.New(s.root, projectfs.Allowances{}))
	if err != nil {
		return ""
	}
	defer packages.Files().Close()
	m := packages.Manifest(packages.Absolute(dir))
	if m == nil || m.Version == "" {
		return ""
	}
	return m.Name + "@" + m.Version
}

// copied is one copy of the project.
type copied struct {
	once    sync.Once
	dir     string
	root    *os.Root // dir; nil until it is made
	problem string
	// packages are the project's node_modules folders, by path relative to the root.
	packages map[string]string
	withheld map[string]bool
	// preload are manifests of Yarn's Plug'n'Play, hooks the loader of one, "" if there is
	// none.
	preload []string
	hooks   string
	// compiled are the files that were compiled, by their source.
	compiled map[string]*output
	// wantModules are sources whose compiled code requires a package that is an ES module
	// only.
	wantModules map[string]bool
	// sources are the same by the path of what was written.
	sources map[string]*output
}

// Of returns the source tree of a Node function. Its Problem says why it cannot be
// started, if so.
func (s *Set) Of(ctx context.Context, f analyzer.Function, need Need) *boot.Tree {
	codeDir := path.Clean(f.CodeDir)
	if f.CodeDir == "" {
		codeDir = path.Clean(f.ServiceDir)
	}
	settings := f.Build
	settings.KeepNames, settings.External, settings.NoMinify, settings.SourceMap = "", nil, false, ""
	key := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %#v", codeDir, f.ServiceDir, f.Runtime, settings))
	s.mu.Lock()
	c := s.copies[key]
	if c == nil {
		c = &copied{dir: filepath.Join(s.temp, fmt.Sprint(len(s.copies)))}
		s.copies[key] = c
	}
	s.mu.Unlock()
	c.once.Do(func() {
		if err := s.make(ctx, c, f, codeDir, need); err != nil {
			c.problem = err.Error()
		}
	})
	t := &boot.Tree{
		Dir: c.dir, Packages: c.packages, CodeDir: codeDir, Withheld: c.withheld, Problem: c.problem,
		Entry: f.Entry, Production: true, Original: c.original, Preload: c.preload, Hooks: c.hooks, Add: func(names []string) bool { return s.add(c, names) },
	}
	if t.Problem != "" {
		return t
	}
	for source := range c.wantModules {
		t.RequiresModules = t.RequiresModules || need.Own[source]
	}
	if out := c.compiled[f.Entry]; out != nil {
		t.Entry, t.Module, t.Problem = out.name, out.module, out.problem
	} else if packages, err := installed.Open(projectfs.New(s.root, projectfs.Allowances{})); err == nil {
		t.Module = packages.IsESM(f.Entry)
		packages.Files().Close()
	}
	return t
}

// make copies and compiles.
func (s *Set) make(ctx context.Context, c *copied, f analyzer.Function, codeDir string, need Need) error {
	packages, err := installed.Open(projectfs.New(s.root, projectfs.Allowances{}))
	if err != nil {
		return analyzer.WithoutPath(err)
	}
	defer packages.Files().Close()
	if err := c.open(); err != nil {
		return fmt.Errorf("making a folder for the source tree: %w", analyzer.WithoutPath(err))
	}
	work := &copying{copied: c, set: s, tree: packages, shipped: need.Shipped, named: need.Named}
	folders := map[string]bool{codeDir: true, path.Clean(f.ServiceDir): true}
	for _, input := range need.Inputs {
		folders[work.folderOf(input)] = true
	}
	if err := work.copy(slices.Sorted(maps.Keys(folders))); err != nil {
		return err
	}
	return work.compile(ctx, f)
}

// add copies the files and folders of these names that the project has, and reports
// whether there are any.
func (s *Set) add(c *copied, names []string) bool {
	packages, err := installed.Open(projectfs.New(s.root, projectfs.Allowances{}))
	if err != nil {
		return false
	}
	defer packages.Files().Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	work, grown := &copying{copied: c, set: s, tree: packages}, false
	for _, name := range names {
		place, err := packages.Files().Judge(name)
		switch {
		case err != nil || place.Path != packages.Absolute(name):
			continue // nothing, or behind a link; the process names what it likes
		case installed.PackageDir(filepath.FromSlash(name)) != "" || c.compiled[name] != nil || LeftOut(name):
			continue // it is there, or a source that became something else, or no source
		case place.Info.IsDir():
			err = work.folder(name)
		default:
			if err = work.makeFolder(path.Dir(name)); err == nil {
				err = work.file(name, fs.FileInfoToDirEntry(place.Info))
			}
		}
		grown = grown || err == nil
	}
	return grown
}

// original returns the place in the source of a place in a compiled file.
func (c *copied) original(at analyzer.Position) analyzer.Position {
	out := c.sources[at.File]
	if out == nil {
		return at
	}
	from := analyzer.Position{File: out.source, Line: at.Line}
	if line, column, ok := out.mappings.Original(at.Line-1, at.Column-1); ok {
		from.Line, from.Column = line+1, column+1
	}
	return from
}
