package pass

import (
	"encoding/json"
	"errors"
	"slices"
	"sort"
	"strings"

	"github.com/featherpack/featherpack/analyzer/mappings"
)

// Origins tells where the parts of a bundle's code come from. It reads the bundle's
// source map, and never holds the decoded mappings: they take twenty times the room.
type Origins struct {
	code    string
	counted []int32 // UTF-16 units in front of every countedEach-th byte
	lines   []int   // offsets at which the lines of the code start
	marks   []mappings.Reader
	sources []string
	names   []string
}

// NewOrigins reads a source map.
func NewOrigins(code []byte, sourceMap []byte) (*Origins, error) {
	var m struct {
		Sources  []string `json:"sources"`
		Names    []string `json:"names"`
		Mappings string   `json:"mappings"`
	}
	before, list, after, found := mappings.Cut(sourceMap)
	if found { // ten times faster than as a string of JSON
		sourceMap = slices.Concat(before, after) // JSON with empty mappings
	}
	if err := json.Unmarshal(sourceMap, &m); err != nil {
		return nil, err
	}
	if found {
		m.Mappings = string(list)
	}
	o := &Origins{
		code: string(code), lines: []int{0}, sources: m.Sources, names: m.Names,
		counted: make([]int32, 0, len(code)/countedEach+1), marks: make([]mappings.Reader, 0, len(m.Mappings)/(5*markedEach)+1),
	}
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
	r, led := mappings.NewReader(m.Mappings), 0
	for at, ok := r.Next(); ok; at, ok = r.Next() {
		if at.Fields < 4 {
			continue
		}
		if led%markedEach == 0 {
			o.marks = append(o.marks, r)
		}
		led++
	}
	if r.Failed() {
		return nil, errors.New("the source map cannot be read")
	}
	return o, nil
}

// markedEach is how many mappings that lead to a source come between two marks. They
// are read again for every question.
const markedEach = 16

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

// at is the last mapping at or before an offset that leads to a source. exact means that
// it is at the offset.
func (o *Origins) at(offset int) (m mappings.Mapping, exact, found bool) {
	line := sort.SearchInts(o.lines, offset+1) - 1
	column := o.units(offset) - o.units(o.lines[line])
	behind := func(m mappings.Mapping) bool { return m.Line > line || m.Line == line && m.Column > column }
	i := sort.Search(len(o.marks), func(i int) bool { return behind(o.marks[i].Last()) }) - 1
	if i < 0 {
		return mappings.Mapping{}, false, false
	}
	r := o.marks[i]
	m = r.Last()
	for next, ok := r.Next(); ok && !behind(next); next, ok = r.Next() {
		if next.Fields >= 4 {
			m = next
		}
	}
	return m, m.Line == line && m.Column == column, true
}

// Source is the source that an offset of the code comes from, "" where that is not
// known.
func (o *Origins) Source(offset int) string {
	m, _, found := o.at(offset)
	if !found || m.Source >= len(o.sources) {
		return ""
	}
	return o.sources[m.Source]
}

// Name is the name that a variable at an offset had in its source, "" where it still
// has it or that is not known.
func (o *Origins) Name(offset int) string {
	m, exact, found := o.at(offset)
	if !found || !exact || m.Fields < 5 || m.Name >= len(o.names) {
		return ""
	}
	return strings.Clone(o.names[m.Name])
}
