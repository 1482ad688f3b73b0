package projectfs

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A folder is listed again only if it may have changed since an earlier checker listed it.
func TestListings(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"src/a.ts", "lib/a.ts", "late/a.ts"} {
		if err := write(name)(func(name string) string {
			at := filepath.Join(root, filepath.FromSlash(name))
			_ = os.MkdirAll(filepath.Dir(at), 0o700) // else it cannot be written
			return at
		}); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(25 * time.Millisecond) // a folder that has just changed is not trusted
	at := func(name string) string { return filepath.Join(root, filepath.FromSlash(name)) }
	if err := write("late/b.ts")(at); err != nil {
		t.Fatal(err)
	}
	list := func(earlier Listings) (map[string]int, Listings) {
		files := New(root, Allowances{})
		defer files.Close()
		c := NewChecker(files, HashFile)
		c.Take(earlier)
		names := map[string]int{}
		for _, name := range []string{"src", "lib", "late", "none", "src/a.ts"} {
			names[name] = len(c.folder(name))
		}
		return names, c.Listings()
	}
	first, listings := list(nil)
	if want := (map[string]int{"src": 1, "lib": 1, "late": 2, "none": 0, "src/a.ts": 0}); !maps.Equal(first, want) {
		t.Fatalf("entries: %v, want %v", first, want)
	}
	if err := write("src/b.ts")(at); err != nil {
		t.Fatal(err)
	}
	if err := write("none")(at); err != nil {
		t.Fatal(err)
	}
	second, again := list(listings)
	if want := (map[string]int{"src": 2, "lib": 1, "late": 2, "none": 0, "src/a.ts": 0}); !maps.Equal(second, want) {
		t.Errorf("entries: %v, want %v", second, want)
	}
	for name, taken := range map[string]bool{"src": false, "lib": true} {
		if is := again[name].at.Equal(listings[name].at); is != taken {
			t.Errorf("%s was taken from the earlier listing: %v, want %v", name, is, taken)
		}
	}
}
