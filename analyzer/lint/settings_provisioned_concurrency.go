package lint

import (
	"fmt"

	"github.com/featherpack/featherpack/analyzer"
)

// provisionedConcurrency finds functions that keep environments ready. Package advise says
// what that costs, and what it saves now.
func (s *settings) provisionedConcurrency() {
	if s.Deployment.Ready == 0 || s.MemoryUnknown {
		return
	}
	environments := "1 environment is"
	if n := s.Deployment.Ready; n > 1 {
		environments = fmt.Sprintf("%d environments are", n)
	}
	s.add(Advice{
		Diagnostic: analyzer.Diagnostic{
			Position: s.Deployment.ReadyAt,
			Message:  environments + " kept ready by provisioned concurrency, which is paid for every second, used or not",
			Hint:     "compare its price with the share of starts that would be cold, which the logs show as Init Duration, and with what such a start takes today; keep it where requests cannot wait",
		},
		Source:           "https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html",
		BehaviourChanges: "with fewer environments ready, more requests wait for a cold start",
	})
}
