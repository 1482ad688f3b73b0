package gomodule

import (
	"path"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// Read finds the functions of a module: every main package that imports
// aws-lambda-go, itself or through the project's own packages. It skips nested modules.
func Read(in declared.Input) (found declared.Found) {
	mains := Mains(in.FS, in.Dir, in.Tags)
	names := declared.ShortNames(mains, in.Dir, in.Name)
	for i, main := range mains {
		handler := strings.TrimPrefix(main, in.Dir+"/")
		if main == in.Dir {
			handler = "."
		}
		found.Declare(&declared.Function{Function: analyzer.Function{
			Name: names[i], Format: "module", Runtime: declared.DefaultGoRuntime, Handler: handler,
			Position: analyzer.Position{File: mainFile(in.FS, main)},
		}})
	}
	return found
}

// mainFile returns the file that shows where a package is: main.go, or else the
// first one.
func mainFile(fsys *projectfs.FS, dir string) string {
	first := ""
	for _, e := range fsys.List(dir) {
		if e.Name() == "main.go" {
			return path.Join(dir, "main.go")
		}
		if first == "" && strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go") {
			first = path.Join(dir, e.Name())
		}
	}
	return first
}
