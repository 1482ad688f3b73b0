package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"time"
)

// archived is one file of an archive.
type archived struct {
	name    string
	mode    os.FileMode
	content []byte
}

// archive writes the archive for download: the binary, its licences and the README. It
// is a zip for Windows and a tar for other systems.
func (r release) archive(p platform, binary string, linked []component, stem string) error {
	program, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	files := []archived{{p.executable(), 0o755, program}, {"LICENSES", 0o644, []byte(licencesText(linked))}}
	for _, name := range []string{"LICENSE", "README.md"} {
		content, err := os.ReadFile(filepath.Join(r.source, name))
		if err != nil {
			return err
		}
		files = append(files, archived{name, 0o644, content})
	}
	write, name := writeTar, stem+".tar.gz"
	if p.goos == "windows" {
		write, name = writeZip, stem+".zip"
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := write(f, files); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// fixedTime is the time of all files. It is the earliest time that a zip can store.
var fixedTime = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

func writeTar(w io.Writer, files []archived) error {
	zipped, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	t := tar.NewWriter(zipped)
	for _, f := range files {
		header := &tar.Header{Typeflag: tar.TypeReg, Name: f.name, Mode: int64(f.mode), Size: int64(len(f.content)), ModTime: fixedTime, Format: tar.FormatUSTAR}
		if err := t.WriteHeader(header); err != nil {
			return err
		}
		if _, err := t.Write(f.content); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return zipped.Close()
}

func writeZip(w io.Writer, files []archived) error {
	z := zip.NewWriter(w)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: fixedTime}
		header.SetMode(f.mode)
		entry, err := z.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := entry.Write(f.content); err != nil {
			return err
		}
	}
	return z.Close()
}
