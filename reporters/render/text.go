package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
)

// TextOptions describe the reader's terminal. The zero value is for a file or a pipe: whole
// lines, all rows of tables, and ASCII without colour.
type TextOptions struct {
	// Width is in columns, 0 for no limit.
	Width   int
	Color   bool
	Unicode bool
	// Verbose adds each function's waterfall, packages and settings.
	Verbose bool
}

// maxRows limits the table of functions on a terminal, unless the user requests all rows.
const maxRows = 100

// Text writes the report for people: the most important first, and the next step last.
func Text(w io.Writer, r reporters.Report, o TextOptions) error {
	p := newPrinter(w, o)
	if r.Delta != nil || len(r.Verdicts) > 0 {
		p.review(r)
		return p.Flush()
	}
	p.summary(r)
	p.functions(r)
	if o.Verbose {
		for _, f := range bySize(r.Functions) {
			p.details(r, f)
		}
	}
	p.booted(r)
	p.duplicates("DUPLICATED PACKAGES", r.Duplicates)
	p.runtimes(r)
	p.advice(r)
	p.failed(r)
	p.closing(r, next(r))
	return p.Flush()
}

// printer writes the parts of the text in order.
type printer struct {
	*columns.Writer
	verbose bool
	allRows bool
}

func newPrinter(w io.Writer, o TextOptions) *printer {
	return &printer{columns.New(w, o.Width, o.Color, o.Unicode), o.Verbose, o.Verbose || o.Width == 0}
}

// summary is the run in one sentence.
func (p *printer) summary(r reporters.Report) {
	built := r.Totals.Functions - r.Totals.Failed
	text := reporters.Plural(built, "function", "functions") + " built"
	if r.Totals.Failed > 0 {
		text = fmt.Sprintf("%s of %s built, %s failed", reporters.Count(built), reporters.Plural(r.Totals.Functions, "function", "functions"), reporters.Count(r.Totals.Failed))
	}
	if n := r.Broken(); n > 0 {
		text += ", " + reporters.Count(n) + " failed the boot check"
	}
	if built > 0 {
		text += ", " + reporters.Size(r.Totals.ZipBytes) + " zipped, " + reporters.Size(r.Totals.UnzippedBytes) + " unzipped"
	}
	if saved, how := savedInAll(r.Functions); saved != "" {
		if smaller, ok := strings.CutPrefix(saved, "-"); ok {
			saved = smaller + " smaller"
		} else {
			saved = saved[1:] + " larger"
		}
		text += ", " + saved + " than unbundled"
		if how != "" {
			text += " (" + how + ")"
		}
	}
	if len(r.Skipped) > 0 {
		text += ", " + reporters.Count(len(r.Skipped)) + " skipped"
	}
	p.Wrap(columns.Bold, "", "  ", text)
}

// savedInAll is the change of all zips whose unbundled zip is known.
func savedInAll(functions []reporters.Function) (change_, how string) {
	var before, after int64
	all, exact := true, true
	for _, f := range functions {
		switch {
		case f.Artifact == nil:
		case f.Unbundled == nil || f.Unbundled.ZipBytes == 0:
			all = false
		default:
			before += f.Unbundled.ZipBytes
			after += f.Artifact.ZipBytes
			exact = exact && f.Unbundled.ZipExact
		}
	}
	if !exact {
		how = "projected"
	}
	if !all {
		how = strings.TrimPrefix(how+", where known", ", ")
	}
	return reporters.PercentChange(before, after), how
}

// bySize is the functions, the largest zip first, failures last.
func bySize(functions []reporters.Function) []reporters.Function {
	functions = slices.Clone(functions)
	bytes := func(f reporters.Function) int64 {
		if f.Artifact == nil {
			return -1
		}
		return f.Artifact.ZipBytes
	}
	slices.SortStableFunc(functions, func(a, b reporters.Function) int {
		return cmp.Or(cmp.Compare(bytes(b), bytes(a)), cmp.Compare(a.ID, b.ID))
	})
	return functions
}

// functions is the table.
func (p *printer) functions(r reporters.Report) {
	t := table{head: []column{
		{title: "FUNCTION"}, {title: "RUNTIME", rank: 5}, {title: "ARCH", rank: 6},
		{title: "ZIP", right: true, rank: 1}, {title: "UNZIPPED", right: true, rank: 3}, {title: "FILES", right: true, rank: 7},
		{title: "VS UNBUNDLED", right: true, rank: 2}, {title: "OF 250 MiB", right: true, rank: 4},
		{title: "COLD START", right: true, rank: 8},
	}}
	projected, layers := false, false
	more, moreBytes := 0, int64(0)
	for _, f := range bySize(r.Functions) {
		if f.Artifact == nil {
			continue
		}
		if len(t.rows) == maxRows && !p.allRows {
			more++
			moreBytes += f.Artifact.ZipBytes
			continue
		}
		saved, how := "", columns.Dim
		if f.Unbundled != nil {
			saved = reporters.PercentChange(f.Unbundled.ZipBytes, f.Artifact.ZipBytes)
			if saved != "" {
				how = columns.Plain
				if f.Artifact.ZipBytes < f.Unbundled.ZipBytes {
					how = columns.Green
				}
				if !f.Unbundled.ZipExact {
					saved += "*"
					projected = true
				}
			}
		}
		of, danger := "", columns.Plain
		for _, l := range f.Limits {
			if l.Name == reporters.LimitUnzipped {
				of = reporters.Share(l.Bytes, l.Max)
				if l.LayersUnknown {
					of += "+"
					layers = true
				}
			}
			if l.Bytes > l.Max {
				danger = columns.Red
			} else if l.Bytes > l.Max/10*8 && danger == columns.Plain {
				danger = columns.Amber
			}
		}
		t.rows = append(t.rows, []cell{
			{columns.Clean(f.ID), columns.Plain}, {columns.Clean(f.Runtime), columns.Dim}, {columns.Clean(f.Architecture), columns.Dim},
			{reporters.Size(f.Artifact.ZipBytes), columns.Bold}, {reporters.Size(f.Artifact.UnzippedBytes), columns.Plain}, {reporters.Count(len(f.Artifact.Entries)), columns.Plain},
			{saved, how}, {of, danger}, {addsToStart(f), columns.Dim},
		})
	}
	if len(t.rows) == 0 {
		return
	}
	p.Line("")
	shown := t.write(p, "")
	if more > 0 {
		p.Line(p.Paint(columns.Dim, fmt.Sprintf("%s more, %s together; --verbose shows them", reporters.Count(more), reporters.Size(moreBytes))))
	}
	p.starts(r)
	if projected && shown[6] {
		p.Wrap(columns.Dim, "* ", "  ", "projected: the unbundled files were not zipped; --exact-before does")
	}
	if layers && shown[7] {
		p.Wrap(columns.Dim, "+ ", "  ", "plus its layers, whose size is unknown")
	}
	for _, f := range r.Functions {
		for _, l := range f.Limits {
			if l.Bytes > l.Max/10*8 {
				p.Wrap(columns.Amber, p.Mark("⚠ ", "! "), "  ", fmt.Sprintf("%s: %s of %s (%s of %s)", columns.Clean(f.ID), reporters.Share(l.Bytes, l.Max), columns.Clean(l.Name), reporters.Size(l.Bytes), reporters.Size(l.Max)))
			}
		}
	}
}

// booted says how many functions run as their source.
func (p *printer) booted(r reporters.Report) {
	if text := reporters.BootSummary(r); text != "" {
		p.Line("")
		p.Wrap(columns.Plain, "", "  ", text)
	}
}

// failed lists the functions that have no artifact, or one that does not run, each
// with the first reason.
func (p *printer) failed(r reporters.Report) {
	if r.Totals.Failed+r.Broken() == 0 {
		return
	}
	p.Line("")
	p.Line(p.Paint(columns.Bold, "FAILED"))
	for _, f := range r.Functions {
		d, failed := f.Failed()
		if !failed {
			continue
		}
		text := columns.Clean(f.ID) + ": "
		if d.Code != "" {
			if at := d.Position.String(); at != "" {
				text += columns.Clean(at) + ": "
			}
			text += columns.Clean(d.Message)
		} else {
			text += "the reason is unknown"
		}
		p.Wrap(columns.Red, p.Mark("✗ ", "x "), "  ", text)
	}
}

// closing is the slowest step and what to do next.
func (p *printer) closing(r reporters.Report, todo string) {
	p.Line("")
	if slowest := slices.MaxFunc(append([]reporters.Timing{{}}, r.Timings...), func(a, b reporters.Timing) int { return cmp.Compare(a.Duration, b.Duration) }); slowest.Duration > 0 {
		var all time.Duration
		for _, t := range r.Timings {
			all += t.Duration
		}
		p.Wrap(columns.Dim, "", "  ", fmt.Sprintf("slowest step: %s, %s of %s", columns.Clean(slowest.Stage), seconds(slowest.Duration), seconds(all)))
	}
	p.Wrap(columns.Bold, "next: ", "      ", todo)
}

func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
