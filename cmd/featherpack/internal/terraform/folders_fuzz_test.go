package terraform

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

func FuzzFoldersOf(f *testing.F) {
	f.Add([]byte("module a\n\nreplace b => ../b\n"))
	f.Add([]byte("go 1.26\n\nuse ./a\n\nreplace b v1.0.0 => c v1.0.0\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		for _, name := range []string{"go.mod", "a/go.work"} {
			if folders, err := foldersOf(name, text); err != nil && folders != nil {
				t.Errorf("%q, %v", folders, err)
			}
		}
	})
}
