package budget

import (
	"github.com/featherpack/featherpack/reporters"
)

// Status is the exit status for the verdicts: 2 if a budget of level error could not be
// judged, else 1 if a budget failed, else 0.
func Status(r reporters.Report) int {
	status := 0
	for _, v := range r.Verdicts {
		switch {
		case v.Outcome == reporters.OutcomeFail:
			status = max(status, 1)
		case v.Outcome == reporters.OutcomeUnmeasured && v.Level == reporters.LevelError:
			status = 2
		}
	}
	return status
}
