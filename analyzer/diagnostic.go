package analyzer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says what a [Diagnostic] does to the run.
type Severity string

const (
	// Note is worth knowing and changes nothing.
	Note Severity = "note"
	// Warning is likely a mistake; the artifact is still written.
	Warning Severity = "warning"
	// Error means the thing asked for could not be done: exit status 2.
	Error Severity = "error"
	// Refused means it could be done and would be unsafe: exit status 3.
	Refused Severity = "refused"
)

// Position is a place in a text file. File is slash-separated and relative to
// [Project.Root]; Line and Column count from 1, Column in bytes, and 0 means
// not known.
type Position struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// String gives "file:line:column", leaving out what is not known.
func (p Position) String() string {
	switch {
	case p.File == "":
		return ""
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Diagnostic is the one way a problem is told: the fact, then the remedy, as
// one would tell a colleague. Message and Hint are lower case, without a full
// stop, and never hold a secret or an absolute path of the building machine.
type Diagnostic struct {
	// Code is a stable kebab-case name such as "unresolved-import".
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"`
	Position
	// Function is the ID of the function concerned, empty for a whole project.
	Function string `json:"function,omitempty"`
}

// Error makes a Diagnostic usable as an error; it is the first printed line
// without the program's name.
func (d Diagnostic) Error() string {
	var b strings.Builder
	if p := d.Position.String(); p != "" {
		b.WriteString(p + ": ")
	}
	if d.Function != "" {
		b.WriteString(d.Function + ": ")
	}
	b.WriteString(d.Message)
	return b.String()
}

// maxMessage bounds a message and a hint in bytes: what they quote may be long.
const maxMessage = 1000

// Problem makes a Diagnostic whose message is formatted. A very long message or
// hint is cut in the middle.
func Problem(severity Severity, code string, at Position, hint, format string, args ...any) Diagnostic {
	return Diagnostic{
		Code: code, Severity: severity, Position: at, Hint: clip(hint),
		Message: clip(fmt.Sprintf(format, args...)),
	}
}

// clip cuts a long text in the middle, where it says least.
func clip(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	return strings.ToValidUTF8(s[:maxMessage/2], "") + "..." + strings.ToValidUTF8(s[len(s)-maxMessage/2:], "")
}

// ExitStatus is 0 when nothing stands in the way, 2 when something could not be
// done, 3 when something was refused as unsafe; the highest wins.
func ExitStatus(diagnostics []Diagnostic) int {
	status := 0
	for _, d := range diagnostics {
		switch d.Severity {
		case Error:
			status = max(status, 2)
		case Refused:
			status = max(status, 3)
		}
	}
	return status
}

// SortDiagnostics orders by function, position, code and text, and drops exact
// repeats, so that the same problems always print the same.
func SortDiagnostics(diagnostics []Diagnostic) []Diagnostic {
	slices.SortStableFunc(diagnostics, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Function, b.Function), cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message),
			cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Hint, b.Hint),
		)
	})
	return slices.Compact(diagnostics)
}
