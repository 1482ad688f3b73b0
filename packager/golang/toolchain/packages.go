package toolchain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// Package is a package as `go list -json` prints it.
// https://pkg.go.dev/cmd/go#hdr-List_packages_or_modules
type Package struct {
	Dir        string
	ImportPath string
	Name       string
	Standard   bool
	DepOnly    bool
	Module     *Module

	GoFiles, CgoFiles, CFiles, CXXFiles, HFiles, SFiles, SysoFiles []string
	EmbedFiles, EmbedPatterns, IgnoredGoFiles                      []string

	Imports   []string
	ImportMap map[string]string
	Error     *PackageError
}

// Module is the module of a package.
type Module struct {
	Path    string
	Version string
	Main    bool
	Replace *Module
}

// PackageError says why a package cannot be loaded.
type PackageError struct {
	Pos string
	Err string
}

const fields = "-json=Dir,ImportPath,Name,Standard,DepOnly,Module," +
	"GoFiles,CgoFiles,CFiles,CXXFiles,HFiles,SFiles,SysoFiles,EmbedFiles,EmbedPatterns,IgnoredGoFiles," +
	"Imports,ImportMap,Error"

// maxPackages bounds the packages of one listing. Kubernetes has under 5,000.
const maxPackages = 200_000

// List runs go list with flags and patterns in dir. It returns the packages that match
// and all that they import, and the messages of the go command.
func (t *Toolchain) List(ctx context.Context, dir string, env, flags, patterns []string) ([]*Package, string, error) {
	reader, writer := io.Pipe()
	type listing struct {
		packages []*Package
		err      error
	}
	result := make(chan listing)
	go func() {
		var l listing
		d := json.NewDecoder(reader)
		for l.err == nil {
			p := &Package{}
			if l.err = d.Decode(p); l.err == nil {
				if l.packages = append(l.packages, p); len(l.packages) > maxPackages {
					l.err = fmt.Errorf("over %d packages", maxPackages)
				}
			}
		}
		if errors.Is(l.err, io.EOF) {
			l.err = nil
		}
		reader.CloseWithError(l.err)
		result <- l
	}()
	messages, err := t.Run(ctx, dir, env, writer, slices.Concat([]string{"list"}, flags, []string{"-e", "-deps", fields, "--"}, patterns)...)
	writer.Close()
	l := <-result
	if err == nil && l.err != nil {
		err = fmt.Errorf("reading the output of `go list`: %w", l.err)
	}
	return l.packages, messages, err
}

// Closure returns the packages linked into a program: the main package first,
// then breadth first in the order of imports. It adds the package runtime, which is
// part of every program although no package has to import it.
func Closure(main *Package, byPath map[string]*Package) []*Package {
	seen := map[*Package]bool{main: true}
	out := []*Package{main}
	visit := func(p *Package) {
		if p != nil && !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	for i := 0; i < len(out); i++ {
		for _, im := range out[i].Imports {
			visit(byPath[out[i].Resolve(im)])
		}
		if i == 0 {
			visit(byPath["runtime"])
		}
	}
	return out
}

// Resolve returns the import path that an import in the source refers to.
func (p *Package) Resolve(im string) string {
	if to, ok := p.ImportMap[im]; ok {
		return to
	}
	return im
}

// SourceBytes returns the size of a package's sources and embedded files. Missing
// files count as 0.
func (p *Package) SourceBytes() int64 {
	var sum int64
	for _, list := range [][]string{p.GoFiles, p.CgoFiles, p.CFiles, p.CXXFiles, p.HFiles, p.SFiles, p.SysoFiles, p.EmbedFiles} {
		for _, name := range list {
			if info, err := os.Stat(filepath.Join(p.Dir, filepath.FromSlash(name))); err == nil {
				sum += info.Size()
			}
		}
	}
	return sum
}
