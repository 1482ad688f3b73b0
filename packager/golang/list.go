package golang

import (
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/golang/toolchain"
)

// list finds what the programs of a group import. It reports errors that prevent a
// build: a package that is not main, an import that no module provides, a missing
// embedded file.
func (b *builder) list(ctx context.Context, s settings, group []*task) {
	var patterns []string
	for _, dir := range folders(group) {
		patterns = append(patterns, pattern(s.home, dir))
	}
	packages, messages, err := b.tools.List(ctx, s.home, s.env(), s.args("list")[1:], patterns)
	if err != nil {
		for _, t := range group {
			t.report(b.explainRun(s, messages, err))
		}
		return
	}
	byPath := make(map[string]*toolchain.Package, len(packages))
	byDir := map[string]*toolchain.Package{}
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
				Hint:    "run `go list` in that folder and fix its error: " + toolchain.FirstLine(b.tools.Clean(messages), errors.New("it prints nothing")),
			})
			continue
		}
		closure := toolchain.Closure(p, byPath)
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

func (b *builder) notMain(t *task, p *toolchain.Package) analyzer.Diagnostic {
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
