package lint

import (
	"fmt"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// mostNamed is how many functions a message names.
const mostNamed = 3

// packagedTogether finds functions that the framework packs with all others of their service.
func (s *settings) packagedTogether() {
	others := s.Deployment.Together
	if s.Family != analyzer.Node || len(others) == 0 {
		return
	}
	names := strings.Join(others[:min(mostNamed, len(others))], ", ")
	if n := len(others) - mostNamed; n > 0 {
		names += fmt.Sprintf(" and %d more", n)
	}
	hook := map[string]string{"serverless": "serverless", "sam": "sam", "terraform": "terraform"}[s.Format]
	if hook == "" {
		return
	}
	s.add(Advice{
		Diagnostic: analyzer.Diagnostic{
			Message: "the framework ships it in one package with " + names + ": each holds the code and the packages of all",
			Hint:    "let each function ship what it loads: featherpack hook " + hook + " makes the framework deploy featherpack's zips",
		},
		Config:           s.line(map[string]string{"serverless": "plugins: [./serverless-featherpack.cjs]"}),
		Source:           "https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",
		BehaviourChanges: "files that a function reads by a path that no setting and no code names are left out; featherpack boot runs both",
	})
}
