package gomodule

import (
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// lambdaModule is the module through which a Go function talks to Lambda.
const lambdaModule = "github.com/aws/aws-lambda-go"

// maxGoFile bounds the size of a Go source that is read for its imports.
const maxGoFile = 8 << 20

// Package describes the Go package in one folder.
type Package struct {
	Name   string // "" if no file can be read
	Lambda bool   // imports lambdaModule
}

// PackageIn reads the package of a folder as it is built for Lambda. It ignores
// test files and files that a build constraint excludes.
func PackageIn(fsys *projectfs.FS, dir string) (p Package) {
	abs, err := fsys.Real(dir)
	if err != nil {
		return p
	}
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled = "linux", "arm64", false
	for _, e := range fsys.List(dir) {
		name := e.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || fsys.EntryKind(path.Join(dir, name), e) != projectfs.File {
			continue
		}
		if ok, err := ctx.MatchFile(abs, name); err != nil || !ok {
			if ctx.GOARCH = "amd64"; err == nil {
				ok, err = ctx.MatchFile(abs, name)
			}
			if ctx.GOARCH = "arm64"; err != nil || !ok {
				continue
			}
		}
		source, err := fsys.Read(path.Join(dir, name), maxGoFile)
		if err != nil {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Base(name), source, parser.ImportsOnly)
		if parsed == nil || err != nil && parsed.Name == nil {
			continue
		}
		p.Name = parsed.Name.Name
		for _, spec := range parsed.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if imported == lambdaModule || strings.HasPrefix(imported, lambdaModule+"/") {
				p.Lambda = true
			}
		}
	}
	return p
}

// Mains lists dir and the folders below it that hold a main package which imports
// aws-lambda-go, sorted. It skips nested modules.
func Mains(fsys *projectfs.FS, dir string) []string {
	var mains []string
	fsys.Walk(dir, func(at string, entries []fs.DirEntry) bool {
		sources := false
		for _, e := range entries {
			if e.Name() == "go.mod" && at != dir {
				return false
			}
			sources = sources || strings.HasSuffix(e.Name(), ".go")
		}
		if sources {
			if p := PackageIn(fsys, at); p.Name == "main" && p.Lambda {
				mains = append(mains, at)
			}
		}
		return true
	})
	return mains
}
