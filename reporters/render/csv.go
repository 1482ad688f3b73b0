package render

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
)

// CSV writes one line for each function, including failed and removed ones. Sizes are in
// bytes and times in ms. Unknown values are empty.
func CSV(w io.Writer, r reporters.Report) error {
	out := csv.NewWriter(w)
	out.Write([]string{
		"function", "service", "status", "runtime", "architecture", "zip", "unzipped", "files", "sha256",
		"unbundled", "unbundled_zip", "unbundled_zip_exact", "change", "zip_before", "zip_change", "unzipped_before", "unzipped_change",
		"cold_start", "cold_start_low", "cold_start_high", "cold_start_against", "cold_start_change", "cold_start_change_low", "cold_start_change_high",
		"cold_start_load", "cold_start_refused", "cold_start_measured", "advice",
	})
	deltas := map[string]reporters.FunctionDelta{}
	if r.Delta != nil {
		for _, d := range r.Delta.Functions {
			deltas[d.ID] = d
		}
	}
	for _, f := range r.Functions {
		row := []string{inert(f.ID), inert(f.Service), inert(f.Status), inert(f.Runtime), inert(f.Architecture), "", "", "", "", "", "", ""}
		if a := f.Artifact; a != nil {
			row[5], row[6], row[7], row[8] = number(a.ZipBytes), number(a.UnzippedBytes), strconv.Itoa(len(a.Entries)), inert(a.SHA256)
		}
		if u := f.Unbundled; u != nil {
			row[9], row[10], row[11] = number(u.Bytes), number(u.ZipBytes), strconv.FormatBool(u.ZipExact)
		}
		out.Write(slices.Concat(row, deltaCells(deltas[f.ID]), startCells(f.ColdStart), []string{adviceCell(r, f.ID)}))
	}
	if r.Delta != nil {
		for _, d := range r.Delta.Functions {
			if d.Status == reporters.StatusRemoved {
				out.Write(append([]string{inert(d.ID), 11: ""}, slices.Concat(deltaCells(d), startCells(nil), []string{""})...))
			}
		}
	}
	out.Flush()
	return out.Error()
}

// adviceCell lists the codes and places of the advice about a function.
func adviceCell(r reporters.Report, id string) string {
	var list []string
	for _, a := range r.Advice {
		if slices.Contains(a.Functions, id) {
			list = append(list, strings.TrimSpace(a.Code+" "+a.Position.String()))
		}
	}
	return inert(strings.Join(list, "; "))
}

func deltaCells(d reporters.FunctionDelta) []string {
	cells := []string{inert(d.Status), "", "", "", ""}
	if d.Compared() || d.Status == reporters.StatusRemoved {
		cells[1], cells[3] = number(d.Zip.Before), number(d.Unzipped.Before)
	}
	if d.Compared() {
		cells[2], cells[4] = number(d.Zip.By()), number(d.Unzipped.By())
	}
	return cells
}

// startCells returns times in ms: what the artifact adds to the start of an empty
// function, its change, and the measured load of the artifact. The figures are given even for "no measurable change".
func startCells(c *reporters.ColdStart) []string {
	cells := make([]string, 10)
	if c == nil {
		return cells
	}
	cells[3], cells[8] = inert(c.Against), inert(c.Refused+c.ChangeRefused)
	span := func(m reporters.Millis, at int) {
		cells[at], cells[at+1], cells[at+2] = decimal(m.Central), decimal(m.Low), decimal(m.High)
	}
	if c.Head != nil {
		span(c.Head.Total, 0)
	}
	if m := c.Measured; m != nil {
		cells[9] = decimal(m.Millis)
	}
	if ch := c.Change; ch != nil {
		cells[7] = inert(ch.LoadSource)
		span(ch.Total, 4)
	}
	return cells
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func number(n int64) string { return strconv.FormatInt(n, 10) }

// inert prevents a spreadsheet from reading a name as a formula. Full-width signs count
// for some spreadsheets.
// Source: owasp.org/www-community/attacks/CSV_Injection
func inert(s string) string {
	s = columns.Clean(s)
	if first, _ := utf8.DecodeRuneInString(s); strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20", first) && s != "" {
		return "'" + s
	}
	return s
}
