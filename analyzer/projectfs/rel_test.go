package projectfs

import (
	"path/filepath"
	"testing"
)

func TestRel(t *testing.T) {
	for _, root := range []string{"/", "/r", "/r/s", "/r s"} {
		root = filepath.FromSlash(root)
		for _, abs := range []string{"/", "/r", "/r/", "/r/s", "/r/s/", "/r/s/a", "/r/s//a", "/r/s/./a/", "/r/s/../a", "/r/sa", "/r s/a", "/x", "r", "", "/r/s/a/../..", "//r/s"} {
			abs = filepath.FromSlash(abs)
			want, wrong := filepath.Rel(root, abs)
			if got, err := Rel(root, abs); got != want || (err == nil) != (wrong == nil) {
				t.Errorf("%q from %q: %q, %v; want %q, %v", abs, root, got, err, want, wrong)
			}
		}
	}
}
