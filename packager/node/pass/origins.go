package pass

import (
	"encoding/json"
	"errors"
	"sort"
	"strings"

	"github.com/featherpack/featherpack/analyzer/mappings"
)

// Origins tells where the parts of a bundle's code come from. It reads the bundle's
// source map.
type Origins struct {
	code     string
	counted  []int32 // UTF-16 units in front of every countedEach-th byte
	lines    []int   // offsets at which the lines of the code start
	mappings []origin
	sources  []string
	names    []string
}

// origin is one mapping: a position in the code, and the source and original name
// there. name is -1 where the map has none.
type origin struct {
	line, column int
	source, name int
}

// NewOrigins reads a source map.
func NewOrigins(code []byte, sourceMap []byte) (*Origins, error) {
	var m struct {
		Sources  []string `json:"sources"`
		Names    []string `json:"names"`
		Mappings string   `json:"mappings"`
	}
	if err := json.Unmarshal(sourceMap, &m); err != nil {
		return nil, err
	}
	o := &Origins{code: string(code), lines: []int{0}, sources: m.Sources, names: m.Names}
	units := int32(0)
	for i, c := range code {
		if i%countedEach == 0 {
			o.counted = append(o.counted, units)
		}
		units += unitsOf(c)
		if c == '\n' {
			o.lines = append(o.lines, i+1)
		}
	}
	ok := mappings.Each(m.Mappings, func(m mappings.Mapping) {
		at := origin{line: m.Line, column: m.Column, source: m.Source, name: -1}
		if m.Fields == 5 {
			at.name = m.Name
		}
		if m.Fields >= 4 {
			o.mappings = append(o.mappings, at)
		}
	})
	if !ok {
		return nil, errors.New("the source map cannot be read")
	}
	return o, nil
}

const countedEach = 64

// unitsOf is the number of UTF-16 units that begin with a byte of a text in UTF-8.
func unitsOf(b byte) int32 {
	switch {
	case b >= 0xf0:
		return 2
	case b&0xc0 == 0x80:
		return 0
	}
	return 1
}

// units is the number of UTF-16 units in front of an offset.
func (o *Origins) units(offset int) int {
	if len(o.counted) == 0 {
		return 0
	}
	from := min(offset/countedEach, len(o.counted)-1)
	n := o.counted[from]
	for i := from * countedEach; i < offset; i++ {
		n += unitsOf(o.code[i])
	}
	return int(n)
}

// at is the last mapping at or before an offset. exact means that it is at the offset.
func (o *Origins) at(offset int) (m origin, exact, found bool) {
	line := sort.SearchInts(o.lines, offset+1) - 1
	column := o.units(offset) - o.units(o.lines[line])
	i := sort.Search(len(o.mappings), func(i int) bool {
		m := o.mappings[i]
		return m.line > line || m.line == line && m.column > column
	}) - 1
	if i < 0 {
		return origin{}, false, false
	}
	m = o.mappings[i]
	return m, m.line == line && m.column == column, true
}

// Source is the source that an offset of the code comes from, "" where that is not
// known.
func (o *Origins) Source(offset int) string {
	m, _, found := o.at(offset)
	if !found || m.source >= len(o.sources) {
		return ""
	}
	return o.sources[m.source]
}

// Name is the name that a variable at an offset had in its source, "" where it still
// has it or that is not known.
func (o *Origins) Name(offset int) string {
	m, exact, found := o.at(offset)
	if !found || !exact || m.name < 0 || m.name >= len(o.names) {
		return ""
	}
	return strings.Clone(o.names[m.name])
}
