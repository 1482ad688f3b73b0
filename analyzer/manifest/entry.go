package manifest

import (
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// readEntries makes a function of each --entry: a source file with an export
// named handler, or a Go package. Its architecture is the machine's, so that
// the function can be tried out where it was built.
func (d *discovery) readEntries() {
	var rels, stems []string
	for _, name := range d.Entries {
		rel, ok := d.locate(name)
		if !ok || rel == "" {
			d.report(problem(analyzer.Refused, "entry-outside", analyzer.Position{},
				"nothing outside the project's root is packed: give the folder that holds it", "--entry %s leads outside the project's root", path.Base(strings.ReplaceAll(name, `\`, "/"))))
			continue
		}
		if slices.Contains(rels, rel) {
			continue
		}
		rels = append(rels, rel)
		stems = append(stems, entryStem(rel))
	}
	for i, name := range shortNames(stems, ".", d.folderName(".")) {
		d.readEntry(rels[i], name)
	}
}

// entryStem is the path an entry is named after: without extension, and for
// index and main files their folder.
func entryStem(rel string) string {
	ext := path.Ext(rel)
	if !slices.Contains(sourceExtensions, ext) && ext != ".go" {
		return rel
	}
	stem := strings.TrimSuffix(rel, ext)
	if base := path.Base(stem); ext == ".go" || base == "index" {
		return path.Dir(stem)
	}
	return stem
}

func (d *discovery) readEntry(rel, name string) {
	dir := d.dir
	if !below(rel, dir) {
		dir = "."
	}
	s := &service{format: "entry", dir: dir, file: rel}
	f := &function{Function: analyzer.Function{
		Name: name, Format: "entry", Architecture: hostArchitecture(), Position: analyzer.Position{File: rel},
	}}
	within := strings.TrimPrefix(rel, dir+"/")
	what, actual := d.look(rel)
	ext := path.Ext(rel)
	if what == nothing && ext != ".go" && !slices.Contains(sourceExtensions, ext) || what == nothing && actual != "" {
		hint := d.nearestSource(dir, strings.TrimSuffix(within, ext))
		if actual != "" {
			hint = fmt.Sprintf("did you mean %s?", actual)
		}
		f.report(problem(analyzer.Error, "no-such-handler", f.Position, hint, "entry %s does not exist", rel))
	}
	switch {
	case what == folder || ext == ".go":
		f.Runtime, f.Handler = defaultGoRuntime, within
		if rel == dir {
			f.Handler = "."
		}
	case what == file && !slices.Contains(sourceExtensions, ext):
		f.report(problem(analyzer.Error, "no-such-handler", f.Position,
			"give a source file ("+strings.Join(sourceExtensions, " ")+") or a Go package", "entry %s is no source file", rel))
		fallthrough
	default:
		f.Runtime = defaultNodeRuntime
		f.setEntry(within, "handler", f.Position)
	}
	d.declare(s, f)
}

// setEntry makes a Node function of a source file and an export. The zip keeps
// the file's path, so the handler follows from it.
func (f *function) setEntry(entry, export string, at analyzer.Position) {
	entry = strings.TrimPrefix(entry, "./")
	stem := strings.TrimSuffix(entry, path.Ext(entry))
	if strings.Contains(path.Base(stem), ".") && !strings.HasPrefix(path.Base(stem), "..") {
		f.report(problem(analyzer.Error, "bad-handler", at, "rename the file so that its name holds no dot before the extension",
			"entry %q: lambda reads a file's name up to its first dot", entry))
	}
	f.Handler = stem + "." + export
	f.entryHint = textValue(entry, at)
}

// hostArchitecture is the machine's in Lambda's spelling.
func hostArchitecture() string {
	if runtime.GOARCH == "arm64" {
		return "arm64"
	}
	return "x86_64"
}
