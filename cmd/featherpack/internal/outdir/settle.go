package outdir

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

// Expect records the IDs of the functions that are going to be built, so that even
// after an interruption a later build knows that their files may be removed.
func (d *Dir) Expect(ids []string) { d.owner.remember(ids) }

// Settle removes outdated files of earlier runs and writes report.json. It returns what it
// wrote.
func (d *Dir) Settle(r reporters.Report, full bool) (packager.Stored, error) {
	if err := d.RemoveOutdated(r, full); err != nil {
		return packager.Stored{}, err
	}
	return d.WriteReport(r)
}

// WriteReport writes report.json, and returns what it wrote.
func (d *Dir) WriteReport(r reporters.Report) (packager.Stored, error) {
	written := &counted{sum: sha256.New()}
	const name = "report.json"
	encode := d.JSON
	if encode == nil {
		encode = reporters.JSON
	}
	err := d.Write(name, func(w io.Writer) error { return encode(io.MultiWriter(w, written), r) })
	return packager.Stored{Name: name, SHA256: hex.EncodeToString(written.sum.Sum(nil)), Bytes: written.bytes}, err
}

type counted struct {
	sum   hash.Hash
	bytes int64
}

func (c *counted) Write(text []byte) (int, error) {
	c.bytes += int64(len(text))
	return c.sum.Write(text)
}

// RemoveOutdated removes the files of functions that failed in this run and, after a full
// build, those of functions that no longer exist.
func (d *Dir) RemoveOutdated(r reporters.Report, full bool) error {
	keep := map[string]bool{}
	failed := map[string]bool{}
	for _, f := range r.Functions {
		if f.Artifact == nil {
			failed[f.ID] = true
			continue
		}
		keep[f.ID] = true
	}
	err := fs.WalkDir(d.root.FS(), ".", func(at string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && entry.Name() == unpackedDir {
			return fs.SkipDir
		}
		if err != nil || entry.IsDir() {
			return err
		}
		id := functionOf(at)
		if id == "" || keep[id] || !full && !failed[id] || !d.owner.wrote(id) {
			return nil
		}
		return d.root.Remove(filepath.FromSlash(at))
	})
	if err != nil {
		return d.Fault(err)
	}
	if full {
		// Unpacked folders of functions that are gone stay, and may be replaced later.
		d.owner.set(slices.DeleteFunc(slices.Clone(d.owner.record.Functions), func(id string) bool {
			return !keep[id] && !d.unpacked(id)
		}))
	}
	return nil
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
	return output.WriteFileIn(d.root, name, filepath.ToSlash(filepath.Join(d.Name, name)), write)
}

// Read opens a file of the out-dir.
func (d *Dir) Read(name string) (*os.File, error) { return d.root.Open(filepath.FromSlash(name)) }

// Remove removes a file of the out-dir.
func (d *Dir) Remove(name string) error { return d.root.Remove(filepath.FromSlash(name)) }
