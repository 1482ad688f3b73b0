package gate

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/treetest"
)

// open writes a txtar archive below a new root and makes a gate for it.
func open(t testing.TB, archive string) *Gate {
	t.Helper()
	tree, err := installed.Open(projectfs.New(treetest.Write(t, archive), projectfs.Allowances{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Files().Close() })
	return New(tree, "")
}

func names(text string) (all []string) {
	for _, b := range extended([]byte(text)) {
		all = append(all, b.name)
	}
	return all
}

func TestExtended(t *testing.T) {
	for text, want := range map[string]string{
		`{}`: "", `{"extends": "a"}`: "a", `{"extends": ["a", "b"]}`: "a b", `{"extends": "a", "extends": ["b"]}`: "a b",
		"\ufeff// c\n{ /* c */ \"extends\": \"a\", } // c": "a", `{"\u0065xtends": "\u0061"}`: "a", `{'extends': 'a'}`: "a",
		"{extends: `a`}": "a", `{"extends": 1}`: "", `{"extends": {"extends": "a"}}`: "", `{"references": [{"extends": "a"}]}`: "",
		`{"compilerOptions": {"extends": "a"}}`: "", `[{"extends": "a"}]`: "", ``: "", `{"a": [1, "b", c d], "extends": "e"`: "a b extends e",
	} {
		if got := strings.Join(names(text), " "); got != want {
			t.Errorf("%s extends %q, want %q", text, got, want)
		}
	}
}

// FuzzExtended holds the reader against encoding/json, where that reads a text.
func FuzzExtended(f *testing.F) {
	for _, text := range []string{`{"extends": "a"}`, `{"extends": ["a", "../b"]}`, "// c\n{'extends': 'a',}", `{"a":{"extends":"b"}}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		defer inputtest.Bound(t)()
		got := names(text)
		var plain struct {
			Extends any `json:"extends"`
		}
		if json.Unmarshal([]byte(text), &plain) != nil || strings.Contains(text, "\ufffd") {
			return
		}
		if s, ok := plain.Extends.(string); ok && !strings.Contains(s, "\ufffd") && strings.Contains(text, `"extends"`) && !slices.Contains(got, s) {
			t.Errorf("%q extends %q, found %q", text, s, got)
		}
	})
}

// A chain of files that is not followed to its end is refused: what comes behind could lead out
// of the project.
func TestLongChain(t *testing.T) {
	for length, refused := range map[int]bool{maxExtends: false, maxExtends + 1: true} {
		var archive strings.Builder
		for i := range length {
			name := fmt.Sprintf("c%d.json", i)
			if i == 0 {
				name = "tsconfig.json"
			}
			fmt.Fprintf(&archive, "-- %s --\n{\"extends\": \"./c%d.json\"}\n", name, i+1)
		}
		g := open(t, archive.String())
		if d := g.Config(filepath.Join(g.packages.Root(), "tsconfig.json")); (d != nil) != refused {
			t.Errorf("%d files: %v", length, d)
		}
	}
}

func TestSourceMap(t *testing.T) {
	g := open(t, `
-- src/a.js --
-- src/here.map --
{}
-- src/folder.map/x --
`)
	root := g.packages.Root()
	outside := filepath.Join(filepath.Dir(root), "outside.map")
	if err := os.WriteFile(outside, []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(outside)
	for text, at := range map[string]string{
		"//# sourceMappingURL=../../outside.map":                              "src/a.js:1:22",
		"a\n//@ sourceMappingURL=../../outside.map\n":                         "src/a.js:2:22",
		"a /*# sourceMappingURL=../../outside.map*/":                          "src/a.js:1:24",
		"//# sourceMappingURL=file://" + outside:                              "src/a.js:1:22",
		"//# sourceMappingURL=file://localhost" + outside:                     "src/a.js:1:22",
		"//# sourceMappingURL=../%2e%2e/outside.map?query":                    "src/a.js:1:22",
		"//# sourceMappingURL=here.map\n" + "//# sourceMappingURL=" + outside: "src/a.js:2:22",
		"//# sourceMappingURL=__virtual__/x/2/outside.map":                    "src/a.js:1:22",
		"//# sourceMappingURL=here.map":                                       "",
		"//# sourceMappingURL=gone.map":                                       "",
		"//# sourceMappingURL=folder.map":                                     "",
		"//# sourceMappingURL=../../gone.map":                                 "",
		"//# sourceMappingURL=https://a.test/outside.map":                     "",
		"//# sourceMappingURL=file://a.test" + outside:                        "",
		"//# sourceMappingURL=data:application/json,{}":                       "",
		"'# sourceMappingURL=../../outside.map'":                              "",
		"// sourceMappingURL=../../outside.map":                               "",
		"//# sourceMappingURL=":                                               "",
		"//# sourceMappingURL=%zz":                                            "",
	} {
		d := g.SourceMap(filepath.Join(root, "src", "a.js"), []byte(text))
		switch {
		case d == nil && at != "":
			t.Errorf("%q is not refused", text)
		case d != nil && (d.Position.String() != at || d.Severity != analyzer.Refused):
			t.Errorf("%q: %s: %+v", text, d.Position, d)
		}
	}
}

func TestGivenTexts(t *testing.T) {
	g := open(t, `
-- src/a.js --
//# sourceMappingURL=a.js.map
-- src/a.js.map --
{"sources": ["a.ts", "../lib/b.ts", "/abs.ts", "webpack://x/c.ts", null, "none.ts"],
 "sourcesContent": ["A", "B", "C", "D", "E", null]}
-- src/root.js --
//# sourceMappingURL=data:application/json,{"sourceRoot":"../lib/","sources":["a%20b.ts"],"sourcesContent":["R"]}
-- src/none.js --
-- src/broken.js --
//# sourceMappingURL=data:application/json,{
`)
	for file, want := range map[string]string{
		"src/a.js": "src/a.ts=A lib/b.ts=B webpack://x/c.ts=D", "src/root.js": "lib/a b.ts=R", "src/none.js": "", "src/broken.js": "", "src/gone.js": "",
	} {
		given := g.GivenTexts(filepath.Join(g.packages.Root(), filepath.FromSlash(file)))
		for name, text := range map[string]string{"src/a.ts": "A", "lib/b.ts": "B", "webpack://x/c.ts": "D", "lib/a b.ts": "R"} {
			if has := strings.Contains(want, name+"="+text); has != (given[name] == text) {
				t.Errorf("%s: %q is %q", file, name, given[name])
			}
		}
	}
}

// What lies above the root is harmless only where the project has a file that replaces it,
// or where the module does not depend on it.
func TestAbove(t *testing.T) {
	const pack, config = "package.json", "tsconfig.json"
	const esm, cjs, neither = "export const a = 1", "exports.a = 1", "globalThis.a = 1"
	for _, c := range []struct{ above, text, below, module, source, request, want string }{
		{pack, `{"type": "module"}`, "", "a.js", cjs, "", "what kind of module a.js is"},
		{pack, `{"type": "commonjs"}`, "", "a.js", neither, "", "what kind of module a.js is"},
		{pack, `{"type": "commonjs"}`, "", "node_modules/b/a.js", neither, "", "what kind of module node_modules/b/a.js is"},
		{pack, `{"type": "commonjs"}`, "", "a.js", "// module exports", "", "what kind of module a.js is"},
		{pack, `{"type": "commonjs"}`, "", "a.js", cjs, "", ""},
		{pack, `{"type": "commonjs"}`, "", "a.js", esm, "", ""},
		{pack, `{"type": "module"}`, "", "a.mjs", esm, "", ""},
		{pack, `{"type": "module"}`, pack, "a.js", cjs, "", ""},
		{pack, `{"type": "module"}`, "s/package.json", "s/deep/a.js", cjs, "", ""},
		{pack, `{"type": "module"}`, "s/package.json", "a.js", cjs, "", "what kind of module a.js is"},
		{pack, `{"type": "other"}`, "", "a.js", cjs, "", ""},
		{pack, `{"sideEffects": false}`, "", "a.mjs", esm, "", "whether a.mjs has side effects"},
		{pack, `{"sideEffects": ["b.js"]}`, "", "a.mjs", esm, "", "whether a.mjs has side effects"},
		{pack, `{"sideEffects": true}`, "", "a.mjs", esm, "", ""},
		{pack, `{"imports": {"#a": "./a.js"}}`, "", "a.js", esm, "#a", `what "#a" is`},
		{pack, `{"imports": {"#a": "./a.js"}}`, pack, "a.js", esm, "#a", ""},
		{pack, `{"imports": {"#a": "./a.js"}}`, "", "a.js", esm, "./a", ""},
		{pack, `{"name": "me", "exports": "./a.js"}`, "", "a.js", esm, "me/a", `what "me/a" is`},
		{pack, `{"name": "me"}`, "", "a.js", esm, "me/a", ""},
		{config, `{"compilerOptions": {"strict": true}}`, "", "a.ts", esm, "", "how a.ts is compiled"},
		{config, `{"compilerOptions": {"strict": true}}`, "", "a.js", esm, "", ""},
		{config, `{"compilerOptions": {"strict": true}}`, "", "node_modules/b/a.ts", esm, "", ""},
		{config, `{"compilerOptions": {"strict": true}}`, config, "a.ts", esm, "", ""},
		{config, `{"compilerOptions": {"strict": true}}`, "jsconfig.json", "s/a.ts", esm, "", ""},
		{config, `{"compilerOptions": {"module": "node16", "outDir": "x"}, /* c */ "files": [],}`, "", "a.ts", esm, "", ""},
		{config, `{"extends": "./base.json"}`, "", "a.js", esm, "", "how a.js is compiled"},
		{config, `{"compilerOptions": {"jsx": "react"}}`, "", "a.tsx", esm, "", "how a.tsx is compiled"},
		{config, `{"compilerOptions": {"jsx": "react"}}`, "", "a.ts", esm, "", ""},
		{config, `{"compilerOptions": {"paths": {"@/*": ["./*"]}}}`, "", "a.js", esm, "@/b", `what "@/b" is`},
		{config, `{"compilerOptions": {"paths": {"@/*": ["./*"]}}}`, "", "a.js", esm, "b", ""},
		{config, `{"compilerOptions": {"baseUrl": "."}}`, "", "a.js", esm, "tsconfig.json", `what "tsconfig.json" is`},
		{config, `{"compilerOptions": {"baseUrl": "."}}`, "", "a.js", esm, "b", ""},
		{".pnp.cjs", ``, "", "a.js", esm, "b", "where b is"},
		{".pnp.cjs", ``, ".pnp.cjs", "a.js", esm, "b", ""},
		{".pnp.cjs", ``, "", "a.js", esm, "node:fs", ""},
	} {
		archive := "-- " + c.module + " --\n"
		if c.below != "" {
			archive += "-- " + c.below + " --\n{}\n"
		}
		g := open(t, archive)
		root := g.packages.Root()
		if err := os.WriteFile(filepath.Join(filepath.Dir(root), c.above), []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		if d := g.Start(); d != nil {
			t.Errorf("%+v: %+v", c, d)
		}
		module := filepath.Join(root, filepath.FromSlash(c.module))
		d := g.Module(module, []byte(c.source), loaders[filepath.Ext(module)])
		if d == nil && c.request != "" {
			d = g.Request(filepath.Dir(module), c.request)
		}
		want := ""
		if c.want != "" {
			want = "../" + c.above + ", outside the project's root, would decide " + c.want
		}
		if d == nil && want != "" || d != nil && (d.Message != want || d.Severity != analyzer.Refused) {
			t.Errorf("%s %s below %s: %s: got %+v, want %q", c.above, c.text, c.module, c.source, d, want)
		}
	}
}

var loaders = map[string]api.Loader{
	".js": api.LoaderJS, ".mjs": api.LoaderJS, ".ts": api.LoaderTS, ".tsx": api.LoaderTSX,
}

// FuzzSourceMap checks that what a comment names is never outside the root unless it is
// refused.
func FuzzSourceMap(f *testing.F) {
	for _, name := range []string{"a.map", "../../x", "file:///etc/hostname", "data:,{}", "//a/b", "%2e%2e/%2e%2e/x", "__virtual__/a/9/etc/hostname"} {
		f.Add(name)
	}
	g := open(f, "-- src/a.js --\n")
	module := filepath.Join(g.packages.Root(), "src", "a.js")
	f.Fuzz(func(t *testing.T, name string) {
		defer inputtest.Bound(t)()
		d := g.SourceMap(module, []byte("//# sourceMappingURL="+name+"\n"))
		at, ok := mapFile(module, argument([]byte(name+"\n")))
		if !ok || d != nil {
			return
		}
		if info, err := os.Stat(at); err == nil && !info.IsDir() && !installed.Inside(g.packages.Root(), at) {
			t.Errorf("%q leads to %s", name, at)
		}
	})
}
