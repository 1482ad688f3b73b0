package clitest

import (
	"archive/zip"
	"io"
	"io/fs"
	"testing"
)

// ZipEntry is an entry of a zip.
type ZipEntry struct {
	Mode    fs.FileMode
	Content []byte
}

// Zip returns the entries of a zip by their names.
func Zip(t testing.TB, name string) map[string]ZipEntry {
	t.Helper()
	archive, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	found := map[string]ZipEntry{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			t.Fatal(err)
		}
		found[f.Name] = ZipEntry{f.Mode(), content}
	}
	return found
}
