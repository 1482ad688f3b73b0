package js

import (
	"encoding/json"
	"errors"
)

// position is one mapping of a source map with a single source: a place in the
// generated text and where it comes from. Lines and columns count from 0,
// columns in UTF-16 units.
type position struct {
	line, column         int
	fromLine, fromColumn int
}

// readMappings decodes a version 3 source map (ECMA-426), sorted by place.
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

// vlq reads one base64 variable-length quantity at i.
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
