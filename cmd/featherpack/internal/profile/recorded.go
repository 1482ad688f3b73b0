package profile

import (
	"regexp"
	"strconv"
	"strings"
)

// printedTimes is the line that the recorder prints: pairs of a module and its time in
// microseconds.
var printedTimes = regexp.MustCompile(`(?m)featherpack-profile ([0-9a-z: -]*)$`)

// recorded is what the recorder printed of one start, in ms.
type recorded struct {
	modules map[int]float64
	// rest is the time between modules, and of those that are too short to be listed.
	rest float64
	// whole is the time from the recorder's first line to its last. It is more than the others
	// by what the recorder itself took.
	whole float64
}

// readTimes reads what the recorder printed.
func readTimes(logs string) (times recorded, ok bool) {
	m := printedTimes.FindStringSubmatch(logs)
	if m == nil {
		return times, false
	}
	times.modules = map[int]float64{}
	for _, pair := range strings.Fields(m[1]) {
		name, micros, _ := strings.Cut(pair, ":")
		value, err := strconv.ParseInt(micros, 36, 64)
		if err != nil {
			continue
		}
		ms := float64(value) / 1000
		switch name {
		case "rest":
			times.rest += ms
		case "whole":
			times.whole, ok = ms, true
		default:
			if module, err := strconv.ParseInt(name, 36, 32); err == nil {
				times.modules[int(module)] += ms
			}
		}
	}
	return times, ok
}
