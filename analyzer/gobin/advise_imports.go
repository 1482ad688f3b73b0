package gobin

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// blankImports are packages that are imported for what their initialisers do,
// and what goes away without them. Database drivers follow.
var blankImports = map[string]struct{ what, says, source string }{
	"net/http/pprof": {"profiling pages on the default HTTP server, which a function does not serve", "/debug/pprof goes away", "https://pkg.go.dev/net/http/pprof"},
	"expvar":         {"the page /debug/vars on the default HTTP server, which a function does not serve", "/debug/vars goes away", "https://pkg.go.dev/expvar"},
	"time/tzdata":    {"a copy of the time zone database, which provided.al2023 has as files too", "time.LoadLocation reads /usr/share/zoneinfo instead", "https://pkg.go.dev/time/tzdata"},
	"image/png":      {"the PNG decoder", "image.Decode no longer reads PNG", "https://pkg.go.dev/image#RegisterFormat"},
	"image/jpeg":     {"the JPEG decoder", "image.Decode no longer reads JPEG", "https://pkg.go.dev/image#RegisterFormat"},
	"image/gif":      {"the GIF decoder", "image.Decode no longer reads GIF", "https://pkg.go.dev/image#RegisterFormat"},
}

var databaseDrivers = []string{
	"github.com/lib/pq", "github.com/go-sql-driver/mysql", "github.com/mattn/go-sqlite3", "modernc.org/sqlite",
	"github.com/jackc/pgx/stdlib", "github.com/jackc/pgx/v4/stdlib", "github.com/jackc/pgx/v5/stdlib",
	"github.com/microsoft/go-mssqldb", "github.com/denisenkom/go-mssqldb", "github.com/sijms/go-ora/v2",
}

// adviseImports finds imports for side effects: in the project's own files, where
// a trial build can leave them out, and in dependencies, where they can only be
// told.
func (w *why) adviseImports(main string) []Candidate {
	order, _ := w.graph.walk(main)
	slices.Sort(order)
	var out []Candidate
	for _, p := range order {
		n := w.graph.packages[p]
		if n.module == "" && !n.own {
			continue
		}
		for _, file := range n.files {
			fset := token.NewFileSet()
			src, err := os.ReadFile(file)
			if err != nil {
				continue
			}
			f, err := parser.ParseFile(fset, file, src, parser.ImportsOnly)
			if err != nil {
				continue
			}
			for _, spec := range f.Imports {
				path, err := strconv.Unquote(spec.Path.Value)
				if err != nil || spec.Name == nil || spec.Name.Name != "_" {
					continue
				}
				note, known := blankImports[path]
				if !known && slices.Contains(databaseDrivers, path) {
					note.what, note.says = "a database driver", "connections by that driver's name no longer open"
					note.source = "https://go.dev/wiki/SQLDrivers"
					known = true
				}
				if !known {
					continue
				}
				at := fset.Position(spec.Pos())
				c := Candidate{
					Code: "blank-import", What: path + " is imported only to register " + note.what,
					Position: w.place(n, file, at.Line, at.Column), Chain: w.importSteps(main, p),
					BehaviourChanges: true, Says: note.says, Source: note.source,
					Change: Change{Text: "remove the import of " + path},
				}
				if n.own {
					c.Change.Overlay = map[string][]byte{c.File: withoutImport(src, fset, f, spec)}
				} else {
					c.Change.Text = "it is " + p + " that imports it: use what does not, or ask its maintainers for a build tag"
				}
				out = append(out, c)
			}
		}
	}
	return out
}

// withoutImport blanks an import's text out, or the whole declaration where it is
// the only one, so that everything else keeps its place.
func withoutImport(src []byte, fset *token.FileSet, f *ast.File, spec *ast.ImportSpec) []byte {
	from, to := spec.Pos(), spec.End()
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && !g.Lparen.IsValid() && g.Pos() <= from && to <= g.End() {
			from = g.Pos()
		}
	}
	out := slices.Clone(src)
	for i := fset.Position(from).Offset; i < fset.Position(to).Offset; i++ {
		if out[i] != '\n' {
			out[i] = ' '
		}
	}
	return out
}

// A dependency is heavy for its use when the project's own imports of it keep
// this share of a program, and the project names at most this many of its names.
const (
	heavyShare = 0.03
	fewNames   = 3
)

// adviseHeavy finds packages that the project uses little of, and without which
// much of the program would not be there.
func (w *why) adviseHeavy(main string, a *Attribution) []Candidate {
	sizes := map[string]int64{}
	for _, r := range a.Rows {
		sizes[r.Package] += r.Bytes
	}
	type use struct {
		names map[string]bool
		at    Candidate
	}
	uses := map[string]*use{}
	own := w.own(main)
	for _, n := range own {
		for _, file := range n.files {
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
			if err != nil {
				continue
			}
			names := importNames(f, w.graph.packages)
			for _, spec := range f.Imports {
				path, _ := strconv.Unquote(spec.Path.Value)
				dep := w.graph.packages[path]
				if dep == nil || dep.module == "" || dep.own || path == "github.com/aws/aws-lambda-go/lambda" {
					continue
				}
				if uses[path] == nil {
					at := fset.Position(spec.Pos())
					uses[path] = &use{names: map[string]bool{}, at: Candidate{Position: w.place(n, file, at.Line, at.Column)}}
				}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if id, ok := s.X.(*ast.Ident); ok {
						if u := uses[names[id.Name]]; u != nil {
							u.names[s.Sel.Name] = true
						}
					}
				}
				return true
			})
		}
	}
	var out []Candidate
	for path, u := range uses {
		if len(u.names) == 0 || len(u.names) > fewNames {
			continue
		}
		alone := int64(0)
		for _, p := range w.graph.onlyThroughOwn(main, path, own) {
			alone += sizes[p]
		}
		if float64(alone) < heavyShare*float64(a.Size) {
			continue
		}
		var names []string
		for n := range u.names {
			names = append(names, n)
		}
		slices.Sort(names)
		c := u.at
		c.Code, c.Kept, c.Dependency = "heavy-dependency", alone, path
		c.What = fmt.Sprintf("%s and what only it needs are %.1f%% of the program, and the project names %s of it",
			path, 100*float64(alone)/float64(a.Size), strings.Join(names, ", "))
		c.BehaviourChanges, c.Says, c.Source = true, "whatever replaces it does the work", bestPractices
		c.Change.Text = "see whether something smaller does what " + strings.Join(names, ", ") + " is used for"
		out = append(out, c)
	}
	return out
}

// importNames maps the names a file gives its imports to their paths.
func importNames(f *ast.File, packages map[string]*importNode) map[string]string {
	names := map[string]string{}
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		switch n := packages[path]; {
		case spec.Name != nil:
			names[spec.Name.Name] = path
		case n != nil && n.name != "":
			names[n.name] = path
		default:
			names[filepath.Base(path)] = path
		}
	}
	return names
}

// onlyThroughOwn lists the packages that a program would not reach if the
// project's own packages did not import one.
func (g *importGraph) onlyThroughOwn(main, pkg string, own []*importNode) []string {
	_, with := g.walk(main)
	seen := map[string]bool{main: true}
	queue := []string{main}
	for len(queue) > 0 {
		at := g.packages[queue[0]]
		queue = queue[1:]
		for _, to := range at.imports {
			if to == pkg && slices.Contains(own, at) || seen[to] || g.packages[to] == nil {
				continue
			}
			seen[to] = true
			queue = append(queue, to)
		}
	}
	var out []string
	for p := range with {
		if !seen[p] {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out
}
