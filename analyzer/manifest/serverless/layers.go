package serverless

import (
	"path"
	"strings"

	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// layersOf are the folders of the layers that a service makes, relative to the root, by the
// names of their resources: functions refer to the layer shared as !Ref SharedLambdaLayer.
// Source: serverless.com/framework/docs/providers/aws/guide/layers
func (s *reader) layersOf(v *yamltree.Value) map[string]string {
	folders := map[string]string{}
	v = s.Resolve(v)
	if v == nil || v.Kind != yamltree.Mapping {
		return folders
	}
	for i, k := range v.Keys {
		at := s.Get(s.Resolve(v.Items[i]), "path")
		if !at.Scalar() || path.IsAbs(at.Text) {
			continue
		}
		dir := path.Join(s.Dir, at.Text)
		if what, _ := s.Look(dir); projectfs.Inside(dir) && what == projectfs.Folder {
			folders[layerResource(k.Name)] = dir
		}
	}
	return folders
}

// layerResource is the name that the framework gives the resource of a layer.
// Source: getLambdaLayerLogicalId in lib/plugins/aws/lib/naming.js of serverless 3.
func layerResource(name string) string {
	name = strings.NewReplacer("-", "Dash", "_", "Underscore").Replace(name)
	return strings.ToUpper(name[:min(1, len(name))]) + name[min(1, len(name)):] + "LambdaLayer"
}
