package lint

import (
	"go/ast"
	"go/token"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
)

// bodyNotClosed finds HTTP responses whose body is not closed, which leaks the
// connection.
func (p *sourcePackage) bodyNotClosed() {
	p.responses(func(r response) {
		if r.closed() {
			return
		}
		p.add(r.at, Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: "the response body of " + r.call + " is not closed, so its connection is never reused",
				Hint:    "read the body to the end, then close it",
			},
			Source: clientDo, BehaviourChanges: "connections are reused",
		})
	})
}

const clientDo = "https://pkg.go.dev/net/http#Client.Do"

// response is a variable that holds an HTTP response.
type response struct {
	at   token.Pos
	call string   // the call, such as "http.Get"
	name string   // the variable that holds it
	body ast.Node // of the function around the call
}

func (r response) closed() bool { return r.name != "_" && closedOrPassedOn(r.body, r.name) }

// responses calls f for every HTTP response that is assigned to a variable.
func (p *sourcePackage) responses(f func(response)) {
	for _, file := range p.files {
		p.responsesIn(file, f)
	}
}

func (p *sourcePackage) responsesIn(f *ast.File, found func(response)) {
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			as, ok := n.(*ast.AssignStmt)
			if !ok || len(as.Rhs) != 1 || len(as.Lhs) != 2 {
				return true
			}
			resp, ok := as.Lhs[0].(*ast.Ident)
			if !ok {
				return true
			}
			call := p.request(f, as.Rhs[0], resp.Name, fn.Body)
			if call == "" {
				return true
			}
			found(response{as.Pos(), call, resp.Name, fn.Body})
			return true
		})
	}
}

// request returns the name of the call if an expression sends an HTTP request,
// otherwise "". It matches the functions of net/http and a client's Do method.
// Without types, a Do with one argument counts if its result is used like a
// response.
func (p *sourcePackage) request(f *ast.File, e ast.Expr, result string, body ast.Node) string {
	path, name := p.called(f, e)
	if path == "net/http" && slices.Contains([]string{"Get", "Post", "PostForm", "Head"}, name) {
		return "http." + name
	}
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 || path != "" {
		return ""
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || method.Sel.Name != "Do" {
		return ""
	}
	response := false
	ast.Inspect(body, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && slices.Contains([]string{"Body", "StatusCode"}, s.Sel.Name) {
			id, ok := s.X.(*ast.Ident)
			response = response || ok && id.Name == result
		}
		return !response
	})
	if !response {
		return ""
	}
	return "Do"
}

// closedOrPassedOn reports whether a function closes a response's body, or passes
// the response or its body to code that may close it.
func closedOrPassedOn(body ast.Node, name string) bool {
	found := false
	is := func(e ast.Expr) bool {
		if s, ok := e.(*ast.SelectorExpr); ok && s.Sel.Name == "Body" {
			e = s.X
		}
		id, ok := e.(*ast.Ident)
		return ok && id.Name == name
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Close" && is(s.X) {
				found = true
			}
			for _, a := range n.Args {
				// Reading a body does not close it.
				path, _ := n.Fun.(*ast.SelectorExpr)
				reads := path != nil && (path.Sel.Name == "ReadAll" || path.Sel.Name == "NewDecoder" || path.Sel.Name == "Copy")
				found = found || is(a) && !reads
			}
		default:
			found = found || passesOn(n, is)
		}
		return !found
	})
	return found
}

// passesOn reports whether a node returns or stores a matching value.
func passesOn(n ast.Node, is func(ast.Expr) bool) bool {
	switch n := n.(type) {
	case *ast.ReturnStmt:
		return slices.ContainsFunc(n.Results, is)
	case *ast.AssignStmt:
		return slices.ContainsFunc(n.Rhs, is)
	case *ast.KeyValueExpr:
		return is(n.Value)
	}
	return false
}
