package projectfs

import (
	"os"
	"path/filepath"
	"testing"
)

// What a folder had is remembered with all that was listed, and only then.
func TestRemember(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"node_modules/lib/index.js", "src/a.ts"} {
		at := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte("1"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("lib", filepath.Join(root, "node_modules", "link")); err != nil {
		t.Fatal(err)
	}
	for _, remembers := range []bool{false, true} {
		files := New(root, Allowances{})
		defer files.Close()
		if remembers {
			files.Remember()
		}
		for _, folder := range []string{"node_modules", "node_modules/lib"} {
			if _, err := files.ReadDir(folder); err != nil {
				t.Fatal(err)
			}
		}
		write := func(text string) {
			for _, name := range []string{"node_modules/lib/index.js", "src/a.ts"} {
				if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(name)), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		write("1234")
		now, listed := int64(4), int64(4)
		if remembers {
			listed = 1
		}
		for name, want := range map[string]int64{"node_modules/lib/index.js": listed, "node_modules/link/index.js": listed, "src/a.ts": now} {
			if info, err := files.Stat(name); err != nil || info.Size() != want {
				t.Errorf("remembers: %v; %s: %v, %v, want %d B", remembers, name, info, err, want)
			}
		}
		for _, name := range []string{"node_modules/lib/none.js", "src/none.ts"} {
			if _, err := files.Stat(name); !os.IsNotExist(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if real, err := files.Real("node_modules/link"); err != nil || real != filepath.Join(files.RootDir(), "node_modules", "lib") {
			t.Errorf("the link leads to %s, %v", real, err)
		}
		write("1")
	}
}
