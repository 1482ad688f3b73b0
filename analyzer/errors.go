package analyzer

import (
	"errors"
	"io/fs"
	"os"
)

// Usage returns a diagnostic about the command line: a flag, an argument, or a file that
// one of them names.
func Usage(message, hint string) Diagnostic {
	return Diagnostic{Code: "usage", Severity: Error, Message: message, Hint: hint}
}

// WithoutPath removes the path or system call that the os package adds to an I/O error.
// Output must not contain paths of the building machine.
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

// DiagnosticsOf converts an error, which may join several, to diagnostics of a function.
// An error that is not a Diagnostic gets the given code.
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
