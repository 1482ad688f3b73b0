package reporters

import (
	"testing"

	"github.com/featherpack/featherpack/packager"
)

func TestBootSummary(t *testing.T) {
	report := func(verdicts ...string) (r Report) {
		for _, v := range verdicts {
			f := Function{Boot: &packager.Boot{Status: "loads"}}
			if v != "" {
				f.Boot.Source = &packager.BootSource{Verdict: v}
			}
			r.Functions = append(r.Functions, f)
		}
		r.Functions = append(r.Functions, Function{})
		return r
	}
	for want, r := range map[string]Report{
		"": report(""), "boot check: 1 runs as its source": report("runs as its source", ""),
		"boot check: 1 does not run as its source, 2 run as their source": report("runs as its source",
			"does not run as its source", "runs as its source"),
		"boot check: 2 are not decided, 1 reports the same error as its source, 1 loads as its source": report(
			"loads as its source", "not decided", "behaves as its source", "not decided"),
	} {
		if got := BootSummary(r); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
