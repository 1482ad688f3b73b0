package render

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// inputColumns are the report's inputs, one element of each column an input.
type inputColumns struct {
	Dirs     []string    `json:"dirs"`
	Dir      []int       `json:"dir"`
	Name     []string    `json:"name"`
	Packages [][2]string `json:"packages"` // name and version; the first is the project's own code
	Package  []int       `json:"package"`
	Formats  []string    `json:"formats"`
	Format   []int       `json:"format"`
	Bytes    []int64     `json:"bytes"`
}

// pool numbers values in the order in which they come.
type pool[T comparable] struct {
	list []T
	at   map[T]int
}

func newPool[T comparable](first ...T) *pool[T] {
	p := &pool[T]{at: map[T]int{}, list: []T{}}
	for _, v := range first {
		p.of(v)
	}
	return p
}

func (p *pool[T]) of(v T) int {
	i, ok := p.at[v]
	if !ok {
		i = len(p.list)
		p.at[v] = i
		p.list = append(p.list, v)
	}
	return i
}

func columnsOfInputs(inputs []analyzer.Input) inputColumns {
	dirs, packages, formats := newPool[string](), newPool([2]string{}), newPool("")
	n := len(inputs)
	c := inputColumns{Dir: make([]int, n), Name: make([]string, n), Package: make([]int, n), Format: make([]int, n), Bytes: make([]int64, n)}
	for i, in := range inputs {
		slash := strings.LastIndexByte(in.Path, '/') + 1
		c.Dir[i], c.Name[i] = dirs.of(clean(in.Path[:slash])), clean(in.Path[slash:])
		c.Package[i] = packages.of([2]string{clean(in.Package), clean(in.Version)})
		c.Format[i], c.Bytes[i] = formats.of(clean(in.Format)), in.Bytes
	}
	c.Dirs, c.Packages, c.Formats = dirs.list, packages.list, formats.list
	return c
}

// importColumns are the edges of the graph. Count says how many each input has;
// How indexes Asks, where 0 stands for what is not worth telling: the ways
// within a package.
type importColumns struct {
	Count []int     `json:"count"`
	To    []int     `json:"to"`
	How   []int     `json:"how"`
	Asks  []askedAs `json:"asks"`
}

type askedAs struct {
	Kind      string `json:"kind,omitempty"`
	Specifier string `json:"specifier,omitempty"`
	Line      int    `json:"line,omitempty"`
}

func newImports(inputs []analyzer.Input) importColumns {
	asks := newPool(askedAs{})
	c := importColumns{Count: make([]int, len(inputs)), To: []int{}, How: []int{}}
	for i, in := range inputs {
		for _, im := range in.Imports {
			if im.To < 0 || im.To >= len(inputs) {
				continue
			}
			to, how := inputs[im.To], 0
			if in.Package == "" || in.Package != to.Package || in.Version != to.Version {
				how = asks.of(askedAs{clean(im.Kind), clean(im.Specifier), im.Line})
			}
			c.Count[i]++
			c.To, c.How = append(c.To, im.To), append(c.How, how)
		}
	}
	c.Asks = asks.list
	return c
}

// details are what the page shows of one function only.
type details struct {
	Entry int `json:"entry"`
	// Input, Unzipped and Zipped are columns; Input holds distances from the
	// one before, because these lists are most of the file.
	Input    []int   `json:"input"`
	Unzipped []int64 `json:"unzipped"`
	Zipped   []int64 `json:"zipped"`
	// Rows are the bytes that no input owns, so that all sum to the artifact.
	Rows      []bytesRow     `json:"rows"`
	Waterfall []stepRow      `json:"waterfall"`
	Unbundled *unbundledRow  `json:"unbundled,omitempty"`
	Kept      []keptRow      `json:"kept,omitempty"`
	Settings  []namedSetting `json:"settings,omitempty"`
	Boot      *bootRow       `json:"boot,omitempty"`
	Cold      *coldRow       `json:"cold,omitempty"`
	// Spans are the times of a start here, each with its range and its source.
	Spans []spanRow `json:"spans,omitempty"`
	Base  *baseRow  `json:"base,omitempty"`
}

type bytesRow struct {
	Name     string `json:"name"`
	Version  string `json:"version,omitempty"`
	Unzipped int64  `json:"unzipped"`
	Zipped   int64  `json:"zipped"`
}

type stepRow struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
}

type unbundledRow struct {
	Files int   `json:"files"`
	Zip   int64 `json:"zip"`
	Exact bool  `json:"exact,omitempty"`
	Low   int64 `json:"low,omitempty"`
	High  int64 `json:"high,omitempty"`
}

type keptRow struct {
	Package string `json:"package"`
	Reason  string `json:"reason"`
	Files   int    `json:"files"`
	Bytes   int64  `json:"bytes"`
}

// bootRow is what a started artifact told.
type bootRow struct {
	Status  string            `json:"status"`
	Reason  string            `json:"reason,omitempty"`
	Node    string            `json:"node,omitempty"`
	StoodIn bool              `json:"stoodIn,omitempty"`
	Memory  int64             `json:"memory,omitempty"`
	Was     *reporters.Change `json:"was,omitempty"`
	Notes   []string          `json:"notes,omitempty"`
}

// spanRow is a time in milliseconds with its range, and where it comes from.
type spanRow struct {
	Name   string  `json:"name"`
	Low    float64 `json:"low"`
	Value  float64 `json:"value"`
	High   float64 `json:"high"`
	Source string  `json:"source"`
}

// baseRow is what of a function is not as it is at the baseline.
type baseRow struct {
	Inputs   []inputChange   `json:"inputs"`
	Packages []packageChange `json:"packages"`
}

// inputChange is an input by its place, or by its path when it is gone.
type inputChange struct {
	Input    int              `json:"input"`
	Path     string           `json:"path,omitempty"`
	Package  string           `json:"package,omitempty"`
	Unzipped reporters.Change `json:"unzipped"`
	Zipped   reporters.Change `json:"zipped"`
}

type packageChange struct {
	Name     string           `json:"name"`
	From     string           `json:"from,omitempty"`
	To       string           `json:"to,omitempty"`
	Kind     string           `json:"kind"`
	Unzipped reporters.Change `json:"unzipped"`
	Zipped   reporters.Change `json:"zipped"`
}

func newDetails(r reporters.Report, f reporters.Function, at places) details {
	d := details{Entry: f.EntryInput, Input: []int{}, Unzipped: []int64{}, Zipped: []int64{}, Waterfall: []stepRow{}}
	last := 0
	for _, in := range f.Inputs {
		if in.Input < 0 || in.Input >= len(r.Inputs) {
			continue
		}
		d.Input = append(d.Input, in.Input-last)
		d.Unzipped, d.Zipped = append(d.Unzipped, in.Unzipped), append(d.Zipped, in.Zipped)
		last = in.Input
	}
	d.Rows = rowsOf(r, f)
	for _, s := range f.Waterfall {
		d.Waterfall = append(d.Waterfall, stepRow{clean(s.Name), s.Bytes})
	}
	if u := f.Unbundled; u != nil {
		d.Unbundled = &unbundledRow{u.Files, u.ZipBytes, u.ZipExact, u.ZipLow, u.ZipHigh}
	}
	for _, k := range f.Kept {
		d.Kept = append(d.Kept, keptRow{clean(k.Package), clean(k.Reason), k.Files, k.Bytes})
	}
	for _, s := range f.Settings {
		d.Settings = append(d.Settings, namedSetting{clean(s.Name), clean(s.Value)})
	}
	d.Boot, d.Spans, d.Cold = newBootRow(f), spansOf(f), newColdRow(r, f)
	if fd, ok := at.deltas[f.ID]; ok && fd.Compared() {
		d.Base = newBaseRow(fd, at)
		if d.Boot != nil {
			d.Boot.Was = fd.Load
		}
	}
	return d
}

// rowsOf is what is left of the packages' bytes, and of the artifact's, once
// the inputs have theirs.
func rowsOf(r reporters.Report, f reporters.Function) []bytesRow {
	type owner struct{ name, version string }
	owned := map[owner]reporters.InputBytes{}
	for _, in := range f.Inputs {
		if in.Input < 0 || in.Input >= len(r.Inputs) {
			continue
		}
		key := owner{r.Inputs[in.Input].Package, r.Inputs[in.Input].Version}
		if key.name == "" {
			key = owner{reporters.RowOwn, ""}
		}
		sum := owned[key]
		sum.Unzipped, sum.Zipped = sum.Unzipped+in.Unzipped, sum.Zipped+in.Zipped
		owned[key] = sum
	}
	rows := []bytesRow{}
	left := bytesRow{Name: "(unattributed)", Unzipped: f.Artifact.UnzippedBytes, Zipped: f.Artifact.ZipBytes}
	for _, p := range f.Packages {
		left.Unzipped, left.Zipped = left.Unzipped-p.Unzipped, left.Zipped-p.Zipped
		has := owned[owner{p.Name, p.Version}]
		row := bytesRow{clean(p.Name), clean(p.Version), max(0, p.Unzipped-has.Unzipped), max(0, p.Zipped-has.Zipped)}
		if row.Unzipped > 0 || row.Zipped > 0 {
			rows = append(rows, row)
		}
	}
	if left.Unzipped, left.Zipped = max(0, left.Unzipped), max(0, left.Zipped); left.Unzipped > 0 || left.Zipped > 0 {
		rows = append(rows, left)
	}
	return rows
}

func newBootRow(f reporters.Function) *bootRow {
	b := f.Boot
	if b == nil {
		return nil
	}
	row := &bootRow{Status: clean(b.Status), Reason: clean(b.Reason), Node: clean(b.Node), StoodIn: b.StoodIn, Memory: b.PeakMemoryBytes}
	if len(b.Uncontained) > 0 {
		row.Notes = append(row.Notes, "not contained: "+clean(strings.Join(b.Uncontained, ", ")))
	}
	if len(b.Placeholders) > 0 {
		row.Notes = append(row.Notes, "placeholders for "+clean(strings.Join(b.Placeholders, ", ")))
	}
	return row
}

// spansOf are the times that were measured of a function's start. What is
// modelled is in [coldRow].
func spansOf(f reporters.Function) []spanRow {
	if f.Boot == nil {
		return nil
	}
	var spans []spanRow
	if span, ok := spanOf("load", f.Boot.LoadMillis); ok {
		spans = append(spans, span)
	}
	if span, ok := spanOf("processor", f.Boot.CPUMillis); ok {
		spans = append(spans, span)
	}
	return spans
}

// spanOf is the median of what was measured, between the least and the most.
func spanOf(name string, samples []float64) (spanRow, bool) {
	sane := slices.DeleteFunc(slices.Clone(samples), func(v float64) bool { return !(v >= 0 && v < 1e9) })
	if len(sane) == 0 {
		return spanRow{}, false
	}
	slices.Sort(sane)
	n := len(sane)
	return spanRow{
		Name: name, Low: sane[0], Value: (sane[(n-1)/2] + sane[n/2]) / 2, High: sane[n-1],
		Source: "measured, " + reporters.Plural(n, "fresh process", "fresh processes"),
	}, true
}

func newBaseRow(d reporters.FunctionDelta, at places) *baseRow {
	b := &baseRow{Inputs: []inputChange{}, Packages: []packageChange{}}
	for _, in := range d.Inputs {
		change := inputChange{Input: -1, Path: clean(in.Path), Package: clean(in.Package), Unzipped: in.Unzipped, Zipped: in.Zipped}
		if i, ok := at.inputs[in.Path]; ok && in.Unzipped.After > 0 {
			change.Input, change.Path, change.Package = i, "", ""
		}
		b.Inputs = append(b.Inputs, change)
	}
	for _, p := range d.Packages {
		b.Packages = append(b.Packages, packageChange{clean(p.Name), clean(p.From), clean(p.To), p.Kind, p.Unzipped, p.Zipped})
	}
	return b
}
