package gobin

import (
	"cmp"
	"debug/gosym"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

const (
	deadcodeSource = "https://github.com/golang/go/blob/master/src/cmd/link/internal/ld/deadcode.go"
	norpcSource    = "https://github.com/aws/aws-lambda-go/blob/main/README.md"
)

// adviseReflect finds what makes the linker keep every exported method: reachable
// calls of reflect.Value.Method, or of MethodByName with a name that is not
// constant. Package reflect's own methods do so too, but are kept only because of
// these, so they are named only when nothing else is.
func (w *why) adviseReflect(main string) ([]Candidate, error) {
	edges, program, err := w.dump(main)
	if err != nil {
		return nil, err
	}
	var culprits []string
	for symbol, e := range edges {
		if e.reflects && packageOf(symbol) != "reflect" {
			culprits = append(culprits, symbol)
		}
	}
	if len(culprits) == 0 {
		for symbol, e := range edges {
			if e.reflects {
				culprits = append(culprits, symbol)
			}
		}
		slices.Sort(culprits)
		culprits = culprits[:min(len(culprits), 1)]
	}
	lines := functionLines(program)
	var out []Candidate
	for _, symbol := range culprits {
		steps := linkSteps(edges, symbol, main)
		c := Candidate{
			Code:             "reflect-method",
			What:             realName(symbol, main) + " looks methods up by reflection, so the linker keeps every exported method of every type in use",
			Position:         w.functionPlace(lines, symbol),
			Chain:            steps,
			BehaviourChanges: true,
			Says:             "the feature that looks methods up stops working",
			Source:           deadcodeSource,
			Change:           Change{Text: "drop what leads there, or call the method by a constant name"},
		}
		switch {
		case packageOf(symbol) == "net/rpc" && throughPackage(steps, "github.com/aws/aws-lambda-go/lambda"):
			c.Code = "lambda-norpc"
			c.What = "aws-lambda-go serves the go1.x runtime through net/rpc, which makes the linker keep every exported method of every type in use"
			c.BehaviourChanges, c.Says = false, ""
			c.Source = norpcSource
			c.Change = Change{Tags: []string{"lambda.norpc"}, Text: "build with -tags lambda.norpc; functions on provided.al2 and provided.al2023 never use net/rpc"}
		case packageOf(symbol) == "text/template":
			pkg := templateUser(steps)
			c.Code = "template-reached"
			c.What = "text/template is reached through " + pkg + ", and makes the linker keep every exported method of every type in use"
			c.Says = "templates that are executed have to be written as code, or with a template compiler"
			c.Change = Change{Text: "replace the templates of " + pkg + " by code, or drop what leads there"}
			if n := w.graph.packages[pkg]; n != nil {
				for _, template := range []string{"html/template", "text/template"} {
					if at := w.importPlace(n, template); at.Line > 0 {
						c.Position = at
					}
				}
			}
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(len(a.Chain), len(b.Chain)), cmp.Compare(a.What, b.What))
	})
	return out, nil
}

func throughPackage(steps []Step, pkg string) bool {
	return slices.ContainsFunc(steps, func(s Step) bool { return packageOf(s.Name) == pkg })
}

// templateUser is the last package on the way that is not a template package.
func templateUser(steps []Step) string {
	for _, s := range slices.Backward(steps) {
		switch pkg := packageOf(s.Name); pkg {
		case "", "text/template", "html/template", "text/template/parse", "reflect", "runtime":
		default:
			return pkg
		}
	}
	return "the standard library"
}

// functionLines reads the line table of a program linked here.
func functionLines(program []byte) *gosym.Table {
	im, m, err := openProgram(program)
	if err != nil {
		return nil
	}
	pcln, _ := im.section(".gopclntab")
	t, err := gosym.NewTable(nil, gosym.NewLineTable(pcln.data, m.text))
	if err != nil {
		return nil
	}
	return t
}

// functionPlace is where a function begins in the source.
func (w *why) functionPlace(lines *gosym.Table, symbol string) (p analyzer.Position) {
	if lines == nil {
		return p
	}
	f := lines.LookupFunc(symbol)
	if f == nil {
		return p
	}
	name, line, _ := lines.PCToLine(f.Entry)
	if strings.HasPrefix(name, "/") {
		return p
	}
	if n, file := w.fileOf(name); n != nil {
		return w.place(n, file, line, 0)
	}
	return analyzer.Position{File: name, Line: line}
}
