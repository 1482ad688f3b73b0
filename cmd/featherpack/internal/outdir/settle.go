package outdir

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render"
)

// Settle writes report.json and removes outdated files of earlier runs: those of
// functions that failed in this run and, after a full build, those of functions
// that no longer exist.
func (d *Dir) Settle(r reporters.Report, full bool) error {
	keep := map[string]bool{}
	failed := map[string]bool{}
	for _, f := range r.Functions {
		if f.Artifact == nil {
			failed[f.ID] = true
			continue
		}
		keep[f.ID] = true
	}
	err := filepath.WalkDir(d.Path, func(at string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && entry.Name() == unpackedDir {
			return filepath.SkipDir
		}
		if err != nil || entry.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(d.Path, at)
		id := functionOf(filepath.ToSlash(rel))
		if id == "" || keep[id] || !full && !failed[id] {
			return nil
		}
		return os.Remove(at)
	})
	if err != nil {
		return d.Fault(err)
	}
	return d.Write("report.json", func(w io.Writer) error { return render.Formats["json"](w, r) })
}

// functionOf returns the ID of the function that a file of the out-dir belongs to,
// "" for none.
func functionOf(name string) string {
	for _, suffix := range []string{".zip", ".licenses.txt", ".js.map", ".mjs.map"} {
		if id, ok := strings.CutSuffix(name, suffix); ok {
			return id
		}
	}
	return ""
}

// Write writes a file of the out-dir atomically.
func (d *Dir) Write(name string, write func(io.Writer) error) error {
	return output.WriteFile(filepath.Join(d.Path, name), filepath.ToSlash(filepath.Join(d.Name, name)), write)
}
