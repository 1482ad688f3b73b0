package manifest

import "github.com/featherpack/featherpack/analyzer"

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
	root, p := parse(d.Listing.Name, d.Listing.Content)
	if p != nil {
		d.report(*p)
		return
	}
	c := &checker{}
	c.object(root, d.Listing.Name, []string{"functions"})
	d.project.Diagnostics = append(d.project.Diagnostics, c.problems...)
	s := &service{format: "featherpack", file: d.Listing.Name, dir: d.dir, root: root, name: d.folderName(d.dir)}
	nameServices([]*service{s})
	if len(c.problems) == 0 {
		d.readFunctions(s)
	}
	if len(d.functions)+len(d.project.Skipped) == 0 && analyzer.ExitStatus(d.project.Diagnostics) == 0 {
		d.reportNothing([]*service{s})
	}
}
