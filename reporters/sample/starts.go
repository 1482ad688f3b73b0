package sample

import (
	"slices"

	"github.com/featherpack/featherpack/reporters"
)

// WithStarts gives functions every kind of start that there is: measured and
// projected changes, one that cannot be distinguished from 0, two sorts of refusal,
// and artifacts without anything to compare with, one of which was measured. Package coldstart has the
// model; what is here need not come of it.
func WithStarts(r reporters.Report) reporters.Report {
	given := reporters.StartGiven{After: reporters.StartSide{
		ZipBytes: 300_000, ZipLow: 290_000, ZipHigh: 310_000, UnzippedBytes: 900_000, Files: 3, LoadedBytes: 800_000,
		LoadedFiles: 1,
		LazyBytes:   20_000, MapBytes: 400_000, MapsUnread: 100_000, RuntimeSDK: true,
	}}
	before := given.After
	compared := reporters.StartGiven{Before: &before, After: given.After}
	empty := millis(128, 129, 130)
	start := func(central float64) reporters.Start {
		return reporters.Start{
			Download: millis(0, 0, 2), Extract: millis(0, 1, central/10),
			Load: millis(central/2, central, central*2), Total: millis(central/2, central+1, central*2.1+2),
		}
	}
	change := func(low, central, high float64) reporters.Start {
		return reporters.Start{Load: millis(low, central, high), Total: millis(low, central, high)}
	}
	head, base := start(64), start(40)
	head.AtLeast = true
	projected := reporters.StartChange{
		Start: change(11.2, 24, 61.6), LoadSource: reporters.LoadProjected, Label: "load projected; nodejs22.x arm64",
	}
	projected.AtLeast = true
	measured := reporters.StartChange{Start: change(-44, -20, -9), LoadSource: reporters.LoadMeasured,
		Label: "load measured locally (CPU) x2.0, not calibrated; nodejs22.x arm64", Local: &reporters.LocalLoad{
			What: "CPU", Before: []float64{80, 82, 81}, After: []float64{70, 71, 72}, Change: millis(-12, -10, -9),
		}}
	unchanged := reporters.StartChange{
		Start: change(-3, 0, 4), LoadSource: reporters.LoadProjected, NoChange: true,
		Label: "load projected; nodejs22.x arm64",
	}
	kinds := []*reporters.ColdStart{
		{Head: &head, Empty: &empty, Against: reporters.AgainstBaseline, Base: &base, Change: &projected,
			Given: compared,
			Notes: []string{"0.10 MB more wait behind import()"},
			Money: &reporters.Money{
				Low: 0.01, Central: 0.02, High: 0.05, Currency: "USD", Line: "money: USD 0.02 a month more",
			}},
		{Head: &head, Against: reporters.AgainstBaseline, Base: &base, Change: &measured, Given: compared},
		{Head: &head, Against: reporters.AgainstBaseline, Base: &base, Change: &unchanged, Given: compared},
		{Refused: "the function starts from a snapshot (SnapStart)", Given: given},
		{Head: &head, Against: reporters.AgainstBaseline, Base: &base,
			ChangeRefused: "one side loads the runtime's AWS SDK", Given: compared,
			Money: &reporters.Money{Refused: "the cold share is not between 0 and 1", Line: "money: no figure"}},
		{Head: &head, Given: given},
		{Head: &head, Given: given, Measured: &reporters.MeasuredLoad{
			What: "CPU", Millis: 32.4, Runs: 15, Node: "22.23.3", MemoryMB: 512, Scale: "x2.0, not calibrated",
		}},
	}
	r.Functions = slices.Clone(r.Functions)
	n := 0
	for i := range r.Functions {
		if r.Functions[i].Artifact != nil {
			r.Functions[i].ColdStart = kinds[n%len(kinds)]
			n++
		}
	}
	r.ColdStart = &reporters.StartModel{
		Constants: "2026-11-23", Own: true,
		Notes: []string{"download and extract are not billed and not visible in REPORT"},
	}
	return r
}

func millis(low, central, high float64) reporters.Millis {
	return reporters.Millis{Low: low, Central: central, High: high}
}
