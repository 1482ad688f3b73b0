package reuse

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

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
	good, err := json.Marshal([]candidate{c})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`[{"common":{},"modules":{"../../etc/passwd":{"hash":"x"},"/":{},"":{},"a//b/..":{}}}]`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		all, ok := decodeList(text, key)
		for _, c := range all {
			if ok && (c.Action != c.action(key) || !c.Common.Valid()) {
				t.Errorf("%+v was taken", c)
			}
		}
		var any []candidate
		if json.Unmarshal(text, &any) == nil && len(any) > 0 {
			_ = any[0].action(key)
		}
	})
}

func FuzzValues(f *testing.F) {
	f.Add([]byte(`{"paths":["a","b"],"of":[0],"inputs":[{"imports":[{"to":1}]}]}`), []byte(`{"entry":0,"reached":[0],"shares":[{"i":1}]}`))
	f.Add([]byte(`{"of":[-1],"inputs":[{}]}`), []byte(`{"entry":-2,"copied":[9],"shares":[{"i":-2}]}`))
	f.Fuzz(func(t *testing.T, graph, part []byte) {
		defer inputtest.Bound(t)()
		var n nodes
		var v value
		if json.Unmarshal(graph, &n) != nil || !n.sound() || json.Unmarshal(part, &v) != nil || !v.sound(n) {
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
	f.Add([]byte(`{"files":{"a.js":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"},"folders":{".":{"all":true}}}`))
	f.Add([]byte(`{"files":{"../../etc/passwd":"x","/":""},"looks":{"a\u0000":"-"},"links":{"":""},"folders":{"..":{"stems":["a"],"found":["\u0000"]}},"tree":"x"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		var a projectfs.Answers
		if json.Unmarshal(text, &a) != nil {
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
