package render

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/featherpack/featherpack/reporters"
)

// TextOptions say what the reader's terminal can do. The zero value is a file
// or a pipe: 80 columns of ASCII without colour.
type TextOptions struct {
	// Width is in columns, 0 for 80.
	Width   int
	Color   bool
	Unicode bool
	// Verbose adds each function's waterfall, packages and settings.
	Verbose bool
}

// maxRows bounds the table of functions unless all is asked for.
const maxRows = 100

// Text writes the report for people: what matters most first, and last the one
// thing to do next.
func Text(w io.Writer, r reporters.Report, o TextOptions) error {
	p := &printer{w: bufio.NewWriter(w), TextOptions: o, width: cmp.Or(o.Width, 80)}
	p.width = max(p.width, 20)
	if r.Delta != nil || len(r.Verdicts) > 0 {
		p.review(r)
		return p.w.Flush()
	}
	p.summary(r)
	p.functions(r)
	if o.Verbose {
		for _, f := range bySize(r.Functions) {
			p.details(r, f)
		}
	}
	p.duplicates("HELD MORE THAN ONCE", r.Duplicates)
	p.failed(r)
	p.closing(r, next(r))
	return p.w.Flush()
}

// printer writes lines and remembers nothing but how to.
type printer struct {
	w *bufio.Writer
	TextOptions
	width int
}

func (p *printer) line(text string) {
	p.w.WriteString(strings.TrimRight(text, " "))
	p.w.WriteByte('\n')
}

// style is how a text looks where colour is allowed. What it means is always
// said in words or marks as well.
type style string

const (
	plain style = ""
	bold  style = "1"
	dim   style = "2"
	red   style = "31"
	green style = "32"
	amber style = "33"
)

func (p *printer) paint(s style, text string) string {
	if !p.Color || s == plain || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// mark chooses between a sign and its ASCII form.
func (p *printer) mark(sign, ascii string) string {
	if p.Unicode {
		return sign
	}
	return ascii
}

// wrap writes words within the width; lines after the first are indented.
func (p *printer) wrap(s style, first, indent, text string) {
	line := first
	fresh := true
	for _, word := range strings.Fields(text) {
		if !fresh && columns(line)+1+columns(word) > p.width {
			p.line(p.paint(s, line))
			line, fresh = indent, true
		}
		if !fresh {
			line += " "
		}
		line += word
		fresh = false
	}
	p.line(p.paint(s, line))
}

// summary is the run in one sentence.
func (p *printer) summary(r reporters.Report) {
	built := r.Totals.Functions - r.Totals.Failed
	text := reporters.Plural(built, "function", "functions") + " built"
	if r.Totals.Failed > 0 {
		text = fmt.Sprintf("%s of %s built, %s failed", reporters.Count(built), reporters.Plural(r.Totals.Functions, "function", "functions"), reporters.Count(r.Totals.Failed))
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
	p.wrap(bold, "", "  ", text)
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
		if len(t.rows) == maxRows && !p.Verbose {
			more++
			moreBytes += f.Artifact.ZipBytes
			continue
		}
		saved, how := "", dim
		if f.Unbundled != nil {
			saved = reporters.PercentChange(f.Unbundled.ZipBytes, f.Artifact.ZipBytes)
			if saved != "" {
				how = plain
				if f.Artifact.ZipBytes < f.Unbundled.ZipBytes {
					how = green
				}
				if !f.Unbundled.ZipExact {
					saved += "*"
					projected = true
				}
			}
		}
		of, danger := "", plain
		for _, l := range f.Limits {
			if l.Name == reporters.LimitUnzipped {
				of = reporters.Share(l.Bytes, l.Max)
				if l.LayersUnknown {
					of += "+"
					layers = true
				}
			}
			if l.Bytes > l.Max {
				danger = red
			} else if l.Bytes > l.Max/10*8 && danger == plain {
				danger = amber
			}
		}
		t.rows = append(t.rows, []cell{
			{clean(f.ID), plain}, {clean(f.Runtime), dim}, {clean(f.Architecture), dim},
			{reporters.Size(f.Artifact.ZipBytes), bold}, {reporters.Size(f.Artifact.UnzippedBytes), plain}, {reporters.Count(len(f.Artifact.Entries)), plain},
			{saved, how}, {of, danger}, {addsToStart(f), dim},
		})
	}
	if len(t.rows) == 0 {
		return
	}
	p.line("")
	shown := t.write(p, "")
	if more > 0 {
		p.line(p.paint(dim, fmt.Sprintf("%s more, %s together; --verbose shows them", reporters.Count(more), reporters.Size(moreBytes))))
	}
	p.starts(r)
	if projected && shown[6] {
		p.wrap(dim, "* ", "  ", "projected: the unbundled files were not zipped; --exact-before does")
	}
	if layers && shown[7] {
		p.wrap(dim, "+ ", "  ", "plus its layers, whose size is not known here")
	}
	for _, f := range r.Functions {
		for _, l := range f.Limits {
			if l.Bytes > l.Max/10*8 {
				p.wrap(amber, p.mark("⚠ ", "! "), "  ", fmt.Sprintf("%s: %s of %s (%s of %s)", clean(f.ID), reporters.Share(l.Bytes, l.Max), clean(l.Name), reporters.Size(l.Bytes), reporters.Size(l.Max)))
			}
		}
	}
}

// failed lists the functions that have no artifact, each with the first reason.
func (p *printer) failed(r reporters.Report) {
	if r.Totals.Failed == 0 {
		return
	}
	p.line("")
	p.line(p.paint(bold, "FAILED"))
	for _, f := range r.Functions {
		if f.Artifact != nil {
			continue
		}
		text := clean(f.ID) + ": "
		if d, ok := firstProblem(f); ok {
			if at := d.Position.String(); at != "" {
				text += clean(at) + ": "
			}
			text += clean(d.Message)
		} else {
			text += "no reason is known"
		}
		p.wrap(red, p.mark("✗ ", "x "), "  ", text)
	}
}

// closing is the slowest step and what to do next.
func (p *printer) closing(r reporters.Report, todo string) {
	p.line("")
	if slowest := slices.MaxFunc(append([]reporters.Timing{{}}, r.Timings...), func(a, b reporters.Timing) int { return cmp.Compare(a.Duration, b.Duration) }); slowest.Duration > 0 {
		var all time.Duration
		for _, t := range r.Timings {
			all += t.Duration
		}
		p.wrap(dim, "", "  ", fmt.Sprintf("slowest step: %s, %s of %s", clean(slowest.Stage), seconds(slowest.Duration), seconds(all)))
	}
	p.wrap(bold, "next: ", "      ", todo)
}

func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
