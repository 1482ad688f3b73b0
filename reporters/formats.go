package reporters

import "io"

// Formats are all ways to write a report, by name.
var Formats = map[string]func(io.Writer, Report) error{
	"json": JSON,
	"text": func(w io.Writer, r Report) error { return Text(w, r, TextOptions{}) },
}
