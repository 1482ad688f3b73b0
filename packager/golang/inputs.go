package golang

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
)

// inputs takes Go packages into the shared graph, each once however many
// programs hold it.
type inputs struct {
	graph *analyzer.Graph
	// place spells a folder relative to the project's root.
	place func(dir string) string
	// owner is what has a path of the graph: a module's version or a folder.
	owner map[string]string
	// edges are those that are in the graph already, known the packages.
	edges map[[2]int]bool
	known map[*goPackage]int
}

func newInputs(g *analyzer.Graph, place func(string) string) inputs {
	return inputs{graph: g, place: place, owner: map[string]string{}, edges: map[[2]int]bool{}, known: map[*goPackage]int{}}
}

// intern takes a program's packages in and returns the index of its main
// package and those of all its packages, in the order of the closure.
func (in *inputs) intern(closure []*goPackage, goVersion string) (entry int, reached []int) {
	at := make(map[string]int, len(closure))
	for _, p := range closure {
		i := in.index(p, goVersion)
		at[p.ImportPath] = i
		reached = append(reached, i)
	}
	for n, p := range closure {
		imports := p.Imports
		if n == 0 && !slices.Contains(imports, "runtime") {
			imports = append(slices.Clip(imports), "runtime")
		}
		for _, im := range imports {
			if to, ok := at[p.resolve(im)]; ok {
				in.edge(reached[n], to, im)
			}
		}
	}
	return reached[0], reached
}

// index is the input of a package. Its path is the import path; where a
// project holds two packages of one path (nested modules that need different
// versions of a module, or are all called "app"), the later ones have what
// tells them apart in their path.
func (in *inputs) index(p *goPackage, goVersion string) int {
	if i, ok := in.known[p]; ok {
		return i
	}
	module, version := "", ""
	switch m := p.Module; {
	case p.Standard:
		module, version = "std", goVersion
	case m == nil || m.Main || m.Replace != nil && m.Replace.Version == "":
		// The project's own, or replaced by a folder of it.
	case m.Replace != nil:
		module, version = m.Path, m.Replace.Version
	default:
		module, version = m.Path, m.Version
	}
	identity := module + "@" + version
	if module == "" {
		identity = in.place(p.Dir)
	}
	name := p.ImportPath
	if owner, ok := in.owner[name]; ok && owner != identity {
		if name += "@" + version; module == "" {
			name = p.ImportPath + " in " + identity
		}
	}
	in.owner[name] = identity
	i := in.graph.Intern(name)
	in.known[p] = i
	entry := &in.graph.Inputs[i]
	if entry.Format == "" {
		entry.Format = "go"
		entry.Package, entry.Version = module, version
		entry.Bytes = p.sourceBytes()
	}
	return i
}

// edge notes that one package imports another.
func (in *inputs) edge(from, to int, specifier string) {
	if key := [2]int{from, to}; !in.edges[key] {
		in.edges[key] = true
		imports := &in.graph.Inputs[from].Imports
		*imports = append(*imports, analyzer.Import{To: to, Kind: "go", Specifier: specifier})
	}
}

// sourceBytes is the size of what the build reads of a package: sources and
// embedded files. A file that is gone counts nothing.
func (p *goPackage) sourceBytes() int64 {
	var sum int64
	for _, list := range [][]string{p.GoFiles, p.CgoFiles, p.CFiles, p.CXXFiles, p.HFiles, p.SFiles, p.SysoFiles, p.EmbedFiles} {
		for _, name := range list {
			if info, err := os.Stat(filepath.Join(p.Dir, filepath.FromSlash(name))); err == nil {
				sum += info.Size()
			}
		}
	}
	return sum
}
