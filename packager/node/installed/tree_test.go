package installed

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/packager/node/treetest"
)

// open writes a txtar archive below an empty root and opens that. A file whose
// text begins with "-> " becomes a link.
func open(t *testing.T, archive string) *Tree {
	t.Helper()
	root := treetest.Write(t, archive)
	tree, err := Open(projectfs.New(root, projectfs.Allowances{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Files().Close() })
	return tree
}

func TestNames(t *testing.T) {
	for _, test := range []struct{ file, dir, name string }{
		{"src/a.js", "", ""},
		{"node_modules/a/index.js", "node_modules/a", "a"},
		{"/project/node_modules/@s/a/lib/b.js", "/project/node_modules/@s/a", "@s/a"},
		{"node_modules/a/node_modules/b/c.js", "node_modules/a/node_modules/b", "b"},
		{"node_modules/.bin/a", "", ""},
	} {
		dir := PackageDir(filepath.FromSlash(test.file))
		if filepath.ToSlash(dir) != test.dir || dir != "" && NameOf(filepath.ToSlash(dir)) != test.name {
			t.Errorf("%s belongs to %s, named %s", test.file, dir, NameOf(dir))
		}
	}
}

// One field of a wrong type does not lose the others.
func TestManifests(t *testing.T) {
	tree := open(t, `
-- good/package.json --
{"name": "good", "main": "a.js", "license": {"type": "MIT"}, "dependencies": {"a": "1"}}
-- odd/package.json --
{"name": "odd", "main": {"not": "text"}, "dependencies": ["a"], "type": "module", "license": "ISC"}
-- broken/package.json --
{"name":
-- list/package.json --
[]
`)
	in := func(dir string) *Manifest { return tree.Manifest(filepath.Join(tree.Root(), dir)) }
	if m := in("good"); m == nil || m.Name != "good" || m.Main != "a.js" || m.LicenceName() != "MIT" || !m.DependsOn("a") {
		t.Errorf("good: %+v", m)
	}
	m := in("odd")
	if m == nil || m.Name != "odd" || m.Main != "" || m.Type != "module" || m.LicenceName() != "ISC" || m.DependsOn("a") {
		t.Errorf("odd: %+v", m)
	}
	for _, dir := range []string{"broken", "list", "absent"} {
		if m := in(dir); m != nil {
			t.Errorf("%s: %+v", dir, m)
		}
	}
}

func TestMadeFor(t *testing.T) {
	arm := native.Platform{OS: "linux", CPU: "arm64", Libc: "glibc"}
	for _, test := range []struct {
		m    Manifest
		want bool
	}{
		{Manifest{}, false},
		{Manifest{OS: []string{"linux"}}, true},
		{Manifest{OS: []string{"linux"}, CPU: []string{"arm64"}, Libc: []string{"glibc"}}, true},
		{Manifest{OS: []string{"linux"}, CPU: []string{"arm64"}, Libc: []string{"musl"}}, false},
		{Manifest{OS: []string{"darwin"}}, false},
		{Manifest{OS: []string{"!win32"}}, true},
		{Manifest{OS: []string{"!linux"}}, false},
	} {
		if got := test.m.MadeFor(arm); got != test.want {
			t.Errorf("%+v is made for linux: %v", test.m, got)
		}
	}
}

const service = `
-- package.json --
{"dependencies": {"a": "1", "linked": "1"}, "devDependencies": {"tool": "1"}}
-- src/fn.js --
-- packages/linked/package.json --
{
  "name": "linked",
  "peerDependencies": {"peer": "1", "maybe": "1"},
  "peerDependenciesMeta": {"maybe": {"optional": true}}
}
-- packages/linked/lib/x.js --
-- node_modules/linked --
-> ../packages/linked
-- node_modules/a/package.json --
{"name": "a", "dependencies": {"b": "1"}, "optionalDependencies": {"c": "1"}}
-- node_modules/a/node_modules/b/package.json --
{"name": "b", "version": "2.0.0"}
-- node_modules/b/package.json --
{"name": "b", "version": "1.0.0"}
-- node_modules/c/package.json --
{"name": "c"}
-- node_modules/peer/package.json --
{"name": "peer"}
-- node_modules/maybe/package.json --
{"name": "maybe"}
-- node_modules/tool/package.json --
{"name": "tool", "dependencies": {"b": "1"}}
-- node_modules/away --
-> ../..
`

func TestFind(t *testing.T) {
	tree := open(t, service)
	for _, test := range []struct{ from, name, want string }{
		{"src", "a", "node_modules/a"},
		{"src", "b", "node_modules/b"},
		{"node_modules/a", "b", "node_modules/a/node_modules/b"},
		{"node_modules/a/node_modules/b", "c", "node_modules/c"},
		{"src", "linked", "packages/linked"},
		{"packages/linked/lib", "peer", "node_modules/peer"},
		{"src", "absent", ""},
		{"src", "away", ""},
	} {
		want := test.want
		if want != "" {
			want = tree.Absolute(want)
		}
		if got := tree.Find(tree.Absolute(test.from), test.name); got != want {
			t.Errorf("%s from %s is %s, want %s", test.name, test.from, got, want)
		}
	}
}

func TestProduction(t *testing.T) {
	tree := open(t, service)
	production := func(extra ...string) (dirs []string) {
		for dir := range tree.Production(tree.Absolute("src"), extra) {
			dirs = append(dirs, tree.Relative(dir))
		}
		slices.Sort(dirs)
		return dirs
	}
	want := []string{
		"node_modules/a", "node_modules/a/node_modules/b", "node_modules/c", "node_modules/peer", "packages/linked",
	}
	if got := production(); !reflect.DeepEqual(got, want) {
		t.Errorf("production is %q, want %q", got, want)
	}
	want = append(want, "node_modules/tool", "node_modules/b")
	slices.Sort(want)
	if got := production("node_modules/tool"); !reflect.DeepEqual(got, want) {
		t.Errorf("with a tool production is %q, want %q", got, want)
	}
}

func TestModuleBuild(t *testing.T) {
	tree := open(t, `
-- node_modules/dual/package.json --
{"main": "lib", "module": "es/index.js"}
-- node_modules/dual/lib/index.js --
-- node_modules/dual/es/index.js --
-- node_modules/dual/sub/package.json --
{"main": "./c", "module": "./m.mjs"}
-- node_modules/dual/sub/c.js --
-- node_modules/dual/sub/m.mjs --
-- node_modules/same/package.json --
{"main": "index.js", "module": "index.js"}
-- node_modules/same/index.js --
-- node_modules/away/package.json --
{"main": "../same/index.js", "module": "index.js"}
-- node_modules/away/index.js --
-- src/package.json --
{"main": "a.js", "module": "b.js"}
-- src/a.js --
-- src/b.js --
`)
	for input, want := range map[string][2]string{
		"node_modules/dual/es/index.js":  {"node_modules/dual", "node_modules/dual/lib/index.js"},
		"node_modules/dual/sub/m.mjs":    {"node_modules/dual", "node_modules/dual/sub/c.js"},
		"node_modules/dual/lib/index.js": {},
		"node_modules/same/index.js":     {},
		"node_modules/away/index.js":     {},
		"src/b.js":                       {},
	} {
		for range 2 {
			if dir, main := tree.ModuleBuild(input); dir != want[0] || main != want[1] {
				t.Errorf("%s: %q, %q", input, dir, main)
			}
		}
	}
	from := tree.Absolute("src")
	if tree.MainOutside(from, "dual") || !tree.MainOutside(from, "away") || tree.MainOutside(from, "away/index.js") {
		t.Error("away, and it alone, has a main outside of itself")
	}
}

func TestAsNode(t *testing.T) {
	tree := open(t, `
-- a.js --
-- a/index.js --
-- b.json --
-- c/index.js --
-- d.js --
-> a.js
-- node_modules/p/a.js --
-- node_modules/p/a.ts --
-- node_modules/p/a/index.js --
-- node_modules/p/b.js --
-- node_modules/p/b.jsx --
-- node_modules/p/c.json --
-- node_modules/p/d/index.js --
-- node_modules/p/e/index.js --
-- node_modules/p/e/package.json --
{}
-- node_modules/p/f/index.js --
-- node_modules/p/f.json --
-- node_modules/p/g/index.js --
-- node_modules/p/g/index.jsx --
-- node_modules/p/h/index.json --
`)
	for _, test := range []struct {
		specifier string
		required  bool
		want      string
	}{
		{"./node_modules/p/a", false, "node_modules/p/a.js"}, {"./node_modules/p/b", false, "node_modules/p/b.jsx"}, {"./node_modules/p/c", false, ""},
		{"./node_modules/p/d", false, "node_modules/p/d/index.js"}, {"./node_modules/p/d", true, ""},
		{"./node_modules/p/e", false, ""}, {"./node_modules/p/f", false, ""}, {"./node_modules/p/g", false, ""}, {"./node_modules/p/h", false, ""},
		{"./a", true, "a.js"}, {"./a.js", false, "a.js"}, {"./a", false, ""}, {"./b", true, "b.json"},
		{"./c", true, ""}, {"./d", true, ""}, {"a", true, ""}, {"./a/", true, ""}, {"./a.js?x", true, ""},
	} {
		got := tree.AsNode(tree.Root(), test.specifier, test.required)
		if got != "" {
			got = tree.Relative(got)
		}
		if got != test.want {
			t.Errorf("%s, required %v, is %q", test.specifier, test.required, got)
		}
	}
}

func TestAsksFrom(t *testing.T) {
	tree := open(t, `
-- package.json --
{}
-- node_modules/a/package.json --
{"name": "a"}
-- node_modules/a/dist/package.json --
{"type": "module"}
-- node_modules/@s/b/package.json --
{"name": "@s/b"}
-- node_modules/b/package.json --
{"name": "b"}
-- node_modules/nested/package.json --
{"name": "nested"}
-- node_modules/nested/dist/index.js --
-- node_modules/nested/node_modules/b/package.json --
{"name": "b"}
-- node_modules/nested/node_modules/c/package.json --
{"name": "c"}
-- node_modules/nested/dist/node_modules/a/package.json --
{"name": "a"}
-- node_modules/nameless/index.js --
`)
	for _, test := range []struct{ dir, specifier, want string }{
		{"node_modules/a/dist", "b", "node_modules"}, {"node_modules/@s/b", "b/x", "node_modules"}, {"node_modules/b", "@s/b", "node_modules"},
		{"node_modules/a", "a", "node_modules/a"}, {"node_modules/a/dist", "missing", "node_modules/a/dist"}, {"src", "a", "src"},
		{"node_modules/nested", "b", "node_modules/nested"}, {"node_modules/nested/dist", "b", "node_modules/nested/dist"},
		{"node_modules/nested/node_modules/c", "b", "node_modules/nested/node_modules"},
		{"node_modules/nested/node_modules/c", "a", "node_modules/nested/node_modules/c"}, {"node_modules/nameless", "a", "node_modules/nameless"},
		{"node_modules/a", "./b", "node_modules/a"},
	} {
		if got := tree.Relative(tree.AsksFrom(tree.Absolute(test.dir), test.specifier)); got != test.want {
			t.Errorf("%s asks for %s from %s, not %s", test.dir, test.specifier, got, test.want)
		}
	}
}

func TestFormatOfFiles(t *testing.T) {
	tree := open(t, "-- package.json --\n{\"type\": \"module\"}\n-- cjs/package.json --\n{}\n")
	for file, want := range map[string]bool{
		"a.js": true, "a.ts": true, "a.mjs": true, "a.cjs": false, "a.cts": false, "cjs/a.js": false, "cjs/a.mts": true,
	} {
		if tree.IsESM(file) != want {
			t.Errorf("%s is an ES module: %v", file, !want)
		}
	}
}

func TestTwins(t *testing.T) {
	tree := open(t, "-- User.ts --\n-- lib/a.js --\n-- lib/A.js --\n-- lib/b.js --\n-- Lib/c.js --\n")
	if _, err := os.Stat(tree.Absolute("user.ts")); err == nil {
		t.Skip("the file system does not tell case apart")
	}
	for input, want := range map[string]bool{
		"User.ts": false, "lib/a.js": true, "lib/A.js": true, "lib/b.js": true, "Lib/c.js": true,
	} {
		if tree.HasTwin(tree.Absolute(input)) != want {
			t.Errorf("%s has a twin: %v", input, !want)
		}
	}
	for input, want := range map[string]bool{"user.ts": true, "User.ts": false, "none.ts": false} {
		if tree.Misspelt(tree.Absolute(input)) != want {
			t.Errorf("%s is there in another spelling only: %v", input, !want)
		}
	}
	mark := tree.Mark(tree.Absolute("lib/a.js"))
	if mark == tree.Mark(tree.Absolute("lib/A.js")) {
		t.Errorf("two files have the mark %s", mark)
	}
	if got := Unmark("see lib/a.js" + mark + " there"); got != "see lib/a.js there" {
		t.Errorf("without its mark the text is %q", got)
	}
}

// Pipes and sockets are not waited for, and no link leads out.
func TestFSOpensRegularFilesOnly(t *testing.T) {
	tree := open(t, "-- a.txt --\na\n-- out --\n-> ../../..\n")
	if text, err := tree.FS().Open("a.txt"); err != nil {
		t.Errorf("a.txt: %v", err)
	} else {
		text.Close()
	}
	if _, err := tree.FS().Open("out/etc/hostname"); err == nil {
		t.Error("a link leads out of the root")
	}
}

func TestLicenceText(t *testing.T) {
	tree := open(t, "-- node_modules/a/LICENSE.md --\nMIT\r\n\n"+
		"-- node_modules/a/notice --\nby us\n-- node_modules/a/index.js --\n1\n")
	if got := tree.LicenceText(tree.Absolute("node_modules/a")); got != "MIT\n\nby us" {
		t.Errorf("%q", got)
	}
}

func TestLastIndex(t *testing.T) {
	for _, s := range []string{"", "a", "node_modules/", "/node_modules/a/node_modules/b", "a/node_modules/b/node_modules", "aaaa", "baab"} {
		for _, text := range []string{"node_modules/", "/node_modules/", "aa", "b"} {
			if got, want := lastIndex(s, text), strings.LastIndex(s, text); got != want {
				t.Errorf("%q in %q: %d, want %d", text, s, got, want)
			}
		}
	}
}

// The path of an input is the one that joining it to the root gives, clean or not.
func TestAbsolute(t *testing.T) {
	tree := open(t, "-- a.js --\n")
	for _, input := range []string{
		"", ".", "..", "/", "a", "a/b", "a/", "a//b", "/a", "./a", "a/./b", "a/../b", "a/..", "a/.", ".a", "..a", "a/.b/c", "a/..b/c", "...", "a/.../b", "a/.pnpm/b@1/c.js",
	} {
		if got, want := tree.Absolute(input), filepath.Join(tree.Root(), filepath.FromSlash(input)); got != want {
			t.Errorf("%q: got %s, want %s", input, got, want)
		}
	}
}
