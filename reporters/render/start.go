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
	return fmt.Sprintf("%s%s ms (%s..%s)", sign, wholeMillis(m.Central), wholeMillis(m.Low), wholeMillis(m.High))
}

// timeOf is "12 ms (4..33)", of a time that is no change.
func timeOf(m reporters.Millis) string {
	return fmt.Sprintf("%s ms (%s..%s)", wholeMillis(m.Central), wholeMillis(m.Low), wholeMillis(m.High))
}

// spanText is "12 (4..33)", of a time.
func spanText(m reporters.Millis) string {
	if wholeMillis(m.Low) == wholeMillis(m.High) {
		return wholeMillis(m.Central)
	}
	return fmt.Sprintf("%s (%s..%s)", wholeMillis(m.Central), wholeMillis(m.Low), wholeMillis(m.High))
}

// wholeMillis rounds and never prints "-0".
func wholeMillis(v float64) string {
	if v = math.Round(v); v == 0 {
		v = 0
	}
	return fmt.Sprintf("%.0f", v)
}

func phases(s reporters.Start) string {
	return fmt.Sprintf("download %s + extract %s + load %s", spanText(s.Download), spanText(s.Extract), spanText(s.Load))
}

// saidChange is the change in a few words: "+12 ms (4..33)", "no measurable change",
// "at least +64 ms (30..140)".
func saidChange(c reporters.StartChange) string {
	switch {
	case c.NoChange:
		return "no measurable change"
	case c.AtLeast:
		return "at least " + signedTime(c.Total)
	}
	return signedTime(c.Total)
}

// saidLocal is what the measured load did on the measuring machine: the first thing
// to say of it.
func saidLocal(l reporters.LocalLoad) string {
	before, after := median(l.Before), median(l.After)
	text := fmt.Sprintf("%s %.1f ms, now %.1f ms on this machine", l.What, before, after)
	pairs := reporters.Plural(len(l.Before), "pair", "pairs")
	if l.Change.Low <= 0 && l.Change.High >= 0 || before <= 0 {
		return fmt.Sprintf("load unchanged within the noise, measured in %s (%s)", pairs, text)
	}
	return fmt.Sprintf("load %+.0f%%, measured in %s (%s)", l.Change.Central/before*100, pairs, text)
}

// median is that of the samples that can be times in ms, 0 without any.
func median(samples []float64) float64 {
	times := slices.DeleteFunc(slices.Sorted(slices.Values(samples)), func(v float64) bool { return !(v >= 0 && v < 1e9) })
	n := len(times)
	if n == 0 {
		return 0
	}
	return (times[(n-1)/2] + times[n/2]) / 2
}
