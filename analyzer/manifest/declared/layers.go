package declared

import (
	"encoding/json"
	"maps"
	"path"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// UseLayers leaves the packages of the function's layers to them, unless the function's
// own package.json lists them for production: Node finds those first. folders are those of
// the layers that the manifest itself makes, relative to the root, by the names in
// [analyzer.Function.Layers].
func (f *Function) UseLayers(in Input, folders map[string]string) {
	provided := map[string]string{} // the layer of each package
	for _, name := range f.Layers {
		if dir, ok := folders[name]; ok {
			packages := map[string]bool{}
			packagesOf(in.FS, dir, packages)
			for pkg := range packages {
				provided[pkg] = name
			}
		}
	}
	if len(provided) == 0 {
		return
	}
	names := slices.Sorted(maps.Keys(provided))
	f.Own = append([]Setting{func(f *analyzer.Function) {
		own := dependencies(in.FS, nearestManifest(in.FS, f.SourceDir()))
		for _, name := range names {
			if own[name] {
				f.Deployment.Layered = append(f.Deployment.Layered, analyzer.LayeredPackage{
					Layer: provided[name], Name: name, Version: versionIn(in.FS, folders[provided[name]], name),
				})
			} else if !slices.Contains(f.Build.External, name) {
				f.Build.External = append(slices.Clip(f.Build.External), name)
			}
		}
	}}, f.Own...)
}

// versionIn is the version of a package that is installed in a layer, or "".
func versionIn(files *projectfs.FS, dir, name string) string {
	for _, folder := range nodeFolders {
		text, err := files.Read(path.Join(dir, folder, "node_modules", name, "package.json"), maxPackage)
		var m struct{ Version string }
		if err == nil && json.Unmarshal(text, &m) == nil {
			return m.Version
		}
	}
	return ""
}

// nodeFolders are where Lambda's Node looks for packages in a layer.
// Source: docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html#packaging-layers-paths
var nodeFolders = []string{"nodejs", "nodejs/node18", "nodejs/node20", "nodejs/node22", "nodejs/node24", "nodejs/node26"}

// packagesOf adds the packages of a layer: those in its folders, and those that its
// package.json lists, since they may be installed later. With a build method, the
// package.json is in the layer's folder itself.
func packagesOf(files *projectfs.FS, dir string, into map[string]bool) {
	for _, folder := range nodeFolders {
		modules := path.Join(dir, folder, "node_modules")
		for _, e := range files.List(modules) {
			switch name := e.Name(); {
			case name[0] == '.':
			case name[0] == '@':
				for _, scoped := range files.List(path.Join(modules, name)) {
					into[name+"/"+scoped.Name()] = true
				}
			case files.EntryKind(path.Join(modules, name), e) == projectfs.Folder:
				into[name] = true
			}
		}
	}
	for _, folder := range append([]string{"."}, nodeFolders...) {
		maps.Copy(into, dependencies(files, path.Join(dir, folder, "package.json")))
	}
}

// maxPackage is far larger than any package.json that people write.
const maxPackage = 1 << 20

// dependencies are the packages that a package.json lists for production.
func dependencies(files *projectfs.FS, file string) map[string]bool {
	all := map[string]bool{}
	text, err := files.Read(file, maxPackage)
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
