package slim

import (
	"github.com/featherpack/featherpack/packager/node/installed"
)

// Set makes files smaller for all functions of a build, each file once.
type Set struct {
	packages *installed.Tree
	files    map[string]file // by absolute path
	bytes    int
}

type file struct {
	slim       []byte // nil where the file stays as it is
	readsTexts bool
}

// NewSet is for installed packages and the project's files.
func NewSet(packages *installed.Tree) *Set { return &Set{packages: packages, files: map[string]file{}} }

// maxBytes bounds the texts that are kept for other functions.
const maxBytes = 64 << 20

// Code is what [Code] makes of a module, given by its absolute path, and whether it may
// read the texts of functions. Variables of the project's own modules keep their names.
func (s *Set) Code(path string) (slim []byte, readsTexts bool) {
	f := s.of(path, func(text []byte) file {
		slim, ok := Code(text, installed.PackageDir(path) != "")
		if !ok {
			slim = nil
		}
		return file{slim, ReadsTexts(text)}
	})
	return f.slim, f.readsTexts
}

// Manifest is what [Manifest] makes of a package.json, nil where it stays as it is.
func (s *Set) Manifest(path string) []byte {
	return s.of(path, func(text []byte) file {
		slim, ok := Manifest(text)
		if !ok {
			slim = nil
		}
		return file{slim: slim}
	}).slim
}

// JSON is what [JSON] makes of a file, nil where it stays as it is.
func (s *Set) JSON(path string) []byte {
	return s.of(path, func(text []byte) file {
		slim, ok := JSON(text)
		if !ok {
			slim = nil
		}
		return file{slim: slim}
	}).slim
}

func (s *Set) of(path string, slim func(text []byte) file) file {
	if known, ok := s.files[path]; ok {
		return known
	}
	text, err := s.packages.ReadFile(path)
	if err != nil {
		return file{} // packing it says why
	}
	made := slim(text)
	if s.bytes += len(made.slim); s.bytes < maxBytes {
		s.files[path] = made
	}
	return made
}
