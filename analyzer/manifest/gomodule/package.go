package gomodule

import (
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
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
	// Imports are the import paths of its files.
	Imports []string
	// Mains are the files that declare func main.
	Mains []string
}

// PackageIn reads the package of a folder as it is built for Lambda with these build
// tags. It ignores test files and files that a build constraint excludes.
func PackageIn(fsys *projectfs.FS, dir string, tags []string) (p Package) {
	abs, err := fsys.Real(dir)
	if err != nil {
		return p
	}
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled, ctx.BuildTags = "linux", "arm64", false, tags
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
		if mainFunction.Match(source) {
			p.Mains = append(p.Mains, name)
		}
		for _, spec := range parsed.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			p.Imports = append(p.Imports, imported)
			if imported == lambdaModule || strings.HasPrefix(imported, lambdaModule+"/") {
				p.Lambda = true
			}
		}
	}
	return p
}

// mainFunction matches a declaration of func main in formatted source.
var mainFunction = regexp.MustCompile(`(?m)^func main\(\)`)

// Mains lists dir and the folders below it that hold a main package which imports
// aws-lambda-go, itself or through the project's own packages, sorted. It skips nested
// modules.
func Mains(fsys *projectfs.FS, dir string, tags []string) []string {
	own := ownModules(fsys, dir)
	reaching := map[string]bool{}
	return packages(fsys, dir, func(at string) bool {
		p := PackageIn(fsys, at, tags)
		return p.Name == "main" && own.reach(fsys, p, tags, reaching)
	})
}

// AllMains lists every main package below dir if its module requires aws-lambda-go: a
// main package may reach it through another module, whose source is not in the project.
func AllMains(fsys *projectfs.FS, dir string, tags []string) []string {
	if !ownModules(fsys, dir).lambda {
		return nil
	}
	return packages(fsys, dir, func(at string) bool { return PackageIn(fsys, at, tags).Name == "main" })
}

// packages lists the folders with Go files in and below dir that is chooses, sorted. It
// skips nested modules.
func packages(fsys *projectfs.FS, dir string, is func(dir string) bool) (list []string) {
	fsys.Walk(dir, func(at string, entries []fs.DirEntry) bool {
		sources := false
		for _, e := range entries {
			if e.Name() == "go.mod" && at != dir {
				return false
			}
			sources = sources || strings.HasSuffix(e.Name(), ".go")
		}
		if sources && is(at) {
			list = append(list, at)
		}
		return true
	})
	return list
}
