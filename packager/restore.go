package packager

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// Stored is a file that an earlier run wrote to an out-dir.
type Stored struct {
	Name   string // relative to the out-dir
	SHA256 string // in hex
	Bytes  int64
	// Open returns the content.
	Open func() (io.ReadCloser, error)
}

// Restore writes files as [PackTo] does: each appears whole, in this order. A file that
// is there already is left alone. Any error means that nothing was replaced. hash is the
// SHA-256 of a file, in hex.
func Restore(ctx context.Context, root *os.Root, files []Stored, hash projectfs.Hash) error {
	var missing []Stored
	for _, f := range files {
		if !Has(root, f, hash) {
			missing = append(missing, f)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	out, err := openOutDir(ctx, root)
	if err != nil {
		return err
	}
	defer out.close()
	for _, f := range missing {
		if err := out.copy(f); err != nil {
			return err
		}
	}
	return out.publish(ctx)
}

func (o *outDir) copy(f Stored) error {
	content, err := f.Open()
	if err != nil {
		return err
	}
	defer content.Close()
	d, err := o.draft(f.Name)
	if err != nil {
		return err
	}
	if _, err := io.Copy(d, content); err != nil {
		return err
	}
	return d.finish()
}

// Has reports whether an out-dir has a file.
func Has(root *os.Root, f Stored, hash projectfs.Hash) bool {
	name := filepath.FromSlash(f.Name)
	info, err := root.Lstat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() != f.Bytes || info.Mode().Perm() != 0o644 {
		return false
	}
	sum, err := hash(filepath.Join(root.Name(), name), info)
	return err == nil && sum == f.SHA256
}
