package lint

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
)

// registrations lists packages that are imported only for their initialisers: what
// they register, and what changes without them. Database drivers follow below.
var registrations = map[string]struct{ what, effect, source string }{
	"net/http/pprof": {"profiling pages on the default HTTP server, which a function does not serve", "/debug/pprof is removed", "https://pkg.go.dev/net/http/pprof"},
	"expvar":         {"the page /debug/vars on the default HTTP server, which a function does not serve", "/debug/vars is removed", "https://pkg.go.dev/expvar"},
	"time/tzdata":    {"a copy of the time zone database, which provided.al2023 also has as files", "time.LoadLocation reads /usr/share/zoneinfo instead", "https://pkg.go.dev/time/tzdata"},
	"image/png":      {"the PNG decoder", "image.Decode no longer reads PNG", "https://pkg.go.dev/image#RegisterFormat"},
	"image/jpeg":     {"the JPEG decoder", "image.Decode no longer reads JPEG", "https://pkg.go.dev/image#RegisterFormat"},
	"image/gif":      {"the GIF decoder", "image.Decode no longer reads GIF", "https://pkg.go.dev/image#RegisterFormat"},
}

var databaseDrivers = []string{
	"github.com/lib/pq", "github.com/go-sql-driver/mysql", "github.com/mattn/go-sqlite3", "modernc.org/sqlite",
	"github.com/jackc/pgx/stdlib", "github.com/jackc/pgx/v4/stdlib", "github.com/jackc/pgx/v5/stdlib",
	"github.com/microsoft/go-mssqldb", "github.com/denisenkom/go-mssqldb", "github.com/sijms/go-ora/v2",
}

// blankImport finds imports for side effects. In the project's own files a trial
// build can leave them out. In dependencies they can only be reported.
func (p *program) blankImport() {
	for _, n := range p.Reached(p.main) {
		if n.Module == "" && !n.Own {
			continue
		}
		for _, file := range n.Files {
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
				note, known := registrations[path]
				if !known && slices.Contains(databaseDrivers, path) {
					note.what, note.effect = "a database driver", "sql.Open fails for that driver's name"
					note.source = "https://go.dev/wiki/SQLDrivers"
					known = true
				}
				if !known || p.asksFor(path) {
					continue
				}
				at := fset.Position(spec.Pos())
				a := Advice{
					Diagnostic: analyzer.Diagnostic{
						Position: p.Place(n, file, at.Line, at.Column),
						Message:  path + " is imported only to register " + note.what,
						Hint:     "remove the import of " + path,
					},
					Chain:            p.Chain(p.main, n.Path),
					BehaviourChanges: note.effect, Source: note.source,
				}
				if n.Own {
					a.Change.Overlay = map[string][]byte{a.File: withoutImport(src, fset, f, spec)}
				} else {
					a.Hint = n.Path + " imports it: use another package, or ask its maintainers for a build tag"
				}
				p.add(a)
			}
		}
	}
}

// asksFor reports whether code may ask for what a database driver or an image decoder registers:
// the project's own by a call, or a dependency that imports the package that knows them.
func (p *program) asksFor(registered string) bool {
	registry, calls := "database/sql", []string{"Open", "OpenDB"}
	if strings.HasPrefix(registered, "image/") {
		registry, calls = "image", []string{"Decode", "DecodeConfig"}
	} else if !slices.Contains(databaseDrivers, registered) {
		return false
	}
	return slices.ContainsFunc(p.Reached(p.main), func(n *gobin.Package) bool {
		switch {
		case !slices.Contains(n.Imports, registry):
			return false
		case n.Own:
			return p.calls(n, registry, calls)
		}
		driver := n.Path == registered || n.Module != "" && strings.HasPrefix(registered, n.Module)
		return n.Module != "" && !driver
	})
}

// calls reports whether a package has one of the names of another package in its source.
func (p *program) calls(of *gobin.Package, path string, names []string) (found bool) {
	for _, file := range of.Files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		imported := p.importNames(f)
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && slices.Contains(names, s.Sel.Name) {
				id, ok := s.X.(*ast.Ident)
				found = found || ok && imported[id.Name] == path
			}
			return !found
		})
	}
	return found
}

// withoutImport replaces an import's text with spaces, so that everything else keeps
// its position. If the declaration has no parentheses, it blanks all of it.
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
