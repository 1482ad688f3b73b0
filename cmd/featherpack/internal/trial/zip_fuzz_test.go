package trial

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// A zip is copied without being unpacked, so that one of a few bytes cannot fill the disk.
func FuzzCopyZip(f *testing.F) {
	var good bytes.Buffer
	w := zip.NewWriter(&good)
	for _, name := range []string{"index.js", "a/b.txt"} {
		if entry, err := w.Create(name); err != nil {
			f.Fatal(err)
		} else if _, err := entry.Write(make([]byte, 1<<20)); err != nil {
			f.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(good.Bytes())
	f.Add([]byte("PK\x05\x06" + string(make([]byte, 18))))
	dir := f.TempDir()
	from, to := filepath.Join(dir, "from.zip"), filepath.Join(dir, "to.zip")
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		if err := os.WriteFile(from, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := CopyZip(to, from, map[string]string{"index.js": "text"}); err != nil {
			return
		}
		r, err := zip.OpenReader(to)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if info, err := os.Stat(to); err != nil || info.Size() > int64(2*len(text)+4096) {
			t.Errorf("%d bytes became %v, %v", len(text), info, err)
		}
	})
}
