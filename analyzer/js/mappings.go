package js

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"sort"
	"strings"
)

// Rewritten reports whether the parsed text differs from the module's own text.
func (t *Text) Rewritten() bool { return t.back != nil }

// Locate maps offsets of the parsed text to the module's own text, and sets the
// line and column. If an exact mapping is not possible, Start and End are both the
// beginning.
func (t *Text) Locate(p *Place) {
	if t.back != nil {
		what := t.Source[p.Start:p.End]
		start, ok := t.original(p.Start)
		if !ok {
			start = 0
		}
		p.Start, p.End = start, start
		if strings.HasPrefix(t.origin[start:], what) {
			p.End = start + len(what)
		}
	}
	p.Line, p.Column = lineColumn(t.lines, p.Start)
}

// original maps an offset of the parsed text to the module's own text.
func (t *Text) original(offset int) (int, bool) {
	line := sort.SearchInts(t.parsed, offset+1) - 1
	column := utf16Column(t.Source[t.parsed[line]:], offset-t.parsed[line])
	at := position{line: line, column: column}
	i, found := slices.BinarySearchFunc(t.back, at, func(a, b position) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	if !found {
		if i--; i < 0 || t.back[i].line != line {
			return 0, false
		}
	}
	p := t.back[i]
	if p.fromLine >= len(t.lines) {
		return 0, false
	}
	start := t.lines[p.fromLine]
	return min(start+byteColumn(t.origin[start:], p.fromColumn), len(t.origin)), true
}

// utf16Column returns a column in UTF-16 units, as source maps count.
func utf16Column(line string, bytes int) (n int) {
	for _, r := range line[:bytes] {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

func byteColumn(line string, units int) int {
	n := 0
	for i, r := range line {
		if n >= units {
			return i
		}
		n++
		if r > 0xffff {
			n++
		}
	}
	return len(line)
}

// Mappings are those of a source map with one source.
type Mappings struct{ positions []position }

// ReadMappings decodes a version 3 source map.
func ReadMappings(sourceMap []byte) (Mappings, error) {
	positions, err := readMappings(sourceMap)
	return Mappings{positions}, err
}

// Original returns the place in the source of a place in the generated text. Lines
// and columns count from 1, columns in UTF-16 units, as in a stack trace. ok is
// false if the line is mapped to nothing.
func (m Mappings) Original(line, column int) (fromLine, fromColumn int, ok bool) {
	i := sort.Search(len(m.positions), func(i int) bool {
		p := m.positions[i]
		return p.line > line-1 || p.line == line-1 && p.column > column-1
	}) - 1
	if i < 0 || m.positions[i].line != line-1 {
		return 0, 0, false
	}
	return m.positions[i].fromLine + 1, m.positions[i].fromColumn + 1, true
}

// position is one mapping of a source map with one source: a position in the
// generated text and its position in the original. Lines and columns count from 0,
// columns in UTF-16 units.
type position struct {
	line, column         int
	fromLine, fromColumn int
}

// readMappings decodes a version 3 source map (ECMA-426), sorted by generated
// position.
func readMappings(sourceMap []byte) ([]position, error) {
	var m struct {
		Mappings string `json:"mappings"`
	}
	if err := json.Unmarshal(sourceMap, &m); err != nil {
		return nil, errors.New("its source map cannot be read")
	}
	var out []position
	var p position
	source, name := 0, 0
	for i := 0; i < len(m.Mappings); {
		switch m.Mappings[i] {
		case ';':
			p.line++
			p.column = 0
			i++
			continue
		case ',':
			i++
			continue
		}
		fields := [...]*int{&p.column, &source, &p.fromLine, &p.fromColumn, &name}
		n := 0
		for n < len(fields) && i < len(m.Mappings) && m.Mappings[i] != ',' && m.Mappings[i] != ';' {
			delta, next, ok := vlq(m.Mappings, i)
			if !ok {
				return nil, errors.New("its source map cannot be read")
			}
			*fields[n] += delta
			i = next
			n++
		}
		if n >= 4 {
			out = append(out, p)
		}
	}
	return out, nil
}

// vlq reads a base64 variable-length quantity at i.
func vlq(s string, i int) (v, next int, ok bool) {
	for shift := 0; i < len(s) && shift < 60; shift += 5 {
		var d int
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			d = int(c - 'A')
		case c >= 'a' && c <= 'z':
			d = int(c-'a') + 26
		case c >= '0' && c <= '9':
			d = int(c-'0') + 52
		case c == '+':
			d = 62
		case c == '/':
			d = 63
		default:
			return 0, i, false
		}
		i++
		v |= (d & 31) << shift
		if d&32 == 0 {
			if v&1 != 0 {
				return -(v >> 1), i, true
			}
			return v >> 1, i, true
		}
	}
	return 0, i, false
}
