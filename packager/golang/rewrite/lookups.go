package rewrite

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
)

// WithoutLookups replaces the calls of Method and MethodByName in a function, so that
// the linker does not see them. The name is as [SplitSymbol] returns it. results
// declares what the calls return, with %s for the name of package reflect. The
// result is nil if the source does not declare the function, or if the function
// calls neither.
func WithoutLookups(src []byte, name, results string) []byte {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	reflect := ""
	for _, im := range f.Imports {
		if path, _ := strconv.Unquote(im.Path.Value); path == "reflect" {
			if reflect = "reflect"; im.Name != nil {
				reflect = im.Name.Name
			}
		}
	}
	if reflect == "" {
		return nil
	}
	offset := func(p token.Pos) int { return fset.Position(p).Offset }
	type call struct{ from, receiver, args, to int }
	var calls []call
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil || declared(fn) != name {
			continue
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			if !ok || len(c.Args) != 1 {
				return true
			}
			s, ok := c.Fun.(*ast.SelectorExpr)
			if !ok || s.Sel.Name != "MethodByName" && s.Sel.Name != "Method" {
				return true
			}
			calls = append(calls, call{offset(c.Pos()), offset(s.X.End()), offset(c.Args[0].Pos()), offset(c.End())})
			return false
		})
	}
	if len(calls) == 0 {
		return nil
	}
	var out bytes.Buffer
	at := 0
	for _, c := range calls {
		out.Write(src[at:c.from])
		fmt.Fprintf(&out, "func(...any) "+results+" { return }(%s, %s", reflect, src[c.from:c.receiver], src[c.args:c.to])
		at = c.to
	}
	out.Write(src[at:])
	return out.Bytes()
}

// declared returns a function's name in the linker's form, without the package.
func declared(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) != 1 {
		return fn.Name.Name
	}
	switch t := fn.Recv.List[0].Type.(type) {
	case *ast.StarExpr:
		if id, ok := t.X.(*ast.Ident); ok {
			return "(*" + id.Name + ")." + fn.Name.Name
		}
	case *ast.Ident:
		return t.Name + "." + fn.Name.Name
	}
	return ""
}

// SplitSymbol splits a symbol in the linker's form into package and name.
func SplitSymbol(symbol string) (pkg, name string) {
	head := symbol
	if i := strings.IndexAny(head, "[("); i >= 0 {
		head = head[:i]
	}
	slash := strings.LastIndexByte(head, '/') + 1
	dot := strings.IndexByte(head[slash:], '.')
	if dot < 0 {
		return "", symbol
	}
	return strings.ReplaceAll(symbol[:slash+dot], "%2e", "."), closures.ReplaceAllString(symbol[slash+dot+1:], "")
}

// closures matches the end of the name of a function inside another function.
var closures = regexp.MustCompile(`(\.func\d+|\.gowrap\d+|\.\d+|-fm|-range\d+)+$`)
