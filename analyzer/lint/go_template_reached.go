package lint

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
)

// templateReached finds code that executes templates, which call methods by name.
func (p *program) templateReached() {
	for _, l := range p.lookups {
		if !executesTemplates(l) {
			continue
		}
		pkg := templateUser(l.Steps)
		a := Advice{
			Diagnostic: analyzer.Diagnostic{
				Position: l.Position,
				Message:  "text/template is reached through " + pkg + ", so the linker keeps every exported method of every type in use",
				Hint:     "replace the templates of " + pkg + " with code, or remove the code that leads to them",
			},
			Chain: l.Steps, Source: deadcodeSource,
			BehaviourChanges: "templates must be rewritten as code or compiled with a template compiler",
		}
		if n := p.Package(pkg); n != nil {
			for _, template := range []string{"html/template", "text/template"} {
				if at := p.ImportPlace(n, template); at.Line > 0 {
					a.Position = at
				}
			}
		}
		p.add(a)
	}
}

func executesTemplates(l gobin.Lookup) bool { return l.Package == "text/template" }

// templateUser returns the last package in the chain that is not a template package.
func templateUser(steps []gobin.Step) string {
	for _, s := range slices.Backward(steps) {
		switch pkg := gobin.PackageOf(s.Name); pkg {
		case "", "text/template", "html/template", "text/template/parse", "reflect", "runtime":
		default:
			return pkg
		}
	}
	return "the standard library"
}
