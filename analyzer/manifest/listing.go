package manifest

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// Listing is a list of functions from a caller that already knows them, such as a
// CDK app. It replaces the manifests.
type Listing struct {
	// Name is the listing's name in messages.
	Name string
	// Content is YAML or JSON with one key: the functions of featherpack.yaml.
	// Entries are relative to the folder that is built. At most 2 MiB.
	Content []byte
}

// readListing reads the functions of a listing instead of those of all manifests.
// The settings of featherpack.yaml still apply.
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
