package locate

import (
	"bytes"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/featherpack/featherpack/analyzer"
)

// goModules finds import declarations in the project's own Go packages. The paths of
// their inputs are import paths.
type goModules struct {
	Sources
	functions []analyzer.Function
	// dirs maps module paths to folders. It is nil until it is first needed.
	dirs map[string]string
	// places caches the import declarations of each folder.
	places map[string]map[string]analyzer.Position
}

// locate returns the position of an import, the zero position for a package outside
// the project.
func (m *goModules) locate(from analyzer.Input, im analyzer.Import) analyzer.Position {
	if from.Package != "" {
		return analyzer.Position{}
	}
	if m.dirs == nil {
		m.find()
	}
	name, _, _ := strings.Cut(from.Path, " in ") // added if several packages have the same path
	for module := name; module != "."; module = path.Dir(module) {
		if root, ok := m.dirs[module]; ok {
			return m.declared(path.Join(root, strings.TrimPrefix(name, module)))[im.Specifier]
		}
	}
	return analyzer.Position{}
}

// find reads the go.mod at or above each function's entry point.
func (m *goModules) find() {
	m.dirs, m.places = map[string]string{}, map[string]map[string]analyzer.Position{}
	for _, f := range m.functions {
		if f.Family != analyzer.Go {
			continue
		}
		for dir := path.Clean(f.Entry); ; dir = path.Dir(dir) {
			if text, err := m.Read(path.Join(dir, "go.mod")); err == nil {
				if module := modfile.ModulePath(text); module != "" {
					m.dirs[module] = dir
				}
				break
			}
			if dir == "." || dir == "/" {
				break
			}
		}
	}
}

// declared returns the imports of a folder's files. If several files have the same
// import, a file that is built for Lambda's platforms takes precedence.
func (m *goModules) declared(dir string) map[string]analyzer.Position {
	if known, ok := m.places[dir]; ok {
		return known
	}
	found := map[string]analyzer.Position{}
	m.places[dir] = found
	if !filepath.IsLocal(dir) {
		return found
	}
	names, _ := m.Names(dir)
	names = slices.DeleteFunc(names, func(name string) bool {
		return !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go")
	})
	slices.SortStableFunc(names, func(a, b string) int { return m.foreign(dir, a) - m.foreign(dir, b) })
	for _, name := range names {
		file := path.Join(dir, name)
		text, err := m.Read(file)
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

// foreign returns 1 for a file that is not built for Lambda's platforms, otherwise 0.
func (m *goModules) foreign(dir, name string) int {
	for _, arch := range []string{"amd64", "arm64"} {
		c := build.Context{GOOS: "linux", GOARCH: arch, Compiler: "gc", ReleaseTags: build.Default.ReleaseTags, BuildTags: []string{"lambda.norpc"}}
		c.JoinPath = path.Join
		c.OpenFile = func(name string) (io.ReadCloser, error) {
			text, err := m.Read(name)
			return io.NopCloser(bytes.NewReader(text)), err
		}
		if ok, err := c.MatchFile(dir, name); ok && err == nil {
			return 0
		}
	}
	return 1
}
