package lint

import (
	"fmt"
	"go/ast"
	"go/token"
	"iter"

	"github.com/featherpack/featherpack/analyzer"
)

// initWork finds package-level variables with expensive initialisers.
func (p *sourcePackage) initWork() {
	for _, f := range p.files {
		p.initialisers(f)
	}
}

func (p *sourcePackage) initialisers(f *ast.File) {
	for spec := range variables(f) {
		for i, v := range spec.Values {
			what := ""
			ast.Inspect(v, func(n ast.Node) bool {
				if _, ok := n.(*ast.FuncLit); ok {
					return false
				}
				if e, ok := n.(ast.Expr); ok && what == "" {
					what = p.work(f, e)
				}
				return what == ""
			})
			if what == "" {
				continue
			}
			name := spec.Names[min(i, len(spec.Names)-1)].Name
			p.add(spec.Pos(), Advice{
				Diagnostic: analyzer.Diagnostic{
					Message: name + " " + what + " at every start, even if it is never used",
					Hint:    "create it on first use: var " + name + " = sync.OnceValue(func() ... )",
				},
				Source: bestPractices, BehaviourChanges: "the first call that uses it does this work and reports its errors",
			})
		}
	}
}

// variables are the package-level variable declarations of a file.
func variables(f *ast.File) iter.Seq[*ast.ValueSpec] {
	return func(yield func(*ast.ValueSpec) bool) {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, s := range g.Specs {
				if spec, ok := s.(*ast.ValueSpec); ok && !yield(spec) {
					return
				}
			}
		}
	}
}

// bigLiteral is the number of entries from which a map literal is reported: Go fills
// the map entry by entry at start.
const bigLiteral = 64

// work describes what an initialiser does that takes time, or returns "".
func (p *sourcePackage) work(f *ast.File, e ast.Expr) string {
	switch path, name := p.called(f, e); path + "." + name {
	case "regexp.MustCompile", "regexp.Compile", "regexp.MustCompilePOSIX", "regexp.CompilePOSIX":
		return "compiles a regular expression"
	case "text/template.Must", "html/template.Must":
		return "parses a template"
	}
	if lit, ok := e.(*ast.CompositeLit); ok && len(lit.Elts) >= bigLiteral {
		if _, ok := lit.Type.(*ast.MapType); ok {
			return fmt.Sprintf("fills a map with %d entries", len(lit.Elts))
		}
	}
	return ""
}
