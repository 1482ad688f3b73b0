package cloudformation

import (
	"path"

	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

const (
	samLayer    = "AWS::Serverless::LayerVersion"
	lambdaLayer = "AWS::Lambda::LayerVersion"
)

// layersOf are the folders of the layers that a template makes of local files, relative
// to the root, by the names of their resources.
func (t *template) layersOf(resources *yamltree.Value) map[string]string {
	folders := map[string]string{}
	for i, k := range resources.Keys {
		r, property := resources.Items[i], "ContentUri"
		switch kind := r.Get("Type"); {
		case kind.Scalar() && kind.Text == samLayer:
		case kind.Scalar() && kind.Text == lambdaLayer:
			property = "Content"
		default:
			continue
		}
		at := t.Resolve(t.Resolve(r.Get("Properties")).Get(property))
		if !at.Scalar() || path.IsAbs(at.Text) || isZip(at.Text) {
			continue
		}
		dir := path.Join(t.Dir, at.Text)
		if !projectfs.Inside(dir) {
			continue
		}
		if what, _ := t.Look(dir); what == projectfs.Folder {
			folders[k.Name] = dir
		}
	}
	return folders
}
