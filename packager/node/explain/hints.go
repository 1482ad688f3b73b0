package explain

import (
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// forbidden returns the folder that hides what a specifier would find because it may not be
// read, "" if there is none.
func (e Explainer) forbidden(m api.Message, specifier string) string {
	if m.Location == nil {
		return ""
	}
	dir := path.Dir(filepath.ToSlash(m.Location.File))
	if js.PackageName(specifier) == "" {
		if !strings.HasPrefix(specifier, ".") {
			return ""
		}
		return e.Packages.Files().Forbidden(path.Dir(path.Join(dir, specifier)))
	}
	for ; ; dir = path.Dir(dir) {
		if at := e.Packages.Files().Forbidden(path.Join(dir, "node_modules", js.PackageName(specifier))); at != "" {
			return at
		}
		if dir == "." || dir == "/" || dir == ".." {
			return ""
		}
	}
}

// resolveHint says what to do about a specifier that leads nowhere.
func (e Explainer) resolveHint(m api.Message, specifier string) string {
	importer := e.Packages.Root()
	file := ""
	if m.Location != nil {
		file = m.Location.File
		importer = filepath.Join(e.Packages.Root(), filepath.FromSlash(file))
	}
	name := js.PackageName(specifier)
	if strings.HasPrefix(specifier, "#") {
		if at, _ := e.Packages.Nearest(filepath.Dir(importer)); at != "" {
			return fmt.Sprintf("add it to \"imports\" of %s", e.Packages.Relative(filepath.Join(at, "package.json")))
		}
		return "it needs a package.json with \"imports\""
	}
	if name == "" {
		return e.neighbourHint(importer, specifier)
	}
	if at := e.Packages.Find(filepath.Dir(importer), name); at != "" {
		if m := e.Packages.Manifest(at); m != nil && m.Exports == nil && specifier == name {
			if m.Main == "" {
				return fmt.Sprintf("%s has neither a main nor an index.js", e.Packages.Relative(at))
			}
			return fmt.Sprintf("its main, %s, does not exist: build the package, or install it again", path.Join(e.Packages.Relative(at), m.Main))
		}
		return "" // installed: esbuild's own note says what its package.json lacks
	}
	if dir := installed.PackageDir(filepath.FromSlash(file)); dir != "" {
		return fmt.Sprintf("%s needs it, but the install is incomplete: run again with --install, or install %s yourself; if a layer provides it, list it in build.external", installed.NameOf(filepath.ToSlash(dir)), name)
	}
	if name == "aws-sdk" {
		return fmt.Sprintf("%s does not include the AWS SDK v2: npm install aws-sdk, or move to the @aws-sdk/client-* packages", e.Runtime)
	}
	if strings.HasPrefix(name, "@aws-sdk/") || strings.HasPrefix(name, "@smithy/") {
		return fmt.Sprintf("npm install %s; or leave the AWS SDK to the runtime: build: {sdk: runtime} in featherpack.yaml", name)
	}
	dir, manifest := e.Packages.Nearest(filepath.Dir(importer))
	if manifest == nil {
		if broken := e.brokenManifest(filepath.Dir(importer)); broken != "" {
			return fmt.Sprintf("fix %s first", broken)
		}
		return fmt.Sprintf("there is no package.json at or above %s: npm init && npm install %s", filepath.ToSlash(filepath.Dir(file)), name)
	}
	listed := map[string]bool{}
	for _, set := range []map[string]string{manifest.Dependencies, manifest.DevDependencies, manifest.OptionalDependencies, manifest.PeerDependencies} {
		for dependency := range set {
			listed[dependency] = true
		}
	}
	where := e.Packages.Relative(filepath.Join(dir, "package.json"))
	if listed[name] {
		if _, err := e.Packages.Files().Stat(filepath.Join(dir, "node_modules")); err != nil {
			return fmt.Sprintf("%s lists it, but nothing is installed: run again with --install", where)
		}
		return fmt.Sprintf("%s lists it, but it is not installed: run again with --install", where)
	}
	if near := analyzer.Nearest(name, slices.Sorted(maps.Keys(listed))); near != "" {
		return fmt.Sprintf("did you mean %q? %s does not list %q", near, where, name)
	}
	return fmt.Sprintf("%s does not list it: npm install %s; if a layer provides it, list it in build.external", where, name)
}

// brokenManifest names the package.json at or above the folder, inside the
// root, which is there and cannot be read; "" without one.
func (e Explainer) brokenManifest(dir string) string {
	for ; installed.Inside(e.Packages.Root(), dir); dir = filepath.Dir(dir) {
		name := filepath.Join(dir, "package.json")
		if _, err := e.Packages.Files().Lstat(name); err == nil {
			return e.Packages.Relative(name)
		}
		if dir == e.Packages.Root() {
			break
		}
	}
	return ""
}

// neighbourHint looks for a file of nearly the same name.
func (e Explainer) neighbourHint(importer, specifier string) string {
	if !strings.HasPrefix(specifier, ".") {
		return ""
	}
	target := filepath.Join(filepath.Dir(importer), filepath.FromSlash(specifier))
	if !installed.Inside(e.Packages.Root(), target) {
		return "the path leaves the project's root"
	}
	entries, err := e.Packages.Files().ReadDir(filepath.Dir(target))
	if err != nil {
		return fmt.Sprintf("there is no folder %s", e.Packages.Relative(filepath.Dir(target)))
	}
	var names []string
	for _, entry := range entries {
		names = append(names, strings.TrimSuffix(entry.Name(), filepath.Ext(entry.Name())))
	}
	if near := analyzer.Nearest(filepath.Base(target), names); near != "" {
		slash := strings.LastIndex(specifier, "/")
		return fmt.Sprintf("did you mean %q?", specifier[:slash+1]+near)
	}
	return ""
}
