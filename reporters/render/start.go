package render

import (
	"fmt"
	"math"
	"slices"

	"github.com/featherpack/featherpack/reporters"
)

// signedTime is "+12 ms (4..33)", in whole ms, of a change.
func signedTime(m reporters.Millis) string {
	sign := ""
	if math.Round(m.Central) > 0 {
		sign = "+"
	}
	return fmt.Sprintf("%s%s ms (%s..%s)", sign, reporters.WholeMillis(m.Central), reporters.WholeMillis(m.Low), reporters.WholeMillis(m.High))
}

// timeOf is "12 ms (4..33)", of a time that is no change.
func timeOf(m reporters.Millis) string {
	return fmt.Sprintf("%s ms (%s..%s)", reporters.WholeMillis(m.Central), reporters.WholeMillis(m.Low), reporters.WholeMillis(m.High))
}

// spanText is "12 (4..33)", of a time.
func spanText(m reporters.Millis) string {
	if reporters.WholeMillis(m.Low) == reporters.WholeMillis(m.High) {
		return reporters.WholeMillis(m.Central)
	}
	return fmt.Sprintf("%s (%s..%s)", reporters.WholeMillis(m.Central), reporters.WholeMillis(m.Low), reporters.WholeMillis(m.High))
}

func phases(s reporters.Start) string {
	return fmt.Sprintf("download %s + extract %s + load %s", spanText(s.Download), spanText(s.Extract), spanText(s.Load))
}

// changeText is the change in a few words: "+12 ms (4..33)", "no measurable change",
// "at least +64 ms (30..140)".
func changeText(c reporters.StartChange) string {
	switch {
	case c.NoChange:
		return "no measurable change"
	case c.AtLeast:
		return "at least " + signedTime(c.Total)
	}
	return signedTime(c.Total)
}

// localText is what the measured load did on the measuring machine: the first thing
// to say of it.
func localText(l reporters.LocalLoad) string {
	before, after := reporters.Median(times(l.Before)), reporters.Median(times(l.After))
	text := fmt.Sprintf("%s %.1f ms, now %.1f ms on this machine", l.What, before, after)
	pairs := reporters.Plural(len(l.Before), "pair", "pairs")
	if l.Change.Low <= 0 && l.Change.High >= 0 || before <= 0 {
		return fmt.Sprintf("load unchanged within the noise, measured in %s (%s)", pairs, text)
	}
	return fmt.Sprintf("load %+.0f%%, measured in %s (%s)", l.Change.Central/before*100, pairs, text)
}

// times are those of the samples that can be times in ms.
func times(samples []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(samples), func(v float64) bool { return !(v >= 0 && v < 1e9) })
}
