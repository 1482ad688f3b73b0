package boot

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/boot/sandbox"
)

// Both artifacts are started in turn. The work that one of them does at init shows
// in every pair.
func TestPairs(t *testing.T) {
	needNode(t)
	subject := func(code string) Subject {
		return Subject{zipOf(t, files{"index.js": code}), nodeFunction("nodejs22.x")}
	}
	light := subject("exports.handler = async () => 1")
	busy := subject("const end = process.cpuUsage().user + 150e3; while (process.cpuUsage().user < " +
		"end);\nexports.handler = async () => 1")

	p := Pairs(t.Context(), light, busy, 3, Options{})
	if strings.Contains(p.Reason, sandbox.ErrContainment.Error()) {
		t.Skip(p.Reason)
	}
	if p.Reason != "" {
		t.Fatal(p.Reason)
	}
	if len(p.Before.LoadMillis) != 3 || len(p.After.LoadMillis) != 3 || len(p.Before.CPUMillis) != 3 ||
		len(p.After.CPUMillis) != 3 {
		t.Fatalf("3 pairs gave %+v", p)
	}
	for i := range p.Before.CPUMillis {
		if by := p.After.CPUMillis[i] - p.Before.CPUMillis[i]; by < 75 {
			t.Errorf("pair %d: 150 ms of work at init cost %.0f ms", i, by)
		}
	}
}

// An artifact that is missing or does not load gives a reason and no measurements.
func TestPairsFailure(t *testing.T) {
	needNode(t)
	f := nodeFunction("nodejs22.x")
	good := Subject{zipOf(t, files{"index.js": "exports.handler = async () => 1"}), f}
	for name, test := range map[string]struct {
		before, after Subject
		reason        string
	}{
		"the head throws": {good, Subject{zipOf(t, files{"index.js": "throw new Error('no')"}), f},
			"the artifact failed while loading"},
		"no baseline's zip": {Subject{"gone.zip", f}, good, "the baseline's artifact "},
		"no handler":        {Subject{zipOf(t, files{"other.js": ""}), f}, good, "the baseline's artifact "},
		"another machine's": {good,
			Subject{good.ZipPath, analyzer.Function{Name: "f", Family: analyzer.Go, Runtime: "provided.al2023",
				Architecture: "arm64"}}, "the artifact "},
	} {
		p := Pairs(t.Context(), test.before, test.after, 3, Options{})
		if strings.Contains(p.Reason, sandbox.ErrContainment.Error()) {
			t.Skip(p.Reason)
		}
		if !strings.HasPrefix(p.Reason, test.reason) || len(p.Before.LoadMillis)+len(p.After.LoadMillis) > 0 {
			t.Errorf("%s: %+v", name, p)
		}
	}
}
