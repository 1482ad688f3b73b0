package lint

import (
	"go/ast"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
)

// bodyNotRead finds HTTP responses whose body is closed before it is read.
func (p *sourcePackage) bodyNotRead() {
	p.responses(func(r response) {
		if !r.closed() || r.call == "http.Head" || reads(r.body, r.name) {
			return
		}
		p.add(r.at, Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: "the response body of " + r.call + " is closed before it is read, so its connection may not be reused",
				Hint:    "call io.Copy(io.Discard, " + r.name + ".Body) before closing it",
			},
			Source: clientDo, BehaviourChanges: "connections are reused",
		})
	})
}

// reads reports whether a function uses a response's body for more than closing it,
// or passes the response on.
func reads(body ast.Node, name string) bool {
	is := func(e ast.Expr) bool {
		id, ok := e.(*ast.Ident)
		return ok && id.Name == name
	}
	bodyOf := func(e ast.Expr) bool {
		s, ok := e.(*ast.SelectorExpr)
		return ok && s.Sel.Name == "Body" && is(s.X)
	}
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Close" && bodyOf(s.X) {
				return false // closing alone reads nothing
			}
			found = found || slices.ContainsFunc(n.Args, is)
		case *ast.SelectorExpr:
			found = found || bodyOf(n)
		default:
			found = found || passesOn(n, is)
		}
		return !found
	})
	return found
}
