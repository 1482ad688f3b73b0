package lint

import (
	"fmt"

	"github.com/featherpack/featherpack/analyzer"
)

// scheduledWarmer finds functions that are invoked only to keep an environment warm. Package
// advise says what that costs, and what it saves now.
func (s *settings) scheduledWarmer() {
	for _, w := range s.Deployment.Warmers {
		kept := "1 environment"
		if w.Concurrency > 1 {
			kept = fmt.Sprintf("%d environments", w.Concurrency)
		}
		often := "at intervals"
		if w.Minutes > 0 {
			often = fmt.Sprintf("every %d minutes", w.Minutes)
		}
		s.add(Advice{
			Diagnostic: analyzer.Diagnostic{
				Position: w.Position,
				Message:  fmt.Sprintf("%s invokes the function %s to keep %s warm; requests beyond that still start cold", w.What, often, kept),
				Hint:     "look whether a cold start of today's package is still worth it; provisioned concurrency keeps a number of environments ready for certain",
			},
			Source:           "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html",
			BehaviourChanges: "without it, the first request after a quiet time starts cold",
		})
	}
}
