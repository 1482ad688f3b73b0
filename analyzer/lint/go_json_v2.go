package lint

import (
	"github.com/featherpack/featherpack/analyzer"
)

// jsonV2 finds programs in which encoding/json is built on encoding/json/v2, although the
// project does not use that package itself. Go 1.27 does this by default.
func (p *program) jsonV2() {
	const v1, v2 = "encoding/json", "encoding/json/v2"
	if p.Package(v2) == nil || len(p.Chain(p.main, v2)) == 0 {
		return
	}
	for _, of := range p.Own(p.main) {
		for _, imported := range of.Imports {
			if imported == v2 || imported == "encoding/json/jsontext" {
				return
			}
		}
	}
	chain := p.Chain(p.main, v1)
	var at analyzer.Position
	if len(chain) > 1 {
		at = chain[1].Position
	}
	p.add(Advice{
		Diagnostic: analyzer.Diagnostic{
			Position: at,
			Message:  "encoding/json is built on encoding/json/v2, which makes the program larger",
			Hint:     "set GOEXPERIMENT=nojsonv2 in the environment of the build",
		},
		Chain: chain, Source: "https://go.dev/blog/jsonv2-exp", Change: Change{Experiments: []string{"nojsonv2"}},
		BehaviourChanges: "encoding/json works as in Go 1.26: texts of errors differ, and reading JSON may be slower",
	})
}
