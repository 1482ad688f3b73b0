package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
)

// topPackages is the number of listed packages per function.
const topPackages = 12

// details writes one function: its waterfall, and where its bytes come from.
func (p *printer) details(r reporters.Report, f reporters.Function) {
	if f.Artifact == nil {
		return
	}
	p.Line("")
	title := columns.Clean(f.ID)
	about := strings.Join(slices.DeleteFunc([]string{columns.Clean(f.Runtime), columns.Clean(f.Architecture), columns.Clean(f.Entry)}, func(s string) bool { return s == "" }), ", ")
	if about != "" && columns.Count(title)+2+columns.Count(about) <= p.Width {
		p.Line(p.Paint(columns.Bold, title) + "  " + p.Paint(columns.Dim, about))
	} else {
		p.Line(p.Paint(columns.Bold, columns.Shorten(title, p.Width)))
	}
	p.waterfall(f)
	p.packages(f)
	p.kept(f)
	p.boot(f)
	p.start(f)
	if len(f.Settings) > 0 {
		var list []string
		for _, s := range f.Settings {
			list = append(list, columns.Clean(s.Name)+"="+columns.Clean(s.Value))
		}
		p.Wrap(columns.Dim, "  ", "    ", "settings: "+strings.Join(list, ", "))
	}
}

// waterfall shows only the steps that were measured.
func (p *printer) waterfall(f reporters.Function) {
	t := table{head: []column{{}, {right: true, rank: 1}, {right: true, rank: 2}, {rank: 4}, {rank: 3}}}
	largest := int64(1)
	for _, s := range f.Waterfall {
		largest = max(largest, s.Bytes)
	}
	for i, s := range f.Waterfall {
		row := []cell{{columns.Clean(s.Name), columns.Plain}, {reporters.Size(s.Bytes), columns.Plain}, {}, {}, {}}
		if i > 0 {
			row[2].text = reporters.PercentChange(f.Waterfall[i-1].Bytes, s.Bytes)
		}
		if p.Unicode {
			row[3] = cell{bar(s.Bytes, largest, 20), columns.Dim}
		}
		if u := f.Unbundled; s.Name == "unbundled" && u != nil {
			row[4] = cell{reporters.Plural(u.Files, "file", "files") + ", " + unbundledZip(f), columns.Dim}
		}
		t.rows = append(t.rows, row)
	}
	t.write(p, "  ")
}

// unbundledZip is the size of the naive zip, as exact as it is known.
func unbundledZip(f reporters.Function) string {
	u := f.Unbundled
	switch {
	case u.ZipExact:
		return reporters.Size(u.ZipBytes) + " zipped"
	case u.ZipHigh > 0:
		return fmt.Sprintf("%s to %s zipped, projected", reporters.Size(u.ZipLow), reporters.Size(u.ZipHigh))
	}
	return reporters.Size(u.ZipBytes) + " zipped, projected"
}

// bar is a bar of 0 to width blocks.
func bar(part, whole int64, width int) string {
	n := 0
	if whole > 0 {
		n = int(float64(part)/float64(whole)*float64(width) + 0.5)
	}
	n = max(0, min(n, width))
	if n == 0 && part > 0 {
		return "▏"
	}
	return strings.Repeat("█", n)
}

func (p *printer) packages(f reporters.Function) {
	if len(f.Packages) == 0 {
		return
	}
	t := table{head: []column{{title: "package"}, {title: "zip", right: true, rank: 1}, {title: "unzipped", right: true, rank: 2}, {title: "of zip", right: true, rank: 3}}}
	var more int
	var zipped, unzipped int64
	for i, b := range f.Packages {
		if i >= topPackages && len(f.Packages) > topPackages+1 {
			more++
			zipped, unzipped = zipped+b.Zipped, unzipped+b.Unzipped
			continue
		}
		name := columns.Clean(b.Name)
		if b.Version != "" {
			name += "@" + columns.Clean(b.Version)
		}
		t.rows = append(t.rows, packageRow(name, b.Zipped, b.Unzipped, f))
	}
	if more > 0 {
		t.rows = append(t.rows, packageRow(reporters.Count(more)+" more", zipped, unzipped, f))
	}
	t.write(p, "  ")
}

func packageRow(name string, zipped, unzipped int64, f reporters.Function) []cell {
	return []cell{{name, columns.Plain}, {reporters.Size(zipped), columns.Plain}, {reporters.Size(unzipped), columns.Plain}, {reporters.Share(zipped, f.Artifact.ZipBytes), columns.Dim}}
}

func (p *printer) kept(f reporters.Function) {
	for _, k := range f.Kept {
		p.Wrap(columns.Plain, "  ", "    ", fmt.Sprintf("%s ships as %s, %s: %s", columns.Clean(k.Package), reporters.Plural(k.Files, "file", "files"), reporters.Size(k.Bytes), columns.Clean(k.Reason)))
	}
}

// boot writes the result of starting the artifact.
func (p *printer) boot(f reporters.Function) {
	if f.Boot == nil {
		return
	}
	text := "started from its zip: " + columns.Clean(f.Boot.Status)
	if f.Boot.Reason != "" {
		text += ", " + columns.Clean(f.Boot.Reason)
	}
	if s := f.Boot.Source; s != nil {
		text += ", " + columns.Clean(s.Verdict)
	}
	if micros, ok := reporters.LoadTime(f); ok {
		text += fmt.Sprintf(", loads in %.4g ms (measured, median of %d)", float64(micros)/1000, len(f.Boot.LoadMillis))
	}
	p.Wrap(columns.Plain, "  ", "    ", text)
}

// repeated is one package's duplicates in all functions.
type repeated struct {
	name      string
	versions  []string
	askedBy   []string
	functions int
	bytes     int64
}

// shortened reports whether a list of n items ends before item i, and then writes how many are
// left out.
func (p *printer) shortened(i, n int) bool {
	if p.verbose || i < topPackages || n <= topPackages+1 {
		return false
	}
	p.Line(p.Paint(columns.Dim, "  "+reporters.Count(n-i)+" more; --verbose shows them"))
	return true
}

// duplicates lists each package once, with all functions that contain it.
func (p *printer) duplicates(title string, duplicates []reporters.Duplicate) {
	all := repeatedPackages(duplicates)
	if len(all) == 0 {
		return
	}
	p.Line("")
	p.Line(p.Paint(columns.Bold, title))
	for i, d := range all {
		if p.shortened(i, len(all)) {
			break
		}
		text := fmt.Sprintf("%s %s: %s unzipped in %s", columns.Clean(d.name), columns.Clean(strings.Join(d.versions, " and ")), reporters.Size(d.bytes), reporters.Plural(d.functions, "function", "functions"))
		if len(d.askedBy) > 0 {
			shown := d.askedBy[:min(3, len(d.askedBy))]
			text += ", imported by " + columns.Clean(strings.Join(shown, ", "))
			if n := len(d.askedBy) - len(shown); n > 0 {
				text += " and " + reporters.Count(n) + " more"
			}
		}
		p.Wrap(columns.Plain, "  ", "    ", text)
	}
}

func repeatedPackages(duplicates []reporters.Duplicate) []repeated {
	at := map[string]int{}
	var all []repeated
	for _, d := range duplicates {
		i, ok := at[d.Package]
		if !ok {
			i = len(all)
			at[d.Package] = i
			all = append(all, repeated{name: d.Package})
		}
		all[i].functions++
		all[i].bytes += d.Bytes
		for _, c := range d.Copies {
			all[i].versions = append(all[i].versions, c.Version)
			all[i].askedBy = append(all[i].askedBy, c.AskedBy...)
		}
	}
	for i := range all {
		slices.Sort(all[i].versions)
		slices.Sort(all[i].askedBy)
		all[i].askedBy = slices.Compact(all[i].askedBy)
		all[i].versions = slices.Compact(all[i].versions)
		if len(all[i].versions) == 1 {
			all[i].versions[0] += " (several copies)"
		}
	}
	slices.SortStableFunc(all, func(a, b repeated) int {
		return cmp.Or(cmp.Compare(b.bytes, a.bytes), cmp.Compare(a.name, b.name))
	})
	return all
}

// next is the next step for the user.
func next(r reporters.Report) string {
	functions := bySize(r.Functions)
	for _, f := range r.Functions {
		if d, failed := f.Failed(); failed && f.Artifact == nil && d.Code != "" {
			if d.Code == "write-failed" && d.Hint != "" {
				return columns.Clean(d.Hint) + ", and build again"
			}
			what := "fix " + columns.Clean(f.ID)
			if at := d.Position.String(); at != "" {
				what = "fix " + columns.Clean(at)
			}
			return what + " and build again"
		}
	}
	for _, f := range functions {
		if _, failed := f.Failed(); failed && f.Artifact != nil {
			return "featherpack boot " + columns.Clean(f.ID) + " --verbose"
		}
	}
	for _, f := range functions {
		for _, l := range f.Limits {
			if l.Bytes > l.Max && l.Name == reporters.LimitUnzipped {
				return "featherpack why " + columns.Clean(f.ID) + " " + columns.Clean(reporters.LargestPackage(f))
			}
		}
	}
	if all := repeatedPackages(r.Duplicates); len(all) > 0 && all[0].bytes >= 10<<10 {
		for _, d := range r.Duplicates {
			if d.Package == all[0].name {
				return fmt.Sprintf("featherpack why %s %s", columns.Clean(d.Function), columns.Clean(d.Package))
			}
		}
	}
	if len(functions) > 0 && functions[0].Artifact != nil {
		if name := reporters.LargestPackage(functions[0]); name != "" {
			return fmt.Sprintf("featherpack why %s %s", columns.Clean(functions[0].ID), columns.Clean(name))
		}
		if r.Totals.Functions > 1 {
			return fmt.Sprintf("deploy the %s zips", reporters.Count(r.Totals.Functions))
		}
		return "deploy " + columns.Clean(functions[0].Artifact.Name)
	}
	return "featherpack discover, to see what was found"
}

// runtimes lists the results on other runtimes.
func (p *printer) runtimes(r reporters.Report) {
	rows := reporters.RuntimeRows(r)
	if len(rows) == 0 {
		return
	}
	p.Line("")
	p.Line(p.Paint(columns.Bold, "RUNTIMES"))
	for i, row := range rows {
		if !p.allRows && p.shortened(i, len(rows)) {
			break
		}
		how := columns.Plain
		if row.Breaks() {
			how = columns.Amber
		}
		parts := []string{row.Result()}
		if load := row.Load(); load != "" {
			parts = append(parts, fmt.Sprintf("loads in %s (%s)", load, row.Measured()))
		}
		if row.BuiltBytes > 0 {
			parts = append(parts, "built for it: "+row.Built())
		} else if why := row.WhyNotBuilt(); why != "" {
			parts = append(parts, "cannot be built for it: "+why)
		}
		p.Wrap(how, "  ", "    ", columns.Clean(fmt.Sprintf("%s on %s: %s", row.ID, row.Runtime, strings.Join(parts, "; "))))
	}
}
