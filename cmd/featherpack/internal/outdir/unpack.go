package outdir

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
)

// unpackedDir holds a folder for each function that a build was asked to lay
// out. No ID begins with a dot.
const unpackedDir = ".unpacked"

// Unpack lays the files of every artifact out, each folder wholly new. What runs
// there may find packages of the project around it, so it proves less than
// --boot does.
func (d *Dir) Unpack(r reporters.Report) error {
	top := filepath.Join(d.Path, unpackedDir)
	err := os.MkdirAll(top, 0o755)
	if err == nil {
		// As in a zip, a .js file is CommonJS whatever the project around says.
		err = os.WriteFile(filepath.Join(top, "package.json"), []byte("{}\n"), 0o644)
	}
	if err != nil {
		return d.Fault(err)
	}
	for _, f := range r.Functions {
		// One function's folder never lies in another's: "a/b" beside "a".
		to := filepath.Join(top, strings.ReplaceAll(f.ID, "/", "%2F"))
		if err := os.RemoveAll(to); err != nil {
			return d.Fault(err)
		}
		if f.Artifact == nil {
			continue
		}
		if err := os.MkdirAll(to, 0o755); err != nil {
			return d.Fault(err)
		}
		if err := boot.Unpack(filepath.Join(d.Path, filepath.FromSlash(f.Artifact.Name)), to); err != nil {
			return errors.Join(analyzer.Diagnostic{Code: "unpack", Severity: analyzer.Error, Function: f.ID,
				Message: fmt.Sprintf("the zip %v", err), Hint: "check the free space, or build without --unpacked"}, os.RemoveAll(to))
		}
	}
	return nil
}
