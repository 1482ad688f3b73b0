package packager

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestWriteWhole(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "report.json")
	put := func(text string, failing error) error {
		return WriteWhole(name, 0o604, func(f *os.File) error {
			_, err := f.WriteString(text)
			return errors.Join(err, failing)
		})
	}
	check := func(want string) {
		t.Helper()
		got, err := os.ReadFile(name)
		if err != nil || string(got) != want {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
			t.Errorf("%v, %v: want the one file", entries, err)
		}
	}
	if err := put("old", nil); err != nil {
		t.Fatal(err)
	}
	check("old")
	failing := errors.New("no space")
	if err := put("half of the new", failing); !errors.Is(err, failing) {
		t.Errorf("%v, want %v", err, failing)
	}
	check("old")
	if err := put("new", nil); err != nil {
		t.Fatal(err)
	}
	check("new")
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o604 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := WriteWhole(filepath.Join(dir, "gone", "x"), 0o644, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v, want %v", err, os.ErrNotExist)
	}
}

// Runs that remove the drafts of dead ones take none of those that are being written.
func TestRemoveDraftsOfTheDead(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 50 {
				RemoveDrafts(root, ".")
				err := WriteWholeIn(root, fmt.Sprint("file", i), 0o644, func(f *os.File) error {
					RemoveDrafts(root, ".")
					_, err := f.WriteString("text")
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	dead := filepath.Join(dir, ownPrefix+"ABC"+draftSuffix)
	if err := os.WriteFile(dead, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, ownPrefix+"folder"+draftSuffix), 0o700); err != nil {
		t.Fatal(err)
	}
	RemoveDrafts(root, ".")
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 9 { // the files and the folder
		t.Errorf("%v, %v", entries, err)
	}
}
