package columns

import (
	"bufio"
	"cmp"
	"io"
	"math"
	"strings"
)

// Writer writes lines within a width and in a style.
type Writer struct {
	w *bufio.Writer
	// Width is in columns, at least 20.
	Width          int
	Color, Unicode bool
}

// New writes to w within a width in columns, 0 for no limit.
func New(w io.Writer, width int, color, unicode bool) *Writer {
	return &Writer{w: bufio.NewWriter(w), Width: max(cmp.Or(width, math.MaxInt32), 20), Color: color, Unicode: unicode}
}

// Flush writes buffered output. It returns the first write error.
func (w *Writer) Flush() error { return w.w.Flush() }

// Line writes a line without wrapping.
func (w *Writer) Line(text string) {
	w.w.WriteString(strings.TrimRight(text, " "))
	w.w.WriteByte('\n')
}

// Wrap writes words within the width; lines after the first are indented.
func (w *Writer) Wrap(s Style, first, indent, text string) {
	line := first
	fresh := true
	for _, word := range strings.Fields(text) {
		if !fresh && Count(line)+1+Count(word) > w.Width {
			w.Line(w.Paint(s, line))
			line, fresh = indent, true
		}
		if !fresh {
			line += " "
		}
		line += word
		fresh = false
	}
	w.Line(w.Paint(s, line))
}

// Style is the appearance of a text if colour is allowed. Words or marks always convey
// the same meaning.
type Style string

// The styles, as parameters of the escape sequence ESC [ ... m.
const (
	Plain Style = ""
	Bold  Style = "1"
	Dim   Style = "2"
	Red   Style = "31"
	Green Style = "32"
	Amber Style = "33"
)

// Paint gives a text its style.
func (w *Writer) Paint(s Style, text string) string {
	if !w.Color || s == Plain || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// Mark chooses between a sign and its ASCII form.
func (w *Writer) Mark(sign, ascii string) string {
	if w.Unicode {
		return sign
	}
	return ascii
}
