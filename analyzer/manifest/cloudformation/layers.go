package cloudformation

import (
	"encoding/json"
	"maps"
	"path"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
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

// useLayers leaves the packages of the function's layers to them, unless the function's
// own package.json lists them for production: Node finds those first.
func (t *template) useLayers(f *declared.Function) {
	provided := map[string]bool{}
	for _, name := range f.Layers {
		if dir, ok := t.layers[name]; ok {
			t.packagesOf(dir, provided)
		}
	}
	if len(provided) == 0 {
		return
	}
	names := slices.Sorted(maps.Keys(provided))
	f.Own = append([]declared.Setting{func(f *analyzer.Function) {
		own := t.dependencies(nearestManifest(t.FS, f.SourceDir()))
		for _, name := range names {
			if !own[name] && !slices.Contains(f.Build.External, name) {
				f.Build.External = append(slices.Clip(f.Build.External), name)
			}
		}
	}}, f.Own...)
}

// nodeFolders are where Lambda's Node looks for packages in a layer.
// Source: docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html#packaging-layers-paths
var nodeFolders = []string{"nodejs", "nodejs/node18", "nodejs/node20", "nodejs/node22", "nodejs/node24", "nodejs/node26"}

// packagesOf adds the packages of a layer: those in its folders, and those that its
// package.json lists, since they may be installed later. With a build method, the
// package.json is in the layer's folder itself.
func (t *template) packagesOf(dir string, into map[string]bool) {
	for _, folder := range nodeFolders {
		modules := path.Join(dir, folder, "node_modules")
		for _, e := range t.List(modules) {
			switch name := e.Name(); {
			case name[0] == '.':
			case name[0] == '@':
				for _, scoped := range t.List(path.Join(modules, name)) {
					into[name+"/"+scoped.Name()] = true
				}
			case t.EntryKind(path.Join(modules, name), e) == projectfs.Folder:
				into[name] = true
			}
		}
	}
	for _, folder := range append([]string{"."}, nodeFolders...) {
		maps.Copy(into, t.dependencies(path.Join(dir, folder, "package.json")))
	}
}

// maxPackage is far larger than any package.json that people write.
const maxPackage = 1 << 20

// dependencies are the packages that a package.json lists for production.
func (t *template) dependencies(file string) map[string]bool {
	all := map[string]bool{}
	text, err := t.Read(file, maxPackage)
	var m struct{ Dependencies map[string]any }
	if err == nil && json.Unmarshal(text, &m) == nil {
		for name := range m.Dependencies {
			all[name] = true
		}
	}
	return all
}

// nearestManifest is the package.json of a folder, or the nearest one above it.
func nearestManifest(files *projectfs.FS, dir string) string {
	for ; ; dir = path.Dir(dir) {
		file := path.Join(dir, "package.json")
		if files.Kind(file) == projectfs.File || dir == "." || dir == "/" {
			return file
		}
	}
}
