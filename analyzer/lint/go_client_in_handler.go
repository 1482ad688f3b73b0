package lint

import (
	"go/ast"
	"go/token"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// clientInHandler finds the functions passed to lambda.Start, and the clients that
// they create on every invocation. It follows calls within the package.
func (p *sourcePackage) clientInHandler() {
	seen := map[*ast.FuncDecl]bool{}
	var visit func(f *ast.File, body ast.Node)
	visit = func(f *ast.File, body ast.Node) {
		ast.Inspect(body, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok {
				path, name := p.selected(f, lit.Type)
				p.addClient(lit.Pos(), path, name)
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			path, name := p.called(f, call)
			p.addClient(call.Pos(), path, name)
			if p.clonesTransport(f, call) {
				p.addClient(call.Pos(), "net/http", "Transport")
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

// addClient adds advice if a call or a composite literal in a handler creates
// something that could be reused across invocations.
func (p *sourcePackage) addClient(at token.Pos, path, name string) {
	what := ""
	switch {
	case strings.HasPrefix(path, "github.com/aws/aws-sdk-go-v2/service/") && (name == "New" || name == "NewFromConfig"):
		what = "an AWS client"
	case path == "github.com/aws/aws-sdk-go-v2/config" && name == "LoadDefaultConfig":
		what = "the AWS configuration, including credentials,"
	case path == "github.com/aws/aws-sdk-go/aws/session" && strings.HasPrefix(name, "New"):
		what = "an AWS session"
	case path == "database/sql" && (name == "Open" || name == "OpenDB"),
		strings.HasPrefix(path, "github.com/jackc/pgx/") && (strings.HasPrefix(name, "Connect") || name == "New" || name == "NewWithConfig"):
		what = "a database connection"
	case path == "google.golang.org/grpc" && (name == "NewClient" || name == "Dial" || name == "DialContext"):
		what = "a gRPC connection"
	case path == "net/http" && name == "Transport":
		what = "an HTTP transport with its own connections"
	}
	if what == "" {
		return
	}
	p.add(at, Advice{
		Diagnostic: analyzer.Diagnostic{
			Message: "the handler creates " + what + " on every invocation",
			Hint:    "create it once, in main or in a sync.OnceValue, and share it",
		},
		Source:           bestPractices,
		BehaviourChanges: "its credentials and connections live as long as the execution environment",
	})
}

// clonesTransport reports whether a call is t.(*http.Transport).Clone().
func (p *sourcePackage) clonesTransport(f *ast.File, call *ast.CallExpr) bool {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || method.Sel.Name != "Clone" {
		return false
	}
	asserted, ok := method.X.(*ast.TypeAssertExpr)
	if !ok {
		return false
	}
	pointer, ok := asserted.Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	path, name := p.selected(f, pointer.X)
	return path == "net/http" && name == "Transport"
}
