package builds

import (
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/linker"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// Swap is a file of a package's CommonJS build, and the file of its ES build that takes
// its place. Both are inputs.
type Swap struct{ From, To string }

// Comparer compares builds under one resolution and remembers what it has read.
type Comparer struct {
	packages   *installed.Tree
	resolution *resolution.Resolution
	build      api.PluginBuild
	exports    map[string]exports
	modules    map[string]bool // by file: whether it is an ES module
	same       map[Swap]bool
	importers  map[string]*importer // by input
	reads      map[edge]bool        // see onlyReads
	asked      []string             // see exportsOf
	equal      map[[2]string]bool   // see equalFiles
}

// NewComparer makes a comparer.
func NewComparer(packages *installed.Tree, r *resolution.Resolution) *Comparer {
	return &Comparer{
		packages: packages, resolution: r, exports: map[string]exports{}, modules: map[string]bool{}, same: map[Swap]bool{},
		importers: map[string]*importer{}, equal: map[[2]string]bool{}, reads: map[edge]bool{},
	}
}

// edge is an import that leads from outside into a package.
type edge struct {
	importer string
	resolution.Import
}

// entered is a package, and all edges that enter it.
type entered struct {
	dir   string
	edges []edge
	swaps map[string]string // from -> to
}

// Swaps lists what can be swapped in a finished graph, sorted.
func (c *Comparer) Swaps(l *linker.Linked) (swaps []Swap, err error) {
	packages := enteredPackages(l)
	err = c.resolution.Run(func(build api.PluginBuild) error {
		c.build = build
		for _, dir := range slices.Sorted(maps.Keys(packages)) {
			if !c.swappable(l, packages[dir]) {
				delete(packages, dir)
			}
		}
		c.keepTogether(l, packages)
		return nil
	})
	for _, p := range packages {
		for from, to := range p.swaps {
			swaps = append(swaps, Swap{from, to})
		}
	}
	slices.SortFunc(swaps, func(a, b Swap) int { return strings.Compare(a.From, b.From) })
	clear(c.importers) // trees are large
	return swaps, err
}

// enteredPackages are the packages that a graph enters by a CommonJS file.
func enteredPackages(l *linker.Linked) map[string]*entered {
	packages := map[string]*entered{}
	commonJS := map[string]bool{}
	for _, input := range l.Reached {
		from := installed.PackageDir(input)
		for _, im := range l.Inputs[input].Imports {
			to := installed.PackageDir(im.Path)
			if im.External || to == "" || to == from || strings.Contains(im.Path, "?") {
				continue
			}
			if packages[to] == nil {
				packages[to] = &entered{dir: to, swaps: map[string]string{}}
			}
			packages[to].edges = append(packages[to].edges, edge{input, im})
			commonJS[to] = commonJS[to] || l.Inputs[im.Path].Format == "cjs" && l.Bytes(im.Path) > 0
		}
	}
	for dir := range packages {
		if !commonJS[dir] {
			delete(packages, dir)
		}
	}
	return packages
}

// swappable finds the other file for every CommonJS file that a package is entered by. It
// reports false where one has none or an importer does more than read exports.
func (c *Comparer) swappable(l *linker.Linked, p *entered) bool {
	for _, e := range p.edges {
		if l.Inputs[e.Path].Format != "cjs" || path.Ext(e.Path) == ".json" {
			continue
		}
		if _, known := p.swaps[e.Path]; !known {
			to := c.other(e)
			if to == "" || installed.PackageDir(to) != p.dir || !c.isSame(Swap{e.Path, to}) {
				return false
			}
			p.swaps[e.Path] = to
		}
	}
	for _, to := range p.swaps {
		if _, both := p.swaps[to]; both || l.Included(to) && !c.oneInstance(p, to) {
			return false
		}
	}
	for _, e := range p.edges {
		if to := p.swaps[e.Path]; to != "" && !c.onlyReads(e, c.exportsOf(e.Path)) {
			return false
		}
	}
	return len(p.swaps) > 0
}

// oneInstance reports whether Node would have one instance of a package that the graph
// enters by both builds. It would have two where the conditions of exports tell import
// from require, and these two may each have their own state.
func (c *Comparer) oneInstance(p *entered, to string) bool {
	m := c.packages.Manifest(c.packages.Absolute(p.dir))
	return m != nil && m.Exports == nil
}

// keepTogether removes packages until those that are left import nothing whose other
// build is in the graph already and stays there.
func (c *Comparer) keepTogether(l *linker.Linked, packages map[string]*entered) {
	swapped := func(input string) bool {
		p := packages[installed.PackageDir(input)]
		return p != nil && p.swaps[input] != ""
	}
	for removed := true; removed; {
		removed = false
		for _, input := range l.Reached {
			dir := installed.PackageDir(input)
			if packages[dir] == nil {
				continue
			}
			for _, im := range l.Inputs[input].Imports {
				if im.External || installed.PackageDir(im.Path) == dir || l.Inputs[im.Path].Format != "cjs" || swapped(im.Path) {
					continue
				}
				if !c.staysCommonJS(input, im) {
					delete(packages, dir)
					removed = true
					break
				}
			}
		}
	}
}

// staysCommonJS reports whether an import gets the CommonJS file that a require got.
func (c *Comparer) staysCommonJS(input string, im resolution.Import) bool {
	if js.PackageName(im.Original) == "" {
		return true
	}
	m := c.packages.Manifest(c.packages.Absolute(installed.PackageDir(im.Path)))
	if m != nil && m.Exports == nil {
		return true // by main, whoever asks
	}
	dir := filepath.Dir(c.packages.Absolute(input))
	got := c.resolution.Ask(c.build, dir, im.Original, api.ResolveJSImportStatement)
	return len(got.Errors) == 0 && c.packages.Relative(got.Path) == im.Path
}

// isSame reports whether two files export the same names, neither a default, and whether
// nothing is lost when a plugin leads esbuild to the second one.
func (c *Comparer) isSame(s Swap) bool {
	same, known := c.same[s]
	if !known {
		from, to := c.exportsOf(s.From), c.exportsOf(s.To)
		same = from.known && to.known && from.commonJS && !to.commonJS && from.equal(to) && !to.names["default"] && c.takesNamesOnly(s.To)
		c.same[s] = same
	}
	return same
}

// takesNamesOnly reports whether a file imports the defaults of no packages. esbuild forgets the
// "type" of a package.json for a file that a plugin names, and with it how Node reads the
// default of a CommonJS module. The files that this one imports keep it.
func (c *Comparer) takesNamesOnly(input string) bool {
	tree, err := c.read(input)
	if err != nil {
		return false
	}
	for _, n := range tree.Top.List {
		if n.Kind != js.Import || js.PackageName(n.Name) == "" || js.Builtin(n.Name) {
			continue
		}
		if slices.ContainsFunc(n.List, func(clause *js.Node) bool { return clause.Name == "default" || clause.Name == "*" }) {
			return false
		}
	}
	return true
}

// read parses an input.
func (c *Comparer) read(input string) (*js.Text, error) {
	file := c.packages.Absolute(input)
	text, err := c.packages.ReadModule(file)
	if err != nil {
		return nil, err
	}
	return js.Read(js.File{Path: input, Source: text, Loader: c.resolution.Loader(file)})
}
