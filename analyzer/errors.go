package analyzer

import (
	"errors"
	"io/fs"
	"os"
)

// Usage is a diagnostic about what was typed: a flag, an operand, or a file that
// one of them names.
func Usage(message, hint string) Diagnostic {
	return Diagnostic{Code: "usage", Severity: Error, Message: message, Hint: hint}
}

// WithoutPath is an I/O error without the path, or the system call, that os puts
// before it: paths of the building machine are not shown.
func WithoutPath(err error) error {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		return e.Err
	}
	if e := (*os.LinkError)(nil); errors.As(err, &e) {
		return e.Err
	}
	if e := (*os.SyscallError)(nil); errors.As(err, &e) {
		return e.Err
	}
	return err
}

// DiagnosticsOf makes diagnostics of a function from an error, which may join
// several. An error that is none gets the given code.
func DiagnosticsOf(err error, code, function string) []Diagnostic {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []Diagnostic
		for _, one := range joined.Unwrap() {
			all = append(all, DiagnosticsOf(one, code, function)...)
		}
		return all
	}
	var d Diagnostic
	if !errors.As(err, &d) {
		d = Diagnostic{Code: code, Severity: Error, Message: WithoutPath(err).Error()}
	}
	d.Function = function
	return []Diagnostic{d}
}
