package advise

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer"
)

// Silence removes the advice that featherpack.yaml ignores. With onlySafe it also
// removes advice that changes behaviour. It sorts the rest by savings. An expired
// ignore has no effect and gives a warning.
func (a *Advised) Silence(ignored []analyzer.AdviceIgnore, onlySafe bool) (warnings []analyzer.Diagnostic) {
	today := time.Now().UTC().Format(time.DateOnly)
	kept := []Advice{}
	for _, one := range a.Advice {
		if onlySafe && one.Changes != "" {
			continue
		}
		i := slices.IndexFunc(ignored, func(g analyzer.AdviceIgnore) bool { return matches(g, one) })
		switch {
		case i < 0:
		case ignored[i].Until != "" && ignored[i].Until < today:
			warnings = append(warnings, analyzer.Diagnostic{
				Code: "advice-ignore-expired", Severity: analyzer.Warning, Position: ignored[i].Position, Function: a.Function,
				Message: fmt.Sprintf("%s is no longer ignored: its date %s has passed", ignored[i].Code, ignored[i].Until), Hint: "follow the advice, or give a new date and reason",
			})
		default:
			a.Ignored++
			continue
		}
		kept = append(kept, one)
	}
	saves := func(one Advice) int64 {
		switch {
		case one.Saves != nil:
			return one.Saves.Zipped
		case one.Holds != nil:
			return one.Holds.Zipped / 2 // after a measured saving of the same size
		}
		return 0
	}
	slices.SortStableFunc(kept, func(x, y Advice) int {
		return cmp.Or(cmp.Compare(saves(y), saves(x)), cmp.Compare(x.Code, y.Code), cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line))
	})
	a.Advice = kept
	return warnings
}

func matches(g analyzer.AdviceIgnore, one Advice) bool {
	if g.Code != one.Code {
		return false
	}
	ok, err := doublestar.Match(g.At, one.File)
	return g.At == "" || err == nil && ok
}
