package mappings

import "math"

// A Mapping is one mapping of a source map: a position in the generated text, and the
// position, source and name that it leads to. All count from 0, columns in UTF-16 units.
type Mapping struct {
	Line, Column                       int
	Source, FromLine, FromColumn, Name int
	// Fields is how many of Column, Source, FromLine, FromColumn and Name the mapping
	// has: 1, 4 or 5. The others are those of an earlier mapping.
	Fields int
}

// Each calls each with every mapping of a source map's "mappings", in order. It
// returns false if they cannot be read. No number of a mapping is negative.
// Format: https://tc39.es/ecma426/#sec-mappings
func Each(mappings string, each func(Mapping)) bool {
	var m Mapping
	for i := 0; i < len(mappings); {
		switch mappings[i] {
		case ';':
			m.Line++
			m.Column = 0
			i++
			continue
		case ',':
			i++
			continue
		}
		fields := [...]*int{&m.Column, &m.Source, &m.FromLine, &m.FromColumn, &m.Name}
		for m.Fields = 0; m.Fields < len(fields) && i < len(mappings) && mappings[i] != ',' && mappings[i] != ';'; m.Fields++ {
			delta, next, ok := ReadVLQ(mappings, i)
			if !ok {
				return false
			}
			*fields[m.Fields] += delta
			if n := *fields[m.Fields]; n < 0 || n > math.MaxInt32 {
				return false
			}
			i = next
		}
		each(m)
	}
	return true
}
