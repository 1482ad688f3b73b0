package trial

import (
	"archive/zip"
	"io"
	"maps"
	"os"
	"slices"
)

// CopyZip copies a zip with other files: texts by name, which take the place of those that
// the zip has under these names, or are added.
func CopyZip(to, from string, texts map[string]string) error {
	r, err := zip.OpenReader(from)
	if err != nil {
		return err
	}
	defer r.Close()
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	defer f.Close()
	w := zip.NewWriter(f)
	for _, entry := range r.File {
		if _, replaced := texts[entry.Name]; replaced {
			continue
		}
		if err := w.Copy(entry); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		entry, err := w.Create(name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(entry, texts[name]); err != nil {
			return err
		}
	}
	return w.Close()
}
