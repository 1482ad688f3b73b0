package golang

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/golang/toolchain"
)

// inputs adds Go packages to the shared graph. A package that several programs
// contain is added once.
type inputs struct {
	graph *analyzer.Graph
	// place makes a folder relative to the project's root.
	place func(dir string) string
	// owner maps a path in the graph to the module version or folder that it is for.
	owner map[string]string
	// edges and known are the edges and packages that are already in the graph.
	edges map[[2]int]bool
	known map[*toolchain.Package]int
}

func newInputs(g *analyzer.Graph, place func(string) string) inputs {
	return inputs{graph: g, place: place, owner: map[string]string{}, edges: map[[2]int]bool{}, known: map[*toolchain.Package]int{}}
}

// intern adds a program's packages. It returns the index of the main package, and
// the indices of all packages in the order of the closure.
func (in *inputs) intern(closure []*toolchain.Package, goVersion string) (entry int, reached []int) {
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
			if to, ok := at[p.Resolve(im)]; ok {
				in.edge(reached[n], to, im)
			}
		}
	}
	return reached[0], reached
}

// index returns the index of a package's input, which is added if necessary. Its
// path is the import path. A project can contain several packages with the same
// import path: nested modules may need different versions of a module, or may all
// be called "app". Then the version or folder is appended to the later paths.
func (in *inputs) index(p *toolchain.Package, goVersion string) int {
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
		entry.Bytes = p.SourceBytes()
	}
	return i
}

// edge records that one package imports another.
func (in *inputs) edge(from, to int, specifier string) {
	if key := [2]int{from, to}; !in.edges[key] {
		in.edges[key] = true
		imports := &in.graph.Inputs[from].Imports
		*imports = append(*imports, analyzer.Import{To: to, Kind: "go", Specifier: specifier})
	}
}
