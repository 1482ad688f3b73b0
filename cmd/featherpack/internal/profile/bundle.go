package profile

import (
	"archive/zip"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
)

// longestBundle is the size in bytes of the largest bundle that is read.
const longestBundle = 256 << 20

// replaceBundle copies a zip with an instrumented bundle.
func replaceBundle(to, from string, sourceMap []byte, moduleOf func(source string) (int, bool)) error {
	r, err := zip.OpenReader(from)
	if err != nil {
		return err
	}
	defer r.Close()
	// The bundle is the script that the source map fits best.
	var name string
	best, failed := instrumented{mapped: -1}, errors.New("no file of the zip has the code of the modules")
	for _, f := range r.File {
		if !slices.Contains([]string{".js", ".mjs", ".cjs"}, path.Ext(f.Name)) || strings.Contains(f.Name, "node_modules/") {
			continue
		}
		code, err := readFile(f)
		if err != nil {
			return err
		}
		found, err := instrument(code, sourceMap, moduleOf)
		if err != nil {
			failed = err
		} else if found.mapped > best.mapped {
			name, best = f.Name, found
		}
	}
	if name == "" {
		return failed
	}
	return trial.CopyZip(to, from, map[string]string{name: best.code})
}

func readFile(f *zip.File) ([]byte, error) {
	opened, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return io.ReadAll(io.LimitReader(opened, longestBundle))
}
