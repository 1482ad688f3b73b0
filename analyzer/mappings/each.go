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

// A Reader reads the mappings of a source map one after the other. A copy of a Reader
// goes on from the same place.
type Reader struct {
	text string
	at   int
	last Mapping
	bad  bool
}

// NewReader reads a source map's "mappings".
// Format: https://tc39.es/ecma426/#sec-mappings
func NewReader(mappings string) Reader { return Reader{text: mappings} }

// Last is the mapping that Next has returned last.
func (r *Reader) Last() Mapping { return r.last }

// Failed reports whether Next has ended because the mappings cannot be read.
func (r *Reader) Failed() bool { return r.bad }

// Next returns the next mapping. It returns false after the last one, and where the
// mappings cannot be read. No number of a mapping is negative.
func (r *Reader) Next() (Mapping, bool) {
	m := &r.last
	for ; r.at < len(r.text); r.at++ {
		if c := r.text[r.at]; c == ';' {
			m.Line++
			m.Column = 0
		} else if c != ',' {
			break
		}
	}
	if r.at == len(r.text) {
		return Mapping{}, false
	}
	fields := [...]*int{&m.Column, &m.Source, &m.FromLine, &m.FromColumn, &m.Name}
	for m.Fields = 0; m.Fields < len(fields) && r.at < len(r.text) && r.text[r.at] != ',' && r.text[r.at] != ';'; m.Fields++ {
		delta, next, ok := ReadVLQ(r.text, r.at)
		if !ok {
			r.bad = true
			return Mapping{}, false
		}
		*fields[m.Fields] += delta
		if n := *fields[m.Fields]; n < 0 || n > math.MaxInt32 {
			r.bad = true
			return Mapping{}, false
		}
		r.at = next
	}
	return *m, true
}

// Each calls each with every mapping of a source map's "mappings", in order. It
// returns false if they cannot be read.
func Each(mappings string, each func(Mapping)) bool {
	r := NewReader(mappings)
	for m, ok := r.Next(); ok; m, ok = r.Next() {
		each(m)
	}
	return !r.Failed()
}

// Sources calls each with the first mapping of every stretch of a generated text that comes
// from one source. It reads no more of the others than their columns. It returns false where
// the mappings cannot be read, or are not in the order of the text.
func Sources[Text string | []byte](mappings Text, each func(line, column, source int)) bool {
	line, column, source, last := 0, 0, 0, -1
	for i := 0; i < len(mappings); {
		switch mappings[i] {
		case ';':
			line, column, i = line+1, 0, i+1
			continue
		case ',':
			i++
			continue
		}
		delta, next, ok := ReadVLQ(mappings, i)
		if column += delta; !ok || delta < 0 || column > math.MaxInt32 {
			return false
		}
		if i = next; i == len(mappings) || mappings[i] == ',' || mappings[i] == ';' {
			continue // it has no source
		}
		if mappings[i] == 'A' { // the same as that of the mapping before
			i++
		} else {
			delta, next, ok := ReadVLQ(mappings, i)
			if source += delta; !ok || source < 0 || source > math.MaxInt32 {
				return false
			}
			i = next
		}
		if source != last {
			each(line, column, source)
			last = source
		}
		for i < len(mappings) && mappings[i] != ',' && mappings[i] != ';' {
			i++
		}
	}
	return true
}
