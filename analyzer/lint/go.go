package lint

import (
	"cmp"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
)

// AdviseProgram checks a Go program and returns advice, sorted by code and
// position. The pattern names its main package. The attribution describes the
// shipped program. If it is nil, the rule heavy-dependency does not run.
//
// Causes mask each other: while one of them keeps every exported method alive,
// removing another saves almost nothing. Call AdviseProgram again after applying
// the first change.
func AdviseProgram(ctx context.Context, dir, pattern string, attribution *gobin.Attribution, o gobin.Options) ([]Advice, error) {
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	programs, err := gobin.Load(ctx, dir, pattern, o)
	if err != nil {
		return nil, err
	}
	mains := programs.Mains()
	if len(mains) > 1 {
		return nil, analyzer.Diagnostic{Code: "many-programs", Severity: analyzer.Error,
			Message: pattern + " matches more than one program", Hint: "name one of them: " + strings.Join(mains[:2], " or ")}
	}
	o.Progress("linking " + mains[0])
	linked, err := programs.Link(mains[0])
	if err != nil {
		return nil, err
	}
	o.Progress("reading source")
	p := &program{Programs: programs, main: mains[0], lookups: linked.Lookups(), attribution: attribution}
	p.rules()
	slices.SortStableFunc(p.found, func(a, b Advice) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
	return p.found, nil
}

// program is the Go program that the rules check.
type program struct {
	*gobin.Programs
	main        string
	lookups     []gobin.Lookup
	attribution *gobin.Attribution
	code        string // of the rule that runs
	found       []Advice
}

// rules runs every rule.
func (p *program) rules() {
	var own []*sourcePackage
	for _, of := range p.Own(p.main) {
		own = append(own, p.read(of))
	}
	for _, r := range Rules() {
		p.code = r.Code
		if r.program != nil {
			r.program(p)
		}
		for _, s := range own {
			if r.source != nil {
				r.source(s)
			}
		}
	}
}

func (p *program) add(a Advice) {
	a.Code, a.Severity = p.code, analyzer.Note
	p.found = append(p.found, a)
}

// importNames maps the names of a file's imports to their paths.
func (p *program) importNames(f *ast.File) map[string]string {
	names := map[string]string{}
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		switch n := p.Package(path); {
		case spec.Name != nil:
			names[spec.Name.Name] = path
		case n != nil && n.Name != "":
			names[n.Name] = path
		default:
			names[filepath.Base(path)] = path
		}
	}
	return names
}

// sourcePackage is the syntax of one of the project's own packages. It has no type
// information, so advice may be wrong where a name is reused.
type sourcePackage struct {
	program *program
	of      *gobin.Package
	fset    *token.FileSet
	files   []*ast.File
	// names holds the result of importNames for each file. functions holds the
	// package's functions and methods by name; a method's receiver is not part of it.
	names     map[*ast.File]map[string]string
	functions map[string][]*ast.FuncDecl
	fileOf    map[*ast.FuncDecl]*ast.File
	chain     []gobin.Step
}

// read parses a package. It leaves out files that do not parse.
func (p *program) read(of *gobin.Package) *sourcePackage {
	s := &sourcePackage{
		program: p, of: of, fset: token.NewFileSet(), names: map[*ast.File]map[string]string{},
		functions: map[string][]*ast.FuncDecl{}, fileOf: map[*ast.FuncDecl]*ast.File{}, chain: p.Chain(p.main, of.Path),
	}
	for _, file := range of.Files {
		f, err := parser.ParseFile(s.fset, file, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		s.files = append(s.files, f)
		s.names[f] = p.importNames(f)
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				s.functions[fn.Name.Name] = append(s.functions[fn.Name.Name], fn)
				s.fileOf[fn] = f
			}
		}
	}
	return s
}

func (s *sourcePackage) add(at token.Pos, a Advice) {
	pos := s.fset.Position(at)
	a.Position = s.program.Place(s.of, pos.Filename, pos.Line, pos.Column)
	a.Chain = s.chain
	s.program.add(a)
}

// called returns the import path and name of a function of another package that
// an expression calls, such as "regexp", "MustCompile".
func (s *sourcePackage) called(f *ast.File, e ast.Expr) (path, name string) {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return "", ""
	}
	return s.selected(f, call.Fun)
}

func (s *sourcePackage) selected(f *ast.File, e ast.Expr) (path, name string) {
	if selector, ok := e.(*ast.SelectorExpr); ok {
		if id, ok := selector.X.(*ast.Ident); ok {
			return s.names[f][id.Name], selector.Sel.Name
		}
	}
	return "", ""
}
