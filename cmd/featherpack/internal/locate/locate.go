package locate

import (
	"os"
	"path/filepath"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// Sources are a project's files on disk or in a commit, by paths relative to its root.
type Sources struct {
	Read  func(path string) ([]byte, error)
	Names func(dir string) ([]string, error)
}

// Below returns the files below a folder on disk.
func Below(root string) Sources {
	return Sources{
		Read: func(path string) ([]byte, error) { return os.ReadFile(filepath.Join(root, filepath.FromSlash(path))) },
		Names: func(dir string) ([]string, error) {
			entries, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(dir)))
			var names []string
			for _, e := range entries {
				names = append(names, e.Name())
			}
			return names, err
		},
	}
}

// Imports returns a function that finds the position where one input imports another.
// The entry points of functions are used to find Go modules.
func Imports(s Sources, functions []analyzer.Function) func(analyzer.Input, analyzer.Import) analyzer.Position {
	modules := goModules{Sources: s, functions: functions}
	return func(from analyzer.Input, im analyzer.Import) analyzer.Position {
		if from.Format == "go" {
			return modules.locate(from, im)
		}
		at := analyzer.Position{File: from.Path, Line: im.Line}
		if at.Line > 0 {
			return at
		}
		text, err := s.Read(from.Path)
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
