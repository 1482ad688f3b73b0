package gobin

import (
	"cmp"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// imports explains a package from the import declarations.
func (p *Programs) imports(pkg string) Answer {
	a := Answer{Target: pkg, By: ByImports, Because: "a package is in a program because it is imported"}
	for _, m := range p.mains {
		order, from := p.walk(m)
		if _, ok := from[pkg]; !ok {
			a.Without = append(a.Without, m)
			continue
		}
		found := Path{Main: m, Steps: p.importSteps(chain(from, pkg))}
		for _, by := range order {
			if slices.Contains(p.packages[by].Imports, pkg) {
				found.Importers = append(found.Importers, by)
			}
		}
		slices.Sort(found.Importers)
		found.Others = p.others(from, pkg, found.Importers)
		a.Paths = append(a.Paths, found)
	}
	return a
}

// Chain returns a shortest import chain from a program to a package, or nil if the
// program does not import it.
func (p *Programs) Chain(main, pkg string) []Step {
	_, from := p.walk(main)
	if _, ok := from[pkg]; !ok {
		return nil
	}
	return p.importSteps(chain(from, pkg))
}

// walk lists the packages of a program, breadth first, and the importer through
// which each was found first.
func (p *Programs) walk(main string) (order []string, from map[string]string) {
	from = map[string]string{main: ""}
	order = []string{main}
	for i := 0; i < len(order); i++ {
		for _, to := range p.packages[order[i]].Imports {
			if _, seen := from[to]; !seen && p.packages[to] != nil {
				from[to] = order[i]
				order = append(order, to)
			}
		}
	}
	return order, from
}

func (p *Programs) reaches(main, pkg string) bool {
	_, from := p.walk(main)
	_, ok := from[pkg]
	return ok
}

// chain lists the packages on the path from a program to a package.
func chain(from map[string]string, to string) []string {
	var out []string
	for at := to; at != ""; at = from[at] {
		out = append(out, at)
	}
	slices.Reverse(out)
	return out
}

// maxOthers bounds the paths to one package: most packages of the standard library
// have hundreds of importers.
const maxOthers = 50

// others returns the paths to a package through its other importers.
func (p *Programs) others(from map[string]string, pkg string, importers []string) [][]Step {
	var ways [][]string
	for _, by := range importers {
		if by != from[pkg] {
			ways = append(ways, append(chain(from, by), pkg))
		}
	}
	slices.SortStableFunc(ways, func(a, b []string) int { return cmp.Compare(len(a), len(b)) })
	var out [][]Step
	for _, names := range ways[:min(len(ways), maxOthers)] {
		out = append(out, p.importSteps(names))
	}
	return out
}

// importSteps returns the steps of a path of packages, each importing the next.
func (p *Programs) importSteps(names []string) []Step {
	var steps []Step
	for i, name := range names {
		s := Step{Name: name}
		if i > 0 {
			edge := [2]string{names[i-1], name}
			at, known := p.places[edge]
			if !known {
				at = p.ImportPlace(p.packages[edge[0]], name)
				p.places[edge] = at
			}
			s.Relation, s.Position = "imports", at
		}
		steps = append(steps, s)
	}
	return steps
}

// ImportPlace returns the position of the first import of a package in the
// importer's files, or the zero position if there is none.
func (p *Programs) ImportPlace(importer *Package, imported string) analyzer.Position {
	for _, file := range importer.Files {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, nil, parser.ImportsOnly)
		if err != nil {
			continue
		}
		for _, spec := range f.Imports {
			// The standard library imports its vendored modules without "vendor/".
			if to, err := strconv.Unquote(spec.Path.Value); err == nil && (to == imported || "vendor/"+to == imported) {
				at := fset.Position(spec.Pos())
				return p.Place(importer, file, at.Line, at.Column)
			}
		}
	}
	return analyzer.Position{}
}

// find returns the package with that import path, or the only package whose path
// ends with the name. If the name is a module path, it returns the module's package
// that is nearest to a program. It returns "" if there is none.
func (p *Programs) find(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	if _, ok := p.packages[name]; ok {
		return name, nil
	}
	if name == "main" && len(p.mains) == 1 {
		return p.mains[0], nil
	}
	var ends []string
	for pkg := range p.packages {
		if strings.HasSuffix(pkg, "/"+name) && !strings.Contains(pkg, "internal/") {
			ends = append(ends, pkg)
		}
	}
	slices.Sort(ends)
	switch {
	case len(ends) == 1:
		return ends[0], nil
	case len(ends) > 1:
		return "", analyzer.Diagnostic{
			Code: "ambiguous-package", Severity: analyzer.Error,
			Message: fmt.Sprintf("%q matches the end of %d package paths", name, len(ends)),
			Hint:    "name one of them in full: " + strings.Join(ends[:min(len(ends), 5)], ", "),
		}
	}
	nearest, distance := "", 0
	for _, m := range p.mains {
		order, from := p.walk(m)
		for _, pkg := range order {
			if p.packages[pkg].Module == name {
				if d := len(chain(from, pkg)); nearest == "" || d < distance {
					nearest, distance = pkg, d
				}
				break
			}
		}
	}
	return nearest, nil
}

// describe names the programs in a message.
func (p *Programs) describe() string {
	if len(p.mains) == 1 {
		return p.mains[0]
	}
	return fmt.Sprintf("any of %d programs", len(p.mains))
}

// suggest returns a hint with packages whose names are similar to the target.
func (p *Programs) suggest(target string) string {
	want := cmp.Or(PackageOf(plainName(target)), target)
	distance := map[string]int{}
	for pkg := range p.packages {
		d := analyzer.EditDistance(pkg, want, 3)
		if path.Base(pkg) == path.Base(want) {
			d = min(d, 1)
		}
		if d <= 2 {
			distance[pkg] = d
		}
	}
	near := slices.SortedFunc(maps.Keys(distance), func(a, b string) int {
		return cmp.Or(cmp.Compare(distance[a], distance[b]), cmp.Compare(a, b))
	})
	if len(near) == 0 {
		return fmt.Sprintf("none of its %d packages has a similar name", len(p.packages))
	}
	return "did you mean " + strings.Join(near[:min(len(near), 3)], " or ") + "?"
}
