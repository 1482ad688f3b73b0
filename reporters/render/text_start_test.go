package render

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/sample"
)

// TestStartsNameTheirSource: nothing measured is called projected, nothing
// projected measured, and what cannot be told is not a zero.
func TestStartsNameTheirSource(t *testing.T) {
	r := reviews(t)["cold-start"]
	said := map[string]string{}
	for _, f := range r.Functions {
		if f.ColdStart != nil {
			said[f.ID] = startText(f.ColdStart)
		}
	}
	for _, want := range []string{
		"at least +24 ms (11..62) = download 0 + extract 0 + load 24 (11..62); load projected; nodejs22.x arm64",
		"load -12%, measured in 3 pairs (CPU 81.0 ms, now 71.0 ms on this machine); " +
			"-20 ms (-44..-9) = download 0 + extract 0 + load -20 (-44..-9); " +
			"load measured locally (CPU) x2.0, not calibrated; nodejs22.x arm64",
		"no measurable change = download 0 + extract 0 + load 0 (-3..4); load projected; nodejs22.x arm64",
		"not projected: the function starts from a snapshot (SnapStart)",
		"not projected: one side loads the runtime's AWS SDK",
		"new, projected: 65 ms (32..136) on top of an empty function = " +
			"download 0 (0..2) + extract 1 (0..6) + load 64 (32..128)",
		"new, load 32 ms of CPU, measured (Node 22.23.3, 512 MB, median of 15 runs); " +
			"projected for Lambda, load x2.0, not calibrated: 65 ms (32..136) on top of an empty function",
	} {
		found := false
		for _, text := range said {
			found = found || text == want
		}
		if !found {
			t.Errorf("nobody says %q\n%v", want, said)
		}
	}
	text := textOf(t, r, TextOptions{Width: 160})
	if n := strings.Count(text, "not visible in REPORT"); n != 1 {
		t.Errorf("what holds for all is said %d times", n)
	}
}

// TestMeasuredLoadsReplaceProjections looks at the table and its line: what was measured
// says so, with the process, and what was not is projected with a range.
func TestMeasuredLoadsReplaceProjections(t *testing.T) {
	r := sample.Many(3)
	starts := reviews(t)["cold-start"].Functions
	head := starts[0].ColdStart.Head
	for i := range r.Functions {
		r.Functions[i].ColdStart = &reporters.ColdStart{Head: head, Measured: &reporters.MeasuredLoad{
			What: "CPU", Millis: float64(10 + 7*i), Runs: 1 + i, Node: "22.23.3", MemoryMB: 128 << i,
		}}
	}
	all := textOf(t, r, TextOptions{})
	for _, want := range []string{
		"17 ms, measured\n", fmt.Sprintf("functions load in 10 to %d ms of CPU, measured (Node 22.23.3, 128 to %d MB, 1 run each)",
			10+7*(len(r.Functions)-1), 128<<(len(r.Functions)-1)),
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
	if strings.Contains(all, "projected to add") {
		t.Errorf("what was measured is projected:\n%s", all)
	}
	r.Functions[1].ColdStart = &reporters.ColdStart{Head: head}
	r.Functions[0].ColdStart.Measured.StoodIn = true
	some := textOf(t, r, TextOptions{})
	for _, want := range []string{
		">= 32 to 136 ms, projected\n", "1 artifact is projected to add 32 to 136 ms to the start of an empty function",
		"Node 22.23.3 in place of the runtime's",
	} {
		if !strings.Contains(some, want) {
			t.Errorf("%q is missing in\n%s", want, some)
		}
	}
}

// TestMeasuredLoadsAreShownInPercent, and not told where they are noise.
func TestMeasuredLoadsAreShownInPercent(t *testing.T) {
	twenty := func(ms float64) []float64 { return slices.Repeat([]float64{ms}, 20) }
	for want, l := range map[string]reporters.LocalLoad{
		"load -20%, measured in 20 pairs": {
			Before: twenty(160), After: twenty(128), Change: reporters.Millis{Low: -33, Central: -32, High: -31},
		},
		"load +400 ms, measured in 20 pairs": {
			Before: twenty(1), After: twenty(401), Change: reporters.Millis{Low: 399, Central: 400, High: 401},
		},
		"load unchanged within the noise, measured in 20 pairs": {
			Before: twenty(160), After: twenty(160), Change: reporters.Millis{Low: -1, High: 1},
		},
		"load unchanged within the noise, measured in 1 pair": {
			Before: []float64{-1}, After: []float64{1}, Change: reporters.Millis{Low: 1, Central: 2, High: 3},
		},
	} {
		if got := localText(l); !strings.HasPrefix(got, want+" (") {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
