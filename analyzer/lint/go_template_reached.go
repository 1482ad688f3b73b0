package lint

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
)

// templateReached finds what executes templates, which call methods by name.
func (p *program) templateReached() {
	for _, l := range p.lookups {
		if !executesTemplates(l) {
			continue
		}
		pkg := templateUser(l.Steps)
		a := Advice{
			Diagnostic: analyzer.Diagnostic{
				Position: l.Position,
				Message:  "text/template is reached through " + pkg + ", and makes the linker keep every exported method of every type in use",
				Hint:     "replace the templates of " + pkg + " by code, or drop what leads there",
			},
			Chain: l.Steps, Source: deadcodeSource,
			BehaviourChanges: "templates that are executed have to be written as code, or with a template compiler",
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

// templateUser is the last package on the way that is not a template package.
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
