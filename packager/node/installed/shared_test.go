package installed

import (
	"archive/zip"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// Outside the root, a package is found in an archive of Yarn's alone.
func TestSharedCache(t *testing.T) {
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(top, "root")
	const yarns, other = "ms-npm-2.1.3-81ff3cfac1-10c0.zip", "photos.zip"
	for _, dir := range []string{"root", "cache", "folder/node_modules/ms"} {
		if err := os.MkdirAll(filepath.Join(top, filepath.FromSlash(dir)), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{yarns, other} {
		f, err := os.Create(filepath.Join(top, "cache", name))
		if err != nil {
			t.Fatal(err)
		}
		w := zip.NewWriter(f)
		part, err := w.Create("node_modules/ms/package.json")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(`{"name": "ms"}`)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for location, found := range map[string]bool{
		"../cache/" + yarns + "/node_modules/ms/": true,
		"../cache/" + other + "/node_modules/ms/": false,
		"../cache/" + yarns + "/":                 false,
		"../folder/node_modules/ms/":              false,
	} {
		manifest := fmt.Sprintf(`{"packageRegistryData": [
			[null, [[null, {"packageLocation": "./", "packageDependencies": [["ms", "1"]]}]]],
			["ms", [["1", {"packageLocation": %q, "packageDependencies": []}]]]]}`, location)
		if err := os.WriteFile(filepath.Join(root, ".pnp.data.json"), []byte(manifest), 0o644); err != nil {
			t.Fatal(err)
		}
		tree, err := Open(projectfs.New(root, projectfs.Allowances{}))
		if err != nil {
			t.Fatal(err)
		}
		at := tree.Find(root, "ms")
		if (at != "") != found || tree.Strays(root, "ms") == found || tree.Ours(filepath.Join(root, location, "package.json")) != found {
			t.Errorf("%s: found %q", location, at)
		}
		if m := tree.Manifest(at); found && (m == nil || m.Name != "ms") {
			t.Errorf("%s: its package.json is not read", location)
		}
		tree.Files().Close()
	}
}
