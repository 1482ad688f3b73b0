package manifest

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// Listing is a list of functions that a caller hands over: what a program that
// knows its functions, such as a CDK app, says in place of a manifest.
type Listing struct {
	// Name is what messages call it.
	Name string
	// Content is YAML or JSON with the single key functions of featherpack.yaml;
	// entries are relative to the folder that is built. At most 2 MiB.
	Content []byte
}

// readListing takes the functions of a listing. They replace those of every
// manifest, and featherpack.yaml's settings hold for them.
func (d *discovery) readListing() {
	root, p := yamltree.Parse(d.Listing.Name, d.Listing.Content)
	if p != nil {
		d.report(*p)
		return
	}
	c := &settings.Checker{}
	c.Object(root, d.Listing.Name, []string{"functions"})
	d.project.Diagnostics = append(d.project.Diagnostics, c.Problems...)
	s := &service{Service: declared.Service{File: d.Listing.Name, Dir: d.dir, Root: root, Name: d.folderName(d.dir)}, format: settingsFormat}
	nameServices([]*service{s})
	if len(c.Problems) == 0 {
		d.take(s.Service, settings.Functions(root))
	}
	if len(d.functions)+len(d.project.Skipped) == 0 && analyzer.ExitStatus(d.project.Diagnostics) == 0 {
		d.reportNothing([]*service{s})
	}
}
