package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
)

// unpackedDir holds a folder for each function that a build was asked to lay
// out. No function or service can have that name.
const unpackedDir = ".unpacked"

// unpack lays the files of every artifact out, each folder wholly new. What runs
// there may find packages of the project around it, so it proves less than
// --boot does.
func (o *outDir) unpack(r reporters.Report) error {
	top := filepath.Join(o.path, unpackedDir)
	err := os.MkdirAll(top, 0o755)
	if err == nil {
		// As in a zip, a .js file is CommonJS whatever the project around says.
		err = os.WriteFile(filepath.Join(top, "package.json"), []byte("{}\n"), 0o644)
	}
	if err != nil {
		return outError(o.name, err)
	}
	for _, f := range r.Functions {
		to := filepath.Join(top, filepath.FromSlash(f.ID))
		if err := os.RemoveAll(to); err != nil {
			return outError(o.name, err)
		}
		if f.Artifact == nil {
			continue
		}
		if err := os.MkdirAll(to, 0o755); err != nil {
			return outError(o.name, err)
		}
		if err := boot.Unpack(filepath.Join(o.path, filepath.FromSlash(f.Artifact.Name)), to); err != nil {
			return errors.Join(analyzer.Diagnostic{Code: "unpack", Severity: analyzer.Error, Function: f.ID,
				Message: fmt.Sprintf("the zip %v", err), Hint: "check the free space, or build without --unpacked"}, os.RemoveAll(to))
		}
	}
	return nil
}
