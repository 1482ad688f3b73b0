package lint

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
)

const deadcodeSource = "https://github.com/golang/go/blob/master/src/cmd/link/internal/ld/deadcode.go"

// reflectMethod finds functions that look up methods by reflection. It skips those
// that lambdaNoRPC and templateReached report.
func (p *program) reflectMethod() {
	for _, l := range p.lookups {
		if servesOldRuntime(l) || executesTemplates(l) {
			continue
		}
		p.add(Advice{
			Diagnostic: analyzer.Diagnostic{
				Position: l.Position,
				Message:  l.Name + " looks up methods by reflection, so the linker keeps every exported method of every type in use",
				Hint:     "remove the code that leads to it, or call the method by a constant name",
			},
			Chain: l.Steps, Source: deadcodeSource, BehaviourChanges: "the feature that looks up methods stops working",
		})
	}
}

func throughPackage(steps []gobin.Step, pkg string) bool {
	return slices.ContainsFunc(steps, func(s gobin.Step) bool { return gobin.PackageOf(s.Name) == pkg })
}
