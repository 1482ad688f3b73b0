package projectfs

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/featherpack/featherpack/analyzer"
)

// Refuse is the diagnostic for a file that an [FS] does not read. name is the path as it
// is written, and at is the line that asks for the file. A file outside the root is
// refused as unsafe; the other reasons are errors.
func Refuse(err error, name string, at analyzer.Position) analyzer.Diagnostic {
	d := analyzer.Problem(analyzer.Error, "unreadable", at, "", "%s cannot be read: %v", name, analyzer.WithoutPath(err))
	switch {
	case errors.Is(err, ErrOutside):
		d.Code, d.Severity = "outside-root", analyzer.Refused
		d.Message = fmt.Sprintf("%q is outside the project's root", name)
		d.Hint = "copy it into the project, build from a folder that holds both, or allow it with --allow-outside"
	case errors.Is(err, ErrIrregular):
		d.Message = fmt.Sprintf("%s is not a regular file", name)
		d.Hint = "put the file itself there"
	case errors.Is(err, ErrTooLarge):
		d.Message = fmt.Sprintf("%s is too large", name)
		d.Hint = "look at what the file is"
	case errors.Is(err, fs.ErrNotExist):
		d.Message = fmt.Sprintf("%s does not exist", name)
	case errors.Is(err, fs.ErrPermission):
		d.Hint = "check its permissions"
	}
	return d
}
