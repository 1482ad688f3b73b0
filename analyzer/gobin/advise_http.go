package gobin

import (
	"go/ast"
	"slices"
)

// transports finds settings that close connections after every request.
func (p *sourcePackage) transports(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
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
			p.add(n.Pos(), Candidate{
				Code: "keep-alive-off", What: "DisableKeepAlives makes every request open a connection, TLS included",
				Source: "https://pkg.go.dev/net/http#Transport", BehaviourChanges: true, Says: "connections stay open between calls",
				Change: Change{Text: "leave DisableKeepAlives unset"},
			})
		}
		return true
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

// bodies finds responses whose connection is not used again: those whose body is
// not closed, which leak it, and those whose body is closed unread.
func (p *sourcePackage) bodies(f *ast.File) {
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
			asked := p.request(f, as.Rhs[0], resp.Name, fn.Body)
			if asked == "" {
				return true
			}
			switch {
			case resp.Name == "_" || !leaves(fn.Body, resp.Name):
				p.add(as.Pos(), Candidate{
					Code: "body-not-closed", What: "the response of " + asked + " is not closed, so its connection is never used again",
					Source: "https://pkg.go.dev/net/http#Client.Do", BehaviourChanges: true, Says: "connections are used again",
					Change: Change{Text: "read the body to its end and close it"},
				})
			case asked != "http.Head" && !reads(fn.Body, resp.Name):
				p.add(as.Pos(), Candidate{
					Code: "body-not-read", What: "the response of " + asked + " is closed unread, so its connection may not be used again",
					Source: "https://pkg.go.dev/net/http#Client.Do", BehaviourChanges: true, Says: "connections are used again",
					Change: Change{Text: "io.Copy(io.Discard, " + resp.Name + ".Body) before it is closed"},
				})
			}
			return true
		})
	}
}

// request names the call that an expression is, where it asks over HTTP: one of
// net/http's own functions, or Do of a client. No types are at hand, so Do with
// one argument counts where its result is used as a response is.
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

// reads reports whether a function does more with a response's body than to
// close it, or hands the response on.
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
		case *ast.ReturnStmt:
			found = found || slices.ContainsFunc(n.Results, is)
		case *ast.AssignStmt:
			found = found || slices.ContainsFunc(n.Rhs, is)
		case *ast.KeyValueExpr:
			found = found || is(n.Value)
		case *ast.SelectorExpr:
			found = found || bodyOf(n)
		}
		return !found
	})
	return found
}

// leaves reports whether a function closes a response's body, or hands the
// response or its body on to something that may.
func leaves(body ast.Node, name string) bool {
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
		case *ast.ReturnStmt:
			found = found || slices.ContainsFunc(n.Results, is)
		case *ast.AssignStmt:
			found = found || slices.ContainsFunc(n.Rhs, is)
		case *ast.KeyValueExpr:
			found = found || is(n.Value)
		}
		return !found
	})
	return found
}
