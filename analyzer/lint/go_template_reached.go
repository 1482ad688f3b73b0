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
		if by := p.importerOf(pkg); by != "" { // nobody can change a package of the standard library
			a.Message = "text/template is reached through " + pkg + ", which " + by + " imports, so the linker keeps every exported method of every type in use"
			a.Hint = "leave out the code that leads to " + by + ", or look for a build tag or a version of it without " + pkg
			a.BehaviourChanges = "what needs " + by + " stops working"
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

// importerOf is the last package on the way to one of the standard library that does not belong
// to it, "" for other packages.
func (p *program) importerOf(pkg string) string {
	if n := p.Package(pkg); n == nil || n.Module != "" || n.Own {
		return ""
	}
	for _, step := range slices.Backward(p.Chain(p.main, pkg)) {
		if n := p.Package(step.Name); n != nil && (n.Module != "" || n.Own) {
			return step.Name
		}
	}
	return ""
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
