package installed

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/analyzer/trace/native"
)

// A field of a package.json that has another type than it should loses no other field.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"name":"a","version":1,"os":["!win32"],"peerDependenciesMeta":{"b":{"optional":true}},"license":{"type":"MIT"},"exports":{}}`))
	f.Add([]byte(`{"name":[],"dependencies":[],"scripts":{"install":0},"sideEffects":false,"NAME":"b"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		if m := readManifest(text); m != nil {
			m.DependsOn("b")
			m.MadeFor(native.Platform{OS: "linux", CPU: "x64"})
			m.LicenceName()
			m.Installs()
			m.SideEffectFree()
		}
	})
}

func zipOf(f *testing.F, texts map[string]string) []byte {
	f.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if entry, err := w.Create(name); err != nil {
			f.Fatal(err)
		} else if _, err := entry.Write([]byte(texts[name])); err != nil {
			f.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	return out.Bytes()
}

// Whatever an archive says that it holds, at most 64 MiB of it are read.
func FuzzArchive(f *testing.F) {
	const name = ".yarn/cache/ms-npm-2.1.3-81ff3cfac1-10.zip"
	dir := f.TempDir()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		f.Fatal(err)
	}
	f.Add(zipOf(f, map[string]string{"node_modules/ms/package.json": `{"main":"a"}`, "node_modules/ms/a.js": "a"}))
	f.Add(zipOf(f, map[string]string{"../a": "", "/": "", "node_modules/ms": "", "node_modules/ms/index.js": string(make([]byte, 1<<20))}))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		files := projectfs.New(dir, projectfs.Allowances{})
		defer files.Close()
		tree, err := Open(files)
		if err != nil {
			t.Fatal(err)
		}
		at := filepath.Join(tree.Root(), filepath.FromSlash(name), "node_modules", "ms")
		tree.Manifest(at)
		tree.IsFile(filepath.Join(at, "a.js"))
		_ = fs.WalkDir(tree.Folder(filepath.Dir(at)), ".", func(name string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() {
				_, _ = tree.ReadFile(filepath.Join(filepath.Dir(at), filepath.FromSlash(name)))
				return fs.SkipAll
			}
			return nil
		})
	})
}
