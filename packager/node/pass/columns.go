package pass

import "github.com/featherpack/featherpack/analyzer/mappings"

// Mappings moves the columns of a source map's mappings to where the passes have put
// their tokens. A mapping to where an edit inserts something leads behind that: to
// the token that was there. A mapping to what an edit replaces leads to its text.
// Format: https://tc39.es/ecma426/#sec-mappings
func (r Result) Mappings(old string) string {
	if len(r.edits) == 0 {
		return old
	}
	moves := r.moves(string(r.source))
	out := make([]byte, 0, len(old)+4*len(moves))
	line, column, shifted, next := 0, 0, 0, 0
	// shifted is by how much the column of the previous mapping has moved.
	for i := 0; i < len(old); {
		switch old[i] {
		case ';':
			line, column, shifted = line+1, 0, 0
			for next < len(moves) && moves[next].line < line {
				next++
			}
			out = append(out, ';')
			i++
			continue
		case ',':
			out = append(out, ',')
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
		if by == shifted {
			out = append(out, old[i:end]...)
		} else {
			out = mappings.AppendVLQ(out, delta+by-shifted)
			out = append(out, old[rest:end]...)
		}
		shifted = by
		i = end
	}
	return string(out)
}

// move says that what begins at or behind a column of a line moves, in UTF-16 units.
type move struct{ line, column, by int }

// moves are the moves by the edits, sorted. No edit holds a line break.
func (r Result) moves(source string) []move {
	moves := make([]move, 0, len(r.edits))
	line, column, at := 0, 0, 0
	for _, e := range r.edits {
		for _, c := range source[at:e.End] {
			switch {
			case c == '\n':
				line, column = line+1, 0
			default:
				column += units(c)
			}
		}
		at = e.End
		by := length(e.Text) - length(source[e.Start:e.End])
		moves = append(moves, move{line, column, by})
	}
	return moves
}

// units is the number of UTF-16 units of a character.
func units(c rune) int {
	if c > 0xffff {
		return 2
	}
	return 1
}

func length(text string) (n int) {
	for _, c := range text {
		n += units(c)
	}
	return n
}
