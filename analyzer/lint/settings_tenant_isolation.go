package lint

import "github.com/featherpack/featherpack/analyzer"

// tenantIsolation finds functions whose environments serve one tenant each. Package advise says
// what a start takes.
func (s *settings) tenantIsolation() {
	if s.Deployment.TenantsAt.Line == 0 {
		return
	}
	s.add(Advice{
		Diagnostic: analyzer.Diagnostic{
			Position: s.Deployment.TenantsAt,
			Message:  "each tenant has execution environments of its own, so each has its own cold starts, and the first request of each waits for one",
			Hint:     "keep what is loaded at start small: the share of cold starts grows with the number of tenants",
		},
		Source:           "https://docs.aws.amazon.com/lambda/latest/dg/tenant-isolation.html",
		BehaviourChanges: "nothing, if the setting stays",
	})
}
