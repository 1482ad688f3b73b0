package coldstart

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/parallel"
	"github.com/featherpack/featherpack/reporters"
)

// Terms are the inputs of a projection other than the artifacts.
type Terms struct {
	Constants Coefficients
	// Own is set if the user provided constants.
	Own bool
	// Measured holds paired loads of a function's baseline and head, by ID.
	Measured map[string]*Load
	// Unpaired holds the reason why a load could not be measured, by ID.
	Unpaired map[string]string
	Prices   Prices
	// Usage returns how a function is used. No price is given if it is nil or
	// returns no invocations.
	Usage func(reporters.Function) Usage
	// Recommended is what AWS Compute Optimizer recommends, of which [RecommendationFor] finds
	// a function's.
	Recommended []Recommendation
}

// Fill sets the [reporters.ColdStart] of every built function: what its artifact
// adds to the start of an empty function and the change since the baseline. Without
// a baseline report the change is from the unbundled function; if a baseline was
// requested but not found, there is no change.
func Fill(base *reporters.Report, head reporters.Report, t Terms) reporters.Report {
	compared := map[string]Compared{}
	if base != nil || head.Delta == nil {
		for _, c := range ForReport(base, head, t.Measured) {
			compared[c.ID] = c
		}
	}
	return t.fill(head, func(f reporters.Function) (Input, string) {
		if c, ok := compared[f.ID]; ok {
			return c.Input, c.Before
		}
		in := inputOf(f)
		in.After = SideOf(f, head.Inputs)
		return in, ""
	})
}

// Refill projects a saved report again with other terms. It uses the projection
// inputs and the measured loads that the report holds. For a function without them
// it projects only what the artifact adds.
func Refill(saved reporters.Report, t Terms) reporters.Report {
	return t.fill(saved, func(f reporters.Function) (Input, string) {
		in := inputOf(f)
		was := f.ColdStart
		if was == nil {
			in.After = SideOf(f, saved.Inputs)
			return in, ""
		}
		in.After = Side(was.Given.After)
		if was.Given.Before == nil {
			return in, ""
		}
		in.Before = Side(*was.Given.Before)
		if was.Change != nil && was.Change.Local != nil {
			in.Measured = &Load{was.Change.Local.Before, was.Change.Local.After}
		}
		return in, was.Against
	})
}

func (t Terms) fill(r reporters.Report, given func(reporters.Function) (in Input, against string)) reporters.Report {
	r.Functions = slices.Clone(r.Functions)
	parallel.Each(len(r.Functions), func(i int) {
		f := r.Functions[i]
		r.Functions[i].ColdStart = nil
		if f.Artifact != nil {
			in, against := given(f)
			r.Functions[i].ColdStart = t.start(f, in, against)
		}
	})
	r.ColdStart = nil
	if slices.ContainsFunc(r.Functions, func(f reporters.Function) bool { return f.ColdStart != nil }) {
		r.ColdStart = &reporters.StartModel{Constants: t.Constants.Date, Own: t.Own, Notes: []string{notBilled}}
	}
	return r
}

// start projects one function's cold start.
func (t Terms) start(f reporters.Function, in Input, against string) *reporters.ColdStart {
	s := &reporters.ColdStart{Given: reporters.StartGiven{After: reporters.StartSide(in.After)}}
	if s.Measured = MeasuredLoad(f); s.Measured != nil {
		in.LoadedAfter = s.Measured.Millis
		in.LoadedBefore = sourceLoad(f, against)
	}
	adds := t.Constants.Adds(in)
	if adds.Refused != "" {
		s.Refused, s.Measured = adds.Refused, nil
		return s
	}
	s.Head = startOf(adds)
	if s.Measured != nil {
		s.Measured.Scale = adds.Label
	}
	if empty, ok := t.Constants.HelloOf(in.Runtime, in.Architecture); ok {
		m := millis(empty)
		s.Empty = &m
	}
	if against == "" {
		in.Before = in.After
		s.Notes = t.Constants.absoluteNotes(in)
		return s
	}
	s.Against = against
	before := reporters.StartSide(in.Before)
	s.Given.Before = &before
	was := in
	was.After, was.LoadedAfter = in.Before, in.LoadedBefore
	if p := t.Constants.Adds(was); p.Refused == "" {
		s.Base = startOf(p)
	}
	p := t.Constants.Project(in)
	if p.Refused != "" {
		s.ChangeRefused = p.Refused
		s.Notes = t.Constants.absoluteNotes(in)
		if why := t.Unpaired[f.ID]; why != "" {
			s.Notes = append(s.Notes, "the load was not measured: "+why)
		}
		return s
	}
	s.Change = changeOf(in, p)
	s.Notes = slices.DeleteFunc(p.Notes, func(note string) bool { return note == notBilled })
	if in.Before.MapBytes == in.After.MapBytes { // otherwise the note about the change covers it
		s.Notes = append(s.Notes, t.Constants.mapsRead(in)...)
	}
	if why := t.Unpaired[f.ID]; why != "" {
		s.Notes = append(s.Notes, "the load was not measured and is projected: "+why)
	}
	if s.Measured != nil && !p.LoadMeasured && against == reporters.AgainstUnbundled {
		s.Notes = append(s.Notes, fmt.Sprintf("the source was not measured, so the change is projected; --runs %d or more measures both", FewestPairs))
	}
	s.Money = t.money(f, p)
	return s
}

// MeasuredLoad is the load that was measured of a started artifact, nil if there is none.
func MeasuredLoad(f reporters.Function) *reporters.MeasuredLoad {
	b := f.Boot
	if b == nil {
		return nil
	}
	samples := b.HandlerMillis
	if f.Family == analyzer.Go {
		samples = b.LoadMillis
	}
	middle := reporters.Median(samples)
	if !(middle > 0 && middle < 1e7) {
		return nil
	}
	return &reporters.MeasuredLoad{What: measuredAs(string(f.Family)), Millis: middle, Runs: len(samples), Node: b.Node, StoodIn: b.StoodIn,
		MemoryMB: cmp.Or(f.MemoryMB, defaultMemoryMB)}
}

// sourceLoad is the load that was measured of the source tree, 0 if it was not.
func sourceLoad(f reporters.Function, against string) float64 {
	if against != reporters.AgainstUnbundled || f.Family != analyzer.Node {
		return 0
	}
	return reporters.Median(f.Boot.SourceMillis)
}

// absoluteNotes returns the notes about the artifact itself, independent of the
// comparison.
func (c Coefficients) absoluteNotes(in Input) []string {
	in.Before = in.After
	notes := c.notes(in, Projection{LoadMeasured: in.LoadedAfter > 0})[1:] // without notBilled, which the report states once
	return append(notes, c.mapsRead(in)...)
}

func (c Coefficients) mapsRead(in Input) []string {
	n := float64(in.After.MapBytes) / megabyte
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("--enable-source-maps reads %.1f MB of source maps at start: a projected %s ms of the load", n, exactly(n).times(c.Node.PerMapMB.Range))}
}

func (t Terms) money(f reporters.Function, p Projection) *reporters.Money {
	if t.Usage == nil {
		return nil
	}
	usage := t.Usage(f)
	if usage.Invocations == 0 {
		return nil
	}
	bill := Money(p, usage, t.Prices)
	cost := bill.PerMonth.negated()
	return &reporters.Money{Refused: bill.Refused, Low: cost.Low, Central: cost.Central, High: cost.High, Currency: bill.Currency, Line: bill.Line}
}

func startOf(p Projection) *reporters.Start {
	return &reporters.Start{Download: millis(p.Download), Extract: millis(p.Extract), Load: millis(p.Load), Total: millis(p.Total), AtLeast: p.AtLeast}
}

// changeOf turns a saving into a change: head minus base.
func changeOf(in Input, p Projection) *reporters.StartChange {
	cost := p
	cost.Download, cost.Extract, cost.Load, cost.Total = p.Download.negated(), p.Extract.negated(), p.Load.negated(), p.Total.negated()
	c := &reporters.StartChange{Start: *startOf(cost), LoadSource: reporters.LoadProjected, NoChange: p.NoChange, Label: p.Label}
	if p.Local != nil {
		c.LoadSource = reporters.LoadMeasured
		c.Local = &reporters.LocalLoad{What: measuredAs(in.Family), Before: in.Measured.Before, After: in.Measured.After, Change: millis(p.Local.Saving.negated())}
	}
	return c
}

// millis rounds to a hundredth of a ms. More digits carry no meaning, and the last
// ones differ between processors.
func millis(r Range) reporters.Millis {
	round := func(v float64) float64 {
		if v = math.Round(v*100) / 100; v == 0 {
			v = 0 // not -0
		}
		return v
	}
	return reporters.Millis{Low: round(r.Low), Central: round(r.Central), High: round(r.High)}
}
