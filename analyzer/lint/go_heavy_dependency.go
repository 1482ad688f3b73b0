package lint

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
)

// A dependency is heavy for its use if the project's imports of it keep at least
// heavyShare of the program, and the project uses at most fewNames of its names.
const (
	heavyShare = 0.03
	fewNames   = 3
)

// heavyDependency finds packages that the project uses little of but that account
// for much of the program.
func (p *program) heavyDependency() {
	if p.attribution == nil {
		return
	}
	sizes := map[string]int64{}
	for _, r := range p.attribution.Rows {
		sizes[r.Package] += r.Bytes
	}
	own := p.Own(p.main)
	for path, u := range p.uses(own) {
		if len(u.names) == 0 || len(u.names) > fewNames {
			continue
		}
		alone := int64(0)
		for _, pkg := range p.onlyThrough(own, path) {
			alone += sizes[pkg]
		}
		share := float64(alone) / float64(p.attribution.Size)
		if share < heavyShare {
			continue
		}
		names := strings.Join(slices.Sorted(maps.Keys(u.names)), ", ")
		p.add(Advice{
			Diagnostic: analyzer.Diagnostic{
				Position: u.at,
				Message:  fmt.Sprintf("%s and the packages only it needs make up %.1f%% of the program, but the project uses only %s from it", path, 100*share, names),
				Hint:     "look for a smaller replacement for " + names,
			},
			Package: path, Kept: alone, Source: bestPractices, BehaviourChanges: "the replacement may behave differently",
		})
	}
}

// use holds the names of a dependency that the project's files use, and the
// position of the first import.
type use struct {
	names map[string]bool
	at    analyzer.Position
}

// uses returns the dependencies that the project's own packages import, by path.
func (p *program) uses(own []*gobin.Package) map[string]*use {
	uses := map[string]*use{}
	for _, n := range own {
		for _, file := range n.Files {
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
			if err != nil {
				continue
			}
			names := p.importNames(f)
			for _, spec := range f.Imports {
				path, _ := strconv.Unquote(spec.Path.Value)
				dep := p.Package(path)
				if dep == nil || dep.Module == "" || dep.Own || path == "github.com/aws/aws-lambda-go/lambda" {
					continue
				}
				if uses[path] == nil {
					at := fset.Position(spec.Pos())
					uses[path] = &use{names: map[string]bool{}, at: p.Place(n, file, at.Line, at.Column)}
				}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if id, ok := s.X.(*ast.Ident); ok {
						if u := uses[names[id.Name]]; u != nil {
							u.names[s.Sel.Name] = true
						}
					}
				}
				return true
			})
		}
	}
	return uses
}

// onlyThrough lists the packages that the program would not contain if the
// project's own packages did not import pkg.
func (p *program) onlyThrough(own []*gobin.Package, pkg string) []string {
	seen := map[string]bool{p.main: true}
	queue := []string{p.main}
	for len(queue) > 0 {
		at := p.Package(queue[0])
		queue = queue[1:]
		for _, to := range at.Imports {
			if to == pkg && slices.Contains(own, at) || seen[to] || p.Package(to) == nil {
				continue
			}
			seen[to] = true
			queue = append(queue, to)
		}
	}
	var out []string
	for _, n := range p.Reached(p.main) {
		if !seen[n.Path] {
			out = append(out, n.Path)
		}
	}
	return out
}
