package typed

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// project writes the files of a project, and makes a set for it.
func project(t *testing.T, dir string, texts map[string][]byte) *Set {
	t.Helper()
	for name, text := range texts {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files := projectfs.New(dir, projectfs.Allowances{})
	t.Cleanup(func() { files.Close() })
	packages, err := installed.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	return NewSet(packages, "", func(string, string) string { return "" })
}

// Two tsconfig.json that extend and refer to each other are read in the end, and the same
// twice.
func FuzzConfig(f *testing.F) {
	dir := f.TempDir()
	f.Add([]byte(`{"extends": ["./tsconfig.json", "./tsconfig.json", "./b"], "references": [{"path": "b"}, {"path": "b"}],}`),
		[]byte(`{"extends": ["../tsconfig.json", "./tsconfig.json", "../b/tsconfig"], "compilerOptions": {"strict": true}} // a`))
	f.Add([]byte(`{"files": ["a.ts"], "include": ["**/*", "{a,b}*"], "exclude": ["[", "*/**/**/**/**/b"]}`), []byte("/*"))
	f.Fuzz(func(t *testing.T, own, other []byte) {
		defer inputtest.Bound(t)()
		texts := map[string][]byte{"tsconfig.json": own, "b/tsconfig.json": other, "b.json": other}
		first, second := project(t, dir, texts).Config("src/a.ts"), project(t, dir, texts).Config("src/a.ts")
		if first.File != second.File || first.StrictNullChecks != second.StrictNullChecks || len(first.Options) != len(second.Options) {
			t.Errorf("%+v, then %+v", first, second)
		}
	})
}

// Wherever the package.json of a package leads, its types are found, or not.
func FuzzTypes(f *testing.F) {
	dir := f.TempDir()
	f.Add([]byte(`{"types": "sub", "main": "sub"}`), []byte(`{"types": "..", "typings": "..", "main": ".."}`), "p")
	f.Add([]byte(`{"exports": {"./*": {"types": "./*.d.ts"}, "./a*": {"types": {"types": {"node": "./sub/a.d.ts"}}}}}`), []byte("{}"), "p/a")
	f.Add([]byte(`{"typesVersions": {">=4": {"*": ["sub/*"]}, "*": {"a": [], "*": ["a"]}}}`), []byte("[]"), "p/a")
	f.Fuzz(func(t *testing.T, own, nested []byte, specifier string) {
		defer inputtest.Bound(t)()
		texts := map[string][]byte{
			"node_modules/p/package.json": own, "node_modules/p/sub/package.json": nested, "node_modules/p/sub/a.d.ts": nil, "node_modules/p/a.d.ts": nil,
		}
		s := project(t, dir, texts)
		finder := finder{s, func(string, string) string { return "" }}
		if first, second := finder.Types(specifier, "a.ts"), finder.Types(specifier, "a.ts"); first != second {
			t.Errorf("%q, then %q", first, second)
		}
	})
}
