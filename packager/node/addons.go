package node

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// askForPlatform requests, for packages that load a native addon and may name it in
// a way that could not be computed, those of their optional dependencies that
// are made for the function's platform. It reports whether there are any.
//
// os, cpu and libc in a package.json are npm's own way of telling such packages
// apart: docs.npmjs.com/cli/configuring-npm/package-json#os.
func (t *fileTree) askForPlatform() bool {
	for _, dir := range slices.Sorted(maps.Keys(t.instances)) {
		in := t.instances[dir]
		m := t.b.packages.Manifest(dir)
		if in.addons == 0 || in.platformAsked || m == nil {
			continue
		}
		in.platformAsked = true
		for _, name := range slices.Sorted(maps.Keys(m.OptionalDependencies)) {
			at := t.b.packages.Find(dir, name)
			if at == "" {
				continue
			}
			if made := t.b.packages.Manifest(at); made != nil && made.MadeFor(t.platform) {
				t.queue = append(t.queue, request{dir: dir, specifier: name, kind: api.ResolveJSRequireCall, from: in, guarded: true})
				t.askForAddonsIn(at, in)
			}
		}
	}
	return len(t.queue) > 0
}

// askForAddonsIn requests the addons of a platform package, which a locator
// finds by listing it. Addons named after another version of Node's ABI than
// the runtime's are left out.
func (t *fileTree) askForAddonsIn(dir string, from *instance) {
	_ = filepath.WalkDir(dir, func(at string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // what cannot be read cannot be shipped
		case entry.IsDir() && entry.Name() == "node_modules":
			return fs.SkipDir
		case filepath.Ext(at) != ".node" || !entry.Type().IsRegular():
			return nil
		}
		if abi := abiOf.FindStringSubmatch(entry.Name()); abi == nil || abi[1] == nodeABIs[t.j.f.Runtime] {
			t.queue = append(t.queue, request{dir: dir, file: at, from: from, guarded: true})
		}
		return nil
	})
}

// abiOf finds the version of Node's ABI that prebuilt addons have in their names.
var abiOf = regexp.MustCompile(`\babi(\d+)\b`)

// nodeABIs are the ABI versions of Lambda's Nodes.
// Source: github.com/nodejs/node, doc/abi_version_registry.json
var nodeABIs = map[string]string{"nodejs18.x": "108", "nodejs20.x": "115", "nodejs22.x": "127", "nodejs24.x": "137"}

// hasPlatformPackages reports whether a package brings its addons in optional
// dependencies or folders for each platform, so that it has no other way.
func (t *fileTree) hasPlatformPackages(in *instance) bool {
	if info, err := os.Stat(filepath.Join(in.dir, "prebuilds")); err == nil && info.IsDir() {
		return true
	}
	m := t.b.packages.Manifest(in.dir)
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
