package installed

import (
	"archive/zip"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/projectfs"
)

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
	const (
		cached  = ".yarn/cache/ms-1.zip/node_modules/ms/index.js"
		virtual = ".yarn/__virtual__/p-1/0/cache/p.zip/node_modules/p/i"
	)
	for name, want := range map[string]string{
		"src/a.ts":       "src/a.ts",
		"../lib/i.js":    "../lib/i.js",
		"../my.zip/a.js": "../my.zip/a.js",
		cached:           cached,
		virtual:          virtual,
		"../../home/ann/.yarn/berry/cache/ms-1.zip/node_modules/ms/index.js":   cached,
		".yarn/__virtual__/p-1/3/ann/.yarn/berry/cache/p.zip/node_modules/p/i": virtual,
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
	a := archives{files: projectfs.New(dir, projectfs.Allowances{})}
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
	ms := a.Folder(filepath.Join(dir, "ms.zip", "node_modules", "ms"))
	err = fs.WalkDir(ms, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if got := strings.Join(names, " "); err != nil || got != "lib/a.js package.json" {
		t.Errorf("the folder holds %s, %v", got, err)
	}
}
