package manifest

import (
	"path"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/serverless"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// MaxResolved bounds a resolved service in bytes. Five hundred functions, the most
// that a stack can hold, take less than one MiB.
const MaxResolved = 8 << 20

// readResolved reads a service whose variables the framework has resolved. Any
// text that still looks like a variable is plain text. The format is
//
//	{"format": "serverless", "manifest": "serverless.yml", "document": {...}}
//
// where manifest is the file that the framework read, relative to the folder asked
// for. That file is only read for the positions of the values.
func (d *discovery) readResolved() {
	fail := func(hint, format string, args ...any) {
		d.report(analyzer.Problem(analyzer.Error, "bad-resolved", analyzer.Position{File: "standard input"}, hint, format, args...))
	}
	if len(d.Resolved) > MaxResolved {
		fail("split the service", "is larger than %d MiB", MaxResolved>>20)
		return
	}
	root, err := yamltree.ParseJSON(d.Resolved)
	if err != nil {
		fail("featherpack hook NAME prints a hook that writes it", "is not a resolved service: %v", err)
		return
	}
	c := &settings.Checker{}
	if !c.Object(root, "the resolved service", []string{"format", "manifest", "document"}) || len(c.Problems) > 0 {
		fail("write {\"format\", \"manifest\", \"document\"}", "is not a resolved service")
		return
	}
	name, document := root.Get("format"), root.Get("document")
	f := formatNamed("serverless")
	if !name.Scalar() || name.Text != f.name || document == nil || document.Kind != yamltree.Mapping {
		fail("the format is serverless, and the document a mapping", "is not a resolved service in a known format")
		return
	}
	file := path.Join(d.dir, "serverless.yml")
	if manifest := root.Get("manifest"); manifest.Scalar() {
		if file = path.Join(d.dir, manifest.Text); path.IsAbs(manifest.Text) || !projectfs.Inside(file) {
			fail("name it relative to the folder", "names a manifest outside the project's root")
			return
		}
	}
	document.Place(d.written(file), analyzer.Position{File: file})
	d.services = append(d.services, &service{Service: declared.Service{File: file, Dir: d.dir, Root: document, Resolved: true}, format: f})
}

// written parses the manifest as it is on disk. It returns nil if the manifest is
// a program or cannot be read.
func (d *discovery) written(rel string) *yamltree.Value {
	content, err := d.Read(rel, yamltree.MaxBytes)
	if err != nil || serverless.IsProgram(path.Base(rel)) {
		return nil
	}
	root, p := yamltree.Parse(rel, content)
	if p != nil {
		return nil
	}
	return root
}
