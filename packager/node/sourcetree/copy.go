package sourcetree

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// Limits of a copy. A larger project is not compared.
const (
	maxFiles = 50_000
	maxBytes = 1 << 30
	// maxPackages bounds the folders of packages, each of which becomes a mount.
	maxPackages = 300
)

// notCopied are folders that hold no source: what tools keep or make.
var notCopied = map[string]bool{
	".git": true, ".featherpack": true, ".serverless": true, ".aws-sam": true, ".terraform": true, "cdk.out": true,
	".nx": true, ".turbo": true, ".yarn": true, ".pnpm-store": true,
}

// LeftOut reports whether a path lies in one of these folders.
func LeftOut(name string) bool {
	return slices.ContainsFunc(strings.Split(path.Dir(name), "/"), func(folder string) bool { return notCopied[folder] })
}

// copying makes one copy.
type copying struct {
	*copied
	set     *Set
	tree    *installed.Tree
	shipped map[string]bool
	named   map[string]bool
	names   []string // the files copied, relative to the root
	bytes   int64
	built   *resolution.Resolution
	done    map[string]bool // what has been copied
}

// folderOf is the folder to copy for the sake of an input: that of the nearest
// package.json or tsconfig.json below the root, else the input's own.
func (c *copying) folderOf(input string) string {
	for dir := path.Dir(input); dir != "."; dir = path.Dir(dir) {
		for _, name := range []string{"package.json", "tsconfig.json", "project.json"} {
			if _, err := c.tree.Files().Lstat(path.Join(dir, name)); err == nil {
				return dir
			}
		}
	}
	return path.Dir(input)
}

// copy copies folders with all below them, and of the folders above only the files
// that lie directly in them, such as package.json.
func (c *copying) copy(folders []string) error {
	if c.done == nil {
		c.packages, c.withheld, c.done = map[string]string{}, map[string]bool{}, map[string]bool{}
		if err := c.makeFolder("."); err != nil {
			return err
		}
	}
	done := c.done
	for queue := folders; len(queue) > 0; queue = queue[1:] {
		dir := queue[0]
		if c.within(dir, done) {
			continue
		}
		for above := path.Dir(dir); dir != "."; above = path.Dir(above) {
			if !done["files of "+above] {
				done["files of "+above] = true
				if err := c.files(above); err != nil {
					return err
				}
			}
			if above == "." {
				break
			}
		}
		if err := c.folder(dir); err != nil {
			return err
		}
		done[dir] = true
		queue = append(queue, c.linked(done)...)
	}
	return nil
}

// within reports whether a folder or one above it has been copied.
func (c *copying) within(dir string, done map[string]bool) bool {
	for ; ; dir = path.Dir(dir) {
		if done[dir] {
			return true
		}
		if dir == "." {
			return false
		}
	}
}

// linked returns the folders of the project to which packages are links, as those
// of a workspace are.
func (c *copying) linked(done map[string]bool) (folders []string) {
	for dir := range c.packages {
		if done["links of "+dir] {
			continue
		}
		done["links of "+dir] = true
		for _, pattern := range []string{"*", "@*/*"} {
			names, err := fs.Glob(c.tree.Files().Folder(dir, 0), pattern)
			if err != nil {
				continue
			}
			for _, name := range names {
				name = path.Join(dir, name)
				if info, err := c.tree.Files().Lstat(name); err != nil || info.Mode()&fs.ModeSymlink == 0 {
					continue
				}
				real, err := c.tree.Files().Real(name)
				if err == nil && installed.Inside(c.tree.Root(), real) && installed.PackageDir(real) == "" && real != c.tree.Root() {
					folders = append(folders, c.tree.Relative(real))
				}
			}
		}
	}
	slices.Sort(folders)
	return folders
}

// files copies the files that lie directly in a folder.
func (c *copying) files(dir string) error {
	entries, err := c.tree.Files().ReadDir(dir)
	if err != nil {
		return unreadable(dir, err)
	}
	if err := c.makeFolder(dir); err != nil {
		return err
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		switch {
		case e.Name() == "node_modules":
			err = c.keep(name)
		case e.IsDir():
			err = nil
		default:
			err = c.entry(name, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// folder copies a folder and all below it.
func (c *copying) folder(dir string) error {
	err := fs.WalkDir(c.tree.Files().Folder(dir, 0), ".", func(rel string, e fs.DirEntry, err error) error {
		name := path.Join(dir, rel)
		switch {
		case err != nil:
			return unreadable(name, err)
		case e.Name() == "node_modules":
			if err := c.keep(name); err != nil || !e.IsDir() {
				return err
			}
			return fs.SkipDir
		case e.IsDir() && name != dir && (notCopied[e.Name()] || c.tree.Absolute(name) == c.set.temp):
			return fs.SkipDir
		case e.IsDir():
			return c.makeFolder(name)
		}
		return c.entry(name, e)
	})
	return err
}

// entry copies a file. With Yarn's Plug'n'Play, the folder of archives beside its manifest
// stays where it is, and Node loads the manifest first.
func (c *copying) entry(name string, e fs.DirEntry) error {
	switch e.Name() {
	case ".pnp.cjs", ".pnp.js":
		text, err := c.tree.Files().Read(name, maxManifest)
		if err != nil {
			return unreadable(name, err)
		}
		if sharedCache.Match(text) {
			return fmt.Errorf("the packages of Plug'n'Play are outside the project: set enableGlobalCache to false in .yarnrc.yml")
		}
		c.preload = append(c.preload, name)
		if err := c.keep(path.Join(path.Dir(name), ".yarn")); err != nil {
			return err
		}
	case ".pnp.loader.mjs":
		c.hooks = name
	}
	return c.file(name, e)
}

// maxManifest bounds a manifest of Plug'n'Play, in bytes.
const maxManifest = 128 << 20

// sharedCache matches the place of a package above the manifest.
var sharedCache = regexp.MustCompile(`packageLocation\\?": \\?"\.\./`)

// keep leaves a folder of packages where it is.
func (c *copying) keep(name string) error {
	real, err := c.tree.Files().Real(name)
	if err != nil || !installed.Inside(c.tree.Root(), real) {
		return nil // as for the build, nothing outside the root exists
	}
	if len(c.packages) >= maxPackages {
		return fmt.Errorf("the project has more than %d folders of packages", maxPackages)
	}
	c.packages[name] = real
	return c.makeFolder(name)
}

// makeFolder makes a folder that every user can read.
func (c *copying) makeFolder(name string) error {
	name = filepath.FromSlash(name)
	if err := errors.Join(c.root.MkdirAll(name, 0o755), c.root.Chmod(name, 0o755)); err != nil {
		return fmt.Errorf("cannot copy the source tree: %s", analyzer.WithoutPath(err))
	}
	return nil
}

// file copies one file that every user may read. Irregular files and links that
// leave the project are left out.
func (c *copying) file(name string, e fs.DirEntry) error {
	full, to := c.tree.Absolute(name), filepath.FromSlash(name)
	if e.Type()&fs.ModeSymlink != 0 {
		target, err := fs.ReadLink(c.tree.FS(), name)
		if err != nil || filepath.IsAbs(target) || !installed.Inside(c.tree.Root(), filepath.Join(filepath.Dir(full), target)) {
			return nil
		}
		if _, err := c.tree.Files().Judge(name); err != nil {
			return nil
		}
		return copyError(name, c.root.Symlink(target, to))
	}
	if !e.Type().IsRegular() {
		return nil
	}
	place, err := c.tree.Files().Judge(name)
	if err != nil {
		return unreadable(name, err)
	}
	if !c.shipped[name] && packager.Secret(c.tree.Files(), place, name).What != "" {
		c.withheld[name] = true
		return nil
	}
	info, err := e.Info()
	if err != nil {
		return unreadable(name, err)
	}
	if c.bytes += info.Size(); c.bytes > maxBytes || len(c.names) >= maxFiles {
		return fmt.Errorf("the project holds more than %d files or %d MiB besides its packages", maxFiles, maxBytes>>20)
	}
	in, err := c.tree.Files().Open(name, math.MaxInt64)
	if err != nil {
		return unreadable(name, err)
	}
	defer in.Close()
	mode := fs.FileMode(0o644)
	if info.Mode()&0o100 != 0 {
		mode = 0o755
	}
	out, err := c.root.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return copyError(name, err)
	}
	_, err = io.Copy(out, in)
	if err := errors.Join(err, out.Chmod(mode), out.Close()); err != nil {
		return copyError(name, err)
	}
	c.names = append(c.names, name)
	return nil
}

func unreadable(name string, err error) error {
	return fmt.Errorf("%s cannot be read: %s", name, analyzer.WithoutPath(err))
}

func copyError(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s cannot be copied: %s", name, analyzer.WithoutPath(err))
}
