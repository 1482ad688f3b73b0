package gobin

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
)

const bestPractices = "https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html"

// sourcePackage is the syntax of one of the project's own packages.
type sourcePackage struct {
	why   *why
	node  *importNode
	fset  *token.FileSet
	files []*ast.File
	// names are the imports of each file; functions the package's, by name, a
	// method by its name alone.
	names     map[*ast.File]map[string]string
	functions map[string][]*ast.FuncDecl
	fileOf    map[*ast.FuncDecl]*ast.File
	chain     []Step
	out       []Candidate
}

// adviseSource reads the project's own files for what costs time at start or in
// every call. It judges by syntax: an advice may be wrong where a name is reused.
func (w *why) adviseSource(main string) []Candidate {
	var out []Candidate
	for _, n := range w.own(main) {
		p := &sourcePackage{why: w, node: n, fset: token.NewFileSet(), names: map[*ast.File]map[string]string{},
			functions: map[string][]*ast.FuncDecl{}, fileOf: map[*ast.FuncDecl]*ast.File{}, chain: w.importSteps(main, n.path)}
		for _, file := range n.files {
			f, err := parser.ParseFile(p.fset, file, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				continue
			}
			p.files = append(p.files, f)
			p.names[f] = importNames(f, w.graph.packages)
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
					p.functions[fn.Name.Name] = append(p.functions[fn.Name.Name], fn)
					p.fileOf[fn] = f
				}
			}
		}
		for _, f := range p.files {
			p.initialisers(f)
			p.transports(f)
			p.bodies(f)
		}
		p.handlers()
		p.embedded()
		out = append(out, p.out...)
	}
	return out
}

func (p *sourcePackage) add(at token.Pos, c Candidate) {
	pos := p.fset.Position(at)
	c.Position = p.why.place(p.node, pos.Filename, pos.Line, pos.Column)
	c.Chain = p.chain
	p.out = append(p.out, c)
}

// called returns the import path and name of a function of another package that
// an expression calls, such as "regexp", "MustCompile".
func (p *sourcePackage) called(f *ast.File, e ast.Expr) (path, name string) {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return "", ""
	}
	return p.selected(f, call.Fun)
}

func (p *sourcePackage) selected(f *ast.File, e ast.Expr) (path, name string) {
	if s, ok := e.(*ast.SelectorExpr); ok {
		if id, ok := s.X.(*ast.Ident); ok {
			return p.names[f][id.Name], s.Sel.Name
		}
	}
	return "", ""
}

// bigLiteral is the number of entries from which a map literal's initialiser,
// which Go runs entry by entry at start, is worth a word.
const bigLiteral = 64

// initialisers finds package-level variables whose value takes work to make.
func (p *sourcePackage) initialisers(f *ast.File) {
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, s := range g.Specs {
			spec, ok := s.(*ast.ValueSpec)
			if !ok {
				continue
			}
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
				p.add(spec.Pos(), Candidate{
					Code: "init-work", What: name + " " + what + " whenever the program starts, used or not",
					Source: bestPractices, BehaviourChanges: true, Says: "the first call that uses it pays, and reports its errors",
					Change: Change{Text: "make it on first use: var " + name + " = sync.OnceValue(func() ... )"},
				})
			}
		}
	}
}

// work says what an initialiser does that takes time, "" for nothing known.
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

// handlers finds the functions given to lambda.Start and what they and the
// package's functions they call make anew in every call.
func (p *sourcePackage) handlers() {
	seen := map[*ast.FuncDecl]bool{}
	var visit func(f *ast.File, body ast.Node)
	visit = func(f *ast.File, body ast.Node) {
		ast.Inspect(body, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok {
				path, name := p.selected(f, lit.Type)
				p.made(lit.Pos(), path, name)
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			path, name := p.called(f, call)
			p.made(call.Pos(), path, name)
			if p.clonesTransport(f, call) {
				p.made(call.Pos(), "net/http", "Transport")
			}
			callee := ""
			switch fun := call.Fun.(type) {
			case *ast.Ident:
				callee = fun.Name
			case *ast.SelectorExpr:
				if path == "" {
					callee = fun.Sel.Name
				}
			}
			for _, fn := range p.functions[callee] {
				if !seen[fn] {
					seen[fn] = true
					visit(p.fileOf[fn], fn.Body)
				}
			}
			return true
		})
	}
	for _, f := range p.files {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			path, name := p.called(f, call)
			if path != "github.com/aws/aws-lambda-go/lambda" || !strings.HasPrefix(name, "Start") {
				return true
			}
			for _, arg := range call.Args {
				switch a := arg.(type) {
				case *ast.FuncLit:
					visit(f, a.Body)
				case *ast.Ident:
					for _, fn := range p.functions[a.Name] {
						visit(p.fileOf[fn], fn.Body)
					}
				case *ast.SelectorExpr:
					for _, fn := range p.functions[a.Sel.Name] {
						visit(p.fileOf[fn], fn.Body)
					}
				}
			}
			return true
		})
	}
}

// made notes what a handler makes, by a call or a literal, and what could
// outlive the call.
func (p *sourcePackage) made(at token.Pos, path, name string) {
	what := ""
	switch {
	case strings.HasPrefix(path, "github.com/aws/aws-sdk-go-v2/service/") && (name == "New" || name == "NewFromConfig"):
		what = "an AWS client"
	case path == "github.com/aws/aws-sdk-go-v2/config" && name == "LoadDefaultConfig":
		what = "the AWS configuration, credentials included,"
	case path == "github.com/aws/aws-sdk-go/aws/session" && strings.HasPrefix(name, "New"):
		what = "an AWS session"
	case path == "database/sql" && (name == "Open" || name == "OpenDB"),
		strings.HasPrefix(path, "github.com/jackc/pgx/") && (strings.HasPrefix(name, "Connect") || name == "New" || name == "NewWithConfig"):
		what = "a database connection"
	case path == "google.golang.org/grpc" && (name == "NewClient" || name == "Dial" || name == "DialContext"):
		what = "a gRPC connection"
	case path == "net/http" && name == "Transport":
		what = "an HTTP transport, whose connections nothing else uses,"
	}
	if what == "" {
		return
	}
	p.add(at, Candidate{
		Code: "client-in-handler", What: "the handler makes " + what + " anew in every call",
		Source: bestPractices, BehaviourChanges: true, Says: "it lives as long as the execution environment, and so do its credentials and connections",
		Change: Change{Text: "make it once, in main or in a sync.OnceValue, and share it"},
	})
}

// embedded finds files in an embed.FS that no constant name asks for. Where a
// name is not constant, any file may be meant, and nothing is said.
func (p *sourcePackage) embedded() {
	if len(p.node.embeds) == 0 {
		return
	}
	var vars []*ast.ValueSpec
	for _, f := range p.files {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, s := range g.Specs {
				spec, ok := s.(*ast.ValueSpec)
				if !ok || spec.Type == nil || len(spec.Names) != 1 {
					continue
				}
				if path, name := p.selected(f, spec.Type); path == "embed" && name == "FS" {
					vars = append(vars, spec)
				}
			}
		}
	}
	// With one variable alone it is plain which files are whose.
	if len(vars) != 1 || ast.IsExported(vars[0].Names[0].Name) {
		return
	}
	named, constant := p.namesAsked(vars[0])
	if !constant {
		return
	}
	var unread []string
	var bytes int64
	for _, file := range p.node.embeds {
		name := p.node.fileName(file, p.why.options.Root)
		if !slices.ContainsFunc(named, func(n string) bool { return strings.HasSuffix("/"+name, "/"+n) }) {
			unread = append(unread, name)
			if st, err := os.Stat(file); err == nil {
				bytes += st.Size()
			}
		}
	}
	if len(unread) == 0 {
		return
	}
	p.add(vars[0].Pos(), Candidate{
		Code: "embedded-not-read", What: fmt.Sprintf("%s holds %d bytes that no constant name asks for: %s", vars[0].Names[0].Name, bytes, files(unread)),
		Source: "https://pkg.go.dev/embed", BehaviourChanges: true, Says: "the files are no longer in the program", Kept: bytes,
		Change: Change{Text: "name the files that are read in the go:embed line"},
	})
}

// namesAsked lists the names by which an embed.FS is read; false where it is used
// in any way that may read others.
func (p *sourcePackage) namesAsked(v *ast.ValueSpec) (named []string, constant bool) {
	variable := v.Names[0]
	understood, uses := 0, 0
	for _, f := range p.files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				if n.Name == variable.Name && n != variable {
					uses++
				}
			case *ast.CallExpr:
				s, ok := n.Fun.(*ast.SelectorExpr)
				if !ok || len(n.Args) != 1 || s.Sel.Name != "ReadFile" && s.Sel.Name != "Open" {
					return true
				}
				id, isVar := s.X.(*ast.Ident)
				lit, isLit := n.Args[0].(*ast.BasicLit)
				if isVar && isLit && id.Name == variable.Name && lit.Kind == token.STRING {
					if name, err := strconv.Unquote(lit.Value); err == nil {
						named = append(named, name)
						understood++
					}
				}
			}
			return true
		})
	}
	return named, understood == uses
}
