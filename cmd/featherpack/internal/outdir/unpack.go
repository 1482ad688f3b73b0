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

// unpackedDir holds a folder with the unpacked files of each function. No ID begins
// with a dot.
const unpackedDir = ".unpacked"

// Unpack unpacks every artifact into a new folder of its own. A function that runs
// there may load packages of the project around it, so it is a weaker check than
// --boot.
func (d *Dir) Unpack(r reporters.Report) error {
	top := filepath.Join(d.Path, unpackedDir)
	err := os.MkdirAll(top, 0o755)
	if err == nil {
		// As in a zip, a .js file is CommonJS, whatever package.json the project has.
		err = os.WriteFile(filepath.Join(top, "package.json"), []byte("{}\n"), 0o644)
	}
	if err != nil {
		return d.Fault(err)
	}
	for _, f := range r.Functions {
		// No function's folder is inside another's: "a%2Fb" is beside "a".
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
