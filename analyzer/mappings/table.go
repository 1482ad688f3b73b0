package mappings

import (
	"encoding/json"
	"errors"
	"sort"
)

// Table holds the mappings of a source map with one source.
type Table struct{ positions []position }

// position is one mapping: a position in the generated text and its position in the
// source. Lines and columns count from 0, columns in UTF-16 units.
type position struct {
	line, column         int
	fromLine, fromColumn int
}

// ReadTable reads a version 3 source map (ECMA-426), whose mappings are sorted by
// generated position.
func ReadTable(sourceMap []byte) (Table, error) {
	var m struct {
		Mappings string `json:"mappings"`
	}
	var t Table
	err := json.Unmarshal(sourceMap, &m)
	ok := err == nil && Each(m.Mappings, func(m Mapping) {
		if m.Fields >= 4 {
			t.positions = append(t.positions, position{m.Line, m.Column, m.FromLine, m.FromColumn})
		}
	})
	if !ok {
		return Table{}, errors.New("its source map cannot be read")
	}
	return t, nil
}

// Original returns the place in the source of a place in the generated text. Lines
// and columns count from 0, columns in UTF-16 units. ok is false if nothing on the
// line, up to the column, is mapped.
func (t Table) Original(line, column int) (fromLine, fromColumn int, ok bool) {
	i := sort.Search(len(t.positions), func(i int) bool {
		p := t.positions[i]
		return p.line > line || p.line == line && p.column > column
	}) - 1
	if i < 0 || t.positions[i].line != line {
		return 0, 0, false
	}
	return t.positions[i].fromLine, t.positions[i].fromColumn, true
}
