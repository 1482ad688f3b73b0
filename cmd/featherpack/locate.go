package main

import (
	"bytes"
	gobuild "go/build"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// sources are a project's files, by paths relative to its root: those on the
// disk, or those of a commit.
type sources struct {
	read  func(path string) ([]byte, error)
	names func(dir string) ([]string, error)
}

func sourcesBelow(root string) sources {
	return sources{
		read: func(path string) ([]byte, error) { return os.ReadFile(filepath.Join(root, filepath.FromSlash(path))) },
		names: func(dir string) ([]string, error) {
			entries, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(dir)))
			var names []string
			for _, e := range entries {
				names = append(names, e.Name())
			}
			return names, err
		},
	}
}

// locator finds the line where one input asks for another.
func locator(s sources, functions []analyzer.Function) func(analyzer.Input, analyzer.Import) analyzer.Position {
	modules := goModules{sources: s, functions: functions}
	return func(from analyzer.Input, im analyzer.Import) analyzer.Position {
		if from.Format == "go" {
			return modules.locate(from, im)
		}
		at := analyzer.Position{File: from.Path, Line: im.Line}
		if at.Line > 0 {
			return at
		}
		text, err := s.read(from.Path)
		if err != nil {
			return at
		}
		for _, s := range js.Specifiers(text) {
			if s.Name == im.Specifier {
				at.Line, at.Column = s.Line, s.Column
				break
			}
		}
		return at
	}
}

// goModules finds import declarations in the project's own Go packages, whose
// inputs are named by import path.
type goModules struct {
	sources
	functions []analyzer.Function
	// dirs are the modules' folders by module path, nil before the first question.
	dirs map[string]string
	// places are the import declarations of each folder that was asked about.
	places map[string]map[string]analyzer.Position
}

// locate is the zero position for packages from elsewhere.
func (m *goModules) locate(from analyzer.Input, im analyzer.Import) analyzer.Position {
	if from.Package != "" {
		return analyzer.Position{}
	}
	if m.dirs == nil {
		m.find()
	}
	name, _, _ := strings.Cut(from.Path, " in ") // of several packages by one path
	for module := name; module != "."; module = path.Dir(module) {
		if root, ok := m.dirs[module]; ok {
			return m.declared(path.Join(root, strings.TrimPrefix(name, module)))[im.Specifier]
		}
	}
	return analyzer.Position{}
}

var moduleLine = regexp.MustCompile(`(?m)^\s*module\s+"?([^\s"/][^\s"]*)"?`)

// find reads the go.mod at or above each function's entry point.
func (m *goModules) find() {
	m.dirs, m.places = map[string]string{}, map[string]map[string]analyzer.Position{}
	for _, f := range m.functions {
		if f.Family != analyzer.Go {
			continue
		}
		for dir := path.Clean(f.Entry); ; dir = path.Dir(dir) {
			if text, err := m.read(path.Join(dir, "go.mod")); err == nil {
				if found := moduleLine.FindSubmatch(text); found != nil {
					m.dirs[string(found[1])] = dir
				}
				break
			}
			if dir == "." || dir == "/" {
				break
			}
		}
	}
}

// declared are the imports of a folder's files, those that Lambda's platforms
// build first.
func (m *goModules) declared(dir string) map[string]analyzer.Position {
	if known, ok := m.places[dir]; ok {
		return known
	}
	found := map[string]analyzer.Position{}
	m.places[dir] = found
	if !filepath.IsLocal(dir) {
		return found
	}
	names, _ := m.names(dir)
	names = slices.DeleteFunc(names, func(name string) bool {
		return !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go")
	})
	slices.SortStableFunc(names, func(a, b string) int { return m.foreign(dir, a) - m.foreign(dir, b) })
	for _, name := range names {
		file := path.Join(dir, name)
		text, err := m.read(file)
		if err != nil {
			continue
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, text, parser.ImportsOnly)
		if err != nil {
			continue
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if _, known := found[imported]; err != nil || known {
				continue
			}
			at := set.Position(spec.Pos())
			found[imported] = analyzer.Position{File: file, Line: at.Line, Column: at.Column}
		}
	}
	return found
}

// foreign is 1 for a file that is built for neither of Lambda's platforms.
func (m *goModules) foreign(dir, name string) int {
	for _, arch := range []string{"amd64", "arm64"} {
		c := gobuild.Context{GOOS: "linux", GOARCH: arch, Compiler: "gc", ReleaseTags: gobuild.Default.ReleaseTags, BuildTags: []string{"lambda.norpc"}}
		c.JoinPath = path.Join
		c.OpenFile = func(name string) (io.ReadCloser, error) {
			text, err := m.read(name)
			return io.NopCloser(bytes.NewReader(text)), err
		}
		if ok, err := c.MatchFile(dir, name); ok && err == nil {
			return 0
		}
	}
	return 1
}
