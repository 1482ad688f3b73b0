package manifest

import (
	"path"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// readModules finds the functions of plain Go modules: every main package that
// imports aws-lambda-go. A module with a manifest in, above or below its folder
// is left to that.
func (d *discovery) readModules(modules []string) {
	for _, dir := range modules {
		governed := false
		for _, s := range d.services {
			governed = governed || below(dir, s.dir) || below(s.dir, dir)
		}
		if governed {
			continue
		}
		mains := d.goMains(dir)
		if len(mains) == 0 {
			continue
		}
		s := &service{format: "module", dir: dir, file: path.Join(dir, "go.mod"), name: d.folderName(dir)}
		// Modules may nest; the outer one does not govern the inner.
		names := shortNames(mains, dir, s.name)
		for i, main := range mains {
			handler := strings.TrimPrefix(main, dir+"/")
			if main == dir {
				handler = "."
			}
			d.declare(s, &function{Function: analyzer.Function{
				Name: names[i], Format: "module", Runtime: defaultGoRuntime, Handler: handler,
				Position: analyzer.Position{File: d.goFileOf(main)},
			}})
		}
	}
}

// goFileOf names the file that shows where a package is: main.go, else the first.
func (d *discovery) goFileOf(dir string) string {
	first := ""
	for _, e := range d.list(dir) {
		if e.Name() == "main.go" {
			return path.Join(dir, "main.go")
		}
		if first == "" && strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go") {
			first = path.Join(dir, e.Name())
		}
	}
	return first
}

// shortNames names paths by their last element, and by their whole path below
// dir where that is not unique.
func shortNames(paths []string, dir, root string) []string {
	count := map[string]int{}
	short := make([]string, len(paths))
	for i, p := range paths {
		if short[i] = path.Base(p); p == dir {
			short[i] = root
		}
		count[short[i]]++
	}
	for i, p := range paths {
		if count[short[i]] > 1 && p != dir {
			short[i] = strings.ReplaceAll(strings.TrimPrefix(p, dir+"/"), "/", "-")
		}
	}
	return short
}
