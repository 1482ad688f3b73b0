package packager

import (
	"errors"
	"io/fs"
	"syscall"

	"github.com/featherpack/featherpack/analyzer"
)

// cannotWrite is the diagnostic for a file that could not be written. name is its
// path in the out-dir. If err already is a diagnostic it is returned unchanged.
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
	return "check what blocks that path, or write elsewhere with --out"
}

// reason is the innermost error, without the path that the os package adds.
func reason(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

// withFunction sets the function of every diagnostic in err.
func withFunction(id string, err error) error {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		all := several.Unwrap()
		named := make([]error, len(all))
		for i, one := range all {
			named[i] = withFunction(id, one)
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
