package runtimes

import (
	"bytes"
	"cmp"

	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
)

// judge compares a start on another runtime with two of the function as it is now.
func (t *trying) judge(o *reporters.OnRuntime, other boot.Result) {
	switch own := t.own; {
	case !ran(own):
		o.Verdict, o.Reason = reporters.RuntimeUnknown, "on its own runtime it "+cmp.Or(own.Reason, "does not run")+shown(own)
	case other.Status == boot.NotRun:
		o.Verdict, o.Reason = reporters.RuntimeUnknown, other.Reason
	case !ran(other):
		o.Verdict, o.Reason = reporters.RuntimeFails, other.Reason+shown(other)
	case other.Status == boot.Loads:
		o.Verdict = reporters.RuntimeLoads
	case bytes.Equal(own.Answer, other.Answer) && failedAs(own) == failedAs(other):
		o.Verdict = reporters.RuntimeSame
	case !bytes.Equal(own.Answer, t.again.Answer):
		o.Verdict = reporters.RuntimeVaries
	default:
		o.Verdict = reporters.RuntimeDiffers
	}
}

func ran(r boot.Result) bool { return r.Status == boot.Loads || r.Status == boot.Answers }

// shown is an error in parentheses, without a value of the function's.
func shown(r boot.Result) string {
	if r.Error == nil {
		return ""
	}
	return " (" + r.Error.Shown() + ")"
}

func failedAs(r boot.Result) string {
	if r.Error == nil {
		return ""
	}
	return r.Error.Type
}

// measured adds the loads to a result: those of the handler for Node, of the program for Go.
func (t *trying) measured(o *reporters.OnRuntime, other boot.Result, samples func(boot.Measured) []float64) {
	own, load := samples(t.own.Measured), samples(other.Measured)
	if ran(t.own) && ran(other) && len(own) > 0 && len(load) > 0 {
		o.OwnMillis, o.LoadMillis, o.Starts = reporters.Median(own), reporters.Median(load), len(load)
	}
}
