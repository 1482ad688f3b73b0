package builds

import (
	"bytes"
	"cmp"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/linker"
)

// Copy is a package's folder, and the folder of an equal copy that takes its place. Bytes is
// what the first one has in the output.
type Copy struct {
	From, To string
	Bytes    int64
}

// Copies lists the packages of a graph of which an equal copy is in it too, by the folder
// that gives way: all files have the same bytes, and every package that either of them asks for is found
// in the same folder by both, or in equal copies again. Nothing then tells the copies
// apart but their state and the identity of their classes. `npm dedupe` merges these as
// well, and so this can be switched off.
//
// A package stays where code enters it by a path, which would still lead to the copy, and
// where its first file takes the default of a package, which [Comparer.Swaps] explains.
func (c *Comparer) Copies(l *linker.Linked) []Copy {
	found := map[string]*copied{}
	for _, input := range l.Reached {
		dir := installed.PackageDir(input)
		if dir != "" && l.Bytes(input) > 0 {
			p := found[dir]
			if p == nil {
				p = &copied{dir: dir}
				found[dir] = p
			}
			p.inputs = append(p.inputs, input)
			p.bytes += l.Bytes(input)
		}
		for _, im := range l.Inputs[input].Imports {
			to := installed.PackageDir(im.Path)
			if im.External || to == "" || to == dir || found[to] == nil && l.Bytes(im.Path) == 0 {
				continue
			}
			if found[to] == nil {
				found[to] = &copied{dir: to}
			}
			p := found[to]
			p.byPath = p.byPath || js.PackageName(im.Original) == "" || strings.Contains(im.Path, "?")
			if l.Inputs[im.Path].Format == "esm" {
				p.entries = append(p.entries, im.Path)
			}
		}
	}
	same := c.pairs(found)
	for removed := true; removed; {
		removed = false
		for _, from := range slices.Sorted(maps.Keys(same)) {
			if !c.resolvesAlike(l, found[from], found[same[from]], same) {
				delete(same, from)
				removed = true
			}
		}
	}
	var copies []Copy
	for _, from := range slices.Sorted(maps.Keys(same)) {
		copies = append(copies, Copy{from, same[from], found[from].bytes})
	}
	return copies
}

// copied is a package in a graph.
type copied struct {
	dir     string
	inputs  []string
	entries []string // ES modules that it is entered by
	bytes   int64
	byPath  bool
}

// pairs maps folders to those of packages of the same name, version and files. What takes
// the place of others is the one that lies least deep, the first by name among these.
func (c *Comparer) pairs(found map[string]*copied) map[string]string {
	groups := map[string][]string{}
	for dir := range found {
		if m := c.packages.Manifest(c.packages.Absolute(dir)); m != nil && m.Version != "" {
			key := installed.NameOf(dir) + "@" + m.Version
			groups[key] = append(groups[key], dir)
		}
	}
	same := map[string]string{}
	for _, dirs := range groups {
		slices.SortFunc(dirs, func(a, b string) int {
			return cmp.Or(cmp.Compare(strings.Count(a, "/"), strings.Count(b, "/")), strings.Compare(a, b))
		})
		for i, from := range dirs {
			for _, to := range dirs[:i] {
				if same[to] == "" && !found[from].byPath && c.takeNamesOnly(found[from].entries) && c.equalFiles(from, to) {
					same[from] = to
					break
				}
			}
		}
	}
	return same
}

func (c *Comparer) takeNamesOnly(entries []string) bool {
	return !slices.ContainsFunc(entries, func(entry string) bool { return !c.takesNamesOnly(entry) })
}

// resolvesAlike reports whether two equal packages find the same packages.
func (c *Comparer) resolvesAlike(l *linker.Linked, from, to *copied, same map[string]string) bool {
	find := func(dir, name string) string {
		at := c.packages.Find(c.packages.Absolute(dir), name)
		if at == "" {
			return ""
		}
		at = c.packages.Relative(at)
		return cmp.Or(same[at], at)
	}
	alike := func(folder, name string) bool { // a folder inside the package
		return find(path.Join(from.dir, folder), name) == find(path.Join(to.dir, folder), name)
	}
	for _, p := range []*copied{from, to} {
		for _, input := range p.inputs {
			folder := strings.TrimPrefix(path.Dir(input), p.dir)
			for _, im := range l.Inputs[input].Imports {
				if name := js.PackageName(im.Original); name != "" && !js.Builtin(im.Original) && !alike(folder, name) {
					return false
				}
			}
		}
	}
	m := c.packages.Manifest(c.packages.Absolute(from.dir))
	for _, listed := range []map[string]string{m.Dependencies, m.OptionalDependencies, m.PeerDependencies} {
		for name := range listed {
			if !alike("", name) {
				return false
			}
		}
	}
	return true
}

// Bounds of a package whose copies are compared.
const (
	maxFiles = 5000
	maxBytes = 64 << 20
)

// equalFiles reports whether two folders hold the same files, nested packages apart.
func (c *Comparer) equalFiles(a, b string) bool {
	equal, known := c.equal[[2]string{a, b}]
	if !known {
		files, bytes := maxFiles, int64(maxBytes)
		equal = c.equalFolders(c.packages.Absolute(a), c.packages.Absolute(b), &files, &bytes)
		c.equal[[2]string{a, b}] = equal
	}
	return equal
}

func (c *Comparer) equalFolders(a, b string, files *int, size *int64) bool {
	ofA, errA := c.packages.Files().ReadDir(a)
	ofB, errB := c.packages.Files().ReadDir(b)
	if errA != nil || errB != nil {
		return false
	}
	names := func(entries []fs.DirEntry) (names []string) {
		for _, entry := range entries {
			if entry.Name() != "node_modules" {
				names = append(names, entry.Name())
			}
		}
		return names
	}
	all := names(ofA)
	if !slices.Equal(all, names(ofB)) {
		return false
	}
	for _, name := range all {
		fileA, fileB := filepath.Join(a, name), filepath.Join(b, name)
		infoA, errA := c.packages.Files().Lstat(fileA)
		infoB, errB := c.packages.Files().Lstat(fileB)
		if errA != nil || errB != nil || infoA.Mode().Type() != infoB.Mode().Type() {
			return false
		}
		if infoA.IsDir() {
			if !c.equalFolders(fileA, fileB, files, size) {
				return false
			}
			continue
		}
		*files, *size = *files-1, *size-infoA.Size()
		if !infoA.Mode().IsRegular() || infoA.Size() != infoB.Size() || *files < 0 || *size < 0 {
			return false
		}
		textA, errA := c.packages.ReadFile(fileA)
		textB, errB := c.packages.ReadFile(fileB)
		if errA != nil || errB != nil || !bytes.Equal(textA, textB) {
			return false
		}
	}
	return true
}
