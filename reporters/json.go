package reporters

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/parallel"
)

// JSON writes the report in its public, versioned format, which [Schema] describes and
// [Read] reads. Each function and each input is one line, so that line tools can compare
// two reports. Equal reports give equal bytes.
func JSON(w io.Writer, r Report) error { return new(Encoder).JSON(w, r) }

// Encoder writes reports as [JSON] does. It keeps the lines of the last one, and writes those
// of equal functions and inputs again. The zero value works. It is for one goroutine. What it
// was given must not be changed.
type Encoder struct {
	functions []line[Function]
	inputs    []line[analyzer.Input]
}

// line is a value and its JSON.
type line[T any] struct {
	of   T
	text []byte
}

// JSON writes a report.
func (e *Encoder) JSON(w io.Writer, r Report) (err error) {
	if e.functions, err = encode(e.functions, r.Functions, sameFunction); err != nil {
		return err
	}
	if e.inputs, err = encode(e.inputs, r.Inputs, sameInput); err != nil {
		return err
	}
	r.Functions, r.Inputs = emptied(r.Functions), emptied(r.Inputs)
	rest, err := json.Marshal(r)
	if err != nil {
		return err
	}
	rest = InLines(rest)
	var out [][]byte
	out, rest = insert(out, rest, `"functions":[`, e.functions)
	out, rest = insert(out, rest, `"inputs":[`, e.inputs)
	for _, text := range append(out, rest) {
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	return nil
}

// encode makes a line of each value. That at the same place of the last report may be equal.
func encode[T any](was []line[T], values []T, same func(a, b *T) bool) ([]line[T], error) {
	lines := make([]line[T], len(values))
	const few = 16
	parts := (len(values) + few - 1) / few
	failed := make([]error, parts)
	parallel.Each(parts, func(part int) {
		for i := part * few; i < min((part+1)*few, len(values)) && failed[part] == nil; i++ {
			if i < len(was) && same(&was[i].of, &values[i]) {
				lines[i] = was[i]
				continue
			}
			text, err := json.Marshal(&values[i])
			lines[i], failed[part] = line[T]{values[i], inOneLine(text)}, err
		}
	})
	if err := errors.Join(failed...); err != nil {
		return nil, err
	}
	return lines, nil
}

// emptied is an empty list, or nil for nil.
func emptied[T any](list []T) []T {
	if list == nil {
		return nil
	}
	return []T{}
}

// insert adds to out what is before the end of an empty list, and then its lines. No other
// line begins like the list's, since keys of the outermost object and elements of lists begin lines.
func insert[T any](out [][]byte, text []byte, list string, lines []line[T]) (with [][]byte, rest []byte) {
	list = "\n" + list
	at := bytes.Index(text, []byte(list+"]"))
	if at < 0 || len(lines) == 0 {
		return out, text
	}
	at += len(list)
	out = append(out, text[:at])
	for i, l := range lines {
		separator := ",\n"
		if i == 0 {
			separator = "\n"
		}
		out = append(out, []byte(separator), l.text)
	}
	return append(out, []byte("\n")), text[at:]
}

// sameFunction reports whether the JSON of two functions is equal.
func sameFunction(a, b *Function) bool {
	if !slices.Equal(a.Inputs, b.Inputs) { // most of a function, and slow to compare with reflection
		return false
	}
	x, y := *a, *b
	x.Inputs, y.Inputs = nil, nil
	return reflect.DeepEqual(x, y)
}

func sameInput(a, b *analyzer.Input) bool {
	return a.Path == b.Path && a.Package == b.Package && a.Version == b.Version && a.Bytes == b.Bytes && a.Format == b.Format &&
		slices.Equal(a.Imports, b.Imports) && slices.Equal(a.BuiltIns, b.BuiltIns)
}

//go:embed report.schema.json
var schema []byte

// Schema is the JSON Schema (draft 2020-12) of what [JSON] writes.
func Schema() []byte { return append([]byte(nil), schema...) }

// notUTF8 is how encoding/json writes bytes that are not UTF-8. JSON writes the character
// itself, so that it stays the same when it is read and written again.
var notUTF8 = []byte(`\ufffd`)

// inOneLine is compact JSON that is to be one line.
func inOneLine(data []byte) []byte {
	if !bytes.Contains(data, notUTF8) {
		return data
	}
	lines := InLines(slices.Concat([]byte("[["), data, []byte("]]"))) // nothing that far inside begins a line
	return bytes.TrimSuffix(bytes.TrimPrefix(lines, []byte("[\n[\n")), []byte("\n]\n]\n"))
}

// InLines breaks compact JSON before each key of the outermost object and each
// element of the lists right below it.
func InLines(data []byte) []byte {
	out := make([]byte, 0, len(data)+len(data)/64+64)
	depth, inString := 0, false
	var list [3]bool // whether what is open at that depth is a list
	for i := 0; i < len(data); i++ {
		c := data[i]
		if inString {
			plain := i
			for data[i] != '"' && data[i] != '\\' {
				i++
			}
			out = append(out, data[plain:i]...)
			switch {
			case data[i] == '"':
				out = append(out, '"')
				inString = false
			case bytes.HasPrefix(data[i:], notUTF8):
				out = append(out, "\uFFFD"...)
				i += len(notUTF8) - 1
			default:
				out = append(out, data[i], data[i+1])
				i++
			}
			continue
		}
		inString = c == '"'
		closing := c == '}' || c == ']'
		if closing && data[i-1] != '{' && data[i-1] != '[' && (depth == 1 || depth == 2 && list[2]) {
			out = append(out, '\n')
		}
		out = append(out, c)
		switch {
		case c == '{' || c == '[':
			depth++
			if depth < len(list) {
				list[depth] = c == '['
			}
			empty := data[i+1] == '}' || data[i+1] == ']'
			if !empty && (depth == 1 || depth == 2 && list[2]) {
				out = append(out, '\n')
			}
		case closing:
			depth--
		case c == ',' && (depth == 1 || depth == 2 && list[2]):
			out = append(out, '\n')
		}
	}
	return append(out, '\n')
}
