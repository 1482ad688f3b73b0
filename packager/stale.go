package packager

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// earlierPrograms leaves out programs of a Go function's own module that a wildcard
// matches: they are what `go build` wrote for an earlier deployment, and the program is
// in the zip as bootstrap. A pattern that names such a program, for example an
// extension, still includes it.
func (j Job) earlierPrograms(b *Bundle, files []File) (kept []File) {
	if b.Function.Family != analyzer.Go || b.Graph == nil || b.Entry < 0 || b.Entry >= len(b.Graph.Inputs) {
		return files
	}
	main := b.Graph.Inputs[b.Entry].Path
	for _, f := range files {
		module := j.extras.moduleOf(j, b.Function, f)
		if module == "" || main != module && !strings.HasPrefix(main, module+"/") || named(b.Function, f.Name) {
			kept = append(kept, f)
			continue
		}
		b.Diagnostics = append(b.Diagnostics, analyzer.Diagnostic{
			Code: "earlier-program", Severity: analyzer.Warning, Function: b.ID, Position: b.Function.Position,
			Message: fmt.Sprintf("a pattern matches %s, a program of the module %s, which is left out: the zip already has the function's program", f.Name, module),
			Hint:    fmt.Sprintf("exclude it with \"!%s\", or name it exactly if it must be in the zip", f.Name),
		})
	}
	return kept
}

// named reports whether a pattern names a file without a wildcard.
func named(f analyzer.Function, name string) bool {
	return slices.ContainsFunc(f.Patterns, func(p analyzer.Pattern) bool { return !p.Exclude && path.Clean(p.Glob) == name })
}

// moduleOf returns the module of a program that Go built, "" for any other file.
func (e *extras) moduleOf(j Job, f analyzer.Function, file File) string {
	module, known := e.modules[file.Source]
	if known {
		return module
	}
	name := path.Join(f.ServiceDir, file.Name)
	if head, err := j.Files.Head(name, 4); err == nil && bytes.HasPrefix(head, []byte("\x7fELF")) {
		if open, err := j.Files.Open(name, maxIncluded); err == nil {
			if info, err := buildinfo.Read(open); err == nil {
				module = info.Main.Path
			}
			open.Close()
		}
	}
	e.modules[file.Source] = module
	return module
}
