package render

import (
	"cmp"
	"encoding/xml"
	"io"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
)

// The parts of JUnit's XML that CI systems agree on.
// Format: github.com/testmoapp/junitxml
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitMessage `xml:"failure"`
		Error   *junitMessage `xml:"error"`
		Skipped *junitMessage `xml:"skipped"`
		Output  string        `xml:"system-out,omitempty"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes a test case for each function's build, for each budget and for each piece of
// advice, which passes and has its text as output. A budget that
// was not measured is an error. An accepted one is skipped, with its reason.
func JUnit(w io.Writer, r reporters.Report) error {
	all := junitSuites{Name: "featherpack"}
	for _, s := range []junitSuite{builds(r), budgets(r), advised(r)} {
		if s.Tests == 0 {
			continue
		}
		all.Suites = append(all.Suites, s)
		all.Tests, all.Failures = all.Tests+s.Tests, all.Failures+s.Failures
		all.Errors, all.Skipped = all.Errors+s.Errors, all.Skipped+s.Skipped
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func builds(r reporters.Report) junitSuite {
	s := junitSuite{Name: "build"}
	for _, f := range r.Functions {
		c := junitCase{Class: "build", Name: columns.Clean(f.ID), File: columns.Clean(f.File), Line: f.Line}
		var said []string
		for _, d := range f.Diagnostics {
			if d.Severity == analyzer.Error || d.Severity == analyzer.Refused {
				said = append(said, columns.Clean(d.Error()))
			}
		}
		if len(said) > 0 {
			c.Failure = &junitMessage{said[0], strings.Join(said, "\n")}
		} else if f.Artifact == nil {
			c.Failure = &junitMessage{Message: "not built"}
		}
		s.add(c)
	}
	return s
}

func budgets(r reporters.Report) junitSuite {
	s := junitSuite{Name: "budgets"}
	for _, v := range r.Verdicts {
		// A group's name stays the same when its members change.
		about := cmp.Or(v.Group, strings.Join(v.Functions, " "), v.Limit, "all functions")
		c := junitCase{Class: "budgets", Name: columns.Shorten(columns.Clean(about+": "+v.Metric+" "+v.Kind), 200), File: columns.Clean(v.File), Line: v.Line}
		said := &junitMessage{columns.Clean(v.Message), columns.Clean(v.Hint)}
		switch v.Outcome {
		case reporters.OutcomeFail:
			c.Failure = said
		case reporters.OutcomeUnmeasured:
			c.Error = said
		case reporters.OutcomeAccepted:
			c.Skipped = &junitMessage{Message: "accepted until " + columns.Clean(v.Until) + ": " + columns.Clean(v.Reason)}
		case reporters.OutcomeWarn:
			c.Output = "warning: " + columns.Clean(v.Message)
		}
		s.add(c)
	}
	return s
}

func advised(r reporters.Report) junitSuite {
	s := junitSuite{Name: "advice"}
	for _, p := range fromAdvice(r) {
		name := columns.Shorten(columns.Clean(p.code+": "+cmp.Or(p.Position.String(), inFunctions(p.functions))), 200)
		s.add(junitCase{Class: "advice", Name: name, File: columns.Clean(p.File), Line: p.Line, Output: p.text()})
	}
	return s
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}
