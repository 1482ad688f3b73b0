package reuse

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/cache"
)

// What a server or a folder holds as builds of a function, answers and parts of a report is
// refused or used, whatever it is.

func FuzzLists(f *testing.F) {
	key := cache.Of([]byte("key"))
	c := candidate{Common: cache.Of([]byte("answers")), Modules: map[string]cache.Digest{"src/a.js": cache.Of([]byte("a")), "b.js": cache.Of(nil)}}
	c.Action = c.action(key)
	f.Add(pack([]candidate{c}))
	f.Add(pack([]candidate{{Modules: map[string]cache.Digest{"../../etc/passwd": {Hash: "x"}, "/": {}, "": {}, "a//b/..": {}}}}))
	f.Add(pack([]candidate(nil)))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		all, ok := decodeList(text, key)
		for _, c := range all {
			if ok && (c.Action != c.action(key) || !c.Common.Valid()) {
				t.Errorf("%+v was taken", c)
			}
		}
		var any []candidate
		if unpack(text, &any) == nil && len(any) > 0 {
			_ = any[0].action(key)
		}
	})
}

func FuzzValues(f *testing.F) {
	imports := []analyzer.Input{{Imports: []analyzer.Import{{To: 1}}}}
	f.Add(pack(nodes{Paths: []string{"a", "b"}, Of: []int{0}, Inputs: imports}), pack(value{Reached: []int{0}, Shares: []share{{Input: 1}}}))
	f.Add(pack(nodes{Of: []int{-1}, Inputs: make([]analyzer.Input, 1)}), pack(value{Entry: -2, Copied: []int{9}, Shares: []share{{Input: -2}}}))
	f.Fuzz(func(t *testing.T, graph, part []byte) {
		defer inputtest.Bound(t)()
		var n nodes
		var v value
		if unpack(graph, &n) != nil || !n.sound() || unpack(part, &v) != nil || !v.sound(n) {
			return
		}
		for _, i := range append(v.Reached, v.Copied...) { // as built uses them
			for _, im := range n.Inputs[i].Imports {
				_ = n.Paths[im.To]
			}
			_ = n.Paths[n.Of[i]]
		}
		for _, s := range v.Shares {
			if s.Input >= 0 {
				_ = n.Paths[s.Input]
			}
		}
	})
}

func FuzzAnswers(f *testing.F) {
	dir := f.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.js"), []byte("a"), 0o600); err != nil {
		f.Fatal(err)
	}
	f.Add(pack(projectfs.Answers{
		Files: map[string]string{"a.js": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}, Folders: map[string]projectfs.Names{".": {All: true}},
	}))
	f.Add(pack(projectfs.Answers{
		Files: map[string]string{"../../etc/passwd": "x", "/": ""}, Looks: map[string]string{"a\x00": "-"}, Links: map[string]string{"": ""},
		Folders: map[string]projectfs.Names{"..": {Stems: []string{"a"}, Found: []string{"\x00"}}}, Tree: "x",
	}))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		var a projectfs.Answers
		if unpack(text, &a) != nil {
			return
		}
		files := projectfs.New(dir, projectfs.Allowances{})
		defer files.Close()
		_ = projectfs.NewChecker(files, projectfs.HashFile).Changed(a)
	})
}

func FuzzLockedVersions(f *testing.F) {
	for file, text := range map[string]string{
		"package-lock.json": `{"packages":{"node_modules/a":{"version":"1.0.0"}}}`,
		"yarn.lock":         "\"@s/a@^1.0.0\":\n  version \"1.2.3\"\n",
		"pnpm-lock.yaml":    "packages:\n  '@s/a@1.0.0(b@2.0.0)':\n",
		"bun.lock":          "  \"a\": [\"a@1.0.0\", \"\"],\n",
	} {
		f.Add(file, []byte(text))
	}
	f.Fuzz(func(t *testing.T, file string, text []byte) {
		defer inputtest.Bound(t)()
		for name, versions := range lockedVersions(file, text) {
			if len(versions) == 0 {
				t.Errorf("%q has no version", name)
			}
		}
	})
}
