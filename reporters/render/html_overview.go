package render

import (
	"cmp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// overview is what the page shows of all functions. Names are short, and lists
// are columns, because a report may have thousands of functions.
type overview struct {
	Tool     string `json:"tool"`
	Headline string `json:"headline"`
	// State is good, warn or bad.
	State   string `json:"state"`
	Against string `json:"against,omitempty"`
	// Compared says that there is a baseline to show.
	Compared  bool             `json:"compared"`
	Warnings  []string         `json:"warnings"`
	Totals    reporters.Totals `json:"totals"`
	Zip       reporters.Change `json:"zip"`
	Unzipped  reporters.Change `json:"unzipped"`
	Redeploy  int              `json:"redeploy"`
	MaxZip    int64            `json:"maxZip"`
	MaxAll    int64            `json:"maxUnzipped"`
	Functions []functionRow    `json:"functions"`
	Causes    []causeRow       `json:"causes"`
	Findings  []findingRow     `json:"findings"`
	Repeats   []repeatRow      `json:"repeats"`
	Skipped   []skippedRow     `json:"skipped"`
	Inputs    inputColumns     `json:"inputs"`
	First     int              `json:"first"`
	Settings  []namedSetting   `json:"settings"`
}

// functionRow is one line of the table of all functions.
type functionRow struct {
	ID       string `json:"id"`
	Service  string `json:"service,omitempty"`
	Runtime  string `json:"runtime"`
	Arch     string `json:"arch"`
	Memory   int    `json:"memory,omitempty"`
	Entry    string `json:"entry,omitempty"`
	At       string `json:"at,omitempty"`
	Status   string `json:"status"`
	Zip      int64  `json:"zip"`
	Unzipped int64  `json:"unzipped"`
	Files    int    `json:"files"`
	// Layers says that layers of unknown size count towards the limit too.
	Layers bool `json:"layers,omitempty"`
	// Load is the measured median in microseconds.
	Load    *int64    `json:"load,omitempty"`
	Start   *startRow `json:"start,omitempty"`
	Budget  string    `json:"budget,omitempty"`
	Outcome string    `json:"outcome,omitempty"`
	Delta   *deltaRow `json:"delta,omitempty"`
}

// deltaRow is the comparison of one function.
type deltaRow struct {
	Status   string           `json:"status"`
	From     string           `json:"from,omitempty"`
	Zip      reporters.Change `json:"zip"`
	Unzipped reporters.Change `json:"unzipped"`
	// Quiet says that nothing changed to speak of.
	Quiet   bool     `json:"quiet,omitempty"`
	Compare bool     `json:"compare,omitempty"`
	Differs []string `json:"differs,omitempty"`
}

type causeRow struct {
	Kind      string     `json:"kind"`
	Name      string     `json:"name"`
	Unzipped  int64      `json:"unzipped"`
	Zipped    int64      `json:"zipped"`
	Most      int64      `json:"most"`
	Functions []int      `json:"functions"`
	At        string     `json:"at,omitempty"`
	With      []string   `json:"with,omitempty"`
	Chain     []chainRow `json:"chain,omitempty"`
}

type chainRow struct {
	Name      string `json:"name"`
	Path      string `json:"path"`
	Specifier string `json:"specifier,omitempty"`
	At        string `json:"at,omitempty"`
}

type findingRow struct {
	Severity  string `json:"severity"`
	Code      string `json:"code"`
	Message   string `json:"message"`
	Hint      string `json:"hint,omitempty"`
	At        string `json:"at,omitempty"`
	Functions []int  `json:"functions,omitempty"`
}

type repeatRow struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
	// New says that the baseline did not have it as often.
	New       bool      `json:"new,omitempty"`
	Functions []int     `json:"functions"`
	Copies    []copyRow `json:"copies"`
}

type copyRow struct {
	Version string   `json:"version"`
	Path    string   `json:"path"`
	Bytes   int64    `json:"bytes"`
	AskedBy []string `json:"askedBy,omitempty"`
}

type skippedRow struct {
	Name   string `json:"name"`
	At     string `json:"at,omitempty"`
	Reason string `json:"reason"`
}

type namedSetting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// places say where functions and inputs stand in the page's lists, and what
// became of a function.
type places struct {
	functions map[string]int
	inputs    map[string]int
	deltas    map[string]reporters.FunctionDelta
}

func placesOf(r reporters.Report) places {
	p := places{map[string]int{}, map[string]int{}, map[string]reporters.FunctionDelta{}}
	for i, f := range r.Functions {
		p.functions[f.ID] = i
	}
	if r.Delta != nil { // they stand behind those that are there
		for _, d := range r.Delta.Functions {
			p.deltas[d.ID] = d
			if d.Status == reporters.StatusRemoved {
				p.functions[d.ID] = len(p.functions)
			}
		}
		for i, in := range r.Inputs {
			p.inputs[in.Path] = i
		}
	}
	return p
}

func (p places) of(ids []string) []int {
	list := []int{}
	for _, id := range ids {
		if i, ok := p.functions[id]; ok {
			list = append(list, i)
		}
	}
	return list
}

func newOverview(r reporters.Report, at places) overview {
	o := overview{
		Tool: clean(strings.TrimSpace(r.Tool.Name + " " + r.Tool.Version)), Headline: clean(headline(r)), State: stateOf(r),
		Totals: r.Totals, MaxZip: reporters.MaxZip, MaxAll: reporters.MaxUnzipped, Inputs: columnsOfInputs(r.Inputs),
		Warnings: []string{}, Causes: []causeRow{}, Findings: []findingRow{}, Skipped: []skippedRow{}, Settings: []namedSetting{},
	}
	if d := r.Delta; d != nil {
		o.Against, o.Compared = clean(against(d)), d.Baseline.Missing == ""
		o.Zip, o.Unzipped, o.Redeploy = d.Zip, d.Unzipped, len(d.Redeploy)
		if len(d.Baseline.Differs) > 0 {
			o.Warnings = append(o.Warnings, clean("the baseline was built otherwise: "+strings.Join(d.Baseline.Differs, "; ")))
		}
		for _, c := range notable(d.Causes) {
			o.Causes = append(o.Causes, newCauseRow(c, at))
		}
	}
	for _, p := range problems(r) {
		if p.code == "growth" { // the causes say it
			continue
		}
		o.Findings = append(o.Findings, findingRow{
			Severity: string(p.severity), Code: clean(p.code), Message: clean(p.message), Hint: clean(p.hint),
			At: clean(p.Position.String()), Functions: at.of(p.functions),
		})
	}
	o.Functions, o.First = functionRows(r)
	o.Repeats = repeatRows(r, at)
	for _, s := range r.Skipped {
		o.Skipped = append(o.Skipped, skippedRow{clean(cmp.Or(s.Name, s.File)), clean(s.Position.String()), clean(s.Reason)})
	}
	for _, s := range r.Settings {
		o.Settings = append(o.Settings, namedSetting{clean(s.Name), clean(s.Value)})
	}
	return o
}

// stateOf is what the page's mark says: the worst that was found.
func stateOf(r reporters.Report) string {
	state := "good"
	if r.Totals.Failed > 0 {
		return "bad"
	}
	for _, v := range r.Verdicts {
		switch v.Outcome {
		case reporters.OutcomeFail:
			return "bad"
		case reporters.OutcomeWarn, reporters.OutcomeUnmeasured:
			state = "warn"
		}
	}
	return state
}

// functionRows lists the report's functions and then the removed ones, and says
// which one a reader should see first.
func functionRows(r reporters.Report) (rows []functionRow, first int) {
	v := newView(r)
	about := map[string]reviewed{}
	for _, f := range slices.Concat(v.rows, v.quiet) {
		about[f.ID] = f
	}
	rows = []functionRow{}
	for _, f := range r.Functions {
		one := about[f.ID]
		row := functionRow{
			ID: clean(f.ID), Service: clean(f.Service), Runtime: clean(f.Runtime), Arch: clean(f.Architecture), Memory: f.MemoryMB,
			Entry: clean(f.Entry), At: clean(f.Position.String()), Status: clean(f.Status), Budget: clean(budgetOf(one)), Outcome: one.mark(),
			Layers: len(f.Layers) > 0,
		}
		if f.Artifact != nil {
			row.Zip, row.Unzipped, row.Files = f.Artifact.ZipBytes, f.Artifact.UnzippedBytes, len(f.Artifact.Entries)
		}
		if micros, ok := reporters.LoadTime(f); ok {
			row.Load = &micros
		}
		row.Start = newStartRow(f, r.Delta != nil && r.Delta.Baseline.Missing == "")
		if r.Delta != nil && one.delta.Status != "" {
			row.Delta = newDeltaRow(one.delta)
		}
		rows = append(rows, row)
	}
	first = firstToShow(r, v)
	if r.Delta != nil {
		for _, d := range r.Delta.Functions {
			if d.Status == reporters.StatusRemoved {
				rows = append(rows, functionRow{ID: clean(d.ID), Status: reporters.StatusRemoved, Delta: newDeltaRow(d)})
			}
		}
	}
	return rows, first
}

func newDeltaRow(d reporters.FunctionDelta) *deltaRow {
	row := &deltaRow{Status: d.Status, From: clean(d.From), Zip: d.Zip, Unzipped: d.Unzipped, Compare: d.Compared()}
	row.Quiet = d.Status == reporters.StatusSame || d.Compared() && d.Negligible()
	for _, differs := range d.Differs {
		row.Differs = append(row.Differs, clean(differs))
	}
	return row
}

// firstToShow is the worst function when something is compared or judged, else
// the largest; never one without an artifact while another has one.
func firstToShow(r reporters.Report, v view) int {
	first, most := 0, int64(-1)
	for i, f := range r.Functions {
		if f.Artifact != nil && f.Artifact.ZipBytes > most {
			first, most = i, f.Artifact.ZipBytes
		}
	}
	if r.Delta == nil && len(r.Verdicts) == 0 || r.Delta != nil && r.Delta.Baseline.Missing != "" {
		return first
	}
	for _, f := range v.rows {
		if f.Artifact != nil {
			return slices.IndexFunc(r.Functions, func(g reporters.Function) bool { return g.ID == f.ID })
		}
	}
	return first
}

func newCauseRow(c reporters.Cause, at places) causeRow {
	row := causeRow{
		Kind: c.Kind, Name: clean(c.Name()), Unzipped: c.Unzipped, Most: c.Most,
		Functions: at.of(c.Functions), At: clean(asked(c)),
	}
	if zippedToo(c) != "" {
		row.Zipped = c.Zipped
	}
	for _, w := range c.With {
		row.With = append(row.With, clean(strings.TrimSpace(w.Name+" "+w.Version)))
	}
	if c.Kind != reporters.KindCode && len(c.Chain) > 1 {
		for _, l := range c.Chain {
			row.Chain = append(row.Chain, chainRow{
				Name: clean(reporters.NameOf(analyzer.Input{Path: l.Path, Package: l.Package, Version: l.Version})), Path: clean(l.Path),
				Specifier: clean(l.Specifier), At: clean(l.Position.String()),
			})
		}
	}
	return row
}

// repeatRows tells the same copies in many functions once, the new ones first.
func repeatRows(r reporters.Report, at places) []repeatRow {
	type one struct{ function, name string }
	fresh := map[one]bool{}
	if r.Delta != nil && r.Delta.Baseline.Missing == "" {
		for _, d := range r.Delta.NewDuplicates {
			fresh[one{d.Function, d.Package}] = true
		}
	}
	known := map[string]int{}
	rows := []repeatRow{}
	for _, d := range r.Duplicates {
		key := d.Package
		copies := slices.SortedFunc(slices.Values(d.Copies), func(a, b reporters.Copy) int { return cmp.Compare(a.Path, b.Path) })
		for _, c := range copies {
			key += "\x00" + c.Path
		}
		i, ok := known[key]
		if !ok {
			i = len(rows)
			known[key] = i
			rows = append(rows, newRepeatRow(d.Package, copies))
		}
		rows[i].Bytes += d.Bytes
		rows[i].New = rows[i].New || fresh[one{d.Function, d.Package}]
		rows[i].Functions = append(rows[i].Functions, at.of([]string{d.Function})...)
	}
	slices.SortStableFunc(rows, func(a, b repeatRow) int {
		if a.New != b.New && a.New {
			return -1
		} else if a.New != b.New {
			return 1
		}
		return cmp.Compare(b.Bytes, a.Bytes)
	})
	return rows
}

func newRepeatRow(name string, copies []reporters.Copy) repeatRow {
	row := repeatRow{Name: clean(name), Functions: []int{}}
	for _, c := range copies {
		one := copyRow{Version: clean(c.Version), Path: clean(c.Path), Bytes: c.Bytes}
		for _, by := range c.AskedBy {
			one.AskedBy = append(one.AskedBy, clean(by))
		}
		row.Copies = append(row.Copies, one)
	}
	return row
}
