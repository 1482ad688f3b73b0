package kept

import (
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/trace/native"
)

// askForPlatform requests, for packages that load a native addon and may name it in
// a way that could not be computed, those of their optional dependencies that
// are made for the function's platform. It reports whether there are any.
//
// os, cpu and libc in a package.json are npm's own way of telling such packages
// apart: docs.npmjs.com/cli/configuring-npm/package-json#os.
func (t *Tree) askForPlatform() bool {
	for _, dir := range slices.Sorted(maps.Keys(t.packages)) {
		in := t.packages[dir]
		m := t.project.Manifest(dir)
		if in.Addons == 0 || in.platformAsked || m == nil {
			continue
		}
		in.platformAsked = true
		for _, name := range slices.Sorted(maps.Keys(m.OptionalDependencies)) {
			at := t.project.Find(dir, name)
			if at == "" {
				continue
			}
			if made := t.project.Manifest(at); made != nil && made.MadeFor(t.target) {
				t.queue = append(t.queue, Request{Dir: dir, Specifier: name, Kind: api.ResolveJSRequireCall, from: in, Guarded: true})
				t.askForAddonsIn(at, in)
			}
		}
	}
	return len(t.queue) > 0
}

// askForAddonsIn requests the addons of a platform package, which a locator
// finds by listing it. Addons named after another version of Node's ABI than
// the runtime's are left out.
func (t *Tree) askForAddonsIn(dir string, from *Package) {
	_ = fs.WalkDir(t.project.Folder(dir), ".", func(rel string, entry fs.DirEntry, err error) error {
		at := filepath.Join(dir, filepath.FromSlash(rel))
		switch {
		case err != nil:
			return nil // what cannot be read cannot be shipped
		case entry.IsDir() && entry.Name() == "node_modules":
			return fs.SkipDir
		case filepath.Ext(at) != ".node" || !entry.Type().IsRegular():
			return nil
		}
		if abi := abiOf.FindStringSubmatch(entry.Name()); abi == nil || abi[1] == native.ABIOf(t.resolution.Runtime) {
			t.queue = append(t.queue, Request{Dir: dir, File: at, from: from, Guarded: true})
		}
		return nil
	})
}

// abiOf finds the version of Node's ABI that prebuilt addons have in their names.
var abiOf = regexp.MustCompile(`\babi(\d+)\b`)

// HasPlatformPackages reports whether a package brings its addons in optional
// dependencies or folders for each platform, so that it has no other way.
func (t *Tree) HasPlatformPackages(p *Package) bool {
	if info, err := t.project.Files().Stat(filepath.Join(p.Dir, "prebuilds")); err == nil && info.IsDir() {
		return true
	}
	m := t.project.Manifest(p.Dir)
	if m == nil {
		return false
	}
	for name := range m.OptionalDependencies {
		if strings.Contains(name, "linux-x64") || strings.Contains(name, "linux-arm64") {
			return true
		}
	}
	return false
}

// Locates reports whether a package finds native addons for the packages that call
// it. A package that uses such a locator cannot be moved into a bundle.
func Locates(name string) bool { return locators[name] != "" }

// locators search the folder of the package that calls them, or its platform
// packages, at run time. The value says where they search, and names the project.
var locators = map[string]string{
	"bindings":                         "looks for the caller by its stack; github.com/TooTallNate/node-bindings",
	"node-gyp-build":                   "looks through prebuilds and build; github.com/prebuild/node-gyp-build",
	"node-gyp-build-optional-packages": "looks for platform packages named after package.json; github.com/kriszyp/node-gyp-build-optional-packages",
	"@mapbox/node-pre-gyp":             "reads module_path from package.json; github.com/mapbox/node-pre-gyp",
	"node-pre-gyp":                     "the same under its older name; github.com/mapbox/node-pre-gyp",
	"@aminya/node-gyp-build":           "a fork of node-gyp-build; github.com/aminya/node-gyp-build",
	"pkg-prebuilds":                    "looks through prebuilds by options; github.com/julusian/pkg-prebuilds",
}

// forInstall reports whether a locator requires a module only to fetch, build or publish
// an addon: a command, or what a command uploads and is tested with. A function that is
// started only finds addons.
func (a *Asked) forInstall(in *Package, specifier string) bool {
	return !a.Whole && locators[in.Name] != "" && commands[specifier]
}

// commands are those of node-pre-gyp, and the packages that only they need.
// Source: github.com/mapbox/node-pre-gyp, lib/node-pre-gyp.js and lib/util/s3_setup.js
var commands = map[string]bool{
	"clean": true, "install": true, "reinstall": true, "build": true, "rebuild": true, "package": true, "testpackage": true,
	"publish": true, "unpublish": true, "info": true, "testbinary": true, "reveal": true, "configure": true, "main": true,
	"aws-sdk": true, "mock-aws-s3": true, "nock": true,
}

// Fits reports whether a native addon for the function's platform is in the
// package or in one that it requires, such as @scope/name-linux-x64-gnu.
func (p *Package) Fits() bool { return p.fits(map[*Package]bool{}) }

func (p *Package) fits(seen map[*Package]bool) bool {
	if p.fitting > 0 {
		return true
	}
	seen[p] = true
	for other := range p.asks {
		if !seen[other] && other.fits(seen) {
			return true
		}
	}
	return false
}
