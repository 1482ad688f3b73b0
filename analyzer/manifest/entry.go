package manifest

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// readEntries makes a function of each --entry: a source file with an export named
// handler, or a Go package. Its architecture is that of this machine, so that the
// function can be run where it was built.
func (d *discovery) readEntries() {
	var rels, stems []string
	for _, name := range d.Entries {
		rel, ok := d.locate(name)
		if !ok || rel == "" {
			d.report(analyzer.Problem(analyzer.Refused, "entry-outside", analyzer.Position{},
				"nothing outside the project's root is packed: give the folder that holds it", "--entry %s leads outside the project's root", path.Base(strings.ReplaceAll(name, `\`, "/"))))
			continue
		}
		if slices.Contains(rels, rel) {
			continue
		}
		rels = append(rels, rel)
		stems = append(stems, entryStem(rel))
	}
	for i, name := range declared.ShortNames(stems, ".", d.folderName(".")) {
		d.readEntry(rels[i], name)
	}
}

// entryStem is the path that an entry is named after: without extension. For index
// and Go files it is the folder.
func entryStem(rel string) string {
	ext := path.Ext(rel)
	if !slices.Contains(declared.SourceExtensions, ext) && ext != ".go" {
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
	if !projectfs.Below(rel, dir) {
		dir = "."
	}
	s := declared.Service{Dir: dir, File: rel}
	f := &declared.Function{Function: analyzer.Function{
		Name: name, Format: "entry", Architecture: analyzer.HostArchitecture(), Position: analyzer.Position{File: rel},
	}}
	within := strings.TrimPrefix(rel, dir+"/")
	what, actual := d.Look(rel)
	ext := path.Ext(rel)
	if what == projectfs.Nothing && ext != ".go" && !slices.Contains(declared.SourceExtensions, ext) || what == projectfs.Nothing && actual != "" {
		hint := d.nearestSource(dir, strings.TrimSuffix(within, ext))
		if actual != "" {
			hint = fmt.Sprintf("did you mean %s?", actual)
		}
		if folder := d.Forbidden(path.Dir(rel)); folder != "" {
			f.Report(projectfs.Refuse(fs.ErrPermission, folder, f.Position))
		} else {
			f.Report(analyzer.Problem(analyzer.Error, "no-such-handler", f.Position, hint, "entry %s does not exist", rel))
		}
	}
	switch {
	case what == projectfs.Folder || ext == ".go":
		f.Runtime, f.Handler = declared.DefaultGoRuntime, within
		if rel == dir {
			f.Handler = "."
		}
	case what == projectfs.File && !slices.Contains(declared.SourceExtensions, ext):
		f.Report(analyzer.Problem(analyzer.Error, "no-such-handler", f.Position,
			"give a source file ("+strings.Join(declared.SourceExtensions, " ")+") or a Go package", "entry %s is not a source file", rel))
		fallthrough
	default:
		f.Runtime = declared.DefaultNodeRuntime
		f.SetEntry(within, "handler", f.Position)
	}
	d.declare(s, f)
}
