package kept

import (
	"context"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// Tree holds the files that a function needs beside its bundle.
type Tree struct {
	// Archived are files in archives of Yarn's, from which nothing is copied.
	Archived []string
	// Problems are requests that lead nowhere.
	Problems []Problem

	asked      *Asked
	project    *installed.Tree
	layout     Layout
	target     native.Platform
	resolution *resolution.Resolution
	own        *Package
	packages   map[string]*Package // by folder
	places     map[string]*Package // by folder in the zip
	queue      []Request
	seen       map[string]use
	atLoad     map[string][]string        // what a file loads whenever it loads, absolute; "" is the bundle
	code       map[string]bool            // what is there to be run, relative to the root
	jsonAs     map[string]api.ResolveKind // how code asks for a file of JSON, relative to the root: at last by require.resolve, if ever
	needed     map[string]map[string]bool // what own modules request, by input
}

// Package is an installed copy of a package that stays as files, or with an
// empty name the project's own files.
type Package struct {
	Dir  string // absolute
	Name string // as it is asked for
	// Place is its folder in the zip, "" for the zip's root.
	Place string
	// Files are absolute, with their sizes in bytes.
	Files map[string]int64
	// Needed is set when a request for it is not guarded.
	Needed bool
	// Addons counts the places that load a native addon. Foreign is an addon for
	// another platform than the function's, relative to the root. Unguarded is set
	// when a failure to load an addon is not caught.
	Addons    int
	Foreign   string
	Unguarded bool

	// at is the place that code goes by, which loads a file by its path; "" where none does.
	at string

	by                       *Package          // requested it first
	named                    bool              // by asked for it by its name
	askedBy                  map[*Package]bool // request it by its name and need it; nil is the bundle
	fitting                  int               // addons found for the function's platform
	platformAsked, dataAsked bool              // platform packages, or its data, were asked for
	asks                     map[*Package]bool // packages that its files request
	uses                     map[string]use    // of the project's own modules, by input
}

// Problem is a request that leads nowhere, or to where it must not.
type Problem struct {
	Kind ProblemKind
	// Importer is relative to the root: for [Misplaced] and [RequiresModule] the file that makes the
	// request, else its folder.
	Importer, Specifier string
	Guarded             bool
	// File is the absolute file that cannot load without an answer, "" where it can.
	File string
	// Module is what a [RequiresModule] leads to, relative to the root.
	Module string
}

// ProblemKind is what is wrong with a request.
type ProblemKind int

const (
	Unresolved     ProblemKind = iota // there is no such file
	Outside                           // it leads out of the project's root
	MainOutside                       // a package.json leads out of its package
	Misplaced                         // it leads elsewhere in the zip
	RequiresModule                    // it requires an ES module, which the runtime's Node refuses
)

// maxFiles bounds a function's files: Lambda's limit on bytes is reached long
// before with files of the usual size.
const maxFiles = 50_000

// Collect follows what is asked for. r answers as Node on Lambda does:
// [resolution.Files]. The error is that of a cancelled context, or of more than
// 50,000 files.
func Collect(ctx context.Context, r *resolution.Resolution, asked *Asked) (*Tree, error) {
	t := &Tree{
		asked: asked, project: asked.project, layout: asked.layout, target: asked.target, resolution: r,
		own:      newPackage(asked.project.Root(), "", "", nil),
		packages: map[string]*Package{}, places: map[string]*Package{}, queue: asked.requests,
		seen: map[string]use{}, atLoad: map[string][]string{}, code: map[string]bool{}, jsonAs: map[string]api.ResolveKind{},
		needed: map[string]map[string]bool{},
	}
	if len(asked.requests) == 0 {
		return t, nil
	}
	if err := r.Run(func(build api.PluginBuild) error { return t.follow(ctx, build) }); err != nil {
		return nil, err
	}
	t.nest()
	return t, nil
}

func newPackage(dir, name, place string, by *Package) *Package {
	return &Package{Dir: dir, Name: name, Place: place, by: by, Files: map[string]int64{}, asks: map[*Package]bool{}, askedBy: map[*Package]bool{}, uses: map[string]use{}}
}

// Packages are those that stay as files, in the order of their places in the
// zip, the project's own files first.
func (t *Tree) Packages() []*Package {
	all := []*Package{t.own}
	for _, dir := range slices.Sorted(maps.Keys(t.packages)) {
		all = append(all, t.packages[dir])
	}
	slices.SortStableFunc(all, func(a, b *Package) int { return strings.Compare(a.Place, b.Place) })
	return all
}

// Runs reports whether an input is among the files and is code that may run.
func (t *Tree) Runs(input string) bool { return t.code[input] }

// RunsIn reports whether code of a package's folder, relative to the root, is among the
// files and may run.
func (t *Tree) RunsIn(dir string) bool {
	for input := range t.code {
		if installed.PackageDir(input) == dir {
			return true
		}
	}
	return false
}

// Misplaced reports whether a path that the code goes by would lead elsewhere in
// the zip.
func (t *Tree) Misplaced() bool {
	return t.asked.misplaced || slices.ContainsFunc(t.Problems, func(p Problem) bool { return p.Kind == Misplaced })
}

// LoadedAtStart are the files, absolute, that certainly run before the handler is
// first called.
func (t *Tree) LoadedAtStart() map[string]bool {
	loaded := map[string]bool{}
	queue := []string{""}
	for i := 0; i < len(queue); i++ {
		for _, file := range t.atLoad[queue[i]] {
			if !loaded[file] {
				loaded[file] = true
				queue = append(queue, file)
			}
		}
	}
	return loaded
}

// Conflicts are packages that their importers would not find in the zip, since
// another copy of the same name lies in their way.
func (t *Tree) Conflicts() []*Package {
	var conflicts []*Package
	for _, dir := range slices.Sorted(maps.Keys(t.packages)) {
		p := t.packages[dir]
		finds := func(by *Package) bool {
			from := ""
			if by != nil {
				from = by.Place
			}
			return t.lookUp(from, p.Name) == p
		}
		found := !p.named || finds(p.by)
		for by := range p.askedBy {
			found = found && finds(by)
		}
		if !found {
			conflicts = append(conflicts, p)
		}
	}
	return conflicts
}

// lookUp is Node's walk up from a folder of the zip.
func (t *Tree) lookUp(from, name string) *Package {
	for at := from; ; at = path.Dir(at) {
		if at == "." {
			at = ""
		}
		if p := t.places[path.Join(at, "node_modules", name)]; p != nil {
			return p
		}
		if at == "" {
			return nil
		}
	}
}

// File is a file of the zip: copied as it is, or made.
type File struct {
	Name    string // in the zip
	Source  string // absolute
	Content []byte // instead of Source
	Input   string // relative to the root
	Bytes   int64
	// Reader says who reads the file.
	Reader Reader
}

// Files lists all there is, first what belongs to [Tree.Packages].
func (t *Tree) Files() []File {
	var files []File
	names := map[string]bool{}
	put := func(layout Layout, assets map[string]int64) {
		for _, file := range slices.Sorted(maps.Keys(assets)) {
			if name := layout.Place(file); !names[name] {
				names[name] = true
				files = append(files, File{Name: name, Source: t.project.Absolute(file), Input: file, Bytes: assets[file]})
			}
		}
	}
	for _, f := range t.ownFiles() {
		if !names[f.Name] {
			names[f.Name] = true
			files = append(files, f)
		}
	}
	for _, p := range t.Packages() {
		for _, file := range slices.Sorted(maps.Keys(p.Files)) {
			if p == t.own && t.own.uses[t.project.Relative(file)] != 0 {
				continue
			}
			name := t.place(p, file)
			names[name] = true
			f := File{Name: name, Source: file, Input: t.project.Relative(file), Bytes: p.Files[file]}
			f.Reader = t.readerOf(file, f.Input)
			files = append(files, f)
			if again := t.placeByPath(p, file); again != "" && !names[again] {
				names[again] = true
				f.Name = again
				files = append(files, f)
			}
		}
	}
	put(t.layout, t.asked.assets)
	put(Layout(t.resolution.CodeDir), t.asked.fromCWD)
	return files
}

// Shipped is how many files of a package ship, and their bytes.
func (t *Tree) Shipped(p *Package) (files int, bytes int64) {
	for file, size := range p.Files {
		if p != t.own || t.own.uses[t.project.Relative(file)] == 0 {
			files, bytes = files+1, bytes+size
		}
	}
	if p == t.own {
		for _, f := range t.ownFiles() {
			files, bytes = files+1, bytes+f.Bytes
		}
	}
	return files, bytes
}

// Folders are the places in the zip of folders that paths of the code go through
// and that hold none of the named files, the deepest first. A zip holds no
// folders, only files in them.
func (t *Tree) Folders(names map[string]bool) []string {
	var folders []string
	for _, folder := range slices.Backward(slices.Sorted(maps.Keys(t.asked.through))) {
		dir := t.layout.Place(folder)
		if !holds(names, dir) && !slices.ContainsFunc(folders, func(deeper string) bool { return strings.HasPrefix(deeper, dir+"/") }) {
			folders = append(folders, dir)
		}
	}
	return folders
}

// holds reports whether any of the names lies in a folder.
func holds(names map[string]bool, dir string) bool {
	for name := range names {
		if dir == "." || strings.HasPrefix(name, dir+"/") {
			return true
		}
	}
	return false
}

// place is where a package's file lies in the zip.
func (t *Tree) place(p *Package, file string) string {
	if p.Name == "" {
		return t.layout.Place(t.project.Relative(file))
	}
	rel, err := filepath.Rel(p.Dir, file)
	if err != nil {
		return ""
	}
	return path.Join(p.Place, filepath.ToSlash(rel))
}
