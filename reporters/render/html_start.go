package render

import (
	"github.com/featherpack/featherpack/reporters"
)

// startRow is a function's start in the table of all functions.
type startRow struct {
	// Value sorts: the change where something is compared, else what is added.
	Value float64 `json:"value"`
	Said  string  `json:"said"`
}

// coldRow is a function's start as the page draws it.
type coldRow struct {
	Refused string `json:"refused,omitempty"`
	// Against is baseline or unbundled, empty where there is nothing to compare.
	Against       string            `json:"against,omitempty"`
	ChangeRefused string            `json:"changeRefused,omitempty"`
	Phases        []phaseRow        `json:"phases,omitempty"`
	AtLeast       bool              `json:"atLeast,omitempty"`
	Empty         *reporters.Millis `json:"empty,omitempty"`
	// Change is of the whole start, Said the same in words, Source how the load
	// is known and Label in more words.
	Change   *reporters.Millis `json:"change,omitempty"`
	NoChange bool              `json:"noChange,omitempty"`
	Said     string            `json:"said,omitempty"`
	Source   string            `json:"source,omitempty"`
	Label    string            `json:"label,omitempty"`
	Local    *localRow         `json:"local,omitempty"`
	Notes    []string          `json:"notes,omitempty"`
	Money    string            `json:"money,omitempty"`
}

type phaseRow struct {
	Name string            `json:"name"`
	Head reporters.Millis  `json:"head"`
	Base *reporters.Millis `json:"base,omitempty"`
}

// localRow is a measured load: medians between the least and the most.
type localRow struct {
	What   string           `json:"what"`
	Said   string           `json:"said"`
	Before reporters.Millis `json:"before"`
	After  reporters.Millis `json:"after"`
}

func newStartRow(f reporters.Function, compared bool) *startRow {
	c := f.ColdStart
	switch {
	case c == nil:
		return nil
	case c.Refused != "" || compared && c.ChangeRefused != "":
		return &startRow{-1e15, "not projected"}
	case compared && c.Against == reporters.AgainstBaseline && c.Change != nil && c.Change.NoChange:
		return &startRow{0, "~"}
	case compared && c.Against == reporters.AgainstBaseline && c.Change != nil:
		return &startRow{c.Change.Total.Central, saidChange(*c.Change) + ", " + c.Change.LoadSource}
	}
	row := &startRow{c.Head.Total.Central, "adds " + timeOf(c.Head.Total)}
	if compared {
		row.Value = 0 // what is new is no change of what was there
	}
	return row
}

func newColdRow(r reporters.Report, f reporters.Function) *coldRow {
	c := f.ColdStart
	if c == nil {
		return nil
	}
	row := &coldRow{Refused: clean(c.Refused), Against: clean(c.Against), ChangeRefused: clean(c.ChangeRefused), Empty: c.Empty}
	for _, note := range c.Notes {
		row.Notes = append(row.Notes, clean(note))
	}
	if c.Money != nil {
		row.Money = clean(c.Money.Line)
	}
	if c.Head == nil {
		return row
	}
	row.AtLeast = c.Head.AtLeast
	phase := func(name string, of func(*reporters.Start) reporters.Millis) {
		p := phaseRow{Name: name, Head: of(c.Head)}
		if c.Base != nil {
			base := of(c.Base)
			p.Base = &base
		}
		row.Phases = append(row.Phases, p)
	}
	phase("download", func(s *reporters.Start) reporters.Millis { return s.Download })
	phase("extract", func(s *reporters.Start) reporters.Millis { return s.Extract })
	phase("load", func(s *reporters.Start) reporters.Millis { return s.Load })
	phase("total", func(s *reporters.Start) reporters.Millis { return s.Total })
	if ch := c.Change; ch != nil {
		row.Change, row.NoChange, row.Said = &ch.Total, ch.NoChange, clean(saidChange(*ch))
		row.Source, row.Label = clean(ch.LoadSource), clean(ch.Label)
		if l := ch.Local; l != nil {
			row.Local = &localRow{clean(l.What), clean(saidLocal(*l)), millisOf(l.Before), millisOf(l.After)}
		}
	}
	if r.ColdStart != nil {
		for _, note := range r.ColdStart.Notes {
			row.Notes = append(row.Notes, clean(note))
		}
	}
	return row
}

// millisOf is the median of samples between the least and the most.
func millisOf(samples []float64) reporters.Millis {
	span, _ := spanOf("", samples)
	return reporters.Millis{Low: span.Low, Central: span.Value, High: span.High}
}
