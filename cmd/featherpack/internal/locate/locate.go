package locate

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// Sources are a project's files on disk or in a commit, by paths relative to its root.
type Sources struct {
	Read  func(path string) ([]byte, error)
	Names func(dir string) ([]string, error)
}

// maxSource is the size of the largest source that is read, in bytes.
const maxSource = 128 << 20

// Below returns the files below a folder on disk.
func Below(root string) Sources { return In(projectfs.New(root, projectfs.Allowances{})) }

// In returns the files of a project.
func In(files *projectfs.FS) Sources {
	return Sources{
		Read: func(path string) ([]byte, error) { return files.Read(path, maxSource) },
		Names: func(dir string) ([]string, error) {
			entries, err := files.ReadDir(dir)
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
