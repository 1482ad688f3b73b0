package gobin

import (
	"cmp"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"golang.org/x/tools/go/packages"
)

// importGraph is the packages of the programs asked about, by import path.
type importGraph struct {
	mains    []string
	packages map[string]*importNode
}

type importNode struct {
	path    string
	name    string   // in its package clauses
	imports []string // sorted
	files   []string // absolute
	ignored []string // files that build constraints leave out, absolute
	embeds  []string // files that are embedded, absolute
	// own marks the packages of the project: of the main modules, and of modules
	// that are folders.
	own bool
	// module and version are empty for the standard library; moduleDir is where
	// the module lies.
	module, version, moduleDir string
}

// fileName is relative to the root for files below it, else it begins with the
// module and version, or the package, as in a program built with -trimpath.
func (n *importNode) fileName(file, root string) string {
	if root, err := filepath.Abs(root); err == nil {
		if resolved, err := filepath.EvalSymlinks(root); err == nil {
			root = resolved
		}
		if rel, err := filepath.Rel(root, file); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel)
		}
	}
	if n.module != "" {
		if rel, err := filepath.Rel(n.moduleDir, file); err == nil && filepath.IsLocal(rel) {
			if n.version == "" {
				return path.Join(n.module, filepath.ToSlash(rel))
			}
			return path.Join(n.module+"@"+n.version, filepath.ToSlash(rel))
		}
	}
	return path.Join(n.path, filepath.Base(file))
}

// config is how the go command is asked about the programs.
func (w *why) config(mode packages.LoadMode) *packages.Config {
	flags := slices.Clone(w.options.Flags)
	if len(w.options.Tags) > 0 {
		flags = append(flags, "-tags="+strings.Join(w.options.Tags, ","))
	}
	return &packages.Config{Context: w.ctx, Mode: mode, Dir: w.dir, Env: w.env(), BuildFlags: flags}
}

// loadImports reads which package imports which, and no source.
func (w *why) loadImports(pattern string) error {
	pkgs, err := packages.Load(w.config(packages.NeedName|packages.NeedImports|packages.NeedDeps|packages.NeedFiles|packages.NeedCompiledGoFiles|packages.NeedModule|packages.NeedEmbedFiles), pattern)
	if err != nil {
		if w.ctx.Err() != nil {
			return w.ctx.Err()
		}
		return analyzer.Diagnostic{
			Code: "go-list", Severity: analyzer.Error, Message: "the go command could not list the packages: " + w.clean(err.Error()),
			Hint: "run `go list " + pattern + "` in the function's module and mend what it says",
		}
	}
	g := importGraph{packages: map[string]*importNode{}}
	var failed error
	packages.Visit(pkgs, func(p *packages.Package) bool {
		n := &importNode{path: p.PkgPath, name: p.Name, files: p.CompiledGoFiles, ignored: p.IgnoredFiles, embeds: p.EmbedFiles}
		if p.Module != nil {
			n.module, n.version, n.moduleDir = p.Module.Path, p.Module.Version, p.Module.Dir
			n.own = p.Module.Main || p.Module.Replace != nil && p.Module.Replace.Version == ""
			if r := p.Module.Replace; r != nil {
				n.version, n.moduleDir = r.Version, r.Dir
			}
		}
		for _, to := range p.Imports {
			n.imports = append(n.imports, to.PkgPath)
		}
		slices.Sort(n.imports)
		g.packages[p.PkgPath] = n
		return true
	}, func(p *packages.Package) {
		if len(p.Errors) > 0 && failed == nil {
			failed = w.loadError(g.packages[p.PkgPath], p.Errors[0])
		}
	})
	if failed != nil {
		return failed
	}
	for _, p := range pkgs {
		if p.Name == "main" {
			g.mains = append(g.mains, p.PkgPath)
		}
	}
	if len(g.mains) == 0 {
		return analyzer.Diagnostic{
			Code: "no-main-package", Severity: analyzer.Error, Message: fmt.Sprintf("%s matches no main package", pattern),
			Hint: "name the folder that holds the function's func main",
		}
	}
	slices.Sort(g.mains)
	w.graph = g
	return nil
}

// loadError tells an error of the go command at its place.
func (w *why) loadError(n *importNode, e packages.Error) error {
	d := analyzer.Diagnostic{
		Code: "go-list", Severity: analyzer.Error, Message: w.clean(e.Msg),
		Hint: "build the program with go build first; its errors are the same",
	}
	// The go command's positions are file:line:column, the file absolute or
	// relative to where it ran.
	parts := strings.Split(e.Pos, ":")
	if len(parts) == 3 {
		file := parts[0]
		if !filepath.IsAbs(file) {
			file = filepath.Join(w.dir, file)
		}
		line, _ := strconv.Atoi(parts[1])
		column, _ := strconv.Atoi(parts[2])
		d.Position = w.place(n, file, line, column)
	}
	return d
}

// clean takes the first line of what the go command says, without credentials,
// folders of this machine and the commands it proposes.
func (w *why) clean(s string) string {
	s = SecretsOf(w.env()).Hide(s)
	_, said, wrapped := strings.Cut(s, "stderr: ")
	if wrapped {
		s = said
	}
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	s, _, _ = strings.Cut(s, "; to add")
	for _, dir := range []string{w.options.Root, w.dir} {
		if abs, err := filepath.Abs(dir); err == nil {
			s = strings.ReplaceAll(s, abs+string(filepath.Separator), "")
			s = strings.ReplaceAll(s, abs, ".")
		}
	}
	for _, dir := range w.folders {
		if dir != "" {
			s = strings.ReplaceAll(s, dir+string(filepath.Separator), "")
		}
	}
	return s
}

// find returns the package of that import path, or the one package whose path
// ends so, or the package of a module named by its path that is nearest to a
// program. It returns "" where there is none.
func (g *importGraph) find(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	if _, ok := g.packages[name]; ok {
		return name, nil
	}
	if name == "main" && len(g.mains) == 1 {
		return g.mains[0], nil
	}
	var ends []string
	for p := range g.packages {
		if strings.HasSuffix(p, "/"+name) && !strings.Contains(p, "internal/") {
			ends = append(ends, p)
		}
	}
	slices.Sort(ends)
	switch {
	case len(ends) == 1:
		return ends[0], nil
	case len(ends) > 1:
		return "", analyzer.Diagnostic{
			Code: "ambiguous-package", Severity: analyzer.Error,
			Message: fmt.Sprintf("%q is the end of %d packages", name, len(ends)),
			Hint:    "name one of them in full: " + strings.Join(ends[:min(len(ends), 5)], ", "),
		}
	}
	nearest, distance := "", 0
	for _, m := range g.mains {
		order, from := g.walk(m)
		for _, p := range order {
			if n := g.packages[p]; n.module == name {
				if d := len(chain(from, p)); nearest == "" || d < distance {
					nearest, distance = p, d
				}
				break
			}
		}
	}
	return nearest, nil
}

// walk visits what a program imports, breadth first, and from where.
func (g *importGraph) walk(main string) (order []string, from map[string]string) {
	from = map[string]string{main: ""}
	order = []string{main}
	for i := 0; i < len(order); i++ {
		for _, to := range g.packages[order[i]].imports {
			if _, seen := from[to]; !seen && g.packages[to] != nil {
				from[to] = order[i]
				order = append(order, to)
			}
		}
	}
	return order, from
}

func (g *importGraph) reaches(main, pkg string) bool {
	_, from := g.walk(main)
	_, ok := from[pkg]
	return ok
}

// chain lists the packages from a program to one it imports.
func chain(from map[string]string, to string) []string {
	var out []string
	for at := to; at != ""; at = from[at] {
		out = append(out, at)
	}
	slices.Reverse(out)
	return out
}

// describe names the programs, for a message.
func (g *importGraph) describe() string {
	if len(g.mains) == 1 {
		return g.mains[0]
	}
	return fmt.Sprintf("any of %d programs", len(g.mains))
}

// suggest names packages that look like what was asked for.
func (g *importGraph) suggest(target string) string {
	pkg := cmp.Or(packageOf(plainName(target)), target)
	distance := map[string]int{}
	for p := range g.packages {
		d := edits(p, pkg)
		if last := path.Base(p); last == path.Base(pkg) {
			d = min(d, 1)
		}
		if d <= 2 {
			distance[p] = d
		}
	}
	near := slices.SortedFunc(maps.Keys(distance), func(a, b string) int {
		return cmp.Or(cmp.Compare(distance[a], distance[b]), cmp.Compare(a, b))
	})
	if len(near) == 0 {
		return fmt.Sprintf("none of its %d packages has a name like that, so there is nothing to explain", len(g.packages))
	}
	return "did you mean " + strings.Join(near[:min(len(near), 3)], " or ") + "?"
}

// edits counts the bytes to insert, drop or replace to make one name of another
// (Levenshtein's distance); names that cannot be near are not compared.
func edits(a, b string) int {
	if len(a)-len(b) > 2 || len(b)-len(a) > 2 || len(a) > 200 {
		return 3
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// imports answers from the import declarations.
func (w *why) imports(pkg string) Answer {
	a := Answer{Target: pkg, By: ByImports, Because: "a package is in a program because it is imported"}
	for _, m := range w.graph.mains {
		order, from := w.graph.walk(m)
		if _, ok := from[pkg]; !ok {
			a.Without = append(a.Without, m)
			continue
		}
		p := Path{Main: m, Steps: w.waySteps(chain(from, pkg))}
		for _, by := range order {
			if slices.Contains(w.graph.packages[by].imports, pkg) {
				p.Importers = append(p.Importers, by)
			}
		}
		slices.Sort(p.Importers)
		p.Others = w.others(from, pkg, p.Importers)
		a.Paths = append(a.Paths, p)
	}
	return a
}

// maxOthers bounds the ways to one package: most of the standard library is
// imported by hundreds.
const maxOthers = 50

// others are the ways to a package that end in another import than the shortest.
func (w *why) others(from map[string]string, pkg string, importers []string) [][]Step {
	var ways [][]string
	for _, by := range importers {
		if by != from[pkg] {
			ways = append(ways, append(chain(from, by), pkg))
		}
	}
	slices.SortStableFunc(ways, func(a, b []string) int { return cmp.Compare(len(a), len(b)) })
	var out [][]Step
	for _, names := range ways[:min(len(ways), maxOthers)] {
		out = append(out, w.waySteps(names))
	}
	return out
}

// waySteps tells a way of packages, each of which imports the next.
func (w *why) waySteps(names []string) []Step {
	if w.places == nil {
		w.places = map[[2]string]analyzer.Position{}
	}
	var steps []Step
	for i, name := range names {
		s := Step{Name: name}
		if i > 0 {
			edge := [2]string{names[i-1], name}
			at, known := w.places[edge]
			if !known {
				at = w.importPlace(w.graph.packages[edge[0]], name)
				w.places[edge] = at
			}
			s.Relation, s.Position = "imports", at
		}
		steps = append(steps, s)
	}
	return steps
}

// importPlace finds the import declaration, the first in the order of the files.
func (w *why) importPlace(importer *importNode, imported string) analyzer.Position {
	for _, file := range importer.files {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, nil, parser.ImportsOnly)
		if err != nil {
			continue
		}
		for _, spec := range f.Imports {
			// The standard library's own packages import their vendored modules
			// by the plain path.
			if p, err := strconv.Unquote(spec.Path.Value); err == nil && (p == imported || "vendor/"+p == imported) {
				at := fset.Position(spec.Pos())
				return w.place(importer, file, at.Line, at.Column)
			}
		}
	}
	return analyzer.Position{}
}
