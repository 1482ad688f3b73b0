package analyzer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity is the effect of a [Diagnostic] on the run.
type Severity string

const (
	// Note is information without consequences.
	Note Severity = "note"
	// Warning is a likely mistake. The artifact is still written.
	Warning Severity = "warning"
	// Error means that something could not be done: exit status 2.
	Error Severity = "error"
	// Refused means that something was not done because it is unsafe: exit status 3.
	Refused Severity = "refused"
)

// Position is a place in a text file. File is slash-separated and relative to
// [Project.Root]. Line and Column count from 1, Column in bytes; 0 means unknown.
type Position struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// String is "file:line:column" without the unknown parts.
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

// Diagnostic reports a problem: Message states the fact and Hint the remedy. Both are
// lower case, without a full stop, and never contain a secret or an absolute path of the
// building machine.
type Diagnostic struct {
	// Code is a stable kebab-case name such as "unresolved-import".
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"`
	Position
	// Function is the ID of the function concerned, empty for the whole project.
	Function string `json:"function,omitempty"`
}

// Error is the first line as printed, without the program's name.
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

// maxMessage limits messages and hints in bytes, because they may quote long text.
const maxMessage = 1000

// Problem returns a Diagnostic with a formatted message. It cuts a very long message or
// hint in the middle.
func Problem(severity Severity, code string, at Position, hint, format string, args ...any) Diagnostic {
	return Diagnostic{
		Code: code, Severity: severity, Position: at, Hint: clip(hint),
		Message: clip(fmt.Sprintf(format, args...)),
	}
}

// clip cuts the middle out of a long text.
func clip(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	return strings.ToValidUTF8(s[:maxMessage/2], "") + "..." + strings.ToValidUTF8(s[len(s)-maxMessage/2:], "")
}

// ExitStatus is 3 if something was refused as unsafe, else 2 if something could not be
// done, else 0.
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

// SortDiagnostics sorts by function, position, code and text, and removes duplicates, so
// that the output is reproducible.
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
