package node

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// unanswered says which packages that are not installed the function cannot
// load without, although no library lists them: the library would fail in the
// source tree too. It also returns their names.
func (b *builder) unanswered(j *job, r *resolver, result linked, inputs map[string]metaInput) (diagnostics []analyzer.Diagnostic, told map[string]bool) {
	var loads map[string]bool
	told = map[string]bool{}
	for _, importer := range result.reached {
		for _, im := range inputs[importer].Imports {
			name := installed.PackageName(im.Path)
			if !im.External || name == "" || installed.Builtin(im.Path) || told[name] || slices.Contains(j.f.Build.External, name) || r.optional(b.absolute(importer), im.Path, im.Kind) != notInstalled || !j.resolution.RequiredAtLoad(b.absolute(importer), im.Path) {
				continue
			}
			if loads == nil {
				loads = b.loadedAtStart(j, result, inputs)
			}
			if loads[importer] {
				told[name] = true
				diagnostics = append(diagnostics, unansweredBy(j, j.resolution.FirstRequest(importer, im.Path), installed.NameOf(filepath.ToSlash(installed.PackageDir(importer))), im.Path))
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
func (b *builder) loadedAtStart(j *job, result linked, inputs map[string]metaInput) map[string]bool {
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
			if _, included := result.output.Inputs[im.Path]; included && (im.Kind == "import-statement" || j.resolution.RequiredAtLoad(b.absolute(queue[i]), im.Original)) {
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
