package lint

import (
	"fmt"
	"strings"
	"time"

	"github.com/featherpack/featherpack/analyzer"
)

// noticeDays is how long before its end a runtime is advised on. AWS gives notice as early.
const noticeDays = 180

// runtimeEnding finds functions whose runtime has ended or ends soon.
func (s *settings) runtimeEnding() {
	end := s.Deployment.End
	if end.Next == "" || end.Deprecated > s.Today.AddDate(0, 0, noticeDays).Format(time.DateOnly) {
		return
	}
	day := s.Today.Format(time.DateOnly)
	severity := analyzer.Note
	var steps []string
	for _, step := range []struct{ date, before, after string }{
		{end.Deprecated, "gets no security updates from %s on", "gets no security updates since %s"},
		{end.NoCreate, "functions of it cannot be created from %s on", "functions of it cannot be created since %s"},
		{end.NoUpdate, "functions of it cannot be updated from %s on", "functions of it cannot be updated since %s"},
	} {
		switch {
		case step.date == "":
		case step.date <= day:
			severity = analyzer.Warning
			steps = append(steps, fmt.Sprintf(step.after, written(step.date)))
		default:
			steps = append(steps, fmt.Sprintf(step.before, written(step.date)))
		}
	}
	change, value := "the program runs on Amazon Linux 2023", end.Next
	if s.Family == analyzer.Node {
		change = "another version of Node runs the code; featherpack check --runtimes " + end.Next + " tries it"
	}
	if s.Format == "terraform" {
		value = `"` + value + `"`
	}
	s.add(Advice{
		Diagnostic: analyzer.Diagnostic{
			Severity: severity, Position: s.Deployment.RuntimeAt,
			Message: s.Runtime + " " + strings.Join(steps, "; "), Hint: "move to " + end.Next,
		},
		Config: s.setting("runtime", "Runtime", "runtime", value), BehaviourChanges: change,
		Source: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
	})
}

// written is a date as a sentence has it.
func written(date string) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return day.Format("2 January 2006")
}
