package lint

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// embeddedNotRead finds files in an embed.FS that the package never reads by a
// constant name. If any name is not constant, it reports nothing, because that name
// may refer to any file.
func (p *sourcePackage) embeddedNotRead() {
	if len(p.of.Embeds) == 0 {
		return
	}
	var vars []*ast.ValueSpec
	for _, f := range p.files {
		for spec := range variables(f) {
			if spec.Type == nil || len(spec.Names) != 1 {
				continue
			}
			if path, name := p.selected(f, spec.Type); path == "embed" && name == "FS" {
				vars = append(vars, spec)
			}
		}
	}
	// With several variables, it is unknown which files belong to which.
	if len(vars) != 1 || ast.IsExported(vars[0].Names[0].Name) {
		return
	}
	named, constant := p.namesRead(vars[0])
	if !constant {
		return
	}
	var unread []string
	var bytes int64
	for _, file := range p.of.Embeds {
		name := p.program.FileName(p.of, file)
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
	p.add(vars[0].Pos(), Advice{
		Diagnostic: analyzer.Diagnostic{
			Message: fmt.Sprintf("%s embeds %d bytes that no ReadFile or Open names: %s", vars[0].Names[0].Name, bytes, files(unread)),
			Hint:    "in the go:embed line, list only the files that are read",
		},
		Source: "https://pkg.go.dev/embed", BehaviourChanges: "those files are no longer in the program", Kept: bytes,
	})
}

// namesRead lists the names that an embed.FS is read by. constant is false if the
// variable is used in a way that may read other files.
func (p *sourcePackage) namesRead(v *ast.ValueSpec) (named []string, constant bool) {
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
