package golang

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// goPackage is a package as `go list -json` prints it.
// https://pkg.go.dev/cmd/go#hdr-List_packages_or_modules
type goPackage struct {
	Dir        string
	ImportPath string
	Name       string
	Standard   bool
	DepOnly    bool
	Module     *goModule

	GoFiles, CgoFiles, CFiles, CXXFiles, HFiles, SFiles, SysoFiles []string
	EmbedFiles, EmbedPatterns, IgnoredGoFiles                      []string

	Imports   []string
	ImportMap map[string]string
	Error     *goPackageError
}

type goModule struct {
	Path    string
	Version string
	Main    bool
	Replace *goModule
}

type goPackageError struct {
	Pos string
	Err string
}

const listFields = "-json=Dir,ImportPath,Name,Standard,DepOnly,Module," +
	"GoFiles,CgoFiles,CFiles,CXXFiles,HFiles,SFiles,SysoFiles,EmbedFiles,EmbedPatterns,IgnoredGoFiles," +
	"Imports,ImportMap,Error"

// maxPackages bounds the packages of one listing. Kubernetes has under 5,000.
const maxPackages = 200_000

// list finds what the programs of a group import. It reports errors that prevent a
// build: a package that is not main, an import that no module provides, a missing
// embedded file.
func (b *builder) list(ctx context.Context, s settings, group []*task) {
	args := append(s.args("list"), "-e", "-deps", listFields, "--")
	for _, dir := range folders(group) {
		args = append(args, pattern(s.home, dir))
	}
	packages, messages, err := b.runList(ctx, s, args)
	if err != nil {
		for _, t := range group {
			t.report(b.explainRun(s, messages, err))
		}
		return
	}
	byPath := make(map[string]*goPackage, len(packages))
	byDir := map[string]*goPackage{}
	for _, p := range packages {
		byPath[p.ImportPath] = p
		if !p.DepOnly {
			byDir[filepath.Clean(p.Dir)] = p
			// A package that could not be loaded has its pattern as its import path.
			if p.Dir == "" && strings.HasPrefix(p.ImportPath, ".") {
				byDir[filepath.Join(s.home, filepath.FromSlash(p.ImportPath))] = p
			}
		}
	}
	for _, t := range group {
		p := byDir[t.dir]
		if p == nil {
			t.report(analyzer.Diagnostic{
				Code: "go-list", Severity: analyzer.Error, Position: t.function.Position,
				Message: fmt.Sprintf("the toolchain does not list the package in %s", b.relative(t.dir)),
				Hint:    "run `go list` in that folder and fix its error: " + firstLine(b.tools.clean(messages), errors.New("it prints nothing")),
			})
			continue
		}
		closure := closureOf(p, byPath)
		if b.judgePackages(t, closure) {
			continue
		}
		for _, q := range closure {
			if q.Error != nil {
				t.report(b.explainPackage(s, t, p, q))
			}
		}
		if !t.failed() && p.Name != "main" {
			t.report(b.notMain(t, p))
		}
		if !t.failed() {
			t.main, t.closure = p, closure
			b.checkCgo(t)
		}
	}
}

// pattern returns the go command's pattern for a package folder, relative to home.
func pattern(home, dir string) string {
	rel, err := filepath.Rel(home, dir)
	if err != nil || rel == "." {
		return "."
	}
	return "./" + filepath.ToSlash(rel)
}

// folders returns the package folders of tasks, sorted and without duplicates.
func folders(group []*task) []string {
	var out []string
	for _, t := range group {
		out = append(out, t.dir)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (b *builder) runList(ctx context.Context, s settings, args []string) ([]*goPackage, string, error) {
	reader, writer := io.Pipe()
	type listing struct {
		packages []*goPackage
		err      error
	}
	result := make(chan listing)
	go func() {
		var l listing
		d := json.NewDecoder(reader)
		for l.err == nil {
			p := &goPackage{}
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
	messages, err := b.tools.run(ctx, s.home, s.env(), writer, args...)
	writer.Close()
	l := <-result
	if err == nil && l.err != nil {
		err = fmt.Errorf("reading the output of `go list`: %w", l.err)
	}
	return l.packages, messages, err
}

// closureOf returns the packages linked into a program: the main package first,
// then breadth first in the order of imports. It adds the package runtime, which is
// part of every program although no package has to import it.
func closureOf(main *goPackage, byPath map[string]*goPackage) []*goPackage {
	seen := map[*goPackage]bool{main: true}
	out := []*goPackage{main}
	visit := func(p *goPackage) {
		if p != nil && !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	for i := 0; i < len(out); i++ {
		for _, im := range out[i].Imports {
			visit(byPath[out[i].resolve(im)])
		}
		if i == 0 {
			visit(byPath["runtime"])
		}
	}
	return out
}

// resolve returns the import path that an import in the source refers to.
func (p *goPackage) resolve(im string) string {
	if to, ok := p.ImportMap[im]; ok {
		return to
	}
	return im
}

func (b *builder) notMain(t *task, p *goPackage) analyzer.Diagnostic {
	d := analyzer.Diagnostic{
		Code: "not-main", Severity: analyzer.Error,
		Message: fmt.Sprintf("%s is package %s, but only package main can be built into a program", b.relative(t.dir), p.Name),
		Hint:    "name the folder that holds func main",
	}
	for _, name := range p.GoFiles {
		file := filepath.Join(p.Dir, name)
		fset := token.NewFileSet()
		if parsed, err := parser.ParseFile(fset, file, nil, parser.PackageClauseOnly); err == nil {
			at := fset.Position(parsed.Name.Pos())
			d.Position = analyzer.Position{File: b.relative(file), Line: at.Line, Column: at.Column}
			break
		}
	}
	return d
}

// modMode returns the effective value of -mod: "vendor", or "readonly" for go.mod
// and the module cache.
func (b *builder) modMode(t *task) string {
	if strings.Contains(t.settings.flags, "-mod=vendor") {
		return "vendor"
	}
	vendored := filepath.Join(t.settings.home, "vendor") + string(filepath.Separator)
	for _, p := range t.closure {
		if strings.HasPrefix(p.Dir, vendored) {
			return "vendor"
		}
	}
	return "readonly"
}
