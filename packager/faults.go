package packager

import (
	"errors"
	"io/fs"
	"syscall"

	"github.com/featherpack/featherpack/analyzer"
)

// cannotWrite tells of a file that could not be written, by its path in the
// out-dir. A diagnostic passes as it is: it already says what is wrong.
func cannotWrite(name string, err error) error {
	var d analyzer.Diagnostic
	if errors.As(err, &d) {
		return err
	}
	what := shown(name)
	if name == "." {
		what = "to the out-dir"
	}
	return analyzer.Diagnostic{
		Code: "write-failed", Severity: analyzer.Error,
		Message: "cannot write " + what + ": " + reason(err),
		Hint:    writeRemedy(err),
	}
}

func writeRemedy(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "free some space, or write elsewhere with --out"
	case errors.Is(err, syscall.EFBIG):
		return "raise the limit on the size of files (ulimit -f)"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return "make the folder writable, or write elsewhere with --out"
	}
	return "look at what is in the way there, or write elsewhere with --out"
}

// reason is the innermost cause, without the path that the os package puts
// before it.
func reason(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

// about adds the function to every diagnostic in err.
func about(id string, err error) error {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		all := several.Unwrap()
		named := make([]error, len(all))
		for i, one := range all {
			named[i] = about(id, one)
		}
		return errors.Join(named...)
	}
	var d analyzer.Diagnostic
	if !errors.As(err, &d) {
		return err
	}
	d.Function = id
	return d
}
