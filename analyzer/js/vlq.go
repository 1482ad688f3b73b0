package js

// A Mapping is one mapping of a source map: a position in the generated text, and the
// position, source and name that it leads to. All count from 0, columns in UTF-16 units.
type Mapping struct {
	Line, Column                       int
	Source, FromLine, FromColumn, Name int
	// Fields is how many of Column, Source, FromLine, FromColumn and Name the mapping
	// has: 1, 4 or 5. The others are those of an earlier mapping.
	Fields int
}

// EachMapping calls each with every mapping of a source map's "mappings", in order. It
// returns false if they cannot be read.
// Format: https://tc39.es/ecma426/#sec-mappings
func EachMapping(mappings string, each func(Mapping)) bool {
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
			i = next
		}
		each(m)
	}
	return true
}

const vlqDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// AppendVLQ appends a number as a base64 variable-length quantity.
func AppendVLQ(out []byte, value int) []byte {
	v := value << 1
	if value < 0 {
		v = -value<<1 | 1
	}
	for {
		digit := v & 31
		if v >>= 5; v > 0 {
			digit |= 32
		}
		out = append(out, vlqDigits[digit])
		if v == 0 {
			return out
		}
	}
}

// ReadVLQ reads a base64 variable-length quantity at i, and returns where the next one
// starts.
func ReadVLQ(s string, i int) (v, next int, ok bool) {
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
