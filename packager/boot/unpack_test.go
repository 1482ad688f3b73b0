package boot

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// entry is one entry of a zip, possibly hostile.
type entry struct {
	name, text string
	mode       fs.FileMode
}

func rawZip(t testing.TB, entries ...entry) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		h.SetMode(e.mode)
		to, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		to.Write([]byte(e.text))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "raw.zip")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// tree lists the files and symlinks below dir, with their modes.
func tree(t testing.TB, dir string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		rel, _ := filepath.Rel(dir, name)
		found = append(found, fmt.Sprintf("%s %s", info.Mode(), rel))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestUnpack(t *testing.T) {
	const file, link = 0o644, fs.ModeSymlink | 0o777
	for _, c := range []struct {
		name    string
		entries []entry
		want    []string // nil if the zip is rejected
		reason  string
	}{
		{"files", []entry{{"index.js", "1", file}, {"a/b/c.txt", "2", file}},
			[]string{"-rw-r--r-- a/b/c.txt", "-rw-r--r-- index.js"}, ""},
		{"folders", []entry{{"a/", "", fs.ModeDir | 0o755}, {"a/b", "1", file}}, []string{"-rw-r--r-- a/b"}, ""},
		{"modes follow those of others", []entry{{"x", "", 0o755}, {"y", "", 0o600}, {"z", "", 0o4750}},
			[]string{"-rwxr-xr-x x", "--w------- y", "--w------- z"}, ""},
		{"symlinks inside", []entry{{"a/link", "../b", link}, {"b", "1", file}},
			[]string{"Lrwxrwxrwx a/link", "-rw-r--r-- b"}, ""},
		{"leading dots", []entry{{"./a", "1", file}}, []string{"-rw-r--r-- a"}, ""},
		{"no entries", nil, []string{}, ""},

		{"leaves upwards", []entry{{"../evil", "1", file}}, nil, "leaves the task folder"},
		{"leaves in the middle", []entry{{"a/../../evil", "1", file}}, nil, "leaves the task folder"},
		{"absolute", []entry{{"/etc/evil", "1", file}}, nil, "leaves the task folder"},
		{"backslashes", []entry{{`..\evil`, "1", file}}, nil, "unusable name"},
		{"NUL", []entry{{"a\x00b", "1", file}}, nil, "unusable name"},
		{"not UTF-8", []entry{{"a\xffb", "1", file}}, nil, "unusable name"},
		{"empty name", []entry{{"", "1", file}}, nil, "leaves the task folder"},
		{"duplicate", []entry{{"a", "1", file}, {"a", "2", file}}, nil, "twice"},
		{"duplicate in another spelling", []entry{{"a/b", "1", file}, {"a/./b", "2", file}}, nil, "twice"},
		{"file and folder", []entry{{"a", "1", file}, {"a/b", "2", file}}, nil, "cannot unpack"},
		{"link out", []entry{{"link", "../../etc", link}}, nil, "leaves the task folder"},
		{"absolute link", []entry{{"link", "/etc/passwd", link}}, nil, "leaves the task folder"},
		{"written through a link", []entry{{"link", ".", link}, {"link/evil", "1", file}}, nil, "cannot unpack"},
		{"link without end", []entry{{"link", strings.Repeat("a/", 4000), link}}, nil, "leaves the task folder"},
		{"device", []entry{{"null", "", fs.ModeDevice | 0o666}}, nil, "neither a file"},
		{"pipe", []entry{{"pipe", "", fs.ModeNamedPipe | 0o666}}, nil, "neither a file"},
		{"very long name", []entry{{strings.Repeat("x", 5000), "1", file}}, nil, "cannot unpack"},
	} {
		t.Run(c.name, func(t *testing.T) {
			outer := t.TempDir()
			dir := filepath.Join(outer, "task")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			err := unpack(rawZip(t, c.entries...), dir)
			if (err == nil) != (c.want != nil) {
				t.Fatalf("got %v, want an error: %v", err, c.want == nil)
			}
			if err != nil && (!strings.Contains(err.Error(), c.reason) || strings.Contains(err.Error(), outer)) {
				t.Errorf("the reason is %q, want %q and no path of this machine", err, c.reason)
			}
			if c.want != nil && !slices.Equal(tree(t, dir), c.want) {
				t.Errorf("got %q, want %q", tree(t, dir), c.want)
			}
			if beside, err := os.ReadDir(outer); err != nil || len(beside) != 1 {
				t.Errorf("files were written outside the task folder: %v", beside)
			}
		})
	}
}

// A small zip must not become a large folder, even if its declared sizes are false.
func TestUnpackBombs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bomb.zip")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(out)
	zeros := make([]byte, 1<<20)
	for i := range 3 {
		to, err := w.Create(fmt.Sprint("zeros", i))
		if err != nil {
			t.Fatal(err)
		}
		for range 100 {
			to.Write(zeros)
		}
	}
	w.Close()
	out.Close()
	dir := t.TempDir()
	if err := unpack(path, dir); err == nil || !strings.Contains(err.Error(), "unpacks to more than") {
		t.Errorf("300 MiB of zeros: %v", err)
	}

	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// Change every declared size from 100 MiB to 1 byte.
	lying := bytes.ReplaceAll(text, []byte{0, 0, 0x40, 6}, []byte{1, 0, 0, 0})
	if bytes.Equal(lying, text) {
		t.Fatal("found no size to change")
	}
	if err := os.WriteFile(path, lying, 0o644); err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	if err := unpack(path, dir); err == nil {
		t.Error("a zip with false sizes was unpacked")
	}
	var total int64
	filepath.WalkDir(dir, func(_ string, d fs.DirEntry, _ error) error {
		if info, err := d.Info(); err == nil && !d.IsDir() {
			total += info.Size()
		}
		return nil
	})
	if total > 1<<20 {
		t.Errorf("%d bytes were written of a file that declares 1", total)
	}
}

func TestUnpackInvalidZip(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.zip")
	if err := unpack(path, dir); err == nil || err.Error() != "the zip does not exist" {
		t.Errorf("%v", err)
	}
	if err := os.WriteFile(path, []byte("PK no"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := unpack(path, dir); err == nil || strings.Contains(err.Error(), dir) {
		t.Errorf("%v", err)
	}
}

// No input makes unpack panic or write outside the task folder.
func FuzzUnpack(f *testing.F) {
	for _, entries := range [][]entry{
		{{"index.js", "1", 0o644}, {"a/b", "2", 0o755}},
		{{"../evil", "1", 0o644}},
		{{"l", "a", fs.ModeSymlink | 0o777}, {"a/b", "2", 0o644}},
	} {
		text, err := os.ReadFile(rawZip(f, entries...))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		outer := t.TempDir()
		dir, path := filepath.Join(outer, "task"), filepath.Join(outer, "x.zip")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		_ = unpack(path, dir)
		if beside, err := os.ReadDir(outer); err != nil || len(beside) != 2 {
			t.Errorf("files were written outside the task folder: %v", beside)
		}
	})
}
