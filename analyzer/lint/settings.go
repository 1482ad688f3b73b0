package lint

import "github.com/featherpack/featherpack/analyzer"

// AdviseSettings checks the settings of a function of either family. addons is set if its
// artifact holds machine code that a library brought.
func AdviseSettings(f analyzer.Function, addons bool) []Advice {
	s := &settings{Function: f, addons: addons}
	for _, r := range Rules() {
		if s.code = r.Code; r.settings != nil && s.deployed() {
			r.settings(s)
		}
	}
	return s.found
}

// settings are a function's settings as the rules check them.
type settings struct {
	analyzer.Function
	addons bool
	code   string // of the rule that runs
	found  []Advice
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
	a.Code, a.Severity, a.Position = s.code, analyzer.Note, s.Position
	s.found = append(s.found, a)
}

// line is the line of the function's manifest that makes a change, by format.
func (s *settings) line(byFormat map[string]string) string { return byFormat[s.Format] }
