package unbundled

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/treetest"
)

// memory is an [Earlier] in memory.
type memory struct {
	samples map[string][2][folds]int64
	files   map[string]map[string]int64
}

func (m *memory) earlier() *Earlier {
	return &Earlier{
		Hash: func(string, fs.FileInfo) (string, error) { return "", errors.New("not known") },
		Sample: func(digest string, compress func() [2][folds]int64) [2][folds]int64 {
			both, known := m.samples[digest]
			if !known {
				both = compress()
				m.samples[digest] = both
			}
			return both
		},
		Files: func(names string) map[string]int64 { return m.files[names] },
		Keep:  func(names string, sizes map[string]int64) { m.files[names] = sizes },
	}
}

func measure(t *testing.T, root string, e *Earlier) *packager.Unbundled {
	t.Helper()
	files := projectfs.New(root, projectfs.Allowances{})
	defer files.Close()
	packages, err := installed.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	m := New(packages, false)
	m.Earlier = e
	return m.Measure(".", ".")
}

// After a change to one file, the others are not compressed again, and the size is the one
// that compressing them would give.
func TestOnlyChangedFilesAreCompressed(t *testing.T) {
	root := treetest.Write(t, "-- a.js --\nexport const a = 1;\n-- b.js --\n"+strings.Repeat("export const b = 'b';\n", 50)+"-- c.js --\n")
	m := &memory{map[string][2][folds]int64{}, map[string]map[string]int64{}}
	for _, text := range []string{"", "export const a = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1];\n", strings.Repeat("export const b = 'b';\n", 50), ""} {
		if err := os.WriteFile(filepath.Join(root, "a.js"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, want := measure(t, root, m.earlier()), measure(t, root, nil); !reflect.DeepEqual(got, want) {
			t.Errorf("with a.js %q: %+v, without what is known %+v", text, got, want)
		}
	}
	b, err := os.ReadFile(filepath.Join(root, "b.js"))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	if len(m.files) != 1 {
		t.Fatalf("the sizes of %d samples are kept, of the same names", len(m.files))
	}
	for _, sizes := range m.files {
		sizes[hex.EncodeToString(sum[:])] += 1000
	}
	if err := os.WriteFile(filepath.Join(root, "a.js"), []byte("export const a = 'other';\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, want := measure(t, root, m.earlier()).ZipBytes, measure(t, root, nil).ZipBytes+1000; got != want {
		t.Errorf("%d bytes, want %d: b.js was compressed again", got, want)
	}
}
