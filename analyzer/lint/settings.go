package lint

import (
	"time"

	"github.com/featherpack/featherpack/analyzer"
)

// Deployed is a function of either family with what its settings are held against.
type Deployed struct {
	analyzer.Function
	// Addons is set if its artifact holds machine code that a library brought, MayWrite if its
	// code may write files.
	Addons, MayWrite bool
	// Today is the day that dates are compared with.
	Today time.Time
}

// AdviseSettings checks the settings of a function.
func AdviseSettings(d Deployed) []Advice {
	s := &settings{Deployed: d}
	for _, r := range Rules() {
		if s.code = r.Code; r.settings != nil && s.deployed() {
			r.settings(s)
		}
	}
	return s.found
}

// settings are a function's settings as the rules check them.
type settings struct {
	Deployed
	code  string // of the rule that runs
	found []Advice
}

// deployed reports whether the manifest is what the function is deployed from. The
// settings of featherpack.yaml may be those of another tool.
func (s *settings) deployed() bool {
	switch s.Format {
	case "serverless", "sam", "cloudformation", "terraform":
		return true
	}
	return false
}

func (s *settings) add(a Advice) {
	if a.Code = s.code; a.Severity == "" {
		a.Severity = analyzer.Note
	}
	if a.File == "" {
		a.Position = s.Position
	}
	s.found = append(s.found, a)
}

// setting is the line of the function's manifest that sets a value, by the key of
// Serverless, CloudFormation and Terraform.
func (s *settings) setting(serverless, cloudformation, terraform, value string) string {
	switch s.Format {
	case "serverless":
		return serverless + ": " + value
	case "terraform":
		return terraform + ` = ` + value
	}
	return cloudformation + ": " + value
}

// line is the line of the function's manifest that makes a change, by format.
func (s *settings) line(byFormat map[string]string) string { return byFormat[s.Format] }
