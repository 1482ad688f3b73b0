package pass

import (
	"bytes"

	"github.com/featherpack/featherpack/analyzer/mappings"
)

// Mappings moves the columns of a source map's mappings to where the passes have put
// their tokens. A mapping to where an edit inserts something leads behind that: to
// the token that was there. A mapping to what an edit replaces leads to its text; those
// inside it are left out.
// Format: https://tc39.es/ecma426/#sec-mappings
func (r Result) Mappings(old []byte) []byte {
	if r.first != nil {
		old = r.first.Mappings(old)
	}
	if len(r.edits) == 0 {
		return old
	}
	moves := r.moves()
	out := make([]byte, 0, len(old)+4*len(moves))
	line, column, shifted, next := 0, 0, 0, 0
	// shifted is by how much the column of the previous mapping has moved. left are the
	// deltas of mappings that were left out, the column's among them.
	var left [5]int
	for i := 0; i < len(old); {
		switch old[i] {
		case ';':
			line, column, shifted, left[0] = line+1, 0, 0, 0
			for next < len(moves) && moves[next].line < line {
				next++
			}
			out = append(out, ';')
			i++
			continue
		case ',':
			i++
			continue
		}
		delta, rest, _ := mappings.ReadVLQ(old, i) // esbuild wrote it
		column += delta
		by := shifted
		for ; next < len(moves) && moves[next].line == line && moves[next].column <= column; next++ {
			by += moves[next].by
		}
		end := rest
		for end < len(old) && old[end] != ',' && old[end] != ';' {
			end++
		}
		if next < len(moves) && moves[next].covers(line, column) {
			left[0] += delta - shifted + by
			shifted = by
			for f := 1; rest < end; f++ {
				delta, rest, _ = mappings.ReadVLQ(old, rest)
				left[f] += delta
			}
			i = end
			continue
		}
		if n := len(out); n > 0 && out[n-1] != ';' {
			out = append(out, ',')
		}
		if by == shifted && left == [5]int{} {
			out = append(out, old[i:end]...)
		} else {
			out = mappings.AppendVLQ(out, delta+by-shifted+left[0])
			left[0] = 0
			for f := 1; rest < end && left != [5]int{}; f++ {
				delta, rest, _ = mappings.ReadVLQ(old, rest)
				out = mappings.AppendVLQ(out, delta+left[f])
				left[f] = 0
			}
			out = append(out, old[rest:end]...)
		}
		shifted = by
		i = end
	}
	return out
}

// move says that what begins at or behind a column of a line moves, in UTF-16 units. It is
// the end of an edit that begins at from.
type move struct {
	line, column, by int
	fromLine, from   int
	out              bool // the edit only takes text out
}

// covers reports whether a place that is in front of the edit's end is inside it.
func (m move) covers(line, column int) bool {
	return line > m.fromLine || line == m.fromLine && (column > m.from || column == m.from && m.out)
}

// moves are the moves by the edits, sorted. An edit's text has as many line breaks as what
// it replaces.
func (r Result) moves() []move {
	moves := make([]move, 0, len(r.edits))
	line, column, at := 0, 0, 0
	count := func(end int) {
		text := r.source[at:end]
		if breaks := bytes.Count(text, []byte("\n")); breaks > 0 {
			line, column = line+breaks, 0
		}
		column += length(lastLine(text))
		at = end
	}
	for _, e := range r.edits {
		count(e.Start)
		m := move{fromLine: line, from: column, out: e.Text == "" && e.End > e.Start}
		count(e.End)
		m.line, m.column = line, column
		m.by = length(lastLine([]byte(e.Text))) - length(lastLine(r.source[e.Start:e.End]))
		moves = append(moves, m)
	}
	return moves
}

// lastLine is what is behind the last line break of a text.
func lastLine(text []byte) []byte { return text[bytes.LastIndexByte(text, '\n')+1:] }

// length is that of a text in UTF-16 units.
func length(text []byte) (n int) {
	for _, b := range text {
		n += unitsOf(b)
	}
	return n
}
