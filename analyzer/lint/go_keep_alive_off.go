package lint

import (
	"go/ast"

	"github.com/featherpack/featherpack/analyzer"
)

// keepAliveOff finds settings that close connections after every request.
func (p *sourcePackage) keepAliveOff() {
	for _, f := range p.files {
		ast.Inspect(f, p.keepAlive)
	}
}

func (p *sourcePackage) keepAlive(n ast.Node) bool {
	var field string
	var value ast.Expr
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		if id, ok := n.Key.(*ast.Ident); ok {
			field, value = id.Name, n.Value
		}
	case *ast.AssignStmt:
		if len(n.Lhs) == 1 && len(n.Rhs) == 1 {
			if s, ok := n.Lhs[0].(*ast.SelectorExpr); ok {
				field, value = s.Sel.Name, n.Rhs[0]
			}
		}
	}
	if id, ok := value.(*ast.Ident); ok && field == "DisableKeepAlives" && id.Name == "true" {
		p.add(n.Pos(), Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: "DisableKeepAlives opens a new connection, including any TLS handshake, for every request",
				Hint:    "leave DisableKeepAlives unset",
			},
			Source: "https://pkg.go.dev/net/http#Transport", BehaviourChanges: "connections stay open between invocations",
		})
	}
	return true
}
