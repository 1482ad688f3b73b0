package installed

import (
	"archive/zip"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const pnpData = `{
  "enableTopLevelFallback": true,
  "fallbackPool": [["pooled", "npm:1.0.0"]],
  "fallbackExclusionList": [["strict", ["workspace:strict"]]],
  "packageRegistryData": [
    [null, [[null, {"packageLocation": "./", "packageDependencies": [["top", "npm:1.0.0"]]}]]],
    ["app", [["workspace:.", {"packageLocation": "./", "packageDependencies": [["ms", "npm:2.0.0"], ["renamed", ["ms", "npm:2.1.3"]], ["peer", null]]}]]],
    ["strict", [["workspace:strict", {"packageLocation": "./strict/", "packageDependencies": []}]]],
    ["ms", [
      ["npm:2.0.0", {"packageLocation": "./.yarn/cache/ms-2.0.0.zip/node_modules/ms/", "packageDependencies": []}],
      ["npm:2.1.3", {"packageLocation": "./.yarn/__virtual__/ms-virtual-1/0/cache/ms-2.1.3.zip/node_modules/ms/", "packageDependencies": [["ms", "npm:2.0.0"]]}]
    ]],
    ["top", [["npm:1.0.0", {"packageLocation": "./.yarn/unplugged/top/node_modules/top/", "packageDependencies": []}]]],
    ["pooled", [["npm:1.0.0", {"packageLocation": "../cache/pooled.zip/node_modules/pooled/", "packageDependencies": []}]]]
  ]
}`

// The three shapes that Yarn has written its manifest in hold the same.
func TestPnP(t *testing.T) {
	inlined := "const RAW_RUNTIME_STATE =\n'" + strings.ReplaceAll(strings.ReplaceAll(pnpData, `'`, `\'`), "\n", "\\\n") + "';\nfunction $$SETUP_STATE() {}\n"
	older := "return hydrateRuntimeState(" + pnpData + ", {basePath: 'x'});\n"
	for name, text := range map[string]string{".pnp.data.json": pnpData, ".pnp.cjs": inlined, ".pnp.js": older} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		p := readPnP(dir)
		if p == nil {
			t.Errorf("%s is not understood", name)
			continue
		}
		for _, test := range []struct{ from, name, want string }{
			{"src/deep", "ms", ".yarn/cache/ms-2.0.0.zip/node_modules/ms"},
			{".", "renamed", ".yarn/__virtual__/ms-virtual-1/0/cache/ms-2.1.3.zip/node_modules/ms"},
			{".yarn/__virtual__/ms-virtual-1/0/cache/ms-2.1.3.zip/node_modules/ms/lib", "ms", ".yarn/cache/ms-2.0.0.zip/node_modules/ms"},
			{".", "peer", ""}, {".", "nobody", ""},
			{".", "top", ".yarn/unplugged/top/node_modules/top"},
			{".", "pooled", "../cache/pooled.zip/node_modules/pooled"},
			{"../cache/pooled.zip/node_modules/pooled", "top", ".yarn/unplugged/top/node_modules/top"},
			{"strict/src", "top", ""}, {"strict", "pooled", ""},
		} {
			want := ""
			if test.want != "" {
				want = filepath.Join(dir, filepath.FromSlash(test.want))
			}
			if got, known := p.find(filepath.Join(dir, filepath.FromSlash(test.from)), test.name); got != want || !known {
				t.Errorf("%s: %s from %s is %q, want %q", name, test.name, test.from, got, want)
			}
		}
		if _, known := p.find(filepath.Dir(filepath.Dir(dir)), "ms"); known {
			t.Errorf("%s: a folder of nobody's is known", name)
		}
	}
}

func TestDevirtualised(t *testing.T) {
	for name, want := range map[string]string{
		"/a/b/c":                               "/a/b/c",
		"/a/.yarn/__virtual__/x/0/cache/y":     "/a/.yarn/cache/y",
		"/a/.yarn/__virtual__/x/1/packages":    "/a/packages",
		"/a/.yarn/$$virtual/x/1/packages":      "/a/packages",
		"/a/__virtual__/x/99/etc":              "/etc",
		"/a/__virtual__/x/0/__virtual__/y/1/b": "/b",
		"/a/__virtual__/x":                     "/a/__virtual__/x",
	} {
		if got := devirtualised(name); got != want {
			t.Errorf("%s leads to %s, want %s", name, got, want)
		}
	}
}

// Where the machine keeps a cache that projects share is not shown.
func TestShownPath(t *testing.T) {
	for name, want := range map[string]string{
		"src/a.ts":       "src/a.ts",
		"../lib/i.js":    "../lib/i.js",
		"../my.zip/a.js": "../my.zip/a.js",
		".yarn/cache/ms-1.zip/node_modules/ms/index.js":                        ".yarn/cache/ms-1.zip/node_modules/ms/index.js",
		"../../home/ann/.yarn/berry/cache/ms-1.zip/node_modules/ms/index.js":   ".yarn/cache/ms-1.zip/node_modules/ms/index.js",
		".yarn/__virtual__/p-1/0/cache/p.zip/node_modules/p/i.js":              ".yarn/__virtual__/p-1/0/cache/p.zip/node_modules/p/i.js",
		".yarn/__virtual__/p-1/3/ann/.yarn/berry/cache/p.zip/node_modules/p/i": ".yarn/__virtual__/p-1/0/cache/p.zip/node_modules/p/i",
	} {
		if got := ShownPath(name); got != want {
			t.Errorf("%s is shown as %s, want %s", name, got, want)
		}
	}
}

// An archive is read like a folder; what only looks like one is a folder.
func TestArchives(t *testing.T) {
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "ms.zip"))
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(f)
	for _, name := range []string{"node_modules/ms/package.json", "node_modules/ms/lib/a.js", "../../escape.js"} {
		part, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "folder.zip", "node_modules"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"folder.zip/node_modules/a.js": "plain", "broken.zip": "no zip at all"} {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var a archives
	for name, want := range map[string]string{
		"ms.zip/node_modules/ms/package.json":                  "node_modules/ms/package.json",
		"x/__virtual__/ms-1/1/ms.zip/node_modules/ms/lib/a.js": "node_modules/ms/lib/a.js",
		"folder.zip/node_modules/a.js":                         "plain",
		"ms.zip/node_modules/ms/gone.js":                       "",
		"ms.zip/node_modules/ms":                               "",
		"broken.zip/node_modules/ms/package.json":              "",
		"gone.zip/node_modules/ms/package.json":                "",
		"ms.zip/node_modules/../../../escape.js":               "",
		"ms.zip/node_modules/ms/__virtual__/x/99/../escape.js": "",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		got, err := a.ReadFile(file)
		if string(got) != want || (err == nil) != (want != "") || a.IsFile(file) != (want != "") {
			t.Errorf("%s reads %q, %v", name, got, err)
		}
	}
	var names []string
	err = fs.WalkDir(a.Folder(filepath.Join(dir, "ms.zip", "node_modules", "ms")), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if got := strings.Join(names, " "); err != nil || got != "lib/a.js package.json" {
		t.Errorf("the folder holds %s, %v", got, err)
	}
}

func FuzzPnP(f *testing.F) {
	f.Add([]byte(pnpData), "src", "ms")
	f.Add([]byte("RAW_RUNTIME_STATE =\n'{\\\n\"packageRegistryData\": [[null, []]]}'"), "", "a")
	f.Add([]byte("hydrateRuntimeState({})"), "", "")
	f.Fuzz(func(t *testing.T, text []byte, from, name string) {
		if p := parsePnP("/root", pnpState(text)); p != nil {
			p.find(filepath.Join("/root", from), name)
			p.owns(filepath.Join("/", from))
		}
		devirtualised("/" + from)
		ShownPath(name)
	})
}
