package lint

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
)

const deadcodeSource = "https://github.com/golang/go/blob/master/src/cmd/link/internal/ld/deadcode.go"

// reflectMethod finds functions that look methods up by reflection. Those that a
// rule of their own tells of are left to it.
func (p *program) reflectMethod() {
	for _, l := range p.lookups {
		if servesOldRuntime(l) || executesTemplates(l) {
			continue
		}
		p.add(Advice{
			Diagnostic: analyzer.Diagnostic{
				Position: l.Position,
				Message:  l.Name + " looks methods up by reflection, so the linker keeps every exported method of every type in use",
				Hint:     "drop what leads there, or call the method by a constant name",
			},
			Chain: l.Steps, Source: deadcodeSource, BehaviourChanges: "the feature that looks methods up stops working",
		})
	}
}

func throughPackage(steps []gobin.Step, pkg string) bool {
	return slices.ContainsFunc(steps, func(s gobin.Step) bool { return gobin.PackageOf(s.Name) == pkg })
}
