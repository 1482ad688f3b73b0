package projectfs

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// project is a folder with a file outside of it.
func project(t *testing.T) (root, outside string) {
	t.Helper()
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	root, outside = filepath.Join(top, "root"), filepath.Join(top, "outside.txt")
	for _, name := range []string{filepath.Join(root, "src", "a.ts"), outside} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("text"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root, outside
}

func TestLook(t *testing.T) {
	root, outside := project(t)
	fsys := New(root, Allowances{})
	for rel, want := range map[string]struct {
		kind   Kind
		actual string
	}{
		".": {Folder, "."}, "src": {Folder, "src"}, "src/a.ts": {File, "src/a.ts"}, "src/../src/a.ts": {File, "src/a.ts"},
		"src/A.ts": {Nothing, "src/a.ts"}, "SRC/a.ts": {Nothing, "src/a.ts"}, "src/b.ts": {}, "src/a.ts/b": {},
		"../outside.txt": {Foreign, ""}, "/etc/passwd": {Foreign, ""},
	} {
		if kind, actual := fsys.Look(rel); kind != want.kind || actual != want.actual {
			t.Errorf("%s: %d, %q, want %d, %q", rel, kind, actual, want.kind, want.actual)
		}
	}
	if err := os.Symlink(outside, filepath.Join(root, "link")); err != nil {
		t.Skip(err)
	}
	if kind := New(root, Allowances{}).Kind("link"); kind != Foreign {
		t.Errorf("a link that leaves the root is %d", kind)
	}
	if _, err := New(root, Allowances{}).Read("link", 100); !errors.Is(err, ErrOutside) {
		t.Errorf("reading through it: %v", err)
	}
}

func TestRead(t *testing.T) {
	root, _ := project(t)
	fsys := New(root, Allowances{})
	if text, err := fsys.Read("src/a.ts", 4); string(text) != "text" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := fsys.Read("src/a.ts", 3); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a file over the limit: %v", err)
	}
	if _, err := fsys.Read("../outside.txt", 100); !errors.Is(err, ErrOutside) {
		t.Errorf("a file outside: %v", err)
	}
}

func TestBelow(t *testing.T) {
	for _, test := range []struct {
		dir, folder string
		want        bool
	}{
		{"a/b", "a", true}, {"a", "a", true}, {"a", ".", true}, {".", ".", true}, {"ab", "a", false}, {"a", "a/b", false}, {".", "a", false},
	} {
		if got := Below(test.dir, test.folder); got != test.want {
			t.Errorf("%s below %s: %v", test.dir, test.folder, got)
		}
	}
}
