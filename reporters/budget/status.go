package budget

import (
	"github.com/featherpack/featherpack/reporters"
)

// Status is the exit status that the verdicts call for: 1 when one fails,
// 2 when a budget of level error could not be judged, the higher of them.
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
