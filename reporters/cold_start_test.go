package reporters

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// withStarts gives functions every kind of start that there is: measured and
// projected changes, one that cannot be told from none, two sorts of refusal,
// and an artifact without anything to compare with. Package coldstart has the
// model; what is here need not come of it.
func withStarts(r Report) Report {
	given := StartGiven{After: StartSide{
		ZipBytes: 300_000, ZipLow: 290_000, ZipHigh: 310_000, UnzippedBytes: 900_000, Files: 3, LoadedBytes: 800_000, LoadedFiles: 1,
		LazyBytes: 20_000, MapBytes: 400_000, MapsUnread: 100_000, RuntimeSDK: true,
	}}
	before := given.After
	compared := StartGiven{Before: &before, After: given.After}
	start := func(central float64) Start {
		return Start{
			Download: Millis{0, 0, 2}, Extract: Millis{0, 1, central / 10},
			Load: Millis{central / 2, central, central * 2}, Total: Millis{central / 2, central + 1, central*2.1 + 2},
		}
	}
	change := func(low, central, high float64) Start {
		return Start{Load: Millis{low, central, high}, Total: Millis{low, central, high}}
	}
	head, base := start(64), start(40)
	head.AtLeast = true
	projected := StartChange{Start: change(11.2, 24, 61.6), LoadSource: LoadProjected, Label: "load projected; nodejs22.x arm64"}
	projected.AtLeast = true
	measured := StartChange{Start: change(-44, -20, -9), LoadSource: LoadMeasured, Label: "load measured locally (CPU) x2.0, not calibrated; nodejs22.x arm64", Local: &LocalLoad{
		What: "CPU", Before: []float64{80, 82, 81}, After: []float64{70, 71, 72}, Change: Millis{-12, -10, -9},
	}}
	unchanged := StartChange{Start: change(-3, 0, 4), LoadSource: LoadProjected, NoChange: true, Label: "load projected; nodejs22.x arm64"}
	kinds := []*ColdStart{
		{Head: &head, Empty: &Millis{128, 129, 130}, Against: AgainstBaseline, Base: &base, Change: &projected, Given: compared,
			Notes: []string{"0.10 MB more wait behind import()"}, Money: &Money{Low: 0.01, Central: 0.02, High: 0.05, Currency: "USD", Line: "money: USD 0.02 a month more"}},
		{Head: &head, Against: AgainstBaseline, Base: &base, Change: &measured, Given: compared},
		{Head: &head, Against: AgainstBaseline, Base: &base, Change: &unchanged, Given: compared},
		{Refused: "the function starts from a snapshot (SnapStart)", Given: given},
		{Head: &head, Against: AgainstBaseline, Base: &base, ChangeRefused: "one side loads the runtime's AWS SDK", Given: compared,
			Money: &Money{Refused: "the cold share is not between 0 and 1", Line: "money: no figure"}},
		{Head: &head, Given: given},
	}
	r.Functions = slices.Clone(r.Functions)
	n := 0
	for i := range r.Functions {
		if r.Functions[i].Artifact != nil {
			r.Functions[i].ColdStart = kinds[n%len(kinds)]
			n++
		}
	}
	r.ColdStart = &StartModel{Constants: "2026-11-23", Own: true, Notes: []string{"download and extract are not billed and not visible in REPORT"}}
	return r
}

// TestStartsSayHowTheyAreKnown: nothing measured is called projected, nothing
// projected measured, and what cannot be told is not a zero.
func TestStartsSayHowTheyAreKnown(t *testing.T) {
	r := reviews(t)["cold-start"]
	said := map[string]string{}
	for _, f := range r.Functions {
		if f.ColdStart != nil {
			said[f.ID] = toldStart(f.ColdStart)
		}
	}
	for _, want := range []string{
		"at least +24 ms (11..62) = download 0 + extract 0 + load 24 (11..62); load projected; nodejs22.x arm64",
		"load -12%, measured in 3 pairs (CPU 81.0 ms, now 71.0 ms on this machine); -20 ms (-44..-9) = download 0 + extract 0 + load -20 (-44..-9); load measured locally (CPU) x2.0, not calibrated; nodejs22.x arm64",
		"no measurable change = download 0 + extract 0 + load 0 (-3..4); load projected; nodejs22.x arm64",
		"not projected: the function starts from a snapshot (SnapStart)",
		"not projected: one side loads the runtime's AWS SDK",
		"new, projected: 65 ms (32..136) on top of an empty function = download 0 (0..2) + extract 1 (0..6) + load 64 (32..128)",
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

// TestReadStarts refuses projections that no run of ours writes.
func TestReadStarts(t *testing.T) {
	for name, spoil := range map[string]func(*ColdStart){
		"says nothing":               func(c *ColdStart) { c.Head, c.Refused = nil, "" },
		"is out of range":            func(c *ColdStart) { c.Head.Load.Low = c.Head.Load.High + 1 },
		"cold start is out of range": func(c *ColdStart) { c.Change.Total = Millis{-1e300, 0, 1} },
		"are no pairs":               func(c *ColdStart) { c.Change.Local = &LocalLoad{Before: []float64{1}} },
		"the sizes of its cold":      func(c *ColdStart) { c.Given.After.LoadedBytes = -1 },
		"its cold start is out":      func(c *ColdStart) { c.Money.High = -1 },
	} {
		r := withStarts(shop(t).report())
		for i := range r.Functions {
			if c := r.Functions[i].ColdStart; c != nil && c.Money != nil && c.Change != nil {
				spoil(c)
				break
			}
		}
		if _, err := Read(bytes.NewReader([]byte(encode(t, r)))); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
