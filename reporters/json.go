package reporters

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"io"
)

// JSON writes the report in its public, versioned format, which [Schema] describes and
// [Read] reads. Each function and each input is one line, so that line tools can compare
// two reports. Equal reports give equal bytes.
func JSON(w io.Writer, r Report) error {
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = w.Write(InLines(data))
	return err
}

//go:embed report.schema.json
var schema []byte

// Schema is the JSON Schema (draft 2020-12) of what [JSON] writes.
func Schema() []byte { return append([]byte(nil), schema...) }

// notUTF8 is how encoding/json writes bytes that are not UTF-8. JSON writes the character
// itself, so that it stays the same when it is read and written again.
var notUTF8 = []byte(`\ufffd`)

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
