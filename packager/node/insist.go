package node

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// sources remembers what files ask for.
type sources struct {
	packages *installed.Tree
	mu       sync.Mutex
	insisted map[string]map[string]bool // by absolute file: insists
}

// insists reports whether a file asks for a specifier whenever it loads, with
// nothing to catch a failure: without an answer the file does not load.
func (s *sources) insists(file, specifier string) bool {
	s.mu.Lock()
	asked, known := s.insisted[file]
	s.mu.Unlock()
	if !known {
		asked = map[string]bool{}
		if text, err := s.packages.ReadFile(file); err == nil {
			for _, q := range js.Specifiers(text) {
				asked[q.Name] = asked[q.Name] || !q.Guarded && !q.Conditional
			}
		}
		s.mu.Lock()
		s.insisted[file] = asked
		s.mu.Unlock()
	}
	return asked[specifier]
}

// unanswered says which packages that are not installed the function cannot
// load without, although no library lists them: the library would fail in the
// source tree too. It also returns their names.
func (b *builder) unanswered(j *job, r *resolver, result linked, inputs map[string]metaInput) (diagnostics []analyzer.Diagnostic, told map[string]bool) {
	var loads map[string]bool
	told = map[string]bool{}
	for _, importer := range result.reached {
		for _, im := range inputs[importer].Imports {
			name := installed.PackageName(im.Path)
			if !im.External || name == "" || installed.Builtin(im.Path) || told[name] || slices.Contains(j.f.Build.External, name) || r.optional(b.absolute(importer), im.Path, im.Kind) != notInstalled || !b.sources.insists(b.absolute(importer), im.Path) {
				continue
			}
			if loads == nil {
				loads = b.loadedAtStart(result, inputs)
			}
			if loads[importer] {
				told[name] = true
				diagnostics = append(diagnostics, unansweredBy(j, b.placeOf(importer, im.Path), installed.NameOf(filepath.ToSlash(installed.PackageDir(importer))), im.Path))
			}
		}
	}
	return diagnostics, told
}

func unansweredBy(j *job, at analyzer.Position, library, specifier string) analyzer.Diagnostic {
	name := installed.PackageName(specifier)
	return analyzer.Diagnostic{
		Code: "unresolved-import", Severity: analyzer.Error, Function: j.id, Position: at,
		Message: fmt.Sprintf("cannot resolve %q, which %s requires as it loads and does not list among its dependencies", specifier, library),
		Hint:    fmt.Sprintf("npm install %s; if a layer brings it, list it in build.external", name),
	}
}

// loadedAtStart are the inputs that run before the handler is first called,
// as far as the code says so outright: by import, or by a require that nothing
// guards and that stands in no function or branch.
func (b *builder) loadedAtStart(result linked, inputs map[string]metaInput) map[string]bool {
	loaded := map[string]bool{}
	if len(result.reached) == 0 {
		return loaded
	}
	queue := []string{result.reached[0]}
	loaded[queue[0]] = true
	for i := 0; i < len(queue); i++ {
		for _, im := range inputs[queue[i]].Imports {
			if im.External || loaded[im.Path] || im.Kind == "require-resolve" {
				continue
			}
			if _, included := result.output.Inputs[im.Path]; included && (im.Kind == "import-statement" || b.sources.insists(b.absolute(queue[i]), im.Original)) {
				loaded[im.Path] = true
				queue = append(queue, im.Path)
			}
		}
	}
	return loaded
}

// loadedAtStart are the files, absolute, that run before the handler is first
// called: as for the bundle, and from what it insists on.
func (t *fileTree) loadedAtStart() map[string]bool {
	loaded := map[string]bool{}
	queue := []string{""}
	for i := 0; i < len(queue); i++ {
		for _, file := range t.insisted[queue[i]] {
			if !loaded[file] {
				loaded[file] = true
				queue = append(queue, file)
			}
		}
	}
	return loaded
}
