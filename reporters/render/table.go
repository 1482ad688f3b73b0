package render

import (
	"strings"

	"github.com/featherpack/featherpack/reporters/render/columns"
)

// table is rows of cells with a header, for terminals.
type table struct {
	head []column
	rows [][]cell
}

// column holds what its cells have in common.
type column struct {
	title string
	// right aligns numbers by their last digit.
	right bool
	// rank is what goes first when the width is short: the highest. The column
	// of rank 0 stays and is shortened.
	rank int
}

// cell is a text and its style.
type cell struct {
	text string
	columns.Style
}

// write lays the table out within width columns. Columns that do not fit are
// left out, by rank; the result says which were shown.
func (t table) write(p *printer, indent string) []bool {
	widths := make([]int, len(t.head))
	for i, c := range t.head {
		widths[i] = columns.Count(c.title)
		for _, row := range t.rows {
			widths[i] = max(widths[i], columns.Count(row[i].text))
		}
	}
	shown := t.fit(widths, p.Width-len(indent))
	for i, c := range t.head {
		if shown[i] && c.rank == 0 {
			widths[i] = t.shorten(i, widths[i])
		}
	}
	if t.titled() {
		t.line(p, indent, widths, shown, func(i int) cell { return cell{columns.Shorten(t.head[i].title, widths[i]), columns.Dim} })
	}
	for _, row := range t.rows {
		t.line(p, indent, widths, shown, func(i int) cell { return row[i] })
	}
	return shown
}

// titled reports whether any column has a title.
func (t table) titled() bool {
	for _, c := range t.head {
		if c.title != "" {
			return true
		}
	}
	return false
}

// fit drops columns until what is left takes at most width, then narrows the
// one that stays.
func (t table) fit(widths []int, width int) []bool {
	shown := make([]bool, len(widths))
	for i := range shown {
		shown[i] = true
		for _, row := range t.rows {
			if row[i].text != "" {
				shown[i] = true
				break
			}
			shown[i] = false
		}
	}
	const least = 14 // for the column that stays
	for {
		sum, stays, worst := -2, 0, -1
		for i, w := range widths {
			if !shown[i] {
				continue
			}
			sum += w + 2
			if t.head[i].rank == 0 {
				stays = i
			} else if worst < 0 || t.head[i].rank > t.head[worst].rank {
				worst = i
			}
		}
		room := widths[stays] - (sum - width)
		if sum <= width || room >= min(least, widths[stays]) || worst < 0 {
			if sum > width {
				widths[stays] = max(room, 4)
			}
			return shown
		}
		shown[worst] = false
	}
}

// shorten shortens the names in a column to its width, so that they stay distinct. It
// returns the width that they take.
func (t table) shorten(i, width int) int {
	names := make([]string, len(t.rows))
	for n, row := range t.rows {
		names[n] = row[i].text
	}
	for n, name := range columns.ShortenAll(names, width) {
		t.rows[n][i].text = name
		width = max(width, columns.Count(name))
	}
	return width
}

func (t table) line(p *printer, indent string, widths []int, shown []bool, at func(int) cell) {
	var b strings.Builder
	b.WriteString(indent)
	for i, c := range t.head {
		if !shown[i] {
			continue
		}
		text := at(i).text
		pad := strings.Repeat(" ", max(0, widths[i]-columns.Count(text)))
		text = p.Paint(at(i).Style, text)
		if c.right {
			text = pad + text
		} else {
			text += pad
		}
		b.WriteString(text + "  ")
	}
	p.Line(b.String())
}
