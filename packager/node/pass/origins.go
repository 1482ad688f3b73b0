package pass

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"sort"

	"github.com/featherpack/featherpack/analyzer/mappings"
)

// Origins tells where the parts of a bundle's code come from, by a [Layout] or by the bundle's
// source map. It never holds the decoded mappings: they take twenty times the room.
type Origins struct {
	code     []byte
	mappings []byte
	sources  []string
	names    []string
	after    []byte // the source map behind its mappings: the names are there
	stretches
	named []originalName // sorted; read where a name is asked for
}

// stretches are the parts of a code that come from one source each, in order.
type stretches []stretch

// stretch begins at an offset and ends where the next one begins.
type stretch struct{ start, source int32 }

// originalName is the name, by index, of what is at an offset.
type originalName struct{ at, name int32 }

// NewOrigins reads a source map.
func NewOrigins(code []byte, sourceMap []byte) (*Origins, error) {
	var m struct {
		Sources  []string `json:"sources"`
		Names    []string `json:"names"`
		Mappings string   `json:"mappings"`
	}
	before, list, after, found := mappings.Cut(sourceMap)
	if found { // ten times faster than as a string of JSON
		sourceMap = slices.Concat(before, []byte(`"}`)) // what comes before the mappings
	}
	if err := json.Unmarshal(sourceMap, &m); err != nil {
		return nil, err
	}
	o := &Origins{code: code, mappings: list, sources: m.Sources, names: m.Names, after: after}
	if !found {
		o.mappings = []byte(m.Mappings)
	}
	c := cursor{code: code}
	read := mappings.Sources(o.mappings, func(line, column, source int) {
		o.stretches = append(o.stretches, stretch{c.offset(line, column), int32(source)})
	})
	if !read || c.back {
		return nil, errors.New("the source map cannot be read")
	}
	return o, nil
}

// cursor finds the offsets of mappings that are in the order of the code, as esbuild writes
// them.
type cursor struct {
	code         []byte
	line, column int // of the offset
	at           int
	back         bool // a mapping was not behind the one before
}

// offset is that of a mapping. One behind the end of its line is at the next.
func (c *cursor) offset(line, column int) int32 {
	for c.at < len(c.code) && c.line < line {
		end := bytes.IndexByte(c.code[c.at:], '\n')
		if end < 0 {
			c.at = len(c.code)
			break
		}
		c.at += end + 1
		c.line, c.column = c.line+1, 0
	}
	c.back = c.back || c.line == line && c.column > column
	for c.line == line && c.at < len(c.code) && c.column < column {
		if c.code[c.at] == '\n' {
			c.line, c.column = c.line+1, 0
		} else {
			c.column += unitsOf(c.code[c.at])
		}
		c.at++
	}
	return int32(c.at)
}

// unitsOf is the number of UTF-16 units that begin with a byte of a text in UTF-8.
func unitsOf(b byte) int {
	switch {
	case b >= 0xf0:
		return 2
	case b&0xc0 == 0x80:
		return 0
	}
	return 1
}

// Source is the source that an offset of the code comes from, "" where that is not
// known.
func (o *Origins) Source(offset int) string {
	i := sort.Search(len(o.stretches), func(i int) bool { return int(o.stretches[i].start) > offset }) - 1
	if i < 0 || int(o.stretches[i].source) >= len(o.sources) {
		return ""
	}
	return o.sources[o.stretches[i].source]
}

// Name is the name that a variable at an offset had in its source, "" where it still
// has it or that is not known.
func (o *Origins) Name(offset int) string {
	if o.named == nil {
		o.readNames()
	}
	i, found := slices.BinarySearchFunc(o.named, offset, func(n originalName, at int) int { return int(n.at) - at })
	if !found || int(o.named[i].name) >= len(o.names) {
		return ""
	}
	return o.names[o.named[i].name]
}

// readNames reads the names of all mappings. Of several at one offset the last one counts.
func (o *Origins) readNames() {
	o.named = []originalName{}
	if len(o.after) > 0 {
		var m struct {
			Names []string `json:"names"`
		}
		if json.Unmarshal(slices.Concat([]byte(`{"mappings":"`), o.after), &m) != nil {
			return
		}
		o.names = m.Names
	}
	c := cursor{code: o.code}
	r := mappings.NewReader(string(o.mappings))
	for at, ok := r.Next(); ok; at, ok = r.Next() {
		if at.Fields < 4 {
			continue
		}
		offset := c.offset(at.Line, at.Column)
		if n := len(o.named); n > 0 && o.named[n-1].at == offset {
			o.named = o.named[:n-1]
		}
		if at.Fields == 5 {
			o.named = append(o.named, originalName{offset, int32(at.Name)})
		}
	}
}
