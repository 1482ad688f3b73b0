package cache

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// An index that is damaged is empty.
func FuzzIndex(f *testing.F) {
	dir := f.TempDir()
	d, err := Open(dir, 0)
	if err != nil {
		f.Fatal(err)
	}
	defer d.Close()
	file := filepath.Join(dir, "a")
	if err := errors.Join(os.WriteFile(file, []byte("a"), 0o600), d.Index().Save(f.Context(), d)); err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(nil))
	f.Add(indexMark)
	f.Add(append(bytes.Clone(indexMark), make([]byte, 500)...))
	f.Fuzz(func(t *testing.T, raw []byte) {
		defer inputtest.Bound(t)()
		if err := os.WriteFile(filepath.Join(dir, indexFile), raw, 0o600); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if sum, err := d.Index().Hash(file, info); err != nil || sum != Of([]byte("a")).Hash {
			t.Errorf("%s, %v", sum, err)
		}
	})
}
